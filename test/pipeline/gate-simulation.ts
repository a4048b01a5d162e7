import { decide } from "../../src/pipeline/gate-decide.ts";
import type { Play, Played } from "../../src/pipeline/gate-play.ts";
import { nextTrials } from "../../src/pipeline/gate-rounds.ts";

/** The gate's rounds with coins, by `decide` and `nextTrials` alone: slow, and without anything kept between rounds. */
export function simulateGate({ policy, random, concurrency = 4, ...play }: Play): Played {
  let cases = play.cases;
  const ids = [...new Set(cases.map(({ caseId }) => caseId))];
  const made = new Map<string, number>();
  let trials = 0;
  for (let next: readonly string[] = ids; ; ) {
    for (const id of next) {
      made.set(id, (made.get(id) ?? 0) + 1);
      cases = cases.map((one, unit) => {
        if (one.caseId !== id) return one;
        const passes = one.candidate.passes + Number(random() < (play.chances[unit] ?? 0));
        return { ...one, candidate: { passes, trials: one.candidate.trials + 1 } };
      });
    }
    trials += next.length;
    const verdict = decide(cases, policy);
    next = nextTrials(verdict, { policy, made, record: false }).slice(0, concurrency);
    if (next.length === 0) return { status: verdict.status, trials, controlTrials: 0, addedTrials: 0 };
  }
}
