import type { Estimate } from "../../core/interval.ts";
import type { Label } from "../../core/label.ts";
import { weightedRate } from "../weighted-rate.ts";
import { kappa, matthews, pabak } from "./agreement.ts";
import { type Confusion, type ConfusionRates, confusionOf, confusionRates } from "./confusion.ts";
import { type JudgedRate, roganGladen } from "./corrected-rate.ts";
import { type HumanTruth, humanTruth } from "./human-truth.ts";
import { missingToGate } from "./may-gate.ts";
import { predictionPowered } from "./prediction-powered.ts";

/** What a judge said of one trace. */
export interface Judgement {
  readonly traceId: string;
  readonly passed: boolean;
  /** The chance with which the trace was put to the judge, (0, 1]. Default 1. */
  readonly probability?: number;
  /** USD; null or absent when unknown. */
  readonly costUsd?: number | null;
}

/** What {@link calibrate} is made from. */
export interface CalibrationInput {
  readonly scorer: string;
  /** Of this scorer only. */
  readonly labels: readonly Label[];
  /** Everything this version of the judge has judged, labelled or not; one per trace. */
  readonly judgements: readonly Judgement[];
  /** Traces asked again, and how many answers changed; null: none. */
  readonly rejudged: { readonly asked: number; readonly flipped: number } | null;
  /** Whether it withstood the known attacks; null: nobody tried. */
  readonly withstands: boolean | null;
}

/** How far one judge can be trusted with one question. */
export interface Calibration {
  readonly scorer: string;
  /** Traces that both a person and the judge decided. */
  readonly pairs: number;
  /** Labelled traces that the judge has not decided. */
  readonly unjudged: number;
  readonly people: Pick<HumanTruth, "disputed" | "undecided" | "agreement">;
  readonly confusion: Confusion;
  readonly rates: ConfusionRates;
  readonly kappa: Estimate | null;
  readonly matthews: Estimate | null;
  readonly pabak: number | null;
  readonly rejudged: CalibrationInput["rejudged"];
  /** The judge's own pass rate over everything it judged, unequal sampling evened out. */
  readonly judgedRate: number | null;
  /** The pass rate that people would have found; null where it cannot be told. */
  readonly corrected: (Estimate & { readonly method: "rogan-gladen" | "ppi++" }) | null;
  /** USD of 1,000 answers; null where costs are unknown. */
  readonly costPer1000: number | null;
  /** What keeps it from gating, in sentences; empty: it may. */
  readonly missing: readonly string[];
}

/**
 * Holds a judge against people. The rate is corrected by PPI++ where every label says with what chance its trace was picked, for
 * then the labels are a sample of the traffic; else by Rogan and Gladen.
 */
export function calibrate(input: CalibrationInput): Calibration {
  const { verdicts, ...people } = humanTruth(input.labels);
  const judged = new Map(input.judgements.map((one) => [one.traceId, one]));
  const pairs = verdicts.flatMap(({ traceId, passed, probability }) => {
    const judgement = judged.get(traceId);
    if (judgement === undefined) return [];
    return [{ human: passed, judge: judgement.passed, ...(probability !== undefined && { probability }) }];
  });
  const confusion = confusionOf(pairs);
  const rates = confusionRates(confusion);
  const agreement = kappa(confusion);
  const traffic = trafficOf(input.judgements);
  const isSample = pairs.length > 0 && pairs.every(({ probability }) => probability !== undefined);
  const estimate = isSample ? predictionPowered(traffic, pairs) : roganGladen(traffic, confusion);
  const { scorer, rejudged, withstands } = input;
  return {
    scorer,
    pairs: pairs.length,
    unjudged: verdicts.length - pairs.length,
    people,
    confusion,
    rates,
    kappa: agreement,
    matthews: matthews(confusion),
    pabak: pabak(confusion),
    rejudged,
    judgedRate: traffic.trials === 0 ? null : traffic.passes / traffic.trials,
    corrected: estimate && { ...estimate, method: isSample ? "ppi++" : "rogan-gladen" },
    costPer1000: costOf(input.judgements),
    missing: missingToGate({ rates, kappa: agreement, rejudged, withstands }),
  };
}

/** The judged traffic; where some traces were likelier to be judged than others, as many equally likely ones as say as much. */
function trafficOf(judgements: readonly Judgement[]): JudgedRate {
  const rate = weightedRate(judgements.map(({ passed, probability = 1 }) => ({ passed, probability })));
  if (rate === null) return { passes: 0, trials: 0 };
  return { passes: rate.rate * rate.effectiveSize, trials: rate.effectiveSize };
}

function costOf(judgements: readonly Judgement[]): number | null {
  const costs = judgements.flatMap(({ costUsd }) => costUsd ?? []);
  if (costs.length === 0) return null;
  return (1_000 * costs.reduce((sum, cost) => sum + cost, 0)) / costs.length;
}
