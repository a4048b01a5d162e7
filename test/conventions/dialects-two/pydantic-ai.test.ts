import { describe, expect, it } from "vitest";

import { type OtlpSketch, type SpanSketch, traceOf } from "../../../src/testing/spans.ts";
import {
  ANSWER,
  ARGUMENTS,
  chat,
  genai,
  json,
  MODEL,
  openaiStory,
  RESULT,
  SYSTEM,
  storyOf,
  TOOL,
} from "./order.ts";

const who = {
  "gen_ai.agent.name": "support",
  "gen_ai.conversation.id": "s-1",
  "gen_ai.agent.call.id": "r-1",
};

function call(index: 0 | 1, content: SpanSketch["attributes"]): SpanSketch {
  return {
    name: `chat ${MODEL}`,
    kind: "client",
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.system": "openai",
      "gen_ai.request.model": MODEL,
      "gen_ai.response.model": MODEL,
      "gen_ai.usage.input_tokens": index === 0 ? 82 : 120,
      "gen_ai.usage.output_tokens": index === 0 ? 18 : 24,
      "gen_ai.usage.details.cache_read_tokens": 64,
      "gen_ai.usage.details.reasoning_tokens": 8,
      "gen_ai.response.finish_reasons": [index === 0 ? "tool_call" : "stop"],
      "operation.cost": 0.001,
      model_request_parameters: "{}",
      "logfire.json_schema": "{}",
      ...content,
    },
  };
}

/** Format 1: lists of events. */
function formatOne(): OtlpSketch {
  const event = (message: (typeof chat.second)[number] | typeof chat.answer) => {
    const { role, ...body } = message;
    const renamed =
      "tool_call_id" in body ? { ...body, tool_call_id: undefined, id: body.tool_call_id } : body;
    return { ...renamed, role, "gen_ai.message.index": 0, "event.name": `gen_ai.${role}.message` };
  };
  const choice = (message: unknown) => ({ index: 0, message, "event.name": "gen_ai.choice" });
  return {
    scope: "pydantic-ai",
    spans: [
      {
        name: "agent run",
        attributes: {
          agent_name: "support",
          model_name: MODEL,
          "logfire.msg": "support run",
          "gen_ai.usage.input_tokens": 202,
          "gen_ai.usage.output_tokens": 42,
          all_messages_events: json([...chat.second.map(event), event(chat.answer)]),
          final_result: ANSWER,
        },
        children: [
          call(0, { events: json([...chat.first.map(event), choice(chat.call)]) }),
          {
            name: "running tool",
            attributes: {
              "gen_ai.tool.name": "get_order_status",
              "gen_ai.tool.call.id": "call_1",
              tool_arguments: json(ARGUMENTS),
              tool_response: json(RESULT),
              "logfire.msg": "running tool: get_order_status",
            },
          },
          call(1, { events: json([...chat.second.map(event), choice(chat.answer)]) }),
        ],
      },
    ],
  };
}

/** Format 5: GenAI names, tool results sent by the user, sums under a name of their own. */
function formatFive(): OtlpSketch {
  const texts = (input: readonly unknown[], output: unknown) => ({
    "gen_ai.system_instructions": json([{ type: "text", content: SYSTEM }]),
    "gen_ai.input.messages": json(input),
    "gen_ai.output.messages": json([output]),
    "gen_ai.tool.definitions": json([{ ...TOOL.function, type: "function" }]),
    ...who,
  });
  return {
    scope: "pydantic-ai",
    spans: [
      {
        name: "invoke_agent support",
        attributes: {
          ...who,
          "gen_ai.operation.name": "invoke_agent",
          agent_name: "support",
          "gen_ai.aggregated_usage.input_tokens": 202,
          "gen_ai.aggregated_usage.output_tokens": 42,
          "pydantic_ai.all_messages": json([genai.question, genai.call, genai.result, genai.answer]),
          "gen_ai.system_instructions": json([{ type: "text", content: SYSTEM }]),
          final_result: ANSWER,
          metadata: json({ user_id: "u-1", tenant: "o-1" }),
        },
        children: [
          call(0, texts([genai.question], genai.call)),
          {
            name: "execute_tool get_order_status",
            attributes: {
              "gen_ai.operation.name": "execute_tool",
              "gen_ai.tool.name": "get_order_status",
              "gen_ai.tool.call.id": "call_1",
              "gen_ai.tool.call.arguments": json(ARGUMENTS),
              "gen_ai.tool.call.result": json(RESULT),
              ...who,
            },
          },
          call(1, texts([genai.question, genai.call, genai.result], genai.answer)),
        ],
      },
    ],
  };
}

describe.each([
  ["format 1", formatOne],
  ["format 5", formatFive],
])("pydantic-ai, %s", (_, build) => {
  it("tells the story of order A-1001", () => {
    expect(storyOf(traceOf(build()))).toEqual(openaiStory);
  });

  it("names the agent, the instructions and the cost", () => {
    const trace = traceOf(build());
    expect(trace).toMatchObject({ agent: { name: "support" }, systemInstructions: SYSTEM });
    expect(trace.cost).toMatchObject({ source: "reported", usd: 0.002 });
    expect(trace.usage.reasoningTokens).toBe(16);
    expect(trace.quality.dialects).toContain("pydantic-ai");
  });
});

describe("pydantic-ai", () => {
  it("reads user and tenant out of the run's metadata", () => {
    expect(traceOf(formatFive())).toMatchObject({ userId: "u-1", organisationId: "o-1", sessionId: "s-1" });
  });

  it("takes the run's own sum only where no call is below it", () => {
    const [run] = formatFive().spans;
    const trace = traceOf({ scope: "pydantic-ai", spans: [{ ...run, name: "invoke_agent", children: [] }] });
    expect(trace.usage).toEqual({ inputTokens: 202, outputTokens: 42 });
    expect(trace.quality.issues.map(({ code }) => code)).toContain("aggregate-usage");
    expect(trace).toMatchObject({ output: ANSWER, input: openaiStory.input });
  });

  it("gives an output that is an object as its JSON", () => {
    const final_result = json({ status: "shipped", note: "soon" });
    expect(
      traceOf({ scope: "pydantic-ai", spans: [{ name: "agent run", attributes: { final_result } }] }),
    ).toMatchObject({
      output: final_result,
    });
  });

  it("takes the last message for the output where no result was recorded", () => {
    const attributes = { "pydantic_ai.all_messages": json([genai.question, genai.answer]) };
    const trace = traceOf({ scope: "pydantic-ai", spans: [{ name: "invoke_agent support", attributes }] });
    expect(trace.output).toBe(ANSWER);
  });

  it("keeps the model's thinking as a rationale", () => {
    const output = [
      { role: "assistant", parts: [{ type: "thinking", content: "Look it up first." }, ...genai.call.parts] },
    ];
    const trace = traceOf({
      scope: "pydantic-ai",
      spans: [call(0, { "gen_ai.output.messages": json(output) })],
    });
    expect(trace.rationales.map(({ text }) => text)).toEqual(["Look it up first."]);
  });
});

describe("Logfire", () => {
  const pending = (of: string, parent: string): SpanSketch => ({
    name: "support run (pending)",
    scope: "pydantic-ai",
    spanId: "ee00000000000000",
    parentSpanId: of,
    attributes: {
      agent_name: "support",
      "logfire.span_type": "pending_span",
      "logfire.pending_parent_id": parent,
    },
  });

  it("sends pending spans, which are no steps of the run", () => {
    const { spans, ...sketch } = formatFive();
    const plain = traceOf(formatFive());
    const trace = traceOf({ ...sketch, spans: [...spans, pending("0000000000000001", "0000000000000000")] });
    expect(trace.spans.map(({ spanId }) => spanId)).toEqual(plain.spans.map(({ spanId }) => spanId));
    expect(storyOf(trace)).toEqual(openaiStory);
    expect(trace.quality.issues).toContainEqual({
      code: "placeholders-left-out",
      message: "Placeholders and streaming chunks are left out: 1.",
      spanIds: ["ee00000000000000"],
    });
  });

  it("shows by a pending span what never ended", () => {
    const trace = traceOf({ spans: [pending("00000000000000aa", "0000000000000000")] });
    expect(trace.spans).toMatchObject([
      { spanId: "00000000000000aa", parentSpanId: null, name: "support run", endTime: 0 },
    ]);
    expect(trace.rootSpanId).toBe("00000000000000aa");
    expect(trace.quality.issues.map(({ code }) => code)).toContain("unended-span");
  });

  it("instruments OpenAI and Anthropic with whole requests and answers", () => {
    const trace = traceOf({
      scope: "logfire.openai",
      spans: [
        {
          name: "Chat Completion with 'gpt-4o-mini'",
          attributes: {
            request_data: json({ model: MODEL, messages: chat.first, tools: [TOOL], temperature: 0.2 }),
            response_data: json({
              message: chat.answer,
              usage: { prompt_tokens: 82, completion_tokens: 18 },
            }),
            "gen_ai.system": "openai",
            "logfire.tags": ["LLM"],
          },
        },
        {
          name: "Message with 'claude-sonnet-4-5'",
          scope: "logfire.anthropic",
          attributes: {
            request_data: json({ model: "claude-sonnet-4-5", system: SYSTEM, messages: [chat.first[1]] }),
            response_data: json({
              message: {
                role: "assistant",
                tool_calls: [
                  { id: "t1", function: { name: "get_order_status", arguments: json({ input: ARGUMENTS }) } },
                ],
              },
              usage: {
                input_tokens: 2,
                cache_read_input_tokens: 64,
                cache_creation_input_tokens: 16,
                output_tokens: 18,
              },
            }),
            "gen_ai.usage.input_tokens": 2,
            "gen_ai.system": "anthropic",
          },
        },
      ],
    });
    expect(trace.llmCalls).toMatchObject([
      { model: MODEL, systemInstructions: SYSTEM, parameters: { temperature: 0.2 } },
      {
        model: "claude-sonnet-4-5",
        systemInstructions: SYSTEM,
        usage: { inputTokens: 82, outputTokens: 18 },
      },
    ]);
    expect(trace.toolCalls).toMatchObject([{ name: "get_order_status", arguments: ARGUMENTS, spanId: null }]);
    expect(trace.toolDefinitions).toMatchObject([{ name: "get_order_status" }]);
    expect(trace.quality.issues.map(({ code }) => code)).toContain("adjusted-tokens");
  });
});
