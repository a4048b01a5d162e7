import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Case } from "../../src/core/case.ts";
import type { JsonValue } from "../../src/core/json.ts";
import { parseJson } from "../../src/core/json.ts";
import type { Judge } from "../../src/core/judge.ts";
import type { Message, Part } from "../../src/core/message.ts";
import type { Scorer } from "../../src/core/scorer.ts";
import type { ToolCall, Trace } from "../../src/core/trace.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { startCpuWatch } from "./cpu-time.ts";

/** Text as traces hold it: words, figures, dates, JSON, escapes, errors, other scripts. */
const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 80 }),
  fc.json({ maxDepth: 3 }),
  fc.constantFrom(
    "",
    "Error: not found",
    "Your order #W1234567 costs $1,126.04 and arrives on May 23, 2026 at 2:30 PM.",
    "Le costará S/. 460.0 el 15 de marzo; 1.500,50 € en total.",
    '{"message": "1.2.3.4 5-7 24/7 50% \\u2013 12:61 2026-99-99"}',
    "1".repeat(500),
    "9,".repeat(200),
    "\ud800 lone surrogate \u0000",
  ),
);

const json = fc.oneof(
  text,
  fc.jsonValue({ maxDepth: 3 }).map((value): JsonValue => parseJson(JSON.stringify(value)) ?? null),
);

const name = fc.constantFrom("get_order", "get_order_by_id", "sendMessage", "", "tool", "transfer_to_human");

const error = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom("timeout", "_OTHER"), message: text }) },
);

const toolCall: fc.Arbitrary<Partial<ToolCall> & Pick<ToolCall, "name">> = fc.record(
  { name, callId: fc.constantFrom("a", "b"), arguments: json, result: json, error },
  { requiredKeys: ["name", "error"] },
);

const part: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ type: fc.constant("text" as const), content: text }),
  fc.record({ type: fc.constant("reasoning" as const), content: text }),
  fc.record({
    type: fc.constant("tool_call" as const),
    id: fc.constantFrom("a", "b"),
    name,
    arguments: json,
  }),
  fc.record({ type: fc.constant("tool_result" as const), id: fc.constantFrom("a", "b"), result: json }),
  fc.record({ type: fc.constant("other" as const), value: json }),
);

const message: fc.Arbitrary<Message> = fc.record({
  role: fc.constantFrom("user", "assistant", "tool", "system", "critic"),
  parts: fc.array(part, { maxLength: 3 }),
});

const tokens = fc.oneof(fc.nat(), fc.constantFrom(0, Number.MAX_SAFE_INTEGER));

const llmCall = fc.record(
  {
    model: fc.constantFrom("m", ""),
    output: fc.array(message, { maxLength: 2 }),
    finishReason: fc.constantFrom("stop", "length", "tool_call", "content_filter", "error", "other" as const),
    usage: fc.record({ inputTokens: tokens, outputTokens: tokens }, { requiredKeys: [] }),
    cost: fc.double({ min: 0, max: 100, noNaN: true }),
    durationMs: fc.nat(),
    error,
  },
  { requiredKeys: [] },
);

/** Traces with and without everything a scorer may look at. */
export const arbitraryTrace: fc.Arbitrary<Trace> = fc
  .record(
    {
      input: fc.option(text),
      output: fc.option(text),
      systemInstructions: text,
      messages: fc.array(message, { maxLength: 6 }),
      toolCalls: fc.array(toolCall, { maxLength: 6 }),
      llmCalls: fc.array(llmCall, { maxLength: 4 }),
      retrievals: fc.array(
        fc.record({
          documents: fc.array(fc.record({ id: text, content: text, metadata: json }, { requiredKeys: [] })),
        }),
        { maxLength: 2 },
      ),
      memoryOperations: fc.array(fc.record({ records: json }), { maxLength: 2 }),
      toolDefinitions: fc.array(fc.record({ name, description: text, parameters: json }), { maxLength: 2 }),
    },
    { requiredKeys: [] },
  )
  .map(makeTrace);

/** What a judge under the contract is given: who answers, and a case where it needs one. */
export interface JudgedContract {
  judge(): Judge;
  readonly case?: Case;
}

/** What every scorer promises, whatever the trace. A judge is asked over the wire, so it meets fewer traces. */
export function scorerContract(scorer: Scorer, judged?: JudgedContract): void {
  const tried = judged?.case === undefined ? {} : { case: judged.case };
  const score = (trace: Trace) => {
    const asked = judged === undefined ? {} : { judge: judged.judge() };
    return scorer.score({ trace, ...tried }, { signal: new AbortController().signal, ...asked });
  };
  const runs = (numRuns: number) => (judged === undefined ? numRuns : Math.ceil(numRuns / 20));

  describe(scorer.name, () => {
    it("says in a sentence what it looks for", () => {
      expect(scorer.description).toMatch(/^[A-Z].{20,}\.$/);
      expect(scorer.kind).toBe(judged === undefined ? "rule" : "judge");
    });

    it("gives a value from 0 to 1 or says why there is none, and cites spans of the trace, on any trace", async () => {
      await fc.assert(
        fc.asyncProperty(arbitraryTrace, async (trace) => {
          const given = await score(trace);
          const spanIds = new Set(trace.spans.map((span) => span.spanId));
          expect(given).toMatchObject({ name: scorer.name, version: scorer.version, passAt: scorer.passAt });
          expect(given.unscored?.code ?? "not-applicable").toBe("not-applicable");
          expect(given.value === null).toBe(given.unscored !== null);
          if (given.value !== null) expect(given.value >= 0 && given.value <= 1).toBe(true);
          expect(given.explanation).toMatch(/\S/);
          expect(given.evidence.filter((id) => !spanIds.has(id))).toEqual([]);
          expect(JSON.parse(JSON.stringify(given))).toEqual(given);
        }),
        { seed: 20261120, numRuns: runs(300) },
      );
    });

    it("gives the same score for the same trace", async () => {
      await fc.assert(
        fc.asyncProperty(arbitraryTrace, async (trace) => {
          expect(await score(structuredClone(trace))).toEqual(await score(trace));
        }),
        { seed: 7, numRuns: runs(100) },
      );
    });

    it("changes nothing in the trace", async () => {
      await fc.assert(
        fc.asyncProperty(arbitraryTrace, async (trace) => {
          const before = structuredClone(trace);
          await score(trace);
          expect(trace).toEqual(before);
        }),
        { seed: 11, numRuns: runs(50) },
      );
    });

    it.skipIf(judged !== undefined)("shows where it happened when it fails a run", async () => {
      await fc.assert(
        fc.asyncProperty(arbitraryTrace, async (trace) => {
          const given = await score(trace);
          if (given.value !== null && given.value < given.passAt) expect(given.evidence).not.toEqual([]);
        }),
        { seed: 13, numRuns: runs(100) },
      );
    });

    it("takes under a second on a megabyte of hostile text", async () => {
      for (const trace of hostileTraces()) {
        const elapsed = startCpuWatch();
        await score(trace);
        expect(elapsed()).toBeLessThan(1000);
      }
    });
  });
}

/** Long texts that make careless patterns slow, and a value nested 20,000 deep. */
function hostileTraces(): readonly Trace[] {
  const size = 1_000_000;
  const repeated = (unit: string) => unit.repeat(size / unit.length);
  const texts = [
    "a",
    "1",
    "1 ",
    "1,",
    "1.1 ",
    " ",
    "\n",
    "_1",
    "-",
    "e.g ",
    "may 1 ",
    "1/1/",
    "12:30 ",
    "[",
    "no ",
    "kann ",
  ];
  let deep: JsonValue = 1;
  for (let depth = 0; depth < 20_000; depth += 1) deep = [deep];
  return [
    ...texts.map(repeated).map((long) =>
      makeTrace({
        input: long,
        output: long,
        toolCalls: [{ name: "search", arguments: long, result: long }],
      }),
    ),
    makeTrace({ toolCalls: [{ name: "search", arguments: deep, result: deep }] }),
  ];
}
