import { describe, expect, it } from "vitest";

import { wilson } from "../../../src/core/interval.ts";
import { kappa, matthews, pabak } from "../../../src/pipeline/calibration/agreement.ts";
import { confusionOf, confusionRates, type Pair } from "../../../src/pipeline/calibration/confusion.ts";
import { roganGladen } from "../../../src/pipeline/calibration/corrected-rate.ts";
import { predictionPowered } from "../../../src/pipeline/calibration/prediction-powered.ts";
import { seededRandom } from "../../../src/pipeline/gate-play.ts";
import { playWorlds } from "./worlds.ts";

describe("the corrected pass rate", () => {
  it("has a 95 % interval that covers the truth in 93 to 97 % of 2,000 worlds, by both estimators", () => {
    const [corrected, powered, plain] = playWorlds(2_000, 20_261_120);
    for (const each of [corrected, powered]) {
      expect(each?.covered).toBeGreaterThanOrEqual(0.93);
      expect(each?.covered).toBeLessThanOrEqual(0.97);
    }
    // What the figure would be worth without a correction.
    expect(plain?.covered).toBeLessThan(0.5);
  });

  it("is Rogan and Gladen's formula where nothing is at its end", () => {
    const labelled = { truePass: 90, falseFail: 10, trueFail: 80, falsePass: 20 };
    const estimate = roganGladen({ passes: 760, trials: 1_000 }, labelled);
    expect(estimate?.value).toBeCloseTo((0.76 + 0.8 - 1) / (0.8 + 0.9 - 1), 12);
  });

  it("says nothing for a judge that is no better than a coin, or without labels of one kind", () => {
    const coin = { truePass: 50, falseFail: 50, trueFail: 50, falsePass: 50 };
    expect(roganGladen({ passes: 1, trials: 2 }, coin)).toBeNull();
    expect(roganGladen({ passes: 1, trials: 2 }, { ...coin, trueFail: 0, falsePass: 0 })).toBeNull();
  });

  it("takes nothing from a useless judge where labels are a random sample", () => {
    const random = seededRandom(5);
    const pairs = Array.from({ length: 400 }, (_, index) => ({
      human: index % 4 > 0,
      judge: random() < 0.5,
    }));
    const estimate = predictionPowered({ passes: 5_000, trials: 10_000 }, pairs);
    expect(estimate?.value).toBeCloseTo(0.75, 1);
  });

  it("weighs labels by the chance they were picked with", () => {
    const pick = (human: boolean, size: number, probability: number) =>
      Array.from({ length: size }, () => ({ human, judge: human, probability }));
    // All 100 fails were labelled, and one in ten of 900 passes.
    const estimate = predictionPowered({ passes: 900, trials: 1_000 }, [
      ...pick(false, 100, 1),
      ...pick(true, 90, 0.1),
    ]);
    expect(estimate?.value).toBeCloseTo(0.9, 6);
  });
});

describe("agreement of a judge with people", () => {
  it("is kappa and Matthews' coefficient of textbook examples", () => {
    const counts = { truePass: 20, falseFail: 5, falsePass: 10, trueFail: 15 };
    expect(kappa(counts)?.value).toBeCloseTo(0.4, 12);
    expect(matthews(counts)?.value).toBeCloseTo((20 * 15 - 10 * 5) / Math.sqrt(30 * 25 * 20 * 25), 12);
    expect(pabak(counts)).toBeCloseTo(0.4, 12);
  });

  it("has intervals that cover the truth in about 95 of 100 samples", () => {
    const random = seededRandom(11);
    const cells = { truePass: 0.55, falseFail: 0.1, falsePass: 0.08, trueFail: 0.27 };
    const truth = { kappa: kappa(cells)?.value ?? 0, matthews: matthews(cells)?.value ?? 0 };
    const covered = { kappa: 0, matthews: 0 };
    const samples = 1_000;
    for (let sample = 0; sample < samples; sample++) {
      const counts = confusionOf(Array.from({ length: 150 }, () => drawPair(random(), cells)));
      if (contains(kappa(counts), truth.kappa)) covered.kappa += 1;
      if (contains(matthews(counts), truth.matthews)) covered.matthews += 1;
    }
    for (const share of [covered.kappa / samples, covered.matthews / samples]) {
      expect(share).toBeGreaterThan(0.93);
      expect(share).toBeLessThan(0.97);
    }
  });

  it("is undefined, not zero, where one of the two gave one label only", () => {
    const counts = { truePass: 10, falseFail: 0, falsePass: 0, trueFail: 0 };
    expect([kappa(counts), matthews(counts)]).toEqual([null, null]);
    expect(confusionRates(counts).trueFailRate).toBeNull();
  });
});

describe("Wilson's interval", () => {
  it("gives the published bounds", () => {
    // 45 of 50, as in the default for judges that may gate.
    expect(wilson(0.9, 50)).toMatchObject({ low: expect.closeTo(0.786, 3), high: expect.closeTo(0.957, 3) });
    expect(wilson(0, 10)).toMatchObject({ low: 0, high: expect.closeTo(0.278, 3) });
  });
});

function drawPair(at: number, cells: { truePass: number; falseFail: number; falsePass: number }): Pair {
  if (at < cells.truePass) return { human: true, judge: true };
  if (at < cells.truePass + cells.falseFail) return { human: true, judge: false };
  const judge = at < cells.truePass + cells.falseFail + cells.falsePass;
  return { human: false, judge };
}

function contains(estimate: { low: number; high: number } | null, truth: number): boolean {
  return estimate !== null && estimate.low <= truth && truth <= estimate.high;
}
