import { describe, expect, it } from "vitest";

import type { Message } from "../../src/core/message.ts";
import { textMessage } from "../../src/core/message.ts";
import { fingerprintOf } from "../../src/datasets/request-fingerprint.ts";
import { parseChatRequest } from "../../src/llmwire/parse-chat-request.ts";
import { parseGeminiRequest } from "../../src/llmwire/parse-gemini-request.ts";
import { parseMessagesRequest } from "../../src/llmwire/parse-messages-request.ts";
import { parseResponsesRequest } from "../../src/llmwire/parse-responses-request.ts";

const call = { type: "tool_call", id: "c1", name: "get_order", arguments: { id: "A-1" } } as const;
const told = (result: Extract<Message["parts"][number], { type: "tool_result" }>["result"]): Message => ({
  role: "tool",
  parts: [{ type: "tool_result", id: "c1", ...(result === undefined ? {} : { result }) }],
});

/** As telemetry has it: the system prompt apart, results as values. */
const recorded = fingerprintOf({
  systemInstructions: "Be brief.",
  messages: [textMessage("user", "Where?"), { role: "assistant", parts: [call] }, told({ eta: "today" })],
});

const args = '{"id":"A-1"}';
const output = '{ "eta": "today" }';

describe("the fingerprint of a request", () => {
  it.each([
    [
      "OpenAI chat completions",
      parseChatRequest({
        messages: [
          { role: "developer", content: "Be brief." },
          { role: "user", content: [{ type: "text", text: "Where?" }] },
          {
            role: "assistant",
            content: "",
            tool_calls: [{ id: "x", type: "function", function: { name: "get_order", arguments: args } }],
          },
          { role: "tool", tool_call_id: "x", content: output },
        ],
      }),
    ],
    [
      "OpenAI responses",
      parseResponsesRequest({
        instructions: "Be brief.",
        input: [
          { role: "user", content: "Where?" },
          { type: "function_call", call_id: "y", name: "get_order", arguments: args },
          { type: "function_call_output", call_id: "y", output },
        ],
      }),
    ],
    [
      "Anthropic messages",
      parseMessagesRequest({
        system: [{ type: "text", text: "Be brief.\n" }],
        messages: [
          { role: "user", content: "Where?" },
          {
            role: "assistant",
            content: [
              { type: "thinking", thinking: "hm" },
              { type: "tool_use", id: "z", name: "get_order", input: { id: "A-1" } },
            ],
          },
          {
            role: "user",
            content: [{ type: "tool_result", tool_use_id: "z", content: [{ type: "text", text: output }] }],
          },
        ],
      }),
    ],
    [
      "Gemini",
      parseGeminiRequest(
        {
          systemInstruction: { parts: [{ text: "Be brief." }] },
          contents: [
            { role: "user", parts: [{ text: "Where?" }] },
            { role: "model", parts: [{ functionCall: { name: "get_order", args: { id: "A-1" } } }] },
            {
              role: "user",
              parts: [{ functionResponse: { name: "get_order", response: { eta: "today" } } }],
            },
          ],
        },
        { model: "gemini", stream: false },
      ),
    ],
  ])("is the same from telemetry and from the wire of %s", (_, request) => {
    expect(fingerprintOf(request)).toEqual(recorded);
  });

  it("counts turns, and tells other news", () => {
    expect(recorded).toMatchObject({ turns: 1, preview: 'tool: {"eta":"today"}' });
    const messages = [
      textMessage("user", "Where?"),
      { role: "assistant", parts: [call] },
      told({ eta: "soon" }),
    ];
    const other = fingerprintOf({ messages });
    expect(other.news).not.toBe(recorded.news);
    expect(other).not.toHaveProperty("system");
  });

  it("is the same whatever order parallel results come in", () => {
    const [a, b] = [told("a"), told("b")];
    expect(fingerprintOf({ messages: [a, b] }).news).toBe(fingerprintOf({ messages: [b, a] }).news);
  });

  it("is the same for personal data and for its mark, and shows neither in the preview", () => {
    const raw = fingerprintOf({ messages: [textMessage("user", "I am a@b.example")] });
    expect(raw.preview).toBe("user: I am [email-1]");
    expect(fingerprintOf({ messages: [textMessage("user", "I am [email-4]")] }).news).toBe(raw.news);
  });
});
