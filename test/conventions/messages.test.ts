import { describe, expect, it } from "vitest";

import { MessageReader } from "../../src/conventions/messages/message-reader.ts";
import type { JsonValue } from "../../src/core/json.ts";

const read = (value: JsonValue, role = "user") => new MessageReader().read(value, role);
const text = (content: string) => ({ type: "text", content });
const call = { type: "tool_call", id: "c1", name: "find", arguments: { q: 1 } };
const result = { type: "tool_result", id: "c1", result: { found: true } };

/** One exchange in the words of each provider: a question, a call, its result, an answer. */
const shapes: { readonly [name: string]: JsonValue } = {
  "OTel GenAI": [
    { role: "user", parts: [{ type: "text", content: "q" }] },
    { role: "assistant", parts: [{ type: "tool_call", id: "c1", name: "find", arguments: '{"q":1}' }] },
    { role: "tool", parts: [{ type: "tool_call_response", id: "c1", result: '{"found":true}' }] },
    { role: "assistant", parts: [{ type: "text", text: "a" }] },
  ],
  "OpenAI chat": [
    { role: "user", content: [{ type: "text", text: "q" }] },
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "c1", type: "function", function: { name: "find", arguments: '{"q":1}' } }],
    },
    { role: "tool", tool_call_id: "c1", content: '{"found":true}' },
    { role: "assistant", content: "a" },
  ],
  "OpenAI Responses": [
    { type: "message", role: "user", content: [{ type: "input_text", text: "q" }] },
    { type: "function_call", id: "fc_1", call_id: "c1", name: "find", arguments: '{"q":1}' },
    { type: "function_call_output", call_id: "c1", output: '{"found":true}' },
    { type: "message", role: "assistant", content: [{ type: "output_text", text: "a" }] },
  ],
  Anthropic: [
    { role: "user", content: "q" },
    { role: "assistant", content: [{ type: "tool_use", id: "c1", name: "find", input: { q: 1 } }] },
    {
      role: "user",
      content: [
        { type: "tool_result", tool_use_id: "c1", content: [{ type: "text", text: '{"found":true}' }] },
      ],
    },
    { role: "assistant", content: [{ type: "text", text: "a" }] },
  ],
  Bedrock: [
    { role: "user", content: [{ text: "q" }] },
    { role: "assistant", content: [{ toolUse: { toolUseId: "c1", name: "find", input: { q: 1 } } }] },
    { role: "user", content: [{ toolResult: { toolUseId: "c1", content: [{ json: { found: true } }] } }] },
    { role: "assistant", content: '[{"text":"a"}]' },
  ],
  Gemini: [
    { role: "user", parts: [{ text: "q" }] },
    { role: "model", parts: [{ functionCall: { id: "c1", name: "find", args: { q: 1 } } }] },
    { role: "user", parts: [{ functionResponse: { id: "c1", response: { found: true } } }] },
    { role: "model", parts: [{ text: "a" }] },
  ],
  "AI SDK": [
    { role: "user", content: [{ type: "text", text: "q" }] },
    {
      role: "assistant",
      content: [{ type: "tool-call", toolCallId: "c1", toolName: "find", input: '{"q":1}' }],
    },
    {
      role: "tool",
      content: [{ type: "tool-result", toolCallId: "c1", output: { type: "json", value: { found: true } } }],
    },
    { role: "assistant", content: [{ type: "text", text: "a" }] },
  ],
  LangChain: [
    [
      { lc: 1, type: "constructor", id: ["x", "HumanMessage"], kwargs: { content: "q" } },
      {
        lc: 1,
        type: "constructor",
        id: ["x", "AIMessageChunk"],
        kwargs: { content: "", tool_calls: [{ id: "c1", name: "find", args: { q: 1 } }] },
      },
      {
        lc: 1,
        type: "constructor",
        id: ["x", "ToolMessage"],
        kwargs: { content: '{"found":true}', tool_call_id: "c1" },
      },
      { lc: 1, type: "constructor", id: ["x", "AIMessage"], kwargs: { content: "a" } },
    ],
  ],
};

describe("messages", () => {
  it.each(Object.keys(shapes))("are the same whoever wrote them: %s", (name) => {
    const expected = [
      { role: "user", parts: [text("q")] },
      { role: "assistant", parts: [call] },
      { role: "tool", parts: [result] },
      { role: "assistant", parts: [text("a")] },
    ];
    const value = shapes[name] ?? null;
    expect(read(value)).toEqual(expected);
    expect(read(JSON.stringify(value))).toEqual(expected);
    expect(read(JSON.stringify({ messages: value }))).toEqual(expected);
  });

  it("join the items of one model turn", () => {
    const items = [
      { type: "reasoning", summary: [{ type: "summary_text", text: "hm" }] },
      { type: "function_call", call_id: "c1", name: "find", arguments: '{"q":1}' },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "a" }] },
    ];
    expect(read(items, "assistant")).toEqual([
      { role: "assistant", parts: [{ type: "reasoning", content: "hm" }, call, text("a")] },
    ]);
  });

  it("that are equal are the same object, also in a longer history", () => {
    const reader = new MessageReader();
    const list = [
      { role: "user", content: "q" },
      { role: "assistant", content: "a" },
    ];
    const short = reader.read(JSON.stringify(list), "user") ?? [];
    const long = reader.read(JSON.stringify([...list, { role: "user", content: "more" }]), "user") ?? [];
    expect(long).toHaveLength(3);
    expect(long[0]).toBe(short[0]);
    expect(long[1]).toBe(short[1]);
  });

  it("of a history that only looks like a continuation are read from the start", () => {
    const reader = new MessageReader();
    const contents = (value: string) => reader.read(value, "user")?.map((message) => message.parts);
    expect(contents('["a"]')).toEqual([[text("a")]]);
    expect(contents('["a","b"]')).toEqual([[text("a")], [text("b")]]);
    expect(contents('["a" , "b", "c" ]')).toEqual([[text("a")], [text("b")], [text("c")]]);
    expect(contents('["a","b]"]')).toEqual([[text("a")], [text("b]")]]);
  });

  it.each(["[", "[1", '["a",]', "[,]", "{", '{"a":', '["a"] and more'])(
    "that are no JSON are a text: %s",
    (value) => {
      expect(read(value)).toEqual([{ role: "user", parts: [text(value)] }]);
    },
  );

  it("keep media without its data, and what no shape knows as it is", () => {
    const parts = read([
      {
        role: "user",
        content: [
          { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
          { type: "image", source: { type: "url", url: "https://x.test/a.png", media_type: "image/png" } },
          { type: "odd", value: 1 },
        ],
      },
    ])?.[0]?.parts;
    expect(parts).toEqual([
      { type: "media", modality: "image" },
      { type: "media", modality: "image", mimeType: "image/png", uri: "https://x.test/a.png" },
      { type: "other", value: { type: "odd", value: 1 } },
    ]);
  });
});
