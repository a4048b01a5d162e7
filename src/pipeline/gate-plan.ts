import type { CaseCounts, Policy } from "../core/verdict.ts";
import type { EvidenceModel } from "./evidence-model.ts";
import { fitReliabilities, GRID, type LogWeights } from "./evidence-null.ts";
import { modelFor } from "./gate-decide.ts";
import { playGate, seededRandom } from "./gate-play.ts";

/** How a change of some kind fares, simulated. */
export interface Forecast {
  /** In words: `nothing changed`, `1 case broken`, `all cases lose 5 points`. */
  readonly change: string;
  /** Shares of the repetitions, 0..1; the rest passed. */
  readonly blocked: number;
  readonly inconclusive: number;
  /** Standard error of `blocked`, 0..1. */
  readonly error: number;
  /** Trials beyond one of every case, those of main before a block included; mean and 95 % quantile. */
  readonly extraTrials: number;
  readonly extraTrialsP95: number;
}

/** What a dataset and main's history can see, and what more of either would buy. */
export interface GatePlan {
  readonly v: 1;
  readonly mode: Policy["mode"];
  /** Accepted cases, each tried once at least. */
  readonly cases: number;
  readonly guarding: number;
  /** Median of the guarding cases' trials on main. */
  readonly mainTrials: number;
  /** The loss of the mean pass rate that a pass rules out, 0..1; null: too few cases to rule one out. */
  readonly margins: readonly {
    readonly scorer: string;
    readonly cases: number;
    readonly margin: number | null;
  }[];
  /** Simulated changes of each kind; half as many for what more would buy. */
  readonly repetitions: number;
  readonly now: readonly Forecast[];
  readonly more: readonly { readonly what: string; readonly forecasts: readonly Forecast[] }[];
}

/** Options of {@link planGate}. */
export interface PlanOptions {
  /**
   * Simulated changes of each kind. Default 200, with a standard error of 3.5 points at most; fewer, down to 20, where there
   * are more than 200 pairs of case and scorer, so that it stays a matter of seconds.
   */
  readonly repetitions?: number;
  /** Default 1. */
  readonly seed?: number;
  /** Whether main is tried again before a block, and has not changed since its history was made. Default true. */
  readonly control?: boolean;
}

/** Units times repetitions that take a few seconds. */
const WORK = 40_000;

/** Drops of the mean pass rate that are tried, in points of a hundred. */
const DROPS = [3, 5, 10, 20];
/** Numbers of cases that are broken. */
const BREAKS = [1, 3];

/**
 * Plays the gate on simulated changes of this suite: reliabilities are drawn from what main's history says of every
 * case, and the gate's own functions decide. A seed gives the same figures again.
 */
export function planGate(counts: readonly CaseCounts[], policy: Policy, options: PlanOptions = {}): GatePlan {
  const units = counts.filter(({ accepted }) => accepted);
  const affordable = Math.max(20, Math.min(200, Math.round(WORK / Math.max(1, units.length))));
  const { repetitions = affordable, seed = 1, control = true } = options;
  const now = suiteOf(units, policy);
  const forecast = (suites: readonly Suite[], changes: readonly Kind[], share = 1) =>
    changes.map((kind) =>
      forecastOf(suites, kind, { repetitions: Math.ceil(share * repetitions), seed, control }),
    );
  const trials = units.flatMap(({ main }, unit) => (now.guarding.includes(unit) ? [main.trials] : []));
  const kinds = kindsOf(now.guarding.length);
  const few = kinds.filter(({ broken, drop }) => broken < 2 && drop !== 0.03 && drop !== 0.2);
  return {
    v: 1,
    mode: policy.mode,
    cases: new Set(units.map(({ caseId }) => caseId)).size,
    guarding: new Set(now.guarding.map((unit) => units[unit]?.caseId)).size,
    mainTrials: trials.toSorted((a, b) => a - b)[trials.length >> 1] ?? 0,
    margins: now.model.questions.map(({ scorer, members, margin }) => ({
      scorer,
      cases: members.length,
      margin,
    })),
    repetitions,
    now: forecast([now], kinds),
    more:
      now.guarding.length === 0
        ? []
        : [
            { what: "twice the trials on main", forecasts: forecast(futuresOf(now, seed), few, 0.5) },
            { what: "twice the cases", forecasts: forecast([suiteOf(twice(units), policy)], few, 0.5) },
            {
              what: `${2 * policy.maxPasses} passes at the most`,
              forecasts: forecast([suiteOf(units, { ...policy, maxPasses: 2 * policy.maxPasses })], few, 0.5),
            },
          ],
  };
}

interface Suite {
  readonly units: readonly CaseCounts[];
  readonly policy: Policy;
  readonly model: EvidenceModel;
  /** What main says of every unit; empty: nothing. */
  readonly posteriors: readonly LogWeights[];
  /** Guarding and blocking units, by index. */
  readonly guarding: readonly number[];
}

/** What a change does. */
interface Kind {
  readonly change: string;
  readonly broken: number;
  readonly drop: number;
}

function kindsOf(guarding: number): readonly Kind[] {
  const plural = (count: number) => `${count} case${count === 1 ? "" : "s"}`;
  return [
    { change: "nothing changed", broken: 0, drop: 0 },
    ...BREAKS.filter((broken) => broken <= guarding).map((broken) => ({
      change: `${plural(broken)} broken`,
      broken,
      drop: 0,
    })),
    ...DROPS.filter(() => guarding > 0).map((points) => ({
      change: `all cases lose ${points} points`,
      broken: 0,
      drop: points / 100,
    })),
  ];
}

function suiteOf(units: readonly CaseCounts[], policy: Policy): Suite {
  const model = modelFor(units, policy);
  const posteriors = fitReliabilities(units.map(({ main }) => main));
  return {
    units,
    policy,
    model,
    posteriors,
    guarding: model.scorers.flatMap(({ members }) => members.map(({ index }) => index)),
  };
}

/** Drawn outcomes of main's further trials that a forecast rests on, at least. */
const DRAWN = 100;

/** Histories that main may have one day. A small suite gets several: one unlucky draw would say that more history makes the gate blind. */
function futuresOf(suite: Suite, seed: number): readonly Suite[] {
  const count = Math.min(25, Math.ceil(DRAWN / Math.max(1, suite.units.length)));
  return Array.from({ length: count }, (_, index) => longer(suite, seed + index));
}

/** As many trials again on main, as its history lets expect them. */
function longer(suite: Suite, seed: number): Suite {
  const random = seededRandom(seed);
  const units = suite.units.map((one, unit) => {
    const chance = drawFrom(suite.posteriors[unit] ?? [], random);
    const more = Array.from({ length: one.main.trials }, () => random() < chance).filter(Boolean).length;
    return { ...one, main: { passes: one.main.passes + more, trials: 2 * one.main.trials } };
  });
  return suiteOf(units, suite.policy);
}

function twice(units: readonly CaseCounts[]): readonly CaseCounts[] {
  return [...units, ...units.map((one) => ({ ...one, caseId: `${one.caseId} again` }))];
}

function forecastOf(
  suites: readonly Suite[],
  kind: Kind,
  {
    repetitions,
    seed,
    control,
  }: { readonly repetitions: number; readonly seed: number; readonly control: boolean },
): Forecast {
  const random = seededRandom(seed);
  const extra: number[] = [];
  let [blocked, inconclusive] = [0, 0];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const suite = suites[repetition % suites.length];
    if (!suite) continue;
    const mainNow = suite.posteriors.map((posterior) => drawFrom(posterior, random));
    const chances = chancesOf(suite, mainNow, kind, random);
    const { units, policy, model } = suite;
    const { status, trials, controlTrials } = playGate({
      cases: units,
      chances,
      policy,
      random,
      model,
      ...(control && { mainNow }),
    });
    if (status === "block") blocked += 1;
    if (status === "inconclusive") inconclusive += 1;
    extra.push(trials + controlTrials - new Set(units.map(({ caseId }) => caseId)).size);
  }
  const share = blocked / repetitions;
  return {
    change: kind.change,
    blocked: share,
    inconclusive: inconclusive / repetitions,
    error: Math.sqrt((share * (1 - share)) / repetitions),
    extraTrials: extra.reduce((sum, one) => sum + one, 0) / repetitions,
    extraTrialsP95: extra.toSorted((a, b) => a - b)[Math.floor(repetitions * 0.95)] ?? 0,
  };
}

function chancesOf(
  { guarding }: Suite,
  main: readonly number[],
  { broken, drop }: Kind,
  random: () => number,
): number[] {
  const chances = [...main];
  const level = guarding.reduce((sum, unit) => sum + (chances[unit] ?? 0), 0) / Math.max(1, guarding.length);
  const left = [...guarding];
  for (let count = 0; count < broken; count++) {
    const [unit] = left.splice(Math.floor(random() * left.length), 1);
    if (unit !== undefined) chances[unit] = 0;
  }
  const lost = drop === 0 ? 0 : Math.min(1, drop / level);
  return chances.map((chance) => chance * (1 - lost));
}

/** A case without history is taken for one that fails half of the time. */
function drawFrom(posterior: LogWeights, random: () => number): number {
  let left = random();
  for (const [at, log] of posterior.entries()) {
    left -= Math.exp(log);
    if (left <= 0) return GRID[at] ?? 0.5;
  }
  return posterior.length > 0 ? (GRID.at(-1) ?? 0.5) : 0.5;
}
