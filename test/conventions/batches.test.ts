import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readTrace } from "../../src/conventions/read-trace.ts";
import type { Span } from "../../src/core/span.ts";
import type { Trace } from "../../src/core/trace.ts";
import { jsonToProtobuf } from "../../src/otlp/json-to-protobuf.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { splitByTrace } from "../../src/otlp/split-by-trace.ts";
import { mergeTraces, writeTraces } from "../../src/otlp/write-traces.ts";
import { otlp } from "../../src/testing/spans.ts";
import { agents } from "./dialects-two/agents/index.ts";
import { toOtlpJson } from "./otlp-json.ts";

const SEED = 20_261_120;

/** The story of each client, as spans of a trace of its own. */
const stories = agents.map(({ client, sketch }, index) => {
  const spans = readSpans(otlp({ ...sketch, traceId: (index + 1).toString(16).padStart(32, "0") }));
  return { client, spans, trace: readTrace(spans) };
});

const toProtobuf = (spans: readonly Span[]) =>
  writeTraces(
    spans.map((span) => ({
      resource: { ...span.resource },
      scopeSpans: [{ scope: span.scope, spans: [span] }],
    })),
  );

/** What a receiver makes of some requests: per trace the fragments that came in. */
function receive(requests: readonly Uint8Array[]): readonly Trace[] {
  const chunks = new Map<string, Uint8Array[]>();
  for (const { traceId, bytes } of requests.flatMap((request) => splitByTrace(request).fragments)) {
    chunks.set(traceId, [...(chunks.get(traceId) ?? []), bytes]);
  }
  return [...chunks.values()].map((bytes) => readTrace(readSpans(mergeTraces(bytes))));
}

describe("a trace", () => {
  it("is the same from shuffled, repeated, split and interleaved batches in either encoding", () => {
    const numbers = stories.map((_, index) => index);
    const pair = fc.shuffledSubarray(numbers, { minLength: 2, maxLength: 2 });
    const property = fc.property(pair, fc.infiniteStream(fc.nat(11)), (picked, dice) => {
      const chosen = stories.filter((_, index) => picked.includes(index));
      const roll = (sides: number) => Number(dice.next().value) % sides;
      const batches: Span[][] = [[], [], [], []];
      // Each span goes into one batch, every third into a second one too.
      for (const span of chosen.flatMap(({ spans }) => spans)) {
        for (let copies = roll(3) === 0 ? 2 : 1; copies > 0; copies--) {
          const batch = batches[roll(batches.length)];
          batch?.splice(roll(batch.length + 1), 0, span);
        }
      }
      const requests = batches
        .filter((batch) => batch.length > 0)
        .map((batch) => (roll(2) === 0 ? toProtobuf(batch) : jsonToProtobuf(toOtlpJson(batch))));
      const received = receive(requests);
      for (const { trace } of chosen) {
        expect(received.find(({ traceId }) => traceId === trace.traceId)).toEqual(trace);
      }
    });
    fc.assert(property, { seed: SEED, numRuns: 40 });
  }, 60_000);

  it.each(stories)("of $client is the same from protobuf and from JSON", ({ spans, trace }) => {
    expect(readTrace(readSpans(jsonToProtobuf(toOtlpJson(spans))))).toEqual(trace);
    expect(readTrace(readSpans(toProtobuf(spans)))).toEqual(trace);
  });
});
