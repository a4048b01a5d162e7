import type { ControlCounts, Counts } from "../../core/verdict.ts";
import { type EvidenceModel, LOSSES, type ModelUnit } from "../evidence-model.ts";
import { logSum } from "../evidence-null.ts";
import { MIN_FAILURES } from "../gate-policy.ts";

/** Trials of main and of the change that were made side by side, of one unit. */
export type ControlPairs = ControlCounts;

/** Pairs without a breakdown. */
function scoredPairs({ main, candidate, breakdowns }: ControlPairs): ControlPairs {
  return breakdowns
    ? { main: less(main, breakdowns.main), candidate: less(candidate, breakdowns.candidate) }
    : { main, candidate };
}

/** Shares of main's reliability that a change may have lost, for one case and for many together. */
const LOSSES_OF_ONE: readonly number[] = [0.25, 0.5, 0.95];
const LOSSES_OF_MANY: readonly number[] = [0.03, 0.06, 0.12, 0.25, 0.5, 0.95];

/** No case is taken to be more reliable: one unlucky trial of main must not end the question, least of all where it is about few trials. */
const CAP_OF_ONE = 0.95;
const CAP_OF_MANY = 0.98;

/** What main's trials of now say. All are natural logs. */
export interface ControlEvidence {
  /** E-value against "the change is as main is now, whatever main is now". */
  readonly joint: number;
  /** Units, by index, for which "main fails it now too" explains the trials better than "main is as ever", by the limit. */
  readonly stale: ReadonlySet<number>;
  /** How much better one loss of main explains the trials of the other units. */
  readonly othersMoved: number;
}

/**
 * Is the change worse than main is now? History has no say in the null: whatever main's pass rate of a case is today, p, the
 * change is taken to have it too. For an alternative (c, m) with m above c, and as many trials of each, the likelihood ratio
 * against the middle of both, (c + m) / 2, is an e-value for every p, because its two factors have a mean of 1 under p and the
 * product of two such numbers is at most 1 (Turner, Ly, Grünwald 2024, Generic e-variables for two-sample tests). So pairs
 * multiply, over rounds and over cases, and means over alternatives and cases are e-values again.
 *
 * History only chooses the alternatives: m is what it says of the unit, c has lost a share of that.
 *
 * A breakdown is a failed trial of either side, and speaks for its own case alone: what takes a provider down takes all cases down at once, and a product
 * over cases would count one outage many times. A mean of their e-values holds however cases depend on each other.
 *
 * @param pairs By unit of the model, those that were tried. They must not be the trials that raised the suspicion, unless all guarding
 *   units are tried.
 * @param limit ln of how much better an explanation has to be.
 */
export function weighControl(
  model: EvidenceModel,
  pairs: ReadonlyMap<number, ControlPairs>,
  candidates: readonly Counts[],
  limit: number,
): ControlEvidence {
  const tried = model.scorers.map(({ members, weight }) => ({
    weight,
    units: members.flatMap((unit) => {
      const pair = pairs.get(unit.index);
      return pair ? [{ unit, pair }] : [];
    }),
  }));
  const all = tried.flatMap(({ units }) => units);
  if (all.length === 0) return { joint: 0, stale: new Set(), othersMoved: 0 };
  const ones = all.map(
    ({ unit, pair }) =>
      Math.log(unit.weight) + meanOf(LOSSES_OF_ONE, (loss) => pairOdds(unit, pair, loss, CAP_OF_ONE)),
  );
  const weights = all.reduce((sum, { unit }) => sum + unit.weight, 0);
  const scorers = tried.filter(({ units }) => units.length > 0);
  const many = scorers.map(
    ({ units, weight }) =>
      Math.log(weight) +
      meanOf(LOSSES_OF_MANY, (loss) =>
        total(units, ({ unit, pair }) => pairOdds(unit, scoredPairs(pair), loss, CAP_OF_MANY)),
      ),
  );
  const scorerWeights = scorers.reduce((sum, { weight }) => sum + weight, 0);
  const isMoved = ({ unit, pair }: TriedUnit) =>
    movedOdds(unit, pair.main, candidates[unit.index] ?? NOTHING) >= limit;
  // One failed trial of main may be the scorer's error.
  const fails = (units: readonly TriedUnit[]) => total(units, failuresOfMain) >= MIN_FAILURES;
  const others = scorers.map(({ units }) =>
    units.filter((one) => !isMoved(one)).map(({ unit, pair }) => ({ unit, pair: scoredPairs(pair) })),
  );
  return {
    joint: logSum([logSum(ones) - Math.log(weights), logSum(many) - Math.log(scorerWeights)]) - Math.LN2,
    stale: new Set(all.flatMap((one) => (isMoved(one) && fails([one]) ? [one.unit.index] : []))),
    othersMoved: Math.max(...others.map((units) => (fails(units) ? allMovedOdds(units, candidates) : 0))),
  };
}

interface TriedUnit {
  readonly unit: ModelUnit;
  readonly pair: ControlPairs;
}

function failuresOfMain({ pair: { main } }: TriedUnit): number {
  return main.trials - main.passes;
}

const NOTHING: Counts = { passes: 0, trials: 0 };

function pairOdds(
  { reliability }: ModelUnit,
  { main, candidate }: ControlPairs,
  loss: number,
  cap: number,
): number {
  if (main.trials === 0 || candidate.trials === 0) return 0;
  const m = Math.min(cap, reliability);
  const c = m * (1 - loss);
  const middle = (candidate.trials * c + main.trials * m) / (candidate.trials + main.trials);
  const ratio = (p: number, { passes, trials }: Counts) =>
    passes * Math.log(p / middle) + (trials - passes) * Math.log((1 - p) / (1 - middle));
  return ratio(c, candidate) + ratio(m, main);
}

/** "Broken for both" against "main is as ever", and the change broken or not. */
function movedOdds(unit: ModelUnit, main: Counts, candidate: Counts): number {
  if (main.trials === 0) return 0;
  const both = unit.oddsOf(sum(main, candidate));
  const one = unit.oddsOf(candidate);
  return both.broken + both.unbroken - Math.max(one.broken, 0) - one.unbroken - unit.oddsOf(main).unbroken;
}

/** "All lost a share, for both" against "all lost a share with the change, and main is as ever". */
function allMovedOdds(units: readonly TriedUnit[], candidates: readonly Counts[]): number {
  const of = (countsOf: (index: number, main: Counts) => readonly [Counts, Counts]) =>
    logSum(
      LOSSES.map((_, at) =>
        total(units, ({ unit, pair }) => {
          const [lost, kept] = countsOf(unit.index, pair.main);
          const odds = unit.oddsOf(lost);
          return (odds.lost[at] ?? 0) + odds.unchanged + unit.oddsOf(kept).unchanged;
        }),
      ),
    );
  const here = (index: number) => candidates[index] ?? NOTHING;
  return of((index, main) => [sum(main, here(index)), NOTHING]) - of((index, main) => [here(index), main]);
}

function sum(a: Counts, b: Counts): Counts {
  return { passes: a.passes + b.passes, trials: a.trials + b.trials };
}

function less(a: Counts, b: Counts): Counts {
  return { passes: a.passes - b.passes, trials: a.trials - b.trials };
}

function meanOf(losses: readonly number[], termOf: (loss: number) => number): number {
  return logSum(losses.map(termOf)) - Math.log(losses.length);
}

function total<T>(items: readonly T[], termOf: (item: T) => number): number {
  let result = 0;
  for (const item of items) result += termOf(item);
  return result;
}
