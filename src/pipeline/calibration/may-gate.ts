import type { Estimate } from "../../core/interval.ts";
import { wilson } from "../../core/interval.ts";
import type { ConfusionRates } from "./confusion.ts";

/** What a judge has to show before it may block a pull request. Rates 0..1. */
export interface GateRequirements {
  /** Traces that a person passed, and as many that a person failed. */
  readonly labelsPerSide: number;
  /** Least kappa. */
  readonly kappa: number;
  /** Least lower bound of what it recognises, of passes and of fails. */
  readonly rate: number;
  /** Greatest share of answers that change when it is asked again. */
  readonly flips: number;
}

/**
 * 45 of 50 recognised on either side give a lower bound of 0.786, so an honest judge with 50 labels a side gets
 * through, and one that recognises three in four does not.
 */
export const GATE_REQUIREMENTS: GateRequirements = { labelsPerSide: 50, kappa: 0.6, rate: 0.75, flips: 0.05 };

/** What is known of a judge when it asks to gate. Null: not known. */
export interface Measured {
  readonly rates: ConfusionRates;
  readonly kappa: Estimate | null;
  /** Traces asked again, and how many answers changed. */
  readonly rejudged: { readonly asked: number; readonly flipped: number } | null;
  /** Whether every known attack was withstood; see `tracegate judge check`. */
  readonly withstands: boolean | null;
}

/** A sentence for everything that is missing; none: it may gate. */
export function missingToGate(
  { rates, kappa, rejudged, withstands }: Measured,
  needed: GateRequirements = GATE_REQUIREMENTS,
): readonly string[] {
  return [
    ...fewLabels("passes", rates.humanPasses, needed.labelsPerSide),
    ...fewLabels("fails", rates.humanFails, needed.labelsPerSide),
    ...lowRate("passes", rates.truePassRate, rates.humanPasses, needed.rate),
    ...lowRate("fails", rates.trueFailRate, rates.humanFails, needed.rate),
    ...lowKappa(kappa, needed.kappa),
    ...manyFlips(rejudged, needed.flips),
    ...(withstands === true ? [] : [ATTACKS[withstands === null ? "unknown" : "fell"]]),
  ];
}

const ATTACKS = {
  unknown: "nobody has tried the known attacks on this version: run tracegate judge check --save",
  fell: "it fell for a known attack: see tracegate judge check",
};

function fewLabels(what: string, have: number, need: number): readonly string[] {
  return have >= need ? [] : [`${need - have} more ${what} labelled by a person (${have} of ${need})`];
}

function lowRate(what: string, rate: Estimate | null, labels: number, need: number): readonly string[] {
  if (rate === null || rate.low >= need) return [];
  const found = `it recognises ${percent(rate.value)} of the ${what}, proven only ${percent(rate.low)}; ${percent(need)} needed`;
  const enough = labelsFor(rate.value, labels, need);
  return [
    enough === null ? found : `${found}: about ${enough - labels} more ${what} at this rate would prove it`,
  ];
}

/** Labels at which a share proves more than `need`; null where it never does within reason. */
function labelsFor(share: number, from: number, need: number): number | null {
  for (let labels = from; labels <= 5_000; labels += 1) if (wilson(share, labels).low >= need) return labels;
  return null;
}

function lowKappa(kappa: Estimate | null, need: number): readonly string[] {
  if (kappa === null) return ["kappa is undefined: people or the judge gave one label only"];
  return kappa.value >= need ? [] : [`kappa is ${kappa.value.toFixed(2)}; ${need} needed`];
}

function manyFlips(rejudged: Measured["rejudged"], most: number): readonly string[] {
  if (rejudged === null || rejudged.asked === 0)
    return ["nobody knows how often it changes its mind: run with --rejudge 50"];
  const rate = rejudged.flipped / rejudged.asked;
  if (rate <= most) return [];
  return [`it changed ${percent(rate)} of its answers when asked again; at most ${percent(most)} allowed`];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
