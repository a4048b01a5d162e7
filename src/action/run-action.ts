import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { type AnnotationProperties, error, info, notice, setOutput, summary, warning } from "@actions/core";

import { type GateEvent, gateRepository } from "../app/gate.ts";
import { loadConfig } from "../config/load-config.ts";
import type { Result } from "../core/run.ts";
import { passed } from "../core/score.ts";
import type { GateReport } from "../core/verdict.ts";
import { readEvent } from "../github/event.ts";
import { type Annotation, annotationsOf } from "./annotations.ts";
import { type CaseLine, locateCases } from "./case-lines.ts";
import { conclude } from "./conclusion.ts";
import { escapeLog } from "./escape.ts";
import { type Inputs, readInputs } from "./inputs.ts";
import { summaryOf } from "./summary.ts";
import { withoutCommands } from "./without-commands.ts";

const SHOW = { error, warning, notice };

/**
 * Runs the gate for the workflow that started the process: step summary, annotations, the outputs `verdict` and `report`.
 * Returns the exit code of the step.
 *
 * @throws TracegateError when the inputs, the configuration or the dataset are wrong or the gate could not run.
 */
export async function runAction(environment: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> {
  const event = readEvent();
  const inputs = readInputs(environment, event);
  info(`tracegate gate, mode ${inputs.mode}, ${inputs.record ? "recording history" : "not recording"}`);
  // Tasks and their relative paths go by the working directory of the process.
  process.chdir(inputs.workingDirectory);
  const report = await withoutCommands(() =>
    gateRepository({
      ...(inputs.config ? { configPath: inputs.config } : {}),
      ...(inputs.dataset ? { dataset: inputs.dataset } : {}),
      record: inputs.record,
      cwd: inputs.workingDirectory,
      env: environment,
      signal,
      onEvent: showProgress,
    }),
  );
  for (const annotation of annotationsOf(report, await linesOf(inputs))) {
    SHOW[annotation.level](annotation.message, propertiesOf(annotation, inputs, environment));
  }
  if (environment.GITHUB_STEP_SUMMARY) await summary.addRaw(summaryOf(report, event)).write();
  setOutput("verdict", report.verdict.status);
  setOutput("report", await writeReport(report, environment));

  const conclusion = conclude(report.verdict.status, inputs.mode);
  for (const reason of report.verdict.reasons) info(escapeLog(reason, 1000));
  SHOW[conclusion.level](`${report.verdict.status}: ${escapeLog(report.verdict.title, 1000)}`, {
    title: "tracegate",
  });
  return conclusion.exitCode;
}

function showProgress(event: GateEvent): void {
  if (event.kind === "result") info(escapeLog(progressLine(event.result)));
}

function progressLine({ caseId, trial, scores, fault }: Result): string {
  const words = { true: "passed", false: "failed", null: "gave no value" };
  const said = scores.map((score) => `${score.name} ${words[`${passed(score)}`]}`).join(", ");
  return `${caseId}, trial ${trial}: ${fault ? `${fault.code}: ${fault.message}` : said}`;
}

async function linesOf(inputs: Inputs): Promise<Map<string, CaseLine>> {
  if (inputs.dataset) return locateCases([inputs.dataset], inputs.workingDirectory);
  const { config } = await loadConfig({
    cwd: inputs.workingDirectory,
    ...(inputs.config ? { path: inputs.config } : {}),
  });
  return locateCases(config.gate.datasets, inputs.workingDirectory);
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

/** Outside the workspace, so that no later step commits it by accident: it holds whole traces. */
async function writeReport(report: GateReport, environment: NodeJS.ProcessEnv): Promise<string> {
  const folder = await mkdtemp(join(environment.RUNNER_TEMP || tmpdir(), "tracegate-"));
  const path = join(folder, "report.json");
  await writeFile(path, `${JSON.stringify(report)}\n`, { mode: 0o600 });
  return path;
}
