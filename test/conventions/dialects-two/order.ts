import { ANSWER, QUESTION, RESULT } from "../order-story.ts";

export { ANSWER, openaiStory, QUESTION, RESULT, storyOf } from "../order-story.ts";

/** Shorthand: what most senders do with their values. */
export const json = (value: unknown): string => JSON.stringify(value);

export const SYSTEM = "You are a support agent.";
export const ARGUMENTS = { order_id: "A-1001" };
export const MODEL = "gpt-4o-mini";

/** The tool as OpenAI wants it defined. */
export const TOOL = {
  type: "function",
  function: {
    name: "get_order_status",
    description: "Look up an order",
    parameters: { type: "object", properties: { order_id: { type: "string" } } },
  },
};

/** The conversation as Chat Completions take it: all before the first call, and all before the second. */
const asked = [
  { role: "system", content: SYSTEM },
  { role: "user", content: QUESTION },
];
const call = {
  role: "assistant",
  content: null,
  tool_calls: [
    {
      id: "call_1",
      type: "function",
      function: { name: "get_order_status", arguments: json(ARGUMENTS) },
    },
  ],
};
export const chat = {
  first: asked,
  call,
  second: [...asked, call, { role: "tool", tool_call_id: "call_1", content: json(RESULT) }],
  answer: { role: "assistant", content: ANSWER },
};

/** The same by the message schema of the GenAI conventions. */
export const genai = {
  system: { role: "system", parts: [{ type: "text", content: SYSTEM }] },
  question: { role: "user", parts: [{ type: "text", content: QUESTION }] },
  call: {
    role: "assistant",
    parts: [{ type: "tool_call", id: "call_1", name: "get_order_status", arguments: ARGUMENTS }],
    finish_reason: "tool_call",
  },
  result: {
    role: "user",
    parts: [{ type: "tool_call_response", id: "call_1", name: "get_order_status", result: RESULT }],
  },
  answer: { role: "assistant", parts: [{ type: "text", content: ANSWER }], finish_reason: "stop" },
};

/** The usage of the two calls, as Chat Completions report it. */
export const usages = [
  {
    prompt_tokens: 82,
    completion_tokens: 18,
    total_tokens: 100,
    prompt_tokens_details: { cached_tokens: 64 },
  },
  {
    prompt_tokens: 120,
    completion_tokens: 24,
    total_tokens: 144,
    prompt_tokens_details: { cached_tokens: 64 },
  },
] as const;

/** Whole answers of Chat Completions. */
export const completions = [
  {
    id: "chatcmpl-1",
    model: MODEL,
    choices: [{ index: 0, message: call, finish_reason: "tool_calls" }],
    usage: usages[0],
  },
  {
    id: "chatcmpl-2",
    model: MODEL,
    choices: [{ index: 0, message: chat.answer, finish_reason: "stop" }],
    usage: usages[1],
  },
] as const;
