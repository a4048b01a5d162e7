import { zstdCompressSync } from "node:zlib";

import type { Score } from "../../src/core/score.ts";
import type { StoredTrace } from "../../src/core/store.ts";
import type { SpanInput } from "../../src/otlp/write-span.ts";
import { writeTraces } from "../../src/otlp/write-traces.ts";
import { rootAttributes } from "../../src/pipeline/root-attributes.ts";

/** A score with everything but what is given left plain. */
export function scoreOf(name: string, more: Partial<Score> = {}): Score {
  return {
    name,
    version: "1",
    kind: "rule",
    value: 1,
    label: null,
    explanation: null,
    evidence: [],
    unscored: null,
    passAt: 0.5,
    metadata: {},
    ...more,
  };
}

/** Two scores, one of them without a value. */
export const SCORES: readonly Score[] = [
  scoreOf("tool-errors", { value: 0, label: "failed", explanation: "search failed twice" }),
  scoreOf("groundedness", {
    kind: "judge",
    value: null,
    unscored: { code: "no-key" },
    explanation: "no key",
  }),
];

/** A scored trace as the store gives it: a root and one child unless spans are given. */
export function storedTrace(
  number: number,
  more: {
    readonly revision?: number;
    readonly scores?: readonly Score[];
    readonly spans?: readonly SpanInput[];
    readonly rootSpanId?: string | null;
  } = {},
): StoredTrace {
  const { revision = 1, scores = SCORES } = more;
  const traceId = number.toString(16).padStart(32, "0");
  const root = { traceId, spanId: "00000000000000aa", name: "answer", startTime: 1_000, endTime: 3_000 };
  const child = {
    ...root,
    spanId: "00000000000000bb",
    parentSpanId: root.spanId,
    name: "tool",
    startTime: 1_500,
  };
  const spans = more.spans ?? [child, root];
  return {
    summary: {
      traceId,
      revision,
      completion: "root-ended",
      rootSpanId: more.rootSpanId === undefined ? root.spanId : more.rootSpanId,
      name: "answer",
      service: "shop",
      agent: null,
      agentVersion: null,
      sessionId: null,
      userId: null,
      startTime: 1_000,
      durationMs: 2_000,
      spans: spans.length,
      inputTokens: null,
      outputTokens: null,
      costUsd: null,
      errors: 0,
      scoredAt: 5_000,
    },
    scores,
    rootAttributes: rootAttributes(scores, { revision }),
    payload: zstdCompressSync(
      writeTraces([{ resource: { "service.name": "shop" }, scopeSpans: [{ spans }] }]),
    ),
  };
}
