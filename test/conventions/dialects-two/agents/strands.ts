import type { OtlpSketch, SpanSketch } from "../../../../src/testing/spans.ts";
import { ANSWER, ARGUMENTS, genai, json, QUESTION, RESULT, SYSTEM } from "../order.ts";
import { type Attributes, chatAttributes, genaiTool } from "./attributes.ts";

type Form = "stable" | "latest";

const bedrock = {
  question: [{ text: QUESTION }],
  call: [{ toolUse: { name: "get_order_status", toolUseId: "call_1", input: ARGUMENTS } }],
  result: [{ toolResult: { toolUseId: "call_1", status: "success", content: [{ json: RESULT }] } }],
  answer: [{ text: ANSWER }],
};

const systemOf = (form: Form): Attributes =>
  form === "stable" ? { "gen_ai.system": "strands-agents" } : { "gen_ai.provider.name": "strands-agents" };

const details = (attributes: Attributes) => ({
  name: "gen_ai.client.inference.operation.details",
  attributes,
});
const said = (role: string, content: unknown) => ({
  name: `gen_ai.${role}.message`,
  attributes: { content: json(content) },
});
const history = (form: Form, index: 0 | 1) =>
  form === "stable"
    ? [
        said("system", [{ text: SYSTEM }]),
        said("user", bedrock.question),
        ...(index === 0 ? [] : [said("assistant", bedrock.call), said("tool", bedrock.result)]),
      ]
    : [
        details({ "gen_ai.system_instructions": json([{ type: "text", content: SYSTEM }]) }),
        details({
          "gen_ai.input.messages": json([
            genai.question,
            ...(index === 0 ? [] : [genai.call, { ...genai.result, role: "tool" }]),
          ]),
        }),
      ];
const answered = (form: Form, index: 0 | 1) =>
  form === "stable"
    ? {
        name: "gen_ai.choice",
        attributes: {
          finish_reason: index === 0 ? "toolUse" : "endTurn",
          message: json(index === 0 ? bedrock.call : bedrock.answer),
        },
      }
    : details({ "gen_ai.output.messages": json([index === 0 ? genai.call : genai.answer]) });
const call = (form: Form, index: 0 | 1): SpanSketch => ({
  name: "chat",
  attributes: { ...chatAttributes(index), ...systemOf(form), "gen_ai.server.time_to_first_token": 40 },
  events: [...history(form, index), answered(form, index)],
});

const toolOf = (form: Form): SpanSketch => ({
  name: "execute_tool get_order_status",
  attributes: {
    ...genaiTool,
    ...systemOf(form),
    "gen_ai.tool.status": "success",
    ...(form === "stable"
      ? {}
      : {
          "gen_ai.tool.call.arguments": json(ARGUMENTS),
          "gen_ai.tool.call.result": json([{ json: RESULT }]),
        }),
  },
  events:
    form === "stable"
      ? [
          {
            name: "gen_ai.tool.message",
            attributes: { role: "tool", content: json(ARGUMENTS), id: "call_1" },
          },
          { name: "gen_ai.choice", attributes: { message: json([{ json: RESULT }]), id: "call_1" } },
        ]
      : [],
});

/** AWS Strands (Python 1.62) with message events, in the stable and the latest form. */
export function strands(form: Form): OtlpSketch {
  const cycle = (id: string, children: readonly SpanSketch[]): SpanSketch => ({
    name: "execute_event_loop_cycle",
    attributes: {
      "gen_ai.operation.name": "execute_event_loop_cycle",
      "event_loop.cycle_id": id,
      ...systemOf(form),
    },
    children,
  });
  return {
    scope: "strands.telemetry.tracer",
    spans: [
      {
        name: "invoke_agent support",
        attributes: {
          "gen_ai.operation.name": "invoke_agent",
          "gen_ai.agent.name": "support",
          "gen_ai.agent.tools": json(["get_order_status"]),
          system_prompt: json(SYSTEM),
          "gen_ai.usage.input_tokens": 202,
          "gen_ai.usage.output_tokens": 42,
          ...systemOf(form),
        },
        children: [cycle("1", [call(form, 0), toolOf(form)]), cycle("2", [call(form, 1)])],
      },
    ],
  };
}
