import type { CaseCounts, Policy, Verdict } from "../../src/core/verdict.ts";
import { judge, modelFor } from "../../src/pipeline/gate-decide.ts";
import { nextTrials } from "../../src/pipeline/gate-rounds.ts";

import { type Change, passesOf } from "./gate-worlds.ts";

/** How a simulated change ended. */
export interface Outcome {
  readonly status: Verdict["status"];
  /** Trials of the agent with the change, and of main in the same job. */
  readonly trials: number;
}

/** One repetition of a rule on a change: `history` trials of every case on main, then the gate. */
export type Rule = (change: Change, history: number, random: () => number) => Outcome;

/** Cases the gate tries at once by default. */
const CONCURRENCY = 4;

/**
 * The gate's rounds with coins instead of an agent: `judge` is `decide` without its words, and the model of main is kept
 * from round to round; nothing else differs from the gate.
 */
export function gateRule(policy: Policy): Rule {
  return (change, history, random) => {
    const cases: CaseCounts[] = change.main.map((chance, index) => ({
      caseId: String(index),
      scorer: "s",
      main: { passes: passesOf(history, chance, random), trials: history },
      candidate: { passes: 0, trials: 0 },
      unscored: 0,
      accepted: true,
      blocking: true,
    }));
    const model = modelFor(cases, policy);
    const made = new Map<string, number>();
    const toss = (index: number) => {
      const one = cases[index];
      if (!one) return;
      const passed = random() < (change.here[index] ?? 0);
      const candidate = {
        passes: one.candidate.passes + Number(passed),
        trials: one.candidate.trials + 1,
      };
      cases[index] = { ...one, candidate };
      made.set(one.caseId, candidate.trials);
    };
    for (let index = 0; index < cases.length; index++) toss(index);
    for (let trials = cases.length; ; ) {
      const judgement = judge(model, cases, policy);
      const next = nextTrials(judgement, { policy, made, record: false }).slice(0, CONCURRENCY);
      if (next.length === 0) return { status: judgement.status, trials };
      for (const id of next) toss(Number(id));
      trials += next.length;
    }
  };
}
