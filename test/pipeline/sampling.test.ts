import { describe, expect, it } from "vitest";

import type { Score } from "../../src/core/score.ts";
import { seededRandom } from "../../src/pipeline/gate-play.ts";
import { type SamplingPolicy, type SamplingSubject, sample } from "../../src/pipeline/sampling.ts";
import { type WeightedOutcome, weightedRate } from "../../src/pipeline/weighted-rate.ts";

const policy: SamplingPolicy = { rate: 0.1, slowMs: 60_000, firstOfVersion: 200 };

describe("which traces are sampled", () => {
  it("takes every run with an error, every slow one, every one a rule failed, and the first of a version", () => {
    expect(reasonOf({ errors: 1 })).toBe("error");
    expect(reasonOf({ durationMs: 60_001 })).toBe("slow");
    expect(reasonOf({ ruleValue: 0 })).toBe("failed-rule");
    expect(reasonOf({ earlier: 199 })).toBe("new-version");
    for (const outcome of [{ errors: 1 }, { durationMs: 60_001 }, { ruleValue: 0 }, { earlier: 0 }]) {
      expect(sample(subject(outcome), policy)).toMatchObject({ sampled: true, probability: 1 });
    }
  });

  it("takes its share of the rest by trace id, and says with what chance", () => {
    const decisions = Array.from({ length: 20_000 }, (_, index) =>
      sample(subject({ traceId: hexId(index) }), policy),
    );
    const taken = decisions.filter(({ sampled }) => sampled);
    // Four standard deviations of a binomial share around 10 %.
    expect(Math.abs(taken.length / decisions.length - 0.1)).toBeLessThan(4 * Math.sqrt(0.09 / 20_000));
    expect(taken.every(({ probability, reason }) => probability === 0.1 && reason === "rate")).toBe(true);
    expect(decisions.filter(({ sampled }) => !sampled).every(({ reason }) => reason === "left-out")).toBe(
      true,
    );
  });

  it("takes its share also of traces that were already sampled by the bits of their ids", () => {
    const oneEnd = Array.from({ length: 5_000 }, (_, index) => `${"f".repeat(26)}${hexId(index).slice(26)}`);
    const taken = oneEnd.filter((traceId) => sample(subject({ traceId }), policy).sampled);
    expect(Math.abs(taken.length / oneEnd.length - 0.1)).toBeLessThan(4 * Math.sqrt(0.09 / 5_000));
  });

  it("decides the same for the same trace again", () => {
    const one = subject({ traceId: hexId(7) });
    expect(sample(one, policy)).toEqual(sample(one, policy));
  });

  it("takes everything at a rate of 1 and no ordinary trace at 0", () => {
    const ids = Array.from({ length: 200 }, (_, index) => hexId(index));
    const taken = (rate: number) =>
      ids.filter((traceId) => sample(subject({ traceId }), { ...policy, rate }).sampled).length;
    expect([taken(1), taken(0)]).toEqual([200, 0]);
  });

  it("does not take a trace because a rule had nothing to say", () => {
    expect(reasonOf({ ruleValue: null, traceId: leftOutId() })).toBe("left-out");
  });
});

describe("a rate over a sample", () => {
  it("is unbiased where the mean of the sampled ones is not, and its interval covers the truth", () => {
    const random = seededRandom(20_261_120);
    let covered = 0;
    let naiveCovered = 0;
    let error = 0;
    const worlds = 200;
    for (let world = 0; world < worlds; world++) {
      const { truth, outcomes } = playWorld(random);
      const estimate = weightedRate(outcomes);
      if (estimate === null) throw new Error("the world has no sampled trace");
      error += (estimate.rate - truth) / worlds;
      if (estimate.low <= truth && truth <= estimate.high) covered += 1;
      const naive = weightedRate(outcomes.map(({ passed }) => ({ passed, probability: 1 })));
      if (naive && naive.low <= truth && truth <= naive.high) naiveCovered += 1;
    }
    expect(Math.abs(error)).toBeLessThan(0.005);
    expect(covered / worlds).toBeGreaterThan(0.92);
    expect(naiveCovered / worlds).toBeLessThan(0.05);
  });

  it("stands for the whole population", () => {
    const outcomes: WeightedOutcome[] = [
      { passed: true, probability: 0.1 },
      { passed: false, probability: 1 },
    ];
    expect(weightedRate(outcomes)).toMatchObject({ rate: 10 / 11, population: 11 });
  });

  it("is nothing without outcomes", () => {
    expect(weightedRate([])).toBeNull();
  });
});

/** 2,000 traces, 10 % with an error; a judge would fail half of those and 5 % of the others. */
function playWorld(random: () => number): { truth: number; outcomes: WeightedOutcome[] } {
  const outcomes: WeightedOutcome[] = [];
  let passing = 0;
  const size = 2_000;
  for (let index = 0; index < size; index++) {
    const errors = random() < 0.1 ? 1 : 0;
    const passed = random() >= (errors > 0 ? 0.5 : 0.05);
    if (passed) passing += 1;
    const traceId = hexId(Math.floor(random() * 2 ** 40));
    const { sampled, probability } = sample(subject({ traceId, errors }), policy);
    if (sampled) outcomes.push({ passed, probability });
  }
  return { truth: passing / size, outcomes };
}

interface Sketch {
  readonly traceId?: string;
  readonly errors?: number;
  readonly durationMs?: number;
  readonly ruleValue?: number | null;
  readonly earlier?: number;
}

function subject({
  traceId = leftOutId(),
  errors = 0,
  durationMs = 100,
  ruleValue = 1,
  earlier = 200,
}: Sketch) {
  const trace: SamplingSubject["trace"] = {
    traceId,
    durationMs,
    errors: Array.from({ length: errors }, () => ({ spanId: "0000000000000001", type: "timeout" })),
  };
  return { trace, ruleScores: [ruleScore(ruleValue)], earlierOfVersion: earlier };
}

function reasonOf(sketch: Sketch): string {
  return sample(subject(sketch), policy).reason;
}

/** The first id that the rate leaves out. */
function leftOutId(): string {
  return hexId(0);
}

function hexId(number: number): string {
  return (number + 1).toString(16).padStart(32, "0");
}

function ruleScore(value: number | null): Score {
  return {
    name: "tool-errors",
    version: "1",
    kind: "rule",
    value,
    label: null,
    explanation: null,
    evidence: [],
    unscored: value === null ? { code: "not-applicable" } : null,
    passAt: 0.5,
    metadata: {},
  };
}
