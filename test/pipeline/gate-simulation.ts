import type { Counts, Verdict } from "../../src/core/verdict.ts";
import { decide } from "../../src/pipeline/gate-decide.ts";
import { DEFAULT_POLICY } from "../../src/pipeline/gate-policy.ts";
import { nextTrials } from "../../src/pipeline/gate-rounds.ts";

/** One pull request: pass probabilities of every case on main and here, and trials of each on main. */
export interface SimulatedChange {
  readonly main: readonly number[];
  readonly here: readonly number[];
  readonly history: number;
  /** Name of the scorer of each case. Default: one for all. */
  readonly scorers?: readonly string[];
}

/** Plays the gate's rounds with coins instead of an agent. */
export function simulateGate(
  change: SimulatedChange,
  random: () => number,
): { readonly verdict: Verdict; readonly trials: number } {
  const main = change.main.map((chance): Counts => {
    const passes = Array.from({ length: change.history }, () => random() < chance).filter(Boolean).length;
    return { passes, trials: change.history };
  });
  const candidate: Counts[] = change.main.map(() => ({ passes: 0, trials: 0 }));
  const made = new Map<string, number>();
  const toss = (index: number) => {
    const { passes = 0, trials = 0 } = candidate[index] ?? {};
    const passed = random() < (change.here[index] ?? 0);
    candidate[index] = { passes: passes + Number(passed), trials: trials + 1 };
    made.set(String(index), trials + 1);
  };
  for (const index of change.main.keys()) toss(index);
  for (let trials = change.main.length; ; ) {
    const verdict = decide(
      main.map((history, index) => ({
        caseId: String(index),
        scorer: change.scorers?.[index] ?? "s",
        main: history,
        candidate: candidate[index] ?? { passes: 0, trials: 0 },
        unscored: 0,
        accepted: true,
        blocking: true,
      })),
      DEFAULT_POLICY,
    );
    const next = nextTrials(verdict, { policy: DEFAULT_POLICY, made, record: false });
    if (next.length === 0) return { verdict, trials };
    for (const id of next.slice(0, 4)) toss(Number(id));
    trials += Math.min(4, next.length);
  }
}
