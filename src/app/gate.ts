import { resolve } from "node:path";

import type { Config } from "../config/schema.ts";
import type { Result } from "../core/run.ts";
import type { GateReport, Policy } from "../core/verdict.ts";
import { runGate } from "../pipeline/gate.ts";
import type { Share } from "../pipeline/gate-part.ts";
import { settingOf } from "../pipeline/gate-setting.ts";
import { openCapture } from "../receiver/capture.ts";
import { commitOf } from "./commit-of.ts";
import { controlOf } from "./control/control-of.ts";
import { withoutAdviceToRecord } from "./gate-advice.ts";
import { readDatasets } from "./gate-datasets.ts";
import { openJournal } from "./gate-journal.ts";
import { criteriaContext, evaluatorOf, type GatePlace, load, policyOf, taskOf } from "./gate-setup.ts";
import { readParts } from "./merge-parts.ts";
import { openHistory } from "./open-history.ts";
import { trialReader } from "./trial-reader.ts";
import { version } from "./version.ts";

/** What happens while the gate runs. */
export type GateEvent =
  | { readonly kind: "result"; readonly result: Result }
  | { readonly kind: "progress"; readonly done: number; readonly planned: number };

/** Options of {@link gateRepository}. */
export interface GateRepositoryOptions extends GatePlace {
  readonly signal: AbortSignal;
  /** Ids of the cases to run. Default: all. */
  readonly only?: ReadonlySet<string>;
  /** Adds the trials to main's history. Default false. */
  readonly record?: boolean;
  /** Default `pull-request`. */
  readonly mode?: Policy["mode"];
  /** Tries one part of the cases; the report has no verdict yet. */
  readonly share?: Share;
  /** Decides on the reports of all parts of a run; `finish` makes the trials that are still worth making. */
  readonly parts?: { readonly reports: readonly string[]; readonly finish: boolean };
  /**
   * Keeps every finished trial on disk until there is a verdict; `resume` goes on with what an interrupted run kept. `written`: files that
   * the caller writes afterwards. Default: nothing is kept.
   */
  readonly journal?: { readonly resume: boolean; readonly written: readonly string[] };
  /** Branch or commit that the change began at, for the control of a block. Default: as configured, or found. */
  readonly base?: string;
  readonly onEvent?: (event: GateEvent) => void;
}

/**
 * Runs the configured agent on the configured datasets and decides.
 *
 * @throws TracegateError `config` when there is no task, or a dataset cannot be read; `usage` when what is to be resumed or merged is of
 * other code or settings.
 */
export async function gateRepository(options: GateRepositoryOptions): Promise<GateReport> {
  const { cwd, env, signal, share, parts, onEvent = () => {} } = options;
  const { config, path } = await load(options);
  const task = taskOf(config, path);
  const { dataset: all, notes } = await readDatasets(
    options.dataset ? [options.dataset] : config.gate.datasets,
    cwd,
  );
  const { only } = options;
  const question = {
    ...(await criteriaContext(config, env, cwd)),
    ...policyOf(config, options.mode),
    dataset: only ? { ...all, cases: all.cases.filter(({ id }) => only.has(id)) } : all,
    task,
    commit: await commitOf(cwd),
    version: version(),
    ...(share ? { share } : {}),
  };
  const setting = settingOf(question);
  const merged = parts ? await readParts(parts.reports, { cwd, setting }) : undefined;
  const journal = options.journal
    ? await openJournal({ ...journalPlace(options, config, options.journal), setting })
    : undefined;
  const known = merged ?? journal?.known;
  const capture = await openCapture({ port: config.gate.port });
  let report: GateReport | undefined;
  try {
    report = await runGate({
      ...question,
      ...(known ? { known } : {}),
      decideOnly: parts !== undefined && !parts.finish,
      capture,
      history: openHistory(config, options),
      record: options.record ?? false,
      readTrace: trialReader(config),
      ...controlOf(options, { config, path, task }),
      ...evaluatorOf(config, env),
      notes,
      signal,
      async onResult(result) {
        await journal?.add(result);
        onEvent({ kind: "result", result });
      },
      onMainResult: (result) => journal?.addBeside(result),
      onProgress: (progress) => onEvent({ kind: "progress", ...progress }),
    });
    return options.record ? withoutAdviceToRecord(report) : report;
  } finally {
    await Promise.all([capture.close(), task.close(), journal?.end(report?.ended !== "whole")]);
  }
}

function journalPlace(
  { cwd, share }: GateRepositoryOptions,
  config: Config,
  { resume, written }: NonNullable<GateRepositoryOptions["journal"]>,
): Omit<Parameters<typeof openJournal>[0], "setting"> {
  const directory = resolve(cwd, config.directory);
  const { history } = config.gate;
  return {
    cwd,
    folder: resolve(directory, "gate"),
    resume,
    written: [
      directory,
      ...(typeof history === "string" ? [resolve(cwd, history), resolve(cwd, `${history}.lock`)] : []),
      ...written.map((path) => resolve(cwd, path)),
    ],
    ...(share ? { share } : {}),
  };
}
