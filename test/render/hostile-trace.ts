import type { JsonValue } from "../../src/core/json.ts";
import type { Score } from "../../src/core/score.ts";
import type { Trace } from "../../src/core/trace.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";

/** A trace that has the same text in every place that a sender can fill, and scores that quote it. */
export function traceFullOf(text: string): { readonly trace: Trace; readonly scores: readonly Score[] } {
  const value: JsonValue = { [text]: [text, null, 1] };
  const error = { type: text, message: text };
  const base = makeTrace({
    toolCalls: [{ name: text, callId: text, agent: text, arguments: value, result: text, error }],
    retrievals: [{ query: text, documents: [{ id: text, content: text, metadata: value }] }],
    memoryOperations: [{ operation: text, storeId: text, query: text, records: value }],
    llmCalls: [
      {
        model: text,
        requestModel: `${text}2`,
        provider: text,
        responseId: text,
        promptName: text,
        agent: `${text} two`,
        systemInstructions: text,
        parameters: { stopSequences: [text] },
        input: [
          { role: text, name: text, parts: [{ type: "text", content: text }] },
          { role: "tool", parts: [{ type: "tool_result", id: text, name: text, result: value }] },
          {
            role: "user",
            parts: [{ type: "media", modality: text, mimeType: text, uri: `javascript:${text}` }],
          },
        ],
        output: [
          {
            role: "assistant",
            parts: [
              { type: "reasoning", content: text },
              { type: "tool_call", id: text, name: text, arguments: value },
              { type: "other", value },
            ],
          },
        ],
      },
    ],
  });
  const spans = base.spans.map((span, index) => ({
    ...span,
    // The first two are agents, so that there is a graph.
    type: index < 2 ? ("agent" as const) : span.type,
    name: `${text} ${index}`,
    scope: text,
    status: { code: "error" as const, message: text },
    attributes: { [text]: text, more: value },
  }));
  const trace: Trace = {
    ...base,
    spans,
    name: text,
    traceId: text,
    input: text,
    output: text,
    systemInstructions: text,
    service: { name: text, version: text, environment: text },
    agent: { name: text, version: text, id: text },
    sessionId: text,
    userId: text,
    organisationId: text,
    feature: text,
    outcome: text,
    tags: [text],
    cost: { unpricedModels: [text] },
    rationales: [{ spanId: spans[0]?.spanId ?? "", text }],
    annotations: [
      { spanId: spans[0]?.spanId ?? "", name: text, label: text, explanation: text, annotatorKind: text },
    ],
    quality: {
      dialects: [text],
      missing: [text],
      issues: [{ code: "several-roots", message: text, spanIds: [text, spans[0]?.spanId ?? ""] }],
    },
  };
  const score: Score = {
    name: text,
    version: text,
    kind: "judge",
    value: 0.2,
    label: text,
    explanation: text,
    evidence: [text, spans[1]?.spanId ?? ""],
    unscored: null,
    passAt: 0.5,
    metadata: {},
  };
  return { trace, scores: [score] };
}
