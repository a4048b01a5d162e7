import type { OtlpSketch, SpanSketch } from "../../../../src/testing/spans.ts";
import { ANSWER, ARGUMENTS, genai, json, MODEL, QUESTION, RESULT, SYSTEM } from "../order.ts";
import { chatAttributes, genaiTool } from "./attributes.ts";

const step = (index: 0 | 1, children: readonly SpanSketch[]): SpanSketch => ({
  name: `step: ${index}`,
  attributes: {
    "gen_ai.operation.name": "agent_step",
    "mastra.span.type": "model_step",
    "mastra.model_step.input": json({
      messages: [
        { role: "system", content: SYSTEM },
        { role: "user", content: [{ type: "text", text: QUESTION }] },
        ...(index === 0
          ? []
          : [
              {
                role: "assistant",
                content: [
                  {
                    type: "tool-call",
                    toolCallId: "call_1",
                    toolName: "get_order_status",
                    input: ARGUMENTS,
                  },
                ],
              },
              {
                role: "tool",
                content: [
                  {
                    type: "tool-result",
                    toolCallId: "call_1",
                    toolName: "get_order_status",
                    output: { type: "json", value: RESULT },
                  },
                ],
              },
            ]),
      ],
    }),
    "mastra.model_step.step_index": index,
  },
  children,
});
const call = (index: 0 | 1): SpanSketch => ({
  name: `chat ${MODEL}`,
  kind: "client",
  attributes: chatAttributes(index, {
    "mastra.span.type": "model_inference",
    "gen_ai.provider.name": "openai",
    "gen_ai.output.messages": json([index === 0 ? genai.call : genai.answer]),
    "gen_ai.response.finish_reasons": json([index === 0 ? "tool-calls" : "stop"]),
    "mastra.completion_start_time": json(`2026-01-01T00:00:00.${index === 0 ? "010" : "210"}Z`),
  }),
});
const chunk: SpanSketch = {
  name: "chunk: 'text'",
  attributes: { "mastra.span.type": "model_chunk", "mastra.model_chunk.output": json({ text: "Order" }) },
};

/** Mastra with `@mastra/otel-exporter` 1.4: answers on the call, questions on the step, a span per chunk. */
export function mastra(): OtlpSketch {
  return {
    scope: "@mastra/otel-exporter",
    spans: [
      {
        name: "invoke_agent support",
        kind: "server",
        attributes: {
          "gen_ai.operation.name": "invoke_agent",
          "mastra.span.type": "agent_run",
          "gen_ai.agent.name": "support",
          "gen_ai.system_instructions": SYSTEM,
          "gen_ai.tool.definitions": json(["get_order_status"]),
          "mastra.agent_run.input": json([{ role: "user", content: QUESTION }]),
          "mastra.agent_run.output": json({ text: ANSWER, files: [] }),
          "mastra.metadata.userId": "u-1",
          "mastra.metadata.threadId": "s-1",
          "mastra.tags": json(["beta"]),
        },
        children: [
          {
            name: "llm",
            attributes: {
              "gen_ai.operation.name": "model_generation",
              "mastra.span.type": "model_generation",
            },
            children: [
              step(0, [
                call(0),
                {
                  name: "execute_tool get_order_status",
                  attributes: {
                    ...genaiTool,
                    "mastra.span.type": "tool_call",
                    "gen_ai.tool.call.arguments": json(ARGUMENTS),
                    "gen_ai.tool.call.result": json(RESULT),
                  },
                },
              ]),
              step(1, [{ ...call(1), children: [chunk, chunk] }]),
            ],
          },
        ],
      },
    ],
  };
}
