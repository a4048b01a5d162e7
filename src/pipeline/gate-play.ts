import type { CaseCounts, Policy, Verdict } from "../core/verdict.ts";
import type { EvidenceModel } from "./evidence-model.ts";
import { judge, modelFor } from "./gate-decide.ts";
import { nextTrials } from "./gate-rounds.ts";

/** A gate to play with coins instead of an agent. */
export interface Play {
  /** What main's history says; what the candidate did is thrown away. */
  readonly cases: readonly CaseCounts[];
  /** Chance of a pass with the change, 0..1, one per entry of `cases`. */
  readonly chances: readonly number[];
  readonly policy: Policy;
  /** 0 to 1. */
  readonly random: () => number;
  /** Of `cases` and `policy`; made here when left out. */
  readonly model?: EvidenceModel;
  /** Cases tried at once. Default 4, as in the gate. */
  readonly concurrency?: number;
}

/** How a played gate ended. */
export interface Played {
  readonly status: Verdict["status"];
  /** Trials made; one trial of a case answers to all its scorers. */
  readonly trials: number;
}

/**
 * The gate's own rounds: every case once, then what {@link nextTrials} asks for, until nothing is asked for. `judge` is
 * `decide` without its words, and the model of main is kept from round to round; nothing else differs from the gate.
 */
export function playGate({ policy, random, concurrency = 4, ...play }: Play): Played {
  const cases = play.cases.map((one) => ({ ...one, candidate: { passes: 0, trials: 0 }, unscored: 0 }));
  const model = play.model ?? modelFor(cases, policy);
  const unitsOf = new Map<string, number[]>();
  for (const [unit, { caseId }] of cases.entries()) {
    const known = unitsOf.get(caseId);
    if (known) known.push(unit);
    else unitsOf.set(caseId, [unit]);
  }
  const made = new Map<string, number>();
  const toss = (caseId: string) => {
    made.set(caseId, (made.get(caseId) ?? 0) + 1);
    for (const unit of unitsOf.get(caseId) ?? []) {
      const one = cases[unit];
      if (!one) continue;
      const passes = one.candidate.passes + Number(random() < (play.chances[unit] ?? 0));
      cases[unit] = { ...one, candidate: { passes, trials: one.candidate.trials + 1 } };
    }
  };
  let trials = 0;
  let next: readonly string[] = [...unitsOf.keys()];
  for (;;) {
    for (const caseId of next) toss(caseId);
    trials += next.length;
    const judgement = judge(model, cases, policy);
    next = nextTrials(judgement, { policy, made, record: false }).slice(0, concurrency);
    if (next.length === 0) return { status: judgement.status, trials };
  }
}

/** Seeded random numbers, 0 to 1 (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
