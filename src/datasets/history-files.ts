import type { HistoryTrial } from "../core/run.ts";
import { countable, type HistoryRules, type NumberedTrial, unionOf } from "./history-trials.ts";
import { runPath, writeRun } from "./run-file.ts";

/** A run file as it lies on a branch. */
export interface RunFile {
  readonly path: string;
  /** Id of its content. */
  readonly id: string;
  readonly trials: readonly NumberedTrial[];
}

/** What the folder of runs should hold: files that stay as they are, by their id, and files to write. */
export interface RunFilePlan {
  readonly keep: ReadonlyMap<string, string>;
  readonly write: ReadonlyMap<string, string>;
  /** Trials that were not there before. */
  readonly added: number;
  /** Cases with a trial that can count. */
  readonly cases: ReadonlySet<string>;
}

/** A file is written anew without its dead trials once fewer than this share of them can count, 0..1. */
const LIVE_SHARE = 0.5;

/**
 * The run files after `added` was recorded. A file none of whose trials can count any more is left out, one with few is
 * written anew; so all files together hold at most twice what can count, and a usual run adds one file and touches no other.
 */
export function planRunFiles(
  known: readonly RunFile[],
  added: readonly HistoryTrial[],
  rules: HistoryRules,
): RunFilePlan {
  const before = unionOf(
    known.flatMap(({ trials }) => trials),
    [],
  );
  const after = unionOf(before, added);
  const live = new Set(countable(after, rules));
  const files = new Map(known.map((file) => [file.path, file]));
  const keep = new Map<string, string>();
  const write = new Map<string, string>();
  for (const trials of Map.groupBy(after, ({ at, commit, run }) =>
    JSON.stringify([at, commit, run]),
  ).values()) {
    const [first] = trials;
    if (!first) continue;
    const path = runPath(first);
    const counting = trials.filter((trial) => live.has(trial));
    if (counting.length === 0) continue;
    const file = files.get(path);
    const same = file?.trials.length === trials.length;
    if (file && same && counting.length >= trials.length * LIVE_SHARE) keep.set(path, file.id);
    else write.set(path, writeRun(counting));
  }
  const cases = new Set([...live].map(({ caseId }) => caseId));
  return { keep, write, added: after.length - before.length, cases };
}
