import type { Result } from "../core/run.ts";
import type { GateReport, Policy } from "../core/verdict.ts";
import { runGate } from "../pipeline/gate.ts";
import { openCapture } from "../receiver/capture.ts";
import { commitOf } from "./commit-of.ts";
import { readDatasets } from "./gate-datasets.ts";
import { criteriaContext, evaluatorOf, type GatePlace, load, policyOf, taskOf } from "./gate-setup.ts";
import { openHistory } from "./open-history.ts";
import { trialReader } from "./trial-reader.ts";

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
  const capture = await openCapture({ port: config.gate.port });
  try {
    return await runGate({
      ...criteriaContext(config, env),
      ...policyOf(config, options.mode),
      dataset,
      task,
      capture,
      history: openHistory(config, { cwd, env }),
      record: options.record ?? false,
      commit: await commitOf(cwd),
      readTrace: trialReader(config),
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
