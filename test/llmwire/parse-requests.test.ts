import { describe, expect, it } from "vitest";

import type { JsonObject } from "../../src/core/json.ts";
import { anthropicMessages } from "../../src/llmwire/anthropic-messages.ts";
import { openaiChat } from "../../src/llmwire/openai-chat.ts";
import { openaiResponses } from "../../src/llmwire/openai-responses.ts";

describe("parsing a Chat Completions request", () => {
  it("treats developer messages as the system's and keeps names", () => {
    const request = openaiChat.parse({
      model: "m",
      messages: [
        { role: "developer", content: "Be brief." },
        { role: "user", name: "ada", content: "Hi" },
      ],
    });

    expect(request.messages).toEqual([
      { role: "system", parts: [{ type: "text", content: "Be brief." }] },
      { role: "user", name: "ada", parts: [{ type: "text", content: "Hi" }] },
    ]);
  });

  it("keeps what is not text, and arguments that are not JSON, as they came", () => {
    const image = { type: "image_url", image_url: { url: "data:," } };
    const call = { id: "c", type: "function", function: { name: "f", arguments: "{broken" } };
    const request = openaiChat.parse({
      model: "m",
      messages: [
        { role: "user", content: [{ type: "text", text: "See" }, image] },
        { role: "assistant", content: null, tool_calls: [call] },
      ],
    });

    expect(request.messages.map((message) => message.parts)).toEqual([
      [
        { type: "text", content: "See" },
        { type: "other", value: image },
      ],
      [{ type: "tool_call", id: "c", name: "f", arguments: "{broken" }],
    ]);
  });

  it("prefers max_completion_tokens over its old name", () => {
    expect(openaiChat.parse({ max_tokens: 5 }).maxTokens).toBe(5);
    expect(openaiChat.parse({ max_tokens: 5, max_completion_tokens: 6 }).maxTokens).toBe(6);
  });
});

describe("parsing a Responses request", () => {
  it("takes plain text as the user's message", () => {
    expect(openaiResponses.parse({ model: "m", input: "Hi" }).messages).toEqual([
      { role: "user", parts: [{ type: "text", content: "Hi" }] },
    ]);
  });

  it("joins reasoning, text and calls of one turn, and leaves server tools out of the tools", () => {
    const request = openaiResponses.parse({
      input: [
        { type: "reasoning", id: "r", summary: [{ type: "summary_text", text: "Look it up." }] },
        { type: "message", role: "assistant", content: [{ type: "output_text", text: "One moment." }] },
        { type: "function_call", call_id: "c", name: "f", arguments: "{}" },
        { type: "function_call_output", call_id: "c", output: "3" },
        { type: "web_search_call", id: "w", status: "completed" },
      ],
      tools: [{ type: "web_search" }, { type: "function", name: "f", parameters: { type: "object" } }],
    });

    expect(request.messages).toEqual([
      {
        role: "assistant",
        parts: [
          { type: "reasoning", content: "Look it up." },
          { type: "text", content: "One moment." },
          { type: "tool_call", id: "c", name: "f", arguments: {} },
        ],
      },
      { role: "tool", parts: [{ type: "tool_result", id: "c", result: "3" }] },
      {
        role: "assistant",
        parts: [{ type: "other", value: { type: "web_search_call", id: "w", status: "completed" } }],
      },
    ]);
    expect(request.tools).toEqual([{ name: "f", parameters: { type: "object" } }]);
  });
});

describe("parsing a Messages request", () => {
  it("puts tool results before the text of the same turn, and reads thinking as reasoning", () => {
    const request = anthropicMessages.parse({
      system: [{ type: "text", text: "Be brief." }],
      messages: [
        { role: "assistant", content: [{ type: "thinking", thinking: "Hm.", signature: "s" }] },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "t", content: "3", is_error: true },
            { type: "text", text: "And now?" },
          ],
        },
      ],
    });

    expect(request.messages).toEqual([
      { role: "system", parts: [{ type: "text", content: "Be brief." }] },
      { role: "assistant", parts: [{ type: "reasoning", content: "Hm." }] },
      { role: "tool", parts: [{ type: "tool_result", id: "t", result: "3" }] },
      { role: "user", parts: [{ type: "text", content: "And now?" }] },
    ]);
  });

  it("keeps a tool result that holds more than text", () => {
    const content = [{ type: "image", source: { type: "base64", data: "" } }];
    const turn = { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content }] };
    const [message] = anthropicMessages.parse({ messages: [turn] }).messages;

    expect(message?.parts).toEqual([{ type: "tool_result", id: "t", result: content }]);
  });

  it("knows the schema's old place", () => {
    const schema = { type: "object" };
    expect(
      anthropicMessages.parse({ output_format: { type: "json_schema", schema } }).responseSchema,
    ).toEqual(schema);
  });
});

describe("every parser", () => {
  const odd: readonly JsonObject[] = [
    {},
    { messages: "x", input: 3, tools: {}, system: 4, response_format: [], text: null, output_config: "x" },
    { messages: [null, 1, "x", {}, { role: 3, content: [null, 1, { type: 4 }] }], tools: [null, {}] },
    { input: [null, {}, { type: "function_call" }, { type: "reasoning", summary: "x" }] },
  ];
  it.each([openaiChat, openaiResponses, anthropicMessages].map((codec) => [codec.path, codec] as const))(
    "%s reads odd bodies without falling over",
    (_path, codec) => {
      for (const body of odd) expect(codec.parse(body)).toMatchObject({ stream: false, body });
    },
  );
});
