import type { OtlpSketch, SpanSketch } from "../../../../src/testing/spans.ts";
import { ANSWER, ARGUMENTS, json, MODEL, QUESTION, RESULT, SYSTEM } from "../order.ts";
import { genaiTool } from "./attributes.ts";

type Spelling = "snake" | "camel";

function callLlm(
  spelling: Spelling,
  contents: readonly unknown[],
  content: unknown,
  input: number,
  output: number,
): SpanSketch {
  const usage =
    spelling === "snake"
      ? { prompt_token_count: input, candidates_token_count: output, cached_content_token_count: 64 }
      : { promptTokenCount: input, candidatesTokenCount: output, cachedContentTokenCount: 64 };
  return {
    name: "call_llm",
    attributes: {
      "gen_ai.system": "gcp.vertex.agent",
      "gen_ai.request.model": MODEL,
      "gcp.vertex.agent.invocation_id": "e-1",
      "gcp.vertex.agent.session_id": "s-1",
      "gcp.vertex.agent.llm_request": json({
        model: MODEL,
        config: {
          [spelling === "snake" ? "system_instruction" : "systemInstruction"]: SYSTEM,
          temperature: 0.2,
          tools: [
            {
              [spelling === "snake" ? "function_declarations" : "functionDeclarations"]: [
                { name: "get_order_status", description: "Look up an order" },
              ],
            },
          ],
        },
        contents,
      }),
      "gcp.vertex.agent.llm_response": json({
        content,
        [spelling === "snake" ? "usage_metadata" : "usageMetadata"]: usage,
        [spelling === "snake" ? "finish_reason" : "finishReason"]: "STOP",
      }),
      "gen_ai.usage.input_tokens": input,
      "gen_ai.usage.output_tokens": output,
      "gen_ai.response.finish_reasons": ["stop"],
    },
  };
}

const tool: SpanSketch = {
  name: "execute_tool get_order_status",
  attributes: {
    ...genaiTool,
    "gen_ai.tool.type": "FunctionTool",
    "gcp.vertex.agent.llm_request": "{}",
    "gcp.vertex.agent.llm_response": "{}",
    "gcp.vertex.agent.tool_call_args": json(ARGUMENTS),
    "gcp.vertex.agent.tool_response": json(RESULT),
  },
};

/** Google ADK: Python writes snake_case, TypeScript camelCase. */
export function googleAdk(spelling: Spelling): OtlpSketch {
  const [callPart, resultPart] =
    spelling === "snake" ? ["function_call", "function_response"] : ["functionCall", "functionResponse"];
  const question = { role: "user", parts: [{ text: QUESTION }] };
  const call = {
    role: "model",
    parts: [{ [callPart]: { id: "call_1", name: "get_order_status", args: ARGUMENTS } }],
  };
  const result = {
    role: "user",
    parts: [{ [resultPart]: { id: "call_1", name: "get_order_status", response: RESULT } }],
  };
  const answer = { role: "model", parts: [{ text: ANSWER }] };
  return {
    scope: "gcp.vertex.agent",
    spans: [
      {
        name: "invocation",
        children: [
          {
            name: "invoke_agent support",
            attributes: {
              "gen_ai.operation.name": "invoke_agent",
              "gen_ai.agent.name": "support",
              "gen_ai.conversation.id": "s-1",
            },
            children: [
              callLlm(spelling, [question], call, 82, 18),
              tool,
              callLlm(spelling, [question, call, result], answer, 120, 24),
            ],
          },
        ],
      },
    ],
  };
}
