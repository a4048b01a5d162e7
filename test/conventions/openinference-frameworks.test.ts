import { describe, expect, it } from "vitest";

import type { AttributeInput } from "../../src/otlp/write-traces.ts";
import { traceOf } from "../../src/testing/spans.ts";

const spanOf = (kind: string, name: string, attributes: AttributeInput, scope: string) =>
  traceOf({ spans: [{ name, scope, attributes: { "openinference.span.kind": kind, ...attributes } }] });

const ofLangchain = (kind: string, attributes: AttributeInput) =>
  spanOf(kind, "lookup", attributes, "openinference.instrumentation.langchain");

const ofLlamaIndex = (kind: string, name: string, attributes: AttributeInput) =>
  spanOf(kind, name, attributes, "openinference.instrumentation.llama_index");

describe("OpenInference of LangChain", () => {
  it.each([
    ["without content", { type: "tool", price: 9 }],
    ["with content, but of no call", { type: "tool", content: "hammer" }],
  ])("keeps a tool's own result of type tool %s", (_name, result) => {
    const trace = ofLangchain("TOOL", { "output.value": JSON.stringify(result) });
    expect(trace.toolCalls[0]?.result).toEqual(result);
  });

  it("takes messages from the request when content in parts was left out, and only if they are as many", () => {
    const text = (name: string, content: unknown) => ({
      lc: 1,
      type: "constructor",
      id: ["langchain_core", "messages", name],
      kwargs: { content },
    });
    const system = text("SystemMessage", [{ type: "text", text: "Be kind." }]);
    const flat = {
      "llm.input_messages.0.message.role": "system",
      "llm.input_messages.1.message.role": "user",
      "llm.input_messages.1.message.content": "hi",
    };
    const read = (...messages: unknown[]) =>
      ofLangchain("LLM", { ...flat, "input.value": JSON.stringify({ messages: [messages] }) });
    expect(read(system, text("HumanMessage", "hi")).systemInstructions).toBe("Be kind.");
    expect(read(system).messages.map(({ parts }) => parts)).toEqual([[{ type: "text", content: "hi" }]]);
  });
});

describe("OpenInference of LlamaIndex", () => {
  it("counts no call of a model for the method that prepares one, and one for any other", () => {
    expect(ofLlamaIndex("LLM", "OpenAI._prepare_chat_with_tools", {}).llmCalls).toEqual([]);
    expect(ofLlamaIndex("LLM", "OpenAI.achat", {}).llmCalls).toHaveLength(1);
  });

  it("shows the error that a tool's output holds", () => {
    const trace = ofLlamaIndex("TOOL", "FunctionTool.acall", {
      "tool.name": "find",
      "input.value": '{"kwargs":{"id":"7"}}',
      "output.value": JSON.stringify({
        blocks: [{ text: "Encountered error: no such order" }],
        tool_name: "find",
        raw_output: "no such order",
        is_error: true,
      }),
    });
    expect(trace.toolCalls[0]).toMatchObject({
      arguments: { id: "7" },
      result: "Encountered error: no such order",
      error: { type: "_OTHER", message: "no such order" },
    });
  });

  it("keeps the texts of a query engine, and takes no event of a workflow for one", () => {
    const query = ofLlamaIndex("CHAIN", "QueryEngine.query", {
      "input.value": "Is it open?",
      "output.value": "Yes.",
    });
    expect([query.input, query.output]).toEqual(["Is it open?", "Yes."]);
    const run = ofLlamaIndex("CHAIN", "FunctionAgent.run", {
      "input.value": '{"init_state":{},"start_event":"AgentWorkflowStartEvent()"}',
      "output.value": "StopEvent(result=AgentOutput(response=Chat...",
    });
    expect([run.input, run.output]).toEqual([undefined, undefined]);
  });

  it("takes the agent's name from the event that starts its turn, and not from what a user wrote in it", () => {
    const turn = (text: string) =>
      ofLlamaIndex("CHAIN", "BaseWorkflowAgent.run_agent_step", {
        "input.value": JSON.stringify({
          ctx: "<Context>",
          ev: `AgentSetup(input=[ChatMessage(text='${text}')], current_agent_name='clerk')`,
        }),
      });
    expect(turn("hi").agent.name).toBe("clerk");
    expect(turn(", current_agent_name=\\'boss\\')").agent.name).toBe("clerk");
  });
});
