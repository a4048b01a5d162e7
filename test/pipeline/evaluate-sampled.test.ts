import { describe, expect, it } from "vitest";

import type { SamplingDecision } from "../../src/core/sampling.ts";
import { passed } from "../../src/core/score.ts";
import type { Scorer, Subject } from "../../src/core/scorer.ts";
import { defineJudge } from "../../src/judges/define-judge.ts";
import { evaluate } from "../../src/pipeline/evaluate.ts";
import { evaluateSampled } from "../../src/pipeline/evaluate-sampled.ts";
import { seededRandom } from "../../src/pipeline/gate-play.ts";
import { LiveSampler } from "../../src/pipeline/live-sampler.ts";
import { rootAttributes } from "../../src/pipeline/root-attributes.ts";
import { type WeightedOutcome, weightedRate } from "../../src/pipeline/weighted-rate.ts";
import { defineScorer } from "../../src/scorers/define-scorer.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { scriptedJudge } from "../../src/testing/scripted-judge.ts";

const never = new AbortController().signal;
const calm = defineScorer("calm", ({ trace }) => trace.output !== "shouting");
const resolved = defineJudge("resolved", { question: "Was it done?", labels: { yes: 1, no: 0 } });
const polite = defineJudge("polite", { question: "Was it polite?", labels: { yes: 1, no: 0 } });

/** Evaluates with a decision that is given, and tells what the judge was asked. */
function evaluation(decision: SamplingDecision) {
  const judge = scriptedJudge(() => "yes");
  const options = {
    scorers: [polite, calm, resolved],
    score: (subject: Subject, some: readonly Scorer[], signal: AbortSignal) =>
      evaluate(subject, some, { judge, signal }),
    sampler: { decide: async () => decision },
  };
  return { judge, run: () => evaluateSampled({ trace: makeTrace() }, options, never) };
}

describe("a live trace that is sampled", () => {
  it("is seen by rules and by all judges, whose scores say what chance it had", async () => {
    const { judge, run } = evaluation({ sampled: true, probability: 0.1, reason: "rate" });
    const { scores } = await run();
    expect(scores.map((score) => [score.name, score.value, score.inclusionProbability])).toEqual([
      ["polite", 1, 0.1],
      ["calm", 1, undefined],
      ["resolved", 1, 0.1],
    ]);
    expect(judge.questions()).toHaveLength(2);
    const attributes = rootAttributes(scores, { revision: 1 });
    expect(attributes["tracegate.inclusion_probability.polite"]).toBe(0.1);
    expect(attributes).not.toHaveProperty("tracegate.inclusion_probability.calm");
  });

  it("has scores that stand for themselves where it was certain to be taken", async () => {
    const { scores } = await evaluation({ sampled: true, probability: 1, reason: "error" }).run();
    expect(scores.every((score) => score.inclusionProbability === undefined)).toBe(true);
  });

  it("is not shown to judges when it is left out, who say so, with the share", async () => {
    const { judge, run } = evaluation({ sampled: false, probability: 0.1, reason: "left-out" });
    const { scores, sampling } = await run();
    expect(scores.map(({ name, value, unscored }) => [name, value, unscored?.code])).toEqual([
      ["polite", null, "sampled-out"],
      ["calm", 1, undefined],
      ["resolved", null, "sampled-out"],
    ]);
    expect(scores[0]).toMatchObject({
      explanation: "Not asked: judges see 10 % of ordinary traces, and not this one.",
      inclusionProbability: 0.1,
    });
    expect(sampling.sampled).toBe(false);
    expect(judge.questions()).toEqual([]);
  });

  it("has no chance to say where no ordinary trace is taken", async () => {
    const { scores } = await evaluation({ sampled: false, probability: 0, reason: "left-out" }).run();
    expect(scores[0]).toMatchObject({
      explanation: "Not asked: judges see no ordinary traces.",
    });
    expect(scores[0]).not.toHaveProperty("inclusionProbability");
  });
});

describe("rates over live traces", () => {
  it("are those of all traces, while the mean of the judged ones makes the agent look far worse", async () => {
    const random = seededRandom(5);
    let errors = 0;
    const worlds = 40;
    for (let world = 0; world < worlds; world++) {
      const { truth, estimate, naive } = await playWorld(random);
      errors += (estimate - truth) / worlds;
      expect(naive).toBeLessThan(truth - 0.1);
    }
    // Four standard errors of the mean over the worlds: one world's is about 0.013.
    expect(Math.abs(errors)).toBeLessThan(0.009);
  });
});

/** 2,000 runs, of which 8 % meet an error, 5 % shout, and some are slow; the judge fails these more often than others. */
async function playWorld(random: () => number) {
  const passes = new Map<string, boolean>();
  // Answers at once: what a judge is shown and how is not the matter here.
  const judge: Scorer = {
    ...defineScorer("resolved", ({ trace }) => passes.get(trace.traceId) ?? null),
    kind: "judge",
  };
  const sampler = new LiveSampler({
    store: { countVersion: async () => 200 },
    rulesOf: () => ({ rate: 0.1, slowMs: undefined, firstOfVersion: 200 }),
    clock: { now: () => 0 },
  });
  // Without the guard of `evaluate`, which costs more than all else here.
  const score = (subject: Subject, some: readonly Scorer[], signal: AbortSignal) =>
    Promise.all(some.map((one) => one.score(subject, { signal })));
  const outcomes: WeightedOutcome[] = [];
  for (let number = 0; number < 2_000; number++) {
    const traceId = Math.floor(random() * 2 ** 48)
      .toString(16)
      .padStart(32, "0");
    const failed = random() < 0.08;
    const shouts = random() < 0.05;
    const durationMs = 100 / (1 - random());
    const bad = failed || shouts || durationMs > 5_000;
    passes.set(traceId, random() >= (bad ? 0.6 : 0.04));
    const trace = makeTrace({
      traceId,
      durationMs,
      ...(shouts && { output: "shouting" }),
      ...(failed && { errors: [{ spanId: "0000000000000001", type: "timeout" }] }),
    });
    const { scores } = await evaluateSampled({ trace }, { scorers: [calm, judge], score, sampler }, never);
    const [, said] = scores;
    const outcome = said && passed(said);
    if (said && typeof outcome === "boolean")
      outcomes.push({ passed: outcome, probability: said.inclusionProbability ?? 1 });
  }
  return {
    truth: [...passes.values()].filter(Boolean).length / 2_000,
    estimate: weightedRate(outcomes)?.rate ?? Number.NaN,
    naive: outcomes.filter((outcome) => outcome.passed).length / outcomes.length,
  };
}
