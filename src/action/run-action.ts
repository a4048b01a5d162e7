import { relative, resolve } from "node:path";
import {
  type AnnotationProperties,
  error,
  info,
  notice,
  setOutput,
  setSecret,
  summary,
  warning,
} from "@actions/core";

import { type GateEvent, gateRepository } from "../app/gate.ts";
import { type GateMaterial, readMaterial } from "../app/gate-material.ts";
import type { GatePlace } from "../app/gate-setup.ts";
import { secretsOf } from "../app/secrets.ts";
import { withoutSecrets } from "../app/without-secrets.ts";
import type { Result } from "../core/run.ts";
import { passed } from "../core/score.ts";
import type { GateReport } from "../core/verdict.ts";
import { basicOf } from "../datasets/git-credentials.ts";
import { readEvent, type WorkflowEvent } from "../github/event.ts";
import { readPlace } from "../github/run-place.ts";
import { casesWithRuns } from "../render/html/gate/gate-page.ts";
import { type Annotation, annotationsOf } from "./annotations.ts";
import { conclude } from "./conclusion.ts";
import { escapeLog, escapeMarkdown } from "./escape.ts";
import { type Inputs, readInputs } from "./inputs.ts";
import { publishReport } from "./publish-report.ts";
import { runsBeside } from "./runs-beside.ts";
import { summaryOf } from "./summary.ts";
import { gateKey, tellGitHub } from "./tell-github.ts";
import { withoutCommands } from "./without-commands.ts";
import { writeReportFiles } from "./write-report-files.ts";

const SHOW = { error, warning, notice };

const UNRECORDED = "The trials did not enter the history of main. The notes of the report say why.";

/**
 * Runs the gate for the workflow that started the process: annotations, step summary, report files, outputs, and as far as the token may,
 * the comment and the check. Returns the exit code of the step, which only the verdict decides.
 *
 * @throws TracegateError when the inputs, the configuration or the dataset are wrong or the gate could not run.
 */
export async function runAction(environment: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> {
  const event = readEvent();
  const inputs = readInputs(environment, event);
  // The agent under test inherits the environment, and has no business with the workflow's token.
  delete environment.INPUT_TOKEN;
  const secrets = [...new Set([...(inputs.token ? [inputs.token] : []), ...secretsOf(environment)])];
  for (const secret of secrets) setSecret(secret);
  if (inputs.token) setSecret(basicOf(inputs.token));
  if (inputs.publish) return publishReport(inputs.publish, { inputs, environment });
  info(`tracegate gate, mode ${inputs.mode}, ${inputs.record ? "recording history" : "not recording"}`);
  // Tasks and their relative paths go by the working directory of the process.
  process.chdir(inputs.workingDirectory);
  const place = placeOf(inputs, environment);
  const report = withoutSecrets(await runGate(place, inputs, signal), secrets);
  const material = await readMaterial(place, casesWithRuns(report.verdict));
  await show(report, { inputs, event, environment, material });

  // A part that tried its cases has done what it was there for; whether it was cut short, its status tells.
  const status = report.part && report.ended === "whole" ? "pass" : report.verdict.status;
  const conclusion = conclude(status, inputs.mode);
  for (const reason of report.verdict.reasons) info(escapeLog(reason, 1000));
  const said = escapeLog(report.verdict.title, 1000);
  SHOW[conclusion.level](report.part ? said : `${report.verdict.status}: ${said}`, { title: "tracegate" });
  return conclusion.exitCode;
}

function runGate(
  place: GatePlace,
  { record, mode, share, merge }: Inputs,
  signal: AbortSignal,
): Promise<GateReport> {
  return withoutCommands(() =>
    gateRepository({
      ...place,
      record,
      mode: mode === "release" ? "release" : "pull-request",
      ...(share ? { share } : {}),
      ...(merge ? { parts: { reports: merge, finish: true } } : {}),
      signal,
      onEvent: showProgress,
    }),
  );
}

/** The token is for a history on a branch, which the checkout may have left without credentials. */
function placeOf({ workingDirectory, config, dataset, token }: Inputs, env: NodeJS.ProcessEnv): GatePlace {
  return {
    cwd: workingDirectory,
    env,
    ...(config ? { configPath: config } : {}),
    ...(dataset ? { dataset } : {}),
    ...(token ? { gitToken: { server: env.GITHUB_SERVER_URL || "https://github.com", token } } : {}),
  };
}

interface Showing {
  readonly inputs: Inputs;
  readonly event: WorkflowEvent;
  readonly environment: NodeJS.ProcessEnv;
  readonly material: GateMaterial;
}

/** What needs no rights comes first, and does not wait for what does. */
async function show(report: GateReport, { inputs, event, environment, material }: Showing): Promise<void> {
  const { limit, lines } = material;
  for (const annotation of annotationsOf(report, lines)) {
    SHOW[annotation.level](annotation.message, propertiesOf(annotation, inputs, environment));
  }
  if (inputs.record && !report.recorded && !report.part) SHOW.warning(UNRECORDED, { title: "tracegate" });
  const summarised = Boolean(environment.GITHUB_STEP_SUMMARY);
  if (summarised)
    await summary.addRaw(summaryOf(report, { ...event, limit, runs: runsBeside(report) })).write();
  if (!report.part) setOutput("verdict", report.verdict.status);
  const files = await writeReportFiles(report, {
    ...material,
    commit: event.headCommit,
    temporary: environment.RUNNER_TEMP,
  });
  for (const [name, path] of Object.entries(files)) setOutput(name, path);
  const folder = relative(resolve(environment.GITHUB_WORKSPACE || "."), inputs.workingDirectory);
  const told = await tellGitHub({
    report,
    inputs,
    event,
    place: readPlace(environment),
    key: gateKey({ ...inputs, folder }),
    limit,
  });
  setOutput("comment-url", told.commentUrl ?? "");
  setOutput("check-url", told.checkUrl ?? "");
  for (const sentence of told.sentences) info(escapeLog(sentence, 1000));
  const notes = told.sentences.map((sentence) => `- ${escapeMarkdown(sentence, 1000)}\n`).join("");
  if (summarised && notes) await summary.addRaw(notes).write();
}

function showProgress(event: GateEvent): void {
  if (event.kind === "result") info(escapeLog(progressLine(event.result)));
}

function progressLine({ caseId, trial, scores, fault }: Result): string {
  const words = { true: "passed", false: "failed", null: "gave no value" };
  const said = scores.map((score) => `${score.name} ${words[`${passed(score)}`]}`).join(", ");
  return `${caseId}, trial ${trial}: ${fault ? `${fault.code}: ${fault.message}` : said}`;
}

function propertiesOf(
  annotation: Annotation,
  inputs: Inputs,
  environment: NodeJS.ProcessEnv,
): AnnotationProperties {
  if (!annotation.place) return { title: annotation.title };
  const file = resolve(inputs.workingDirectory, annotation.place.path);
  const root = resolve(environment.GITHUB_WORKSPACE || ".");
  return { title: annotation.title, file: relative(root, file), startLine: annotation.place.line };
}
