import type { Clock } from "../core/clock.ts";
import { faultClassOf } from "../core/ledger-state.ts";
import type { Score } from "../core/score.ts";
import type { Scorer } from "../core/scorer.ts";
import type { Pause, Store } from "../core/store.ts";

/** Options of {@link heedPauses}. */
export interface PauseOptions {
  readonly store: Pick<Store, "pause" | "pauses">;
  readonly clock: Clock;
  /** Told when a scorer is paused by a fault of its provider. Must not throw. */
  readonly onPaused?: (pause: Pause) => void;
}

/**
 * Runs only the scorers that are not paused; the others are unscored `paused`, and nothing is asked. A scorer whose
 * provider says what it would say of every trace (credentials, money, model) is paused with its words, in all processes and
 * until somebody resumes it, so that an empty account costs one call and not one per trace.
 *
 * @param run Scores of some of the scorers.
 * @returns In the order of the scorers.
 */
export async function heedPauses(
  scorers: readonly Scorer[],
  run: (free: readonly Scorer[]) => Promise<readonly Score[]>,
  { store, clock, onPaused }: PauseOptions,
): Promise<readonly Score[]> {
  // Rules ask nobody, so there is nothing to look up where there are no judges.
  const hasJudges = scorers.some(({ kind }) => kind === "judge");
  const pauses = new Map(hasJudges ? (await store.pauses()).map((pause) => [pause.scorer, pause]) : []);
  const scores = await run(scorers.filter(({ name }) => !pauses.has(name)));
  for (const score of scores) {
    if (score.unscored === null || faultClassOf(score.unscored.code) !== "provider") continue;
    const pause = { scorer: score.name, reason: score.explanation ?? score.unscored.code, at: clock.now() };
    await store.pause(pause);
    onPaused?.(pause);
  }
  const byName = new Map(scores.map((score) => [score.name, score]));
  return scorers.flatMap((scorer) => {
    const pause = pauses.get(scorer.name);
    const score = pause ? pausedScore(scorer, pause) : byName.get(scorer.name);
    return score ?? [];
  });
}

function pausedScore({ name, version, kind, passAt }: Scorer, { reason, at }: Pause): Score {
  return {
    name,
    version,
    kind,
    passAt,
    value: null,
    label: null,
    explanation: `Paused since ${new Date(at).toISOString()}: ${reason}`,
    evidence: [],
    unscored: { code: "paused" },
    metadata: {},
  };
}
