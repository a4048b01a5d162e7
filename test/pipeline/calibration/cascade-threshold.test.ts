import { describe, expect, it } from "vitest";

import { binomialUpper } from "../../../src/pipeline/calibration/binomial-upper.ts";
import { cascadeThreshold } from "../../../src/pipeline/calibration/cascade-threshold.ts";
import { seededRandom } from "../../../src/pipeline/gate-play.ts";

describe("the confidence at which a cheap judge is believed", () => {
  it("keeps the promised bound in at least 95 of 100 worlds, and accepts most of what is sure", () => {
    const random = seededRandom(3);
    const worlds = 2_000;
    let broken = 0;
    let coverage = 0;
    for (let world = 0; world < worlds; world++) {
      // Disagreement grows as confidence falls; how fast differs from world to world.
      const slope = 0.1 + 0.4 * random();
      const wrongAt = (confidence: number) => slope * (1 - confidence) * 2;
      const pairs = Array.from({ length: 300 }, () => {
        const confidence = 0.5 + random() / 2;
        return { confidence, agrees: random() >= wrongAt(confidence) };
      });
      const threshold = cascadeThreshold(pairs);
      if (threshold === null) continue;
      coverage += threshold.coverage / worlds;
      // The true share of wrong ones among confidences spread evenly from the threshold to 1.
      if (wrongAt((threshold.confidence + 1) / 2) > 0.1) broken += 1;
    }
    expect(broken / worlds).toBeLessThanOrEqual(0.05);
    expect(coverage).toBeGreaterThan(0.3);
  });

  it("is none for a judge whose confidence tells nothing", () => {
    const random = seededRandom(4);
    const pairs = Array.from({ length: 500 }, () => ({
      confidence: 0.5 + random() / 2,
      agrees: random() < 0.7,
    }));
    expect(cascadeThreshold(pairs)).toBeNull();
  });

  it("is none with too few labels to prove anything", () => {
    expect(cascadeThreshold(Array.from({ length: 20 }, () => ({ confidence: 1, agrees: true })))).toBeNull();
  });

  it("says what was proven", () => {
    const pairs = Array.from({ length: 100 }, () => ({ confidence: 0.9, agrees: true }));
    expect(cascadeThreshold(pairs)).toEqual({
      confidence: 0.5,
      coverage: 1,
      accepted: 100,
      disagreeing: 0,
      upperBound: expect.closeTo(1 - 0.05 ** (1 / 100), 9),
    });
  });
});

describe("the exact binomial bound", () => {
  it("is Clopper and Pearson's", () => {
    expect(binomialUpper(0, 10, 0.05)).toBeCloseTo(0.2589, 4);
    expect(binomialUpper(3, 50, 0.05)).toBeCloseTo(0.1478, 4);
    expect(binomialUpper(0, 0, 0.05)).toBe(1);
  });
});
