import { logBeta } from "../core/lgamma.ts";
import type { Counts } from "../core/verdict.ts";
import { type MarginRule, marginOf } from "./evidence-margin.ts";
import { fitReliabilities, type LogWeights, logMixture, meanReliability } from "./evidence-null.ts";

/** One case and scorer on main, as the evidence sees it. */
export interface HistoryUnit {
  /** Units of one case stand or fall together, for they judge the same trials. Default: a case of its own. */
  readonly caseId?: string;
  readonly scorer: string;
  readonly main: Counts;
  /** Only guarding units can speak against a change; the others help to fit what is usual. */
  readonly guarding: boolean;
  /** False: it gets an e-value of its own for the report, but no part in the joint one. */
  readonly blocking: boolean;
  /** Share of the error rate beside the other units. Default 1. */
  readonly weight?: number;
}

/** ln of the likelihood of some trials of one unit under an alternative, against "unchanged". */
export interface UnitOdds {
  /** ln of the probability of the trials when nothing changed: what `lost`, `margin` and `doubts` are held against. */
  readonly unchanged: number;
  /** The same by the fit of all scorers together: what `broken` is held against. */
  readonly unbroken: number;
  /** ln E_i, "it broke". */
  readonly broken: number;
  /** "Lost this share of its reliability", one per {@link LOSSES}. */
  readonly lost: readonly number[];
  /** "Lost the scorer's margin"; 0 where it has none. */
  readonly margin: number;
  /** "Main was only lucky": one per {@link DOUBTS}. */
  readonly doubts: readonly number[];
}

/** A unit that guards. */
export interface ModelUnit {
  readonly index: number;
  readonly weight: number;
  readonly blocking: boolean;
  /** Mean reliability by main's history, 0..1. */
  readonly reliability: number;
  readonly oddsOf: (candidate: Counts) => UnitOdds;
}

/** The blocking units of one scorer. */
export interface ScorerModel {
  readonly scorer: string;
  readonly members: readonly ModelUnit[];
  readonly weight: number;
}

/** A loss that a pass has to rule out. */
export interface LossQuestion {
  /** A scorer, or {@link ALL_SCORERS}. */
  readonly scorer: string;
  readonly members: readonly {
    readonly index: number;
    /** Exponent of the unit's likelihoods; those of one case come to 1, so that they count as one case. */
    readonly share: number;
  }[];
  /** Loss of the mean pass rate, 0..1; null: too few cases to rule one out. */
  readonly margin: number | null;
}

/** Name of the question about all scorers together. */
export const ALL_SCORERS = "all scorers";

/** What main's histories say, ready to weigh any trials of a change. */
export interface EvidenceModel {
  /** How many units it was made of. */
  readonly size: number;
  readonly guarding: readonly ModelUnit[];
  readonly scorers: readonly ScorerModel[];
  readonly questions: readonly LossQuestion[];
}

/** Shares of its reliability that every case might have lost at once. */
export const LOSSES: readonly number[] = [0.03, 0.06, 0.12, 0.25];

/**
 * Main's history is a sample too: its mean pass rate may lie above the truth by so many of its standard errors, with
 * these chances (the upper half of a normal distribution in three steps). Short histories of many cases need it,
 * for there the trials of a change soon know the mean better than main does.
 */
export const DOUBTS: readonly { readonly errors: number; readonly chance: number }[] = [
  { errors: 0, chance: 0.69 },
  { errors: 1, chance: 0.24 },
  { errors: 2, chance: 0.07 },
];

/**
 * Fits what is usual on main. Per case with all scorers together, so that a scorer with two cases borrows
 * from the rest; for what is multiplied over the cases each scorer alone, since a product does not forgive
 * what a mean forgives.
 *
 * A pull request has to answer for each scorer alone, as far as its cases allow. A release has to rule out one
 * loss over all of them, for a scorer with two cases could never be proven alone. The likelihoods of one case are
 * averaged geometrically there, which keeps them valid however its scorers depend on each other (by Hölder's
 * inequality the mean is at most 1).
 */
export function modelOf(units: readonly HistoryUnit[], rule: MarginRule): EvidenceModel {
  const known = units.flatMap((unit, index) => (unit.main.trials > 0 ? [{ ...unit, index }] : []));
  const ofAll = fitReliabilities(known.map(({ main }) => main));
  const withPosterior = known.map((unit, at) => ({ ...unit, all: ofAll[at] ?? [] }));
  const groups = [...Map.groupBy(withPosterior, ({ scorer }) => scorer)];
  const guarding: ModelUnit[] = [];
  const questions: LossQuestion[] = [];
  const scorers = groups.flatMap(([scorer, members]): readonly ScorerModel[] => {
    const own = groups.length === 1 ? ofAll : fitReliabilities(members.map(({ main }) => main));
    const guards = members
      .map((unit, at) => ({ ...unit, own: own[at] ?? [] }))
      .filter((unit) => unit.guarding);
    const reliabilities = guards.filter(({ blocking }) => blocking).map((unit) => meanReliability(unit.own));
    const margin = marginOf(reliabilities, rule);
    const level = mean(reliabilities);
    const oddsOf = tablesOf({
      margin: margin === null ? null : margin / level,
      doubt: standardErrorOf(guards) / level,
    });
    const models = guards.map(
      ({ index, weight = 1, blocking, all, own, main }): ModelUnit => ({
        index,
        weight,
        blocking,
        reliability: meanReliability(own),
        oddsOf: oddsOf(`${main.passes}/${main.trials}`, all, own),
      }),
    );
    guarding.push(...models);
    const votes = models.filter(({ blocking }) => blocking);
    const weight = votes.reduce((sum, unit) => sum + unit.weight, 0);
    if (votes.length === 0) return [];
    questions.push({ scorer, margin, members: votes.map(({ index }) => ({ index, share: 1 })) });
    return [{ scorer, members: votes, weight }];
  });
  const pooled = rule.widen || questions.length < 2 ? questions : [pool(questions, units)];
  return { size: units.length, guarding, scorers, questions: pooled };
}

function pool(questions: readonly LossQuestion[], units: readonly HistoryUnit[]): LossQuestion {
  const members = questions.flatMap((question) => question.members);
  const caseOf = (index: number) => units[index]?.caseId ?? `unit ${index}`;
  const sizes = new Map<string, number>();
  for (const { index } of members) sizes.set(caseOf(index), (sizes.get(caseOf(index)) ?? 0) + 1);
  return {
    scorer: ALL_SCORERS,
    margin: questions.some(({ margin }) => margin === null) ? null : (questions[0]?.margin ?? null),
    members: members.map(({ index }) => ({ index, share: 1 / (sizes.get(caseOf(index)) ?? 1) })),
  };
}

/** Most cases of a suite have the same history as many others, and few trials: each pair is computed once. */
function tablesOf(shares: LossShares) {
  const tables = new Map<string, ModelUnit["oddsOf"]>();
  return (name: string, all: LogWeights, own: LogWeights): ModelUnit["oddsOf"] => {
    const known = tables.get(name);
    if (known) return known;
    const odds = new Map<number, UnitOdds>();
    const oddsOf = (candidate: Counts): UnitOdds => {
      const key = candidate.trials * 1e6 + candidate.passes;
      const found = odds.get(key) ?? computeOdds(all, own, shares, candidate);
      odds.set(key, found);
      return found;
    };
    tables.set(name, oddsOf);
    return oddsOf;
  };
}

/** Losses as shares of the mean reliability of a scorer's cases. */
interface LossShares {
  readonly margin: number | null;
  /** One standard error of main's mean. */
  readonly doubt: number;
}

function computeOdds(
  all: LogWeights,
  own: LogWeights,
  { margin, doubt }: LossShares,
  candidate: Counts,
): UnitOdds {
  const unchanged = logMixture(own, candidate, 0);
  const against = (loss: number) => logMixture(own, candidate, loss) - unchanged;
  return {
    unchanged,
    unbroken: logMixture(all, candidate, 0),
    broken: logCaseEvidence(all, candidate),
    lost: LOSSES.map(against),
    margin: margin === null ? 0 : against(margin),
    doubts: DOUBTS.map(({ errors }) => (errors === 0 ? 0 : against(Math.min(0.5, errors * doubt)))),
  };
}

/** Of the mean of main's pass rates over these cases, 0..1. */
function standardErrorOf(guards: readonly { readonly main: Counts; readonly own: LogWeights }[]): number {
  const variance = guards.reduce((sum, { main, own }) => {
    const reliability = meanReliability(own);
    return sum + (reliability * (1 - reliability)) / main.trials;
  }, 0);
  return Math.sqrt(variance) / guards.length;
}

/** ln E_i: the odds for "this case broke" (pass rate Beta(1/2, 3/2)), by its own trials alone. */
export function logCaseEvidence(posterior: LogWeights, candidate: Counts): number {
  if (candidate.trials === 0) return 0;
  const fails = candidate.trials - candidate.passes;
  const broken = logBeta(candidate.passes + 0.5, fails + 1.5) - logBeta(0.5, 1.5);
  return broken - logMixture(posterior, candidate, 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
