import type { CaseCounts, Counts, Policy, Verdict } from "../core/verdict.ts";
import { nextPairs, planControl } from "./control/control-rounds.ts";
import type { EvidenceModel } from "./evidence-model.ts";
import { type Judgement, judge, modelFor } from "./gate-decide.ts";
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
  /** Chance of a pass on main of today, one per entry of `cases`. Absent: a block is not controlled. */
  readonly mainNow?: readonly number[];
}

/** How a played gate ended. */
export interface Played {
  readonly status: Verdict["status"];
  /** Trials of the change; one trial of a case answers to all its scorers. */
  readonly trials: number;
  /** Trials of main. 0: it was not tried again. */
  readonly controlTrials: number;
  /** Those of the change's trials that were only made beside main's. */
  readonly addedTrials: number;
}

/**
 * The gate's own rounds: every case once, then what {@link nextTrials} asks for, until nothing is asked for; before a block
 * the pairs that {@link nextPairs} asks for. `judge` is `decide` without its words, and the model of main is kept from
 * round to round; nothing else differs from the gate.
 */
export function playGate(play: Play): Played {
  const { policy, concurrency = 4 } = play;
  const table = new PlayTable(play);
  const { model } = table;
  let trials = 0;
  let next = table.caseIds;
  let judgement: Judgement;
  do {
    for (const caseId of next) table.toss(caseId);
    trials += next.length;
    judgement = judge(model, table.cases, policy);
    next = nextTrials(judgement, { policy, made: table.made, record: false }).slice(0, concurrency);
  } while (next.length > 0);
  if (!play.mainNow || judgement.status !== "block") {
    return { status: judgement.status, trials, controlTrials: 0, addedTrials: 0 };
  }
  let [controlTrials, addedTrials] = [0, 0];
  for (const plan of planControl(model, judgement, policy)) {
    const made = new Map<string, number>();
    for (;;) {
      const pairs = nextPairs(judgement, { plan, policy, made, seed: "" });
      if (pairs.length === 0) break;
      for (const caseId of pairs) {
        const pair = (made.get(caseId) ?? 0) + 1;
        made.set(caseId, pair);
        addedTrials += table.tossPair(caseId, plan.kind === "suspects" ? null : pair);
      }
      controlTrials += pairs.length;
      judgement = judge(model, table.cases, policy);
    }
  }
  return { status: judgement.status, trials: trials + addedTrials, controlTrials, addedTrials };
}

/** Coins for every case, and what came of them. */
class PlayTable {
  readonly cases: CaseCounts[];
  readonly model: EvidenceModel;
  readonly made = new Map<string, number>();
  readonly #unitsOf = new Map<string, number[]>();
  /** By unit: the outcomes of the change's trials, in order. */
  readonly #outcomes: boolean[][];
  readonly #play: Play;

  constructor(play: Play) {
    this.#play = play;
    this.cases = play.cases.map((one) => ({ ...one, candidate: { passes: 0, trials: 0 }, unscored: 0 }));
    this.#outcomes = this.cases.map(() => []);
    this.model = play.model ?? modelFor(this.cases, play.policy);
    for (const [unit, { caseId }] of this.cases.entries()) {
      const known = this.#unitsOf.get(caseId);
      if (known) known.push(unit);
      else this.#unitsOf.set(caseId, [unit]);
    }
  }

  get caseIds(): readonly string[] {
    return [...this.#unitsOf.keys()];
  }

  toss(caseId: string): void {
    this.made.set(caseId, (this.made.get(caseId) ?? 0) + 1);
    for (const unit of this.#unitsOf.get(caseId) ?? []) {
      const one = this.cases[unit];
      if (!one) continue;
      const passed = this.#play.random() < (this.#play.chances[unit] ?? 0);
      this.#outcomes[unit]?.push(passed);
      this.cases[unit] = { ...one, candidate: counted(one.candidate, passed) };
    }
  }

  /** Tries main beside the given trial of the change, or beside a new one (null). Returns the new trials of the change. */
  tossPair(caseId: string, trial: number | null): number {
    const missing = trial === null || trial > (this.made.get(caseId) ?? 0);
    if (missing) this.toss(caseId);
    const place = (trial ?? this.made.get(caseId) ?? 0) - 1;
    for (const unit of this.#unitsOf.get(caseId) ?? []) {
      const one = this.cases[unit];
      if (!one) continue;
      const { main, candidate } = one.control ?? { main: NONE, candidate: NONE };
      const passed = this.#play.random() < (this.#play.mainNow?.[unit] ?? 0);
      const beside = this.#outcomes[unit]?.[place] ?? false;
      this.cases[unit] = {
        ...one,
        control: { main: counted(main, passed), candidate: counted(candidate, beside) },
      };
    }
    return missing ? 1 : 0;
  }
}

const NONE = { passes: 0, trials: 0 };

function counted({ passes, trials }: Counts, passed: boolean): Counts {
  return { passes: passes + Number(passed), trials: trials + 1 };
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
