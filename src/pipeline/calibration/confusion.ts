import { type Estimate, wilson } from "../../core/interval.ts";

/** A judge's passes and fails beside a person's, in traces. A person's word is taken to be the truth. */
export interface Confusion {
  /** Both say pass. */
  readonly truePass: number;
  /** The judge says pass, the person fail: a missed failure. */
  readonly falsePass: number;
  /** Both say fail. */
  readonly trueFail: number;
  /** The judge says fail, the person pass: a false alarm. */
  readonly falseFail: number;
}

/** One trace that both have decided. */
export interface Pair {
  readonly human: boolean;
  readonly judge: boolean;
}

/** Counts pairs. */
export function confusionOf(pairs: readonly Pair[]): Confusion {
  const count = (human: boolean, judge: boolean) =>
    pairs.filter((pair) => pair.human === human && pair.judge === judge).length;
  return {
    truePass: count(true, true),
    falsePass: count(false, true),
    trueFail: count(false, false),
    falseFail: count(true, false),
  };
}

/** Rates of a confusion matrix, each with Wilson's interval. A rate over nothing is null. */
export interface ConfusionRates {
  readonly humanPasses: number;
  readonly humanFails: number;
  /** Share of a person's passes that the judge passes. */
  readonly truePassRate: Estimate | null;
  /** Share of a person's fails that the judge fails: what it catches. */
  readonly trueFailRate: Estimate | null;
  /** Share of traces that a person fails. */
  readonly prevalence: Estimate | null;
  /** Share of traces on which both say the same. */
  readonly agreement: Estimate | null;
}

/** See {@link ConfusionRates}. */
export function confusionRates(counts: Confusion): ConfusionRates {
  const humanPasses = counts.truePass + counts.falseFail;
  const humanFails = counts.trueFail + counts.falsePass;
  const all = humanPasses + humanFails;
  const share = (part: number, whole: number) => (whole === 0 ? null : wilson(part / whole, whole));
  return {
    humanPasses,
    humanFails,
    truePassRate: share(counts.truePass, humanPasses),
    trueFailRate: share(counts.trueFail, humanFails),
    prevalence: share(humanFails, all),
    agreement: share(counts.truePass + counts.trueFail, all),
  };
}
