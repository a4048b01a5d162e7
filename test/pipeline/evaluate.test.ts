import { describe, expect, it } from "vitest";
import type { Judge } from "../../src/core/judge.ts";
import type { Score } from "../../src/core/score.ts";
import type { Scorer } from "../../src/core/scorer.ts";
import { evaluate } from "../../src/pipeline/evaluate.ts";
import { defineScorer } from "../../src/scorers/define-scorer.ts";
import { ruleScorers } from "../../src/scorers/index.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";

const trace = makeTrace();
const subject = { trace };
const good = (name: string) => defineScorer(name, () => true);

/** A scorer of kind judge, made by hand as `defineJudge` makes it. */
function judgeScorer(
  name: string,
  work: (signal: AbortSignal, judge: Judge | undefined) => Promise<number>,
): Scorer {
  const identity = { name, version: "1", kind: "judge", passAt: 0.5 } as const;
  return {
    ...identity,
    description: "A judge of this test.",
    async score(_, { signal, judge }): Promise<Score> {
      const value = await work(signal, judge);
      return {
        ...identity,
        value,
        label: null,
        explanation: null,
        evidence: [],
        unscored: null,
        metadata: {},
      };
    },
  };
}

describe("evaluate", () => {
  it("gives the scores in the order of the scorers, rules and judges mixed", async () => {
    const judge = judgeScorer("judge", async () => 1);
    const scores = await evaluate(subject, [good("b"), judge, good("a")]);
    expect(scores.map((score) => [score.name, score.value])).toEqual([
      ["b", 1],
      ["judge", 1],
      ["a", 1],
    ]);
  });

  it("runs every rule scorer on a plain trace", async () => {
    const scores = await evaluate(subject, ruleScorers);
    expect(scores.map((score) => score.name)).toEqual(ruleScorers.map((scorer) => scorer.name));
    expect(scores.filter((score) => score.value !== null && score.value < 1)).toEqual([]);
  });

  it("turns what a scorer throws into an unscored score with name, trace, message and place", async () => {
    const throwing = defineScorer("throwing", () => {
      throw new RangeError("no such field");
    });
    const rejecting = defineScorer("rejecting", async () => {
      await Promise.resolve();
      throw new Error("later");
    });
    const [first, second, third] = await evaluate(subject, [throwing, rejecting, good("good")]);
    expect(first).toMatchObject({ name: "throwing", value: null, unscored: { code: "scorer-error" } });
    expect(first?.explanation).toMatch(
      new RegExp(
        `^Scorer "throwing" on trace ${trace.traceId}: it threw RangeError: no such field \\(at .*evaluate\\.test\\.ts:\\d+`,
      ),
    );
    expect(second?.explanation).toContain("it threw Error: later");
    expect(third?.value).toBe(1);
  });

  it("survives a scorer that throws something that is no error, and one that throws before it promises", async () => {
    const odd = defineScorer("odd", () => Promise.reject("just text"));
    const early: Scorer = {
      ...good("early"),
      score() {
        throw new TypeError("too early");
      },
    };
    const [first, second] = await evaluate(subject, [odd, early]);
    expect(first?.explanation).toContain("it threw string: just text");
    expect(second?.explanation).toContain("it threw TypeError: too early");
  });

  it("interrupts an endless loop, and still scores with the scorers before and after it", async () => {
    const endless = defineScorer("endless", () => {
      for (;;);
    });
    const scores = await evaluate(subject, [good("a"), endless, good("b"), good("c")], { ruleTimeoutMs: 60 });
    expect(scores.map((score) => score.value)).toEqual([1, null, 1, 1]);
    expect(scores[1]?.unscored).toEqual({ code: "scorer-error" });
    expect(scores[1]?.explanation).toContain("kept the processor for over 60 ms and was interrupted");
  });

  it("interrupts two endless loops in one run, and one whose catch block would go on", async () => {
    const stubborn = defineScorer("stubborn", () => {
      for (;;) {
        try {
          for (;;);
        } catch {}
      }
    });
    const endless = defineScorer("endless", () => {
      for (;;);
    });
    const scores = await evaluate(subject, [stubborn, good("a"), endless], { ruleTimeoutMs: 40 });
    expect(scores.map((score) => score.value)).toEqual([null, 1, null]);
  });

  it("tells a watchdog before each scorer that work goes on, however long they block one after the other", async () => {
    const beats: string[] = [];
    const blocking = (name: string) =>
      defineScorer(name, () => {
        beats.push(name);
        for (;;);
      });
    const beat = () => void beats.push("beat");
    await evaluate(subject, [blocking("a"), blocking("b")], { ruleTimeoutMs: 40, beat });
    const unannounced = beats.filter((name, index) => name !== "beat" && beats[index - 1] !== "beat");
    expect(unannounced).toEqual([]);
    expect(beats).toContain("b");
  });

  it("interrupts a backtracking regular expression", async () => {
    const slow = defineScorer("slow", () => /^(a+)+$/.test(`${"a".repeat(60)}!`));
    const [score] = await evaluate(subject, [slow], { ruleTimeoutMs: 60 });
    expect(score?.unscored).toEqual({ code: "scorer-error" });
  });

  it("does not blame the scorer that was at work when slower ones before it had used up the time", async () => {
    const busy = (name: string) =>
      defineScorer(name, () => {
        const end = performance.now() + 300;
        while (performance.now() < end);
        return true;
      });
    const scores = await evaluate(subject, [busy("a"), busy("b"), busy("c")], { ruleTimeoutMs: 800 });
    expect(scores.map((score) => score.value)).toEqual([1, 1, 1]);
  });

  it("gives up on a rule that never returns, and tells it so", async () => {
    let told = false;
    const hanging = defineScorer("hanging", ({ signal }) => {
      signal.addEventListener("abort", () => {
        told = true;
      });
      return new Promise<boolean>(() => {});
    });
    const [first, second] = await evaluate(subject, [hanging, good("good")], { timeoutMs: 30 });
    expect(first).toMatchObject({ value: null, unscored: { code: "scorer-error" } });
    expect(first?.explanation).toContain("did not return within 30 ms");
    expect(second?.value).toBe(1);
    expect(told).toBe(true);
  });

  it("calls a judge that hangs timed out, because a later try may succeed", async () => {
    const hanging = judgeScorer("hanging", () => new Promise(() => {}));
    const [score] = await evaluate(subject, [hanging], { judgeTimeoutMs: 30 });
    expect(score).toMatchObject({ value: null, unscored: { code: "timed-out" } });
  });

  it("ignores what a scorer does after its time was up", async () => {
    const late = Promise.withResolvers<boolean>();
    const [score] = await evaluate(subject, [defineScorer("late", () => late.promise)], { timeoutMs: 20 });
    late.reject(new Error("too late to matter"));
    await new Promise(setImmediate);
    expect(score?.unscored?.code).toBe("scorer-error");
  });

  it("hands the judge to the scorers and keeps to the concurrency", async () => {
    const judge: Judge = {
      provider: "test",
      model: "m",
      identity: "m",
      ask: () => Promise.reject(new Error("unused")),
    };
    let atWork = 0;
    let most = 0;
    const scorers = ["a", "b", "c", "d", "e"].map((name) =>
      judgeScorer(name, async (_, given) => {
        atWork += 1;
        most = Math.max(most, atWork);
        await new Promise(setImmediate);
        atWork -= 1;
        return given === judge ? 1 : 0;
      }),
    );
    const scores = await evaluate(subject, scorers, { judge, concurrency: 2 });
    expect(scores.map((score) => score.value)).toEqual([1, 1, 1, 1, 1]);
    expect(most).toBe(2);
  });

  it("says what a hand-made scorer did wrong, and overrules the identity it claims", async () => {
    const wrong = (score: unknown): Scorer => ({ ...good("wrong"), score: async () => score as Score });
    const problems = await Promise.all(
      [
        undefined,
        { value: 2, evidence: [] },
        { value: 1 },
        { value: null, evidence: [] },
        { value: true, evidence: [] },
      ].map(async (score) => (await evaluate(subject, [wrong(score)]))[0]),
    );
    expect(problems.map((score) => score?.unscored?.code)).toEqual(Array(5).fill("scorer-error"));
    expect(problems[0]?.explanation).toContain("returned nothing (undefined) instead of a score");
    const other = await good("other").score(subject, { signal: new AbortController().signal });
    expect((await evaluate(subject, [wrong(other)]))[0]).toMatchObject({ name: "wrong", value: 1 });
  });

  it("refuses two scorers of one name", async () => {
    await expect(evaluate(subject, [good("same"), good("same")])).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining('"same"'),
    });
  });

  it("throws when it is stopped, so that half a result is never stored", async () => {
    const controller = new AbortController();
    const hanging = judgeScorer("hanging", () => new Promise(() => {}));
    const scores = evaluate(subject, [good("a"), hanging], { signal: controller.signal });
    controller.abort(new Error("going down"));
    await expect(scores).rejects.toMatchObject({ code: "unavailable", retryable: true });
    await expect(evaluate(subject, [good("a")], { signal: controller.signal })).rejects.toThrow(/going down/);
  });

  it("leaves no timer behind", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const before = timers();
    await evaluate(subject, [good("a"), judgeScorer("b", async () => 1)]);
    // Others of the process may have ended meanwhile.
    expect(timers()).toBeLessThanOrEqual(before);
  });
});
