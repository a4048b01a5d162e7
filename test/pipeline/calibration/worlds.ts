import type { Estimate } from "../../../src/core/interval.ts";
import { confusionOf, type Pair } from "../../../src/pipeline/calibration/confusion.ts";
import { roganGladen } from "../../../src/pipeline/calibration/corrected-rate.ts";
import { predictionPowered } from "../../../src/pipeline/calibration/prediction-powered.ts";
import { seededRandom } from "../../../src/pipeline/gate-play.ts";

/** A way to correct a judge's rate, and in how many of the worlds its interval held the truth. */
export interface Coverage {
  readonly estimator: "rogan-gladen" | "ppi++" | "uncorrected";
  readonly worlds: number;
  readonly covered: number;
}

/**
 * Plays worlds with a known true rate (0.5 to 0.97), a judge of known errors (TPR 0.8 to 0.97, TNR 0.7 to 0.97), 30 to 200
 * labels a side for Rogan-Gladen and 50 to 400 random ones for PPI++, and 500 to 5,000 judged traces.
 */
export function playWorlds(worlds: number, seed: number): readonly Coverage[] {
  const random = seededRandom(seed);
  const between = (low: number, high: number) => low + (high - low) * random();
  const count = { "rogan-gladen": 0, "ppi++": 0, uncorrected: 0 };
  for (let world = 0; world < worlds; world++) {
    const truth = between(0.5, 0.97);
    const judge = { pass: between(0.8, 0.97), fail: between(0.7, 0.97) };
    const says = (human: boolean) => (random() < (human ? judge.pass : judge.fail) ? human : !human);
    const trace = (human: boolean): Pair => ({ human, judge: says(human) });
    const many = (size: number, human: () => boolean) => Array.from({ length: size }, () => trace(human()));
    const live = many(Math.round(between(500, 5_000)), () => random() < truth);
    const judged = { passes: live.filter((one) => one.judge).length, trials: live.length };
    const side = Math.round(between(30, 200));
    const set = confusionOf([...many(side, () => true), ...many(side, () => false)]);
    const labelled = many(Math.round(between(50, 400)), () => random() < truth);
    if (holds(roganGladen(judged, set), truth)) count["rogan-gladen"] += 1;
    if (holds(predictionPowered(judged, labelled), truth)) count["ppi++"] += 1;
    const plain = judged.passes / judged.trials;
    const half = 1.96 * Math.sqrt((plain * (1 - plain)) / judged.trials);
    if (Math.abs(plain - truth) <= half) count.uncorrected += 1;
  }
  return [
    { estimator: "rogan-gladen", worlds, covered: count["rogan-gladen"] / worlds },
    { estimator: "ppi++", worlds, covered: count["ppi++"] / worlds },
    { estimator: "uncorrected", worlds, covered: count.uncorrected / worlds },
  ];
}

function holds(estimate: Estimate | null, truth: number): boolean {
  return estimate !== null && estimate.low <= truth && truth <= estimate.high;
}
