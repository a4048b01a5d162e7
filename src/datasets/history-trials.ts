import { countHistory, distinctTrials, type HistoryWindow, withoutAged } from "../core/count-history.ts";
import type { HistoryEntry, HistoryTrial } from "../core/run.ts";

/** Keys kept per case and scorer: the newest ones. Older ones belong to edited cases or old scorers. */
const KEYS_KEPT = 3;

/** What a history counts by. */
export interface HistoryRules {
  readonly window: HistoryWindow;
  /** Unix ms. */
  readonly now: number;
}

/** A trial that knows its number. */
export type NumberedTrial = HistoryTrial & { readonly trial: number };

/** Passes and trials per key, for the wanted keys. */
export function entriesOf(
  trials: readonly HistoryTrial[],
  keys: readonly string[],
  { window, now }: HistoryRules,
): readonly HistoryEntry[] {
  const wanted = new Set(keys);
  const counting = withoutAged(trials, window.days, now).filter(({ key }) => wanted.has(key));
  return [...groupByKey(byTime(counting)).values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { caseId, scorer, key } = first;
    return { caseId, scorer, key, ...countHistory(group, window.trials) };
  });
}

/** The known trials and those of `added` that are not among them, oldest first. Empty `added`: the known ones. */
export function unionOf(
  known: readonly HistoryTrial[],
  added: readonly HistoryTrial[],
): readonly NumberedTrial[] {
  const byIdentity = new Map<string, NumberedTrial>();
  for (const trials of [known, added]) {
    for (const trial of numbered(trials)) {
      const identity = JSON.stringify([runOf(trial), trial.trial]);
      if (!byIdentity.has(identity)) byIdentity.set(identity, trial);
    }
  }
  return byTime([...byIdentity.values()]);
}

/** The trials that can still count, in their order: what belongs to old keys, is too old or beyond the window is dropped. */
export function countable<T extends HistoryTrial>(
  trials: readonly T[],
  { window, now }: HistoryRules,
): readonly T[] {
  const kept = new Set<T>();
  const subjects = Map.groupBy(withoutAged(trials, window.days, now), ({ caseId, scorer }) =>
    JSON.stringify([caseId, scorer]),
  );
  for (const ofSubject of subjects.values()) {
    const groups = [...groupByKey(ofSubject).values()].sort(
      (a, b) => (b.at(-1)?.at ?? 0) - (a.at(-1)?.at ?? 0),
    );
    for (const group of groups.slice(0, KEYS_KEPT)) {
      for (const trial of distinctTrials(group).slice(-window.trials)) kept.add(trial);
    }
  }
  return trials.filter((trial) => kept.has(trial));
}

/** Trials without a number get the next ones of their key and run, so that a run recorded again is recognised. */
function numbered(trials: readonly HistoryTrial[]): readonly NumberedTrial[] {
  const counts = new Map<string, number>();
  return trials.map((trial) => {
    if (trial.trial !== undefined) return { ...trial, trial: trial.trial };
    const run = runOf(trial);
    const number = (counts.get(run) ?? 0) + 1;
    counts.set(run, number);
    return { ...trial, trial: number };
  });
}

/** Names the run a trial belongs to, per key. */
function runOf({ key, commit, at, run }: HistoryTrial): string {
  return JSON.stringify([key, commit, at, run ?? null]);
}

function groupByKey<T extends HistoryTrial>(trials: readonly T[]): Map<string, readonly T[]> {
  return Map.groupBy(trials, ({ caseId, scorer, key }) => JSON.stringify([caseId, scorer, key]));
}

function byTime<T extends HistoryTrial>(trials: readonly T[]): readonly T[] {
  return trials.toSorted((a, b) => a.at - b.at);
}
