import type { OtlpSketch, SpanSketch } from "../../../../src/testing/spans.ts";
import { ARGUMENTS, genai, json, MODEL, RESULT, SYSTEM, TOOL } from "../order.ts";
import { chatAttributes, genaiTool } from "./attributes.ts";

/** Microsoft Agent Framework: one agent inside a workflow. */
export function agentFramework(): OtlpSketch {
  const result = {
    role: "tool",
    parts: [{ type: "tool_call_response", id: "call_1", response: json(RESULT) }],
  };
  const { finish_reason: _, ...asked } = genai.call;
  const call = (index: 0 | 1): SpanSketch => ({
    name: `chat ${MODEL}`,
    kind: "client",
    attributes: chatAttributes(index, {
      "gen_ai.provider.name": "openai",
      "gen_ai.response.finish_reasons": json([index === 0 ? "tool_call" : "stop"]),
      "gen_ai.system_instructions": json([{ type: "text", content: SYSTEM }]),
      "gen_ai.input.messages": json([genai.question, ...(index === 0 ? [] : [asked, result])]),
      "gen_ai.output.messages": json([index === 0 ? genai.call : genai.answer]),
    }),
  });
  const agent: SpanSketch = {
    name: "invoke_agent support",
    kind: "client",
    attributes: {
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.provider.name": "microsoft.agent_framework",
      "gen_ai.agent.name": "support",
      "gen_ai.agent.id": "a-1",
      "gen_ai.tool.definitions": json([{ ...TOOL.function, type: "function" }]),
      "gen_ai.input.messages": json([genai.question]),
      "gen_ai.output.messages": json([asked, result, genai.answer]),
      "gen_ai.usage.input_tokens": 202,
      "gen_ai.usage.output_tokens": 42,
    },
    children: [
      call(0),
      {
        name: "execute_tool get_order_status",
        attributes: {
          ...genaiTool,
          "gen_ai.tool.call.arguments": json(ARGUMENTS),
          "gen_ai.tool.call.result": json(RESULT),
        },
      },
      call(1),
    ],
  };
  return {
    scope: "agent_framework",
    spans: [
      {
        name: "workflow.run",
        attributes: { "workflow.id": "w-1", "workflow.name": "returns" },
        events: [{ name: "workflow.started" }, { name: "workflow.completed" }],
        children: [
          {
            name: "executor.process support",
            attributes: {
              "executor.id": "support",
              "executor.type": "AgentExecutor",
              "message.type": "standard",
            },
            children: [agent],
          },
        ],
      },
    ],
  };
}
