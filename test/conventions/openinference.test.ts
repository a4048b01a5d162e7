import { describe, expect, it } from "vitest";

import type { AttributeInput } from "../../src/otlp/write-traces.ts";
import { traceOf } from "../../src/testing/spans.ts";

const of = (kind: string, attributes: AttributeInput, name = kind) =>
  traceOf({ spans: [{ name, attributes: { "openinference.span.kind": kind, ...attributes } }] });

describe("OpenInference", () => {
  it("puts flattened messages in the order of their indices, whatever the order of the keys and the gaps", () => {
    const trace = of("LLM", {
      "llm.input_messages.10.message.role": "user",
      "llm.input_messages.10.message.content": "third",
      "llm.input_messages.2.message.role": "assistant",
      "llm.input_messages.2.message.content": "second",
      "llm.input_messages.0.message.role": "user",
      "llm.input_messages.0.message.content": "first",
    });
    expect(trace.messages.map((message) => message.parts)).toEqual(
      ["first", "second", "third"].map((content) => [{ type: "text", content }]),
    );
  });

  it("takes a call that stands in contents and in tool_calls once, in its place", () => {
    const call = {
      "tool_call.id": "t1",
      "tool_call.function.name": "find",
      "tool_call.function.arguments": '{"a":1}',
    };
    const flat = (prefix: string, fields: AttributeInput) =>
      Object.fromEntries(Object.entries(fields).map(([key, value]) => [`${prefix}.${key}`, value]));
    const trace = of("LLM", {
      "llm.output_messages.0.message.role": "assistant",
      ...flat("llm.output_messages.0.message.contents.1", { "message_content.type": "tool_use", ...call }),
      ...flat("llm.output_messages.0.message.contents.0", {
        "message_content.type": "text",
        "message_content.text": "Let me see.",
      }),
      ...flat("llm.output_messages.0.message.tool_calls.0", call),
    });
    expect(trace.llmCalls[0]?.output?.[0]?.parts).toEqual([
      { type: "text", content: "Let me see." },
      { type: "tool_call", id: "t1", name: "find", arguments: { a: 1 } },
    ]);
  });

  it("finds the system prompt that only the raw request has", () => {
    const trace = of("LLM", {
      "input.value": '{"system":"Be kind.","messages":[]}',
      "llm.input_messages.0.message.role": "user",
      "llm.input_messages.0.message.content": "hi",
    });
    expect(trace.systemInstructions).toBe("Be kind.");
  });

  it("reads documents of retrievers and rerankers", () => {
    expect(
      of("RETRIEVER", {
        "input.value": "refunds",
        "retrieval.documents.0.document.id": "d1",
        "retrieval.documents.0.document.content": "5 days",
        "retrieval.documents.0.document.score": 0.5,
        "retrieval.documents.0.document.metadata": '{"page":1}',
      }).retrievals,
    ).toMatchObject([
      { query: "refunds", documents: [{ id: "d1", content: "5 days", score: 0.5, metadata: { page: 1 } }] },
    ]);
    expect(
      of("RERANKER", { "reranker.query": "q", "reranker.output_documents.0.document.id": "d2" }).retrievals,
    ).toMatchObject([{ query: "q", documents: [{ id: "d2" }] }]);
  });

  it("reads annotations in both spellings", () => {
    const trace = of("LLM", {
      "annotations.0.annotation.name": "tone",
      "annotations.0.annotation.score": 1,
      "trace.evaluations.0.evaluation.name": "truth",
      "trace.evaluations.0.evaluation.label": "no",
      "trace.evaluations.0.evaluation.annotator_kind": "LLM",
    });
    expect(trace.annotations).toMatchObject([
      { name: "tone", value: 1 },
      { name: "truth", label: "no", annotatorKind: "LLM" },
    ]);
  });

  it.each([
    ["plain words", "plain words"],
    ['["first argument", {"verbose": true}]', "first argument"],
    ['{"messages":[{"role":"user","content":"asked"}]}', "asked"],
    ['{"question":"why?"}', "why?"],
    ['{"a":1,"b":2}', '{"a":1,"b":2}'],
    ["[not json", "[not json"],
  ])("reads the input of an agent from %s", (value, expected) => {
    expect(of("AGENT", { "input.value": value }).input).toBe(expected);
  });

  it("drops embedding vectors", () => {
    const trace = of("EMBEDDING", {
      "embedding.model_name": "e",
      "embedding.embeddings.0.embedding.vector": [0.1, 0.2],
    });
    expect(trace.spans[0]).toMatchObject({ type: "embedding", attributes: {} });
    expect(trace.llmCalls).toEqual([]);
  });

  it("believes its own span kind over an operation name", () => {
    expect(of("CHAIN", { "gen_ai.operation.name": "chat" }).spans[0]?.type).toBe("step");
  });
});
