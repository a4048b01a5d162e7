import { describe, expect, it } from "vitest";
import type { Case } from "../../src/core/case.ts";
import { passed } from "../../src/core/score.ts";
import { defineScorer } from "../../src/scorers/define-scorer.ts";
import { versionOf } from "../../src/scorers/version-of.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";

const signal = new AbortController().signal;
const trace = makeTrace({ toolCalls: [{ name: "get_order" }] });

describe("defineScorer", () => {
  it.each([
    [true, 1],
    [false, 0],
    [0.25, 0.25],
    [0, 0],
    [1, 1],
  ])("reads %s as the value %s", async (returned, value) => {
    const score = await defineScorer("any", () => returned).score({ trace }, { signal });
    expect(score).toEqual({
      name: "any",
      version: "1",
      kind: "rule",
      passAt: 0.5,
      value,
      label: null,
      explanation: null,
      evidence: [],
      unscored: null,
      metadata: {},
    });
  });

  it("reads null as: does not apply", async () => {
    const score = await defineScorer("any", () => null).score({ trace }, { signal });
    expect(score).toMatchObject({ value: null, unscored: { code: "not-applicable" } });
    expect(score.explanation).toMatch(/does not apply/);
    expect(passed(score)).toBeNull();
  });

  it("keeps the reason given for not applying", async () => {
    const scorer = defineScorer("any", () => ({ value: null, explanation: "No tool was called." }));
    expect((await scorer.score({ trace }, { signal })).explanation).toBe("No tool was called.");
  });

  it("takes a score in full, drops missing span ids and says each one once", async () => {
    const scorer = defineScorer("any", { version: "2", passAt: 0.9 }, async () => ({
      value: 0.8,
      label: "nearly",
      explanation: "Almost.",
      evidence: [trace.rootSpanId, null, undefined, trace.rootSpanId],
      metadata: { seen: [1, { two: true }], skipped: undefined },
    }));
    const score = await scorer.score({ trace }, { signal });
    expect(score).toMatchObject({
      version: "2",
      passAt: 0.9,
      value: 0.8,
      label: "nearly",
      explanation: "Almost.",
    });
    expect(score.evidence).toEqual([trace.rootSpanId]);
    expect(score.metadata).toEqual({ seen: [1, { two: true }] });
    expect(passed(score)).toBe(false);
  });

  it("gives the function the trace, the case that was tried, and the signal", async () => {
    const tried: Case = {
      v: 1,
      id: "c",
      input: { messages: [] },
      mustPass: ["any"],
      tags: [],
      source: { kind: "written" },
    };
    const scorer = defineScorer(
      "any",
      (input) => input.trace === trace && input.case === tried && input.signal === signal,
    );
    expect((await scorer.score({ trace, case: tried }, { signal })).value).toBe(1);
    const live = defineScorer("any", (input) => !("case" in input));
    expect((await live.score({ trace }, { signal })).value).toBe(1);
  });

  it("takes read-only and optional fields as a strict program has them", async () => {
    const spans: readonly (string | null)[] = trace.toolCalls.map((call) => call.spanId);
    const label: string | undefined = undefined;
    const scorer = defineScorer(
      "any",
      () => ({ value: true, label, evidence: spans, metadata: { spans } }) as const,
    );
    expect((await scorer.score({ trace }, { signal })).evidence).toEqual(spans);
  });

  it.each<[unknown, string]>([
    [Number.NaN, "returned NaN"],
    [1.01, "returned 1.01"],
    [-0.1, "returned -0.1"],
    [undefined, "returned nothing (undefined)"],
    ["pass", 'returned "pass"'],
    [{ score: 1 }, 'returned an object without "value"'],
    [{ value: "yes" }, 'returned "yes"'],
    [{ value: Number.POSITIVE_INFINITY }, "returned Infinity"],
    [[1], "returned a list"],
    [{ value: 1, label: 3 }, "label must be text, got 3"],
    [{ value: 1, explanation: {} }, "explanation must be text, got an object"],
    [{ value: 1, evidence: "0000000000000001" }, "evidence must be a list of span ids"],
    [{ value: 1, evidence: ["00000000000000ff"] }, '"00000000000000ff" is none of them'],
    [{ value: 1, metadata: { big: 1n } }, "metadata must be an object that survives JSON"],
    [{ value: 1, metadata: [1] }, "metadata must be an object that survives JSON"],
  ])("calls %o no score, in a sentence, and does not throw", async (returned, sentence) => {
    // The types forbid these; a scorer in plain JavaScript may still return them.
    const scorer = defineScorer("any", () => JSON.parse("null") ?? (returned as boolean));
    const score = await scorer.score({ trace }, { signal });
    expect(score).toMatchObject({ value: null, unscored: { code: "scorer-error" } });
    expect(score.explanation).toContain(`Scorer "any" on trace ${trace.traceId}: `);
    expect(score.explanation).toContain(sentence);
  });

  it("lets through what the function throws, so that a test of it shows the place", async () => {
    const scorer = defineScorer("any", () => {
      throw new RangeError("no such field");
    });
    await expect(scorer.score({ trace }, { signal })).rejects.toThrow(new RangeError("no such field"));
  });

  it.each(["NoFailedTools", "no_failed_tools", "-a", "a-", "a--b", "", "1a", "a b"])(
    "refuses the name %o",
    (name) => {
      expect(() => defineScorer(name, () => true)).toThrow(
        expect.objectContaining({ code: "config", message: expect.stringContaining("is not kebab-case") }),
      );
    },
  );

  it("refuses options that make no sense", () => {
    expect(() => defineScorer("any", { passAt: 1.5 }, () => true)).toThrow(
      /passAt must be from 0 to 1, got 1.5/,
    );
    expect(() => defineScorer("any", { version: " " }, () => true)).toThrow(/version must not be empty/);
  });
});

describe("versionOf", () => {
  it("adds the options that were set, in one order", () => {
    expect(versionOf("1", {})).toBe("1");
    expect(versionOf("1", { usd: 2, seconds: 10 })).toBe(versionOf("1", { seconds: 10, usd: 2 }));
    expect(versionOf("1", { seconds: 10 })).toBe("1;seconds=10");
  });
});
