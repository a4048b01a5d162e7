import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { promisify } from "node:util";

import { loadConfig } from "../config/load-config.ts";
import type { Config } from "../config/schema.ts";
import type { Case, Dataset } from "../core/case.ts";
import { messageOf, TracegateError } from "../core/errors.ts";
import type { Result, Task } from "../core/run.ts";
import type { Trace } from "../core/trace.ts";
import type { GateReport, Policy } from "../core/verdict.ts";
import { fileHistory } from "../datasets/file-history.ts";
import { readDataset } from "../datasets/read-dataset.ts";
import { mergeTraces } from "../otlp/merge-traces.ts";
import { readSpans } from "../otlp/read-spans.ts";
import { evaluate } from "../pipeline/evaluate.ts";
import { type GateOptions, runGate } from "../pipeline/gate.ts";
import { trialsToRecord } from "../pipeline/gate-counts.ts";
import { casesToTry, criteriaOf } from "../pipeline/gate-criteria.ts";
import { openCapture } from "../receiver/capture.ts";
import { type Environment, equip } from "./equipment.ts";
import { traceReader } from "./trace-reader.ts";

/** What happens while the gate runs. */
export type GateEvent =
  | { readonly kind: "result"; readonly result: Result }
  | { readonly kind: "progress"; readonly done: number; readonly planned: number };

/** Options of {@link gateRepository}. */
export interface GateRepositoryOptions {
  readonly cwd: string;
  readonly env: Environment;
  readonly signal: AbortSignal;
  readonly configPath?: string;
  /** This configuration instead of a file's. */
  readonly config?: Config;
  /** Ids of the cases to run. Default: all. */
  readonly only?: ReadonlySet<string>;
  /** Dataset file instead of the configured ones. */
  readonly dataset?: string;
  /** Adds the trials to main's history. Default false. */
  readonly record?: boolean;
  /** Default `pull-request`. */
  readonly mode?: Policy["mode"];
  readonly onEvent?: (event: GateEvent) => void;
}

/**
 * Runs the configured agent on the configured datasets and decides.
 *
 * @throws TracegateError `config` when there is no task, or a dataset cannot be read.
 */
export async function gateRepository(options: GateRepositoryOptions): Promise<GateReport> {
  const { cwd, env, signal, onEvent = () => {} } = options;
  const { config, path } = await load(options);
  const task = taskOf(config, path);
  const { dataset: all, notes } = await readDatasets(
    options.dataset ? [options.dataset] : config.gate.datasets,
    cwd,
  );
  const { only } = options;
  const dataset = only ? { ...all, cases: all.cases.filter(({ id }) => only.has(id)) } : all;
  const capture = await openCapture();
  try {
    return await runGate({
      ...criteriaContext(config, env),
      ...policyOf(config, options.mode),
      dataset,
      task,
      capture,
      history: fileHistory(resolve(cwd, config.gate.history)),
      record: options.record ?? false,
      commit: await commitOf(cwd),
      readTrace: readTrial(config),
      evaluate: evaluatorOf(config, env),
      notes,
      signal,
      onResult: (result) => onEvent({ kind: "result", result }),
      onProgress: (progress) => onEvent({ kind: "progress", ...progress }),
    });
  } finally {
    await Promise.all([capture.close(), task.close()]);
  }
}

/**
 * Adds the trials of a merged change to main's history, from the report its gate left: what the change
 * proved need not be run again. Trials of cases, scorers or settings that differ now do not count, because
 * their comparability key is another one.
 *
 * @returns how many trials were added.
 */
export async function adoptReport(
  options: Pick<GateRepositoryOptions, "cwd" | "env" | "configPath" | "dataset"> & {
    readonly report: string;
  },
): Promise<number> {
  const { cwd, env } = options;
  const { config, path } = await load(options);
  const report = await readReport(resolve(cwd, options.report));
  if (report.verdict.status === "block" || report.verdict.status === "inconclusive") {
    throw new TracegateError(
      "usage",
      `${options.report} says ${report.verdict.status}; only the report of a change that passed is adopted.`,
    );
  }
  const { dataset } = await readDatasets(options.dataset ? [options.dataset] : config.gate.datasets, cwd);
  const context = { ...criteriaContext(config, env), taskIdentity: taskOf(config, path).identity };
  const trials = trialsToRecord(criteriaOf(casesToTry(dataset), context), report.run);
  await fileHistory(resolve(cwd, config.gate.history)).record(trials);
  return trials.length;
}

/** The configuration that `--config` names, or the one found. */
export async function load({
  cwd,
  configPath,
  config,
}: Pick<GateRepositoryOptions, "cwd" | "configPath" | "config">) {
  if (config) return { config, path: null };
  return loadConfig({ cwd, ...(configPath === undefined ? {} : { path: configPath }) });
}

/** @throws TracegateError `config` when the configuration names no agent. */
export function taskOf(config: Config, path: string | null): Task {
  if (config.gate.task) return config.gate.task;
  const what =
    path === null
      ? "There is no tracegate.config.ts here or in evals/, so there is no agent to run. Write one, and in it set gate.task"
      : `${path}: gate.task is missing, so there is no agent to run. Set it`;
  throw new TracegateError("config", `${what} to moduleTask({ path }) or commandTask({ command }).`);
}

/** The scorers that judge cases, and which judges may block. */
export function criteriaContext(config: Config, env: Environment) {
  const { scorers, judge } = equip(config, env);
  const unknown = config.gate.trust.find((name) => !scorers.some((scorer) => scorer.name === name));
  if (unknown !== undefined) {
    const names = scorers.map(({ name }) => name).join(", ");
    throw new TracegateError("config", `gate.trust: there is no scorer "${unknown}". Known: ${names}.`);
  }
  return { scorers, trust: config.gate.trust, ...(judge ? { judgeIdentity: judge.identity } : {}) };
}

/** The rules of the configuration, and how the agent is run by them. */
export function policyOf(
  { gate }: Config,
  mode: Policy["mode"] = "pull-request",
): { readonly policy: Policy } & Required<Pick<GateOptions, "severity" | "concurrency" | "quietMs">> {
  const { errorRate, margin, missRate, maxPasses, minHistory, maxTrials, maxUnscored } = gate;
  const { weights, mustFix, concurrency, quietMs } = gate;
  return {
    policy: { mode, errorRate, margin, missRate, maxPasses, minHistory, maxTrials, maxUnscored },
    severity: { weights, mustFix },
    concurrency,
    quietMs,
  };
}

function evaluatorOf(config: Config, env: Environment): GateOptions["evaluate"] {
  const { scorers, judge } = equip(config, env);
  const { ruleTimeoutMs, judgeTimeoutMs } = config.worker;
  const limits = { ruleTimeoutMs, timeoutMs: ruleTimeoutMs, judgeTimeoutMs };
  return (subject, signal) => evaluate(subject, scorers, { ...limits, signal, ...(judge && { judge }) });
}

/** The spans of one trial as one trace; of several traces the one that was asked for, else the largest. */
function readTrial(
  config: Config,
): (chunks: readonly Uint8Array[], wanted: { readonly traceId: string }) => Trace | null {
  const read = traceReader(config);
  return (chunks, { traceId }) => {
    const byTrace = Map.groupBy(readSpans(mergeTraces(chunks)), (span) => span.traceId);
    const largest = [...byTrace.values()].toSorted((a, b) => b.length - a.length)[0];
    const spans = byTrace.get(traceId) ?? largest;
    return spans ? read(spans) : null;
  };
}

/** The cases of several datasets as one; of equal ids the first counts, with a note. */
export async function readDatasets(
  paths: readonly string[],
  cwd: string,
): Promise<{ dataset: Dataset; notes: string[] }> {
  const cases: Case[] = [];
  const notes: string[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    const { dataset, problems } = await readNamed(resolve(cwd, path));
    if (problems.length > 0) throw unreadable(problems.map((problem) => problem.message));
    for (const one of dataset.cases) {
      if (seen.has(one.id))
        notes.push(`${path}: case ${one.id} is in an earlier dataset too; that one counts.`);
      else cases.push(one);
      seen.add(one.id);
    }
  }
  const name = paths.join(", ");
  return { dataset: { name, path: resolve(cwd, paths[0] ?? ""), cases }, notes };
}

/** A case that cannot be read would guard nothing, and nobody would see it missing in a green check. */
function unreadable(problems: readonly string[]): TracegateError {
  return new TracegateError(
    "config",
    ["The gate does not run, because what these lines guard would go unguarded:", ...problems].join("\n  "),
  );
}

/** A dataset that the gate is told to run must be there: without it the gate would pass for want of cases. */
async function readNamed(path: string): ReturnType<typeof readDataset> {
  try {
    return await readDataset(path);
  } catch (cause) {
    throw new TracegateError("config", messageOf(cause), { cause });
  }
}

async function commitOf(cwd: string): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)("git", ["rev-parse", "HEAD"], { cwd });
    return stdout.trim();
  } catch {
    return null;
  }
}

async function readReport(path: string): Promise<GateReport> {
  try {
    const report: GateReport = JSON.parse(await readFile(path, "utf8"));
    if (report.v === 1 && Array.isArray(report.run.results)) return report;
  } catch (cause) {
    throw new TracegateError(
      "usage",
      `${path} cannot be read as a gate report: ${messageOf(cause)}. Give a file that tracegate gate --report wrote.`,
      { cause },
    );
  }
  throw new TracegateError(
    "usage",
    `${path} is not a report of this version. Write one with tracegate gate --report.`,
  );
}
