import type { OtlpSketch, SpanSketch } from "../../../../src/testing/spans.ts";
import { ANSWER, ARGUMENTS, json, MODEL, QUESTION, RESULT, SYSTEM } from "../order.ts";
import type { Attributes } from "./attributes.ts";

const action = (subtype: string, name: string, input: unknown, output: unknown): Attributes => ({
  "genkit:type": "action",
  "genkit:metadata:subtype": subtype,
  "genkit:name": name,
  "genkit:path": `/{${name},t:action}`,
  "genkit:state": "success",
  "genkit:input": json(input),
  "genkit:output": json(output),
});
const request = { toolRequest: { name: "get_order_status", ref: "call_1", input: ARGUMENTS } };
const history = [
  { role: "system", content: [{ text: SYSTEM }] },
  { role: "user", content: [{ text: QUESTION }] },
];
const later = [
  ...history,
  { role: "model", content: [request] },
  {
    role: "tool",
    content: [{ toolResponse: { name: "get_order_status", ref: "call_1", output: RESULT } }],
  },
];
const call = (
  messages: readonly unknown[],
  content: readonly unknown[],
  input: number,
  output: number,
): SpanSketch => ({
  name: `openai/${MODEL}`,
  attributes: action(
    "model",
    `openai/${MODEL}`,
    {
      messages,
      tools: [{ name: "get_order_status", description: "Look up an order", inputSchema: { type: "object" } }],
      config: { temperature: 0.2 },
    },
    {
      message: { role: "model", content },
      finishReason: "stop",
      usage: {
        inputTokens: input,
        outputTokens: output,
        totalTokens: input + output,
        cachedContentTokens: 64,
      },
    },
  ),
});

/** Genkit: a flow around `generate`, which calls model and tool. */
export function genkit(): OtlpSketch {
  return {
    scope: "genkit-tracer",
    spans: [
      {
        name: "support",
        attributes: {
          ...action("flow", "support", QUESTION, ANSWER),
          "genkit:isRoot": true,
          "genkit:sessionId": "s-1",
          "genkit:metadata:context": json({ auth: { uid: "u-1" } }),
        },
        children: [
          {
            name: "generate",
            attributes: action(
              "util",
              "generate",
              { messages: history },
              { message: { content: [{ text: ANSWER }] } },
            ),
            children: [
              call(history, [request], 82, 18),
              { name: "get_order_status", attributes: action("tool", "get_order_status", ARGUMENTS, RESULT) },
              call(later, [{ text: ANSWER }], 120, 24),
            ],
          },
        ],
      },
    ],
  };
}
