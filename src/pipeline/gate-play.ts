import type { Breakdowns, CaseCounts, ControlCounts, Counts, Policy, Verdict } from "../core/verdict.ts";
import { casesToTryAlone, nextAlone } from "./control/breakdown-suspects.ts";
import { nextPairs, planControl } from "./control/control-rounds.ts";
import type { EvidenceModel } from "./evidence-model.ts";
import { isWorthMain, judge, modelFor, type Suspicion, suspect } from "./gate-decide.ts";
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
  /** Chances that a trial breaks down, 0..1, one per entry of `cases`. Absent: none does. */
  readonly breakdowns?: {
    readonly here: readonly number[];
    /** On main of today. */
    readonly mainNow: readonly number[];
    /** Trials of one agent that are made together break down together, as when a provider is down for a while. Default false. */
    readonly together?: boolean;
    /**
     * A trial that breaks down takes those beside it down, which share its thread or service; the gate then tries such cases alone. Default: it goes
     * down by itself.
     */
    readonly takesOthers?: boolean;
    /** The breakdowns of the change are time-outs, and this is the chance that main needs more than half of that time. Default: they are crashes. */
    readonly nearLimit?: number;
  };
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
  let suspicion: Suspicion;
  do {
    table.toss(next);
    trials += next.length;
    suspicion = suspect(model, table.cases, policy);
    next = nextTrials(suspicion, { policy, made: table.made, record: false }).slice(0, concurrency);
  } while (next.length > 0);
  if (!play.mainNow || !isWorthMain(suspicion, policy)) {
    const { status } = judge(model, table.cases, policy);
    return { status, trials, controlTrials: 0, addedTrials: 0 };
  }
  const alone = table.tossAlone(suspicion);
  let [controlTrials, addedTrials] = [0, alone.size];
  if (alone.size > 0) suspicion = suspect(model, table.cases, policy);
  for (const plan of planControl(model, suspicion, policy, alone)) {
    const made = new Map<string, number>();
    for (;;) {
      const pairs = nextPairs(suspicion, { plan, policy, made, seed: "" });
      if (pairs.length === 0) break;
      for (const caseId of pairs) made.set(caseId, (made.get(caseId) ?? 0) + 1);
      addedTrials += table.tossPairs(pairs, plan.kind);
      controlTrials += pairs.length;
      suspicion = suspect(model, table.cases, policy);
    }
  }
  const { status } = judge(model, table.cases, policy);
  return { status, trials: trials + addedTrials, controlTrials, addedTrials };
}

/** Coins for every case, and what came of them. */
class PlayTable {
  readonly cases: CaseCounts[];
  readonly model: EvidenceModel;
  readonly made = new Map<string, number>();
  readonly #unitsOf = new Map<string, number[]>();
  /** By unit: the outcomes of the change's trials, in order; null: it broke down. */
  readonly #outcomes: (boolean | null)[][];
  /** By case: the trials that main was tried beside. */
  readonly #paired = new Map<string, Set<number>>();
  readonly #play: Play;

  constructor(play: Play) {
    this.#play = play;
    this.cases = play.cases.map(({ breakdowns: _, ...one }) => ({ ...one, candidate: NONE, unscored: 0 }));
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

  /** One trial of each. */
  toss(caseIds: readonly string[], concurrency = this.#play.concurrency ?? 4): void {
    const breaks = this.#breaksOf("here", caseIds, concurrency);
    for (const caseId of caseIds) {
      this.made.set(caseId, (this.made.get(caseId) ?? 0) + 1);
      for (const [unit, passed] of this.#coins(caseId, this.#play.chances, breaks)) {
        this.#outcomes[unit]?.push(passed);
        const one = this.cases[unit];
        if (!one) continue;
        const { breakdowns, unscored, candidate } = one;
        this.cases[unit] =
          passed === null
            ? {
                ...one,
                breakdowns: { trials: (breakdowns?.trials ?? 0) + 1, ...this.#how },
                unscored: unscored + 1,
              }
            : { ...one, candidate: counted(candidate, passed) };
      }
    }
  }

  /** One trial of each that may have gone down with another, with nothing beside it; what it did, by case id. */
  tossAlone(suspicion: Suspicion): ReadonlyMap<string, "answers" | "breaks" | "hangs"> {
    const alone = new Map<string, "answers" | "breaks" | "hangs">();
    const ids = this.#play.breakdowns?.takesOthers ? casesToTryAlone(suspicion) : [];
    for (let id = nextAlone(ids, alone); id !== undefined; id = nextAlone(ids, alone)) {
      this.toss([id], 1);
      const [unit = 0] = this.#unitsOf.get(id) ?? [];
      const isDown = this.#outcomes[unit]?.at(-1) === null;
      const how = this.#play.breakdowns?.nearLimit === undefined ? "breaks" : "hangs";
      alone.set(id, isDown ? how : "answers");
    }
    return alone;
  }

  /** Tries main on each, beside a new trial of the change or one of its first. Returns the number of the new ones. */
  tossPairs(caseIds: readonly string[], kind: "suspects" | "all"): number {
    const concurrency = kind === "suspects" ? 1 : (this.#play.concurrency ?? 4);
    const breaks = this.#breaksOf("mainNow", caseIds, concurrency);
    const places = caseIds.map((id) => (kind === "suspects" ? this.made.get(id) : this.#usable(id)) ?? 0);
    const missing = caseIds.filter((id, at) => places[at] === (this.made.get(id) ?? 0));
    this.toss(missing, concurrency);
    for (const [at, caseId] of caseIds.entries()) {
      const place = places[at] ?? 0;
      this.#paired.set(caseId, (this.#paired.get(caseId) ?? new Set()).add(place));
      for (const [unit, passed] of this.#coins(caseId, this.#play.mainNow ?? [], breaks)) {
        const one = this.cases[unit];
        const beside = this.#outcomes[unit]?.[place] ?? null;
        if (!one) continue;
        const isNear = passed === true && beside === null && this.#isNearLimit();
        const control = isNear ? nearLimit(one.control) : paired(one.control, passed, beside);
        this.cases[unit] = { ...one, control };
      }
    }
    return missing.length;
  }

  /** Place of the first trial that main was not tried beside and that did not break down; the next place where there is none. */
  #usable(caseId: string): number {
    const [unit = 0] = this.#unitsOf.get(caseId) ?? [];
    const outcomes = this.#outcomes[unit] ?? [];
    const known = this.#paired.get(caseId);
    const place = outcomes.findIndex((outcome, at) => outcome !== null && !known?.has(at));
    return place < 0 ? outcomes.length : place;
  }

  /** Whether a trial of a unit breaks down, for trials of these cases that are made together. */
  #breaksOf(
    side: "here" | "mainNow",
    caseIds: readonly string[],
    concurrency: number,
  ): (unit: number) => boolean {
    const { breakdowns, random } = this.#play;
    if (!breakdowns) return () => false;
    const shared = breakdowns.together ? random() : null;
    const breaks = (unit: number) => (shared ?? random()) < (breakdowns[side][unit] ?? 0);
    if (!breakdowns.takesOthers) return breaks;
    const down = new Set<number>();
    for (let from = 0; from < caseIds.length; from += concurrency) {
      const first = caseIds.slice(from, from + concurrency).map((id) => this.#unitsOf.get(id)?.[0] ?? 0);
      // Not `some`: each of them has its own coin.
      if (first.filter(breaks).length > 0) for (const unit of first) down.add(unit);
    }
    return (unit) => down.has(unit);
  }

  get #how(): Omit<Breakdowns, "trials"> {
    return this.#play.breakdowns?.nearLimit === undefined
      ? { how: "crashed" }
      : { how: "timed-out", limitMs: 1 };
  }

  #isNearLimit(): boolean {
    const { breakdowns, random } = this.#play;
    return breakdowns?.nearLimit !== undefined && random() < breakdowns.nearLimit;
  }

  /** Unit and outcome of one trial, for each scorer of its case. */
  #coins(
    caseId: string,
    chances: readonly number[],
    breaks: (unit: number) => boolean,
  ): readonly (readonly [number, boolean | null])[] {
    const units = this.#unitsOf.get(caseId) ?? [];
    if (breaks(units[0] ?? 0)) return units.map((unit) => [unit, null]);
    return units.map((unit) => [unit, this.#play.random() < (chances[unit] ?? 0)]);
  }
}

function paired(
  control: ControlCounts = PAIR,
  main: boolean | null,
  candidate: boolean | null,
): ControlCounts {
  const of = (pairs: Pick<ControlCounts, "main" | "candidate">) => ({
    main: counted(pairs.main, main === true),
    candidate: counted(pairs.candidate, candidate === true),
  });
  if (main !== null && candidate !== null) return { ...control, ...of(control) };
  const { breakdowns = { ...PAIR, ofMain: 0 } } = control;
  const ofMain = breakdowns.ofMain + Number(main === null);
  return { ...control, ...of(control), breakdowns: { ...of(breakdowns), ofMain } };
}

/** A pair that is left out. */
function nearLimit(control: ControlCounts = PAIR): ControlCounts {
  const { pairs = 0 } = control.nearLimit ?? {};
  return { ...control, nearLimit: { pairs: pairs + 1, tookMs: 1, limitMs: 1 } };
}

const NONE: Counts = { passes: 0, trials: 0 };
const PAIR = { main: NONE, candidate: NONE };

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
