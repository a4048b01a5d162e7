import { describe, expect, it } from "vitest";

import { type SpanSketch, traceOf } from "../../../src/testing/spans.ts";
import { agents } from "./agents/index.ts";
import { ANSWER, json, QUESTION } from "./order.ts";

const sketchOf = (client: string) => {
  const found = agents.find((agent) => agent.client === client);
  if (!found) throw new Error(`no agent ${client}`);
  return found.sketch;
};
const one = (scope: string, span: SpanSketch) => traceOf({ scope, spans: [span] });

describe("MLflow", () => {
  it("names are JSON texts, and so are user and session", () => {
    expect(traceOf(sketchOf("mlflow"))).toMatchObject({
      agent: { name: "support" },
      userId: "u-1",
      sessionId: "s-1",
      organisationId: "o-1",
      cost: { usd: 0.006, source: "reported" },
      llmCalls: [{ provider: "openai", responseId: "chatcmpl-1", parameters: { temperature: 0.2 } }, {}],
    });
  });

  it("exported by the GenAI names says which model was asked for", () => {
    const attributes = {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "gpt-4o-mini-2024-07-18",
      model: json("gpt-4o-mini"),
    };
    expect(one("mlflow.tracing.provider", { name: "chat", attributes }).llmCalls[0]?.requestModel).toBe(
      "gpt-4o-mini",
    );
  });

  it("retrievers give documents as LangChain dumps them", () => {
    const trace = one("mlflow", {
      name: "search",
      attributes: {
        "mlflow.spanType": json("RETRIEVER"),
        "mlflow.spanInputs": json("refund policy"),
        "mlflow.spanOutputs": json([
          { page_content: "Refunds take 5 days", metadata: { page: 1 }, id: "d-1" },
        ]),
      },
    });
    expect(trace.retrievals).toMatchObject([
      {
        query: "refund policy",
        documents: [{ id: "d-1", content: "Refunds take 5 days", metadata: { page: 1 } }],
      },
    ]);
  });

  it("reads answers of Anthropic and of LangChain, with their own meaning of tokens", () => {
    const answer = {
      role: "assistant",
      content: [{ type: "text", text: ANSWER }],
      stop_reason: "end_turn",
      usage: {
        input_tokens: 2,
        cache_read_input_tokens: 64,
        cache_creation_input_tokens: 16,
        output_tokens: 18,
      },
    };
    const generations = [[{ text: ANSWER, message: { type: "ai", content: ANSWER, tool_calls: [] } }]];
    const spans = [answer, { generations }].map((output) => ({
      name: "model",
      attributes: {
        "mlflow.spanType": json("CHAT_MODEL"),
        "mlflow.spanInputs": json([[{ type: "human", content: QUESTION }]]),
        "mlflow.spanOutputs": json(output),
      },
    }));
    const trace = traceOf({ scope: "mlflow", spans });
    expect(trace.llmCalls[0]).toMatchObject({
      finishReason: "stop",
      usage: { inputTokens: 82, outputTokens: 18 },
    });
    expect(trace.llmCalls.map(({ output }) => output?.[0]?.parts)).toEqual(
      spans.map(() => [{ type: "text", content: ANSWER }]),
    );
    expect(trace.input).toBe(QUESTION);
  });
});

describe("Google ADK", () => {
  const tool = (response: string, name = "get_order_status"): SpanSketch => ({
    name: `execute_tool ${name}`,
    attributes: {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": name,
      "gcp.vertex.agent.tool_call_args": "{}",
      "gcp.vertex.agent.tool_response": response,
      "gcp.vertex.agent.llm_request": "{}",
      "gcp.vertex.agent.llm_response": "{}",
    },
  });

  it("an empty request on a tool span makes no model call", () => {
    const trace = one("gcp.vertex.agent", tool(json({ ok: true })));
    expect(trace).toMatchObject({ llmCalls: [], toolCalls: [{ arguments: {}, result: { ok: true } }] });
  });

  it("what it does not know is missing, what is empty is empty", () => {
    expect(
      one("gcp.vertex.agent", tool(json({ result: "<not specified>" }))).toolCalls[0],
    ).not.toHaveProperty("result");
    expect(one("gcp.vertex.agent", tool(json({ result: null }))).toolCalls[0]).toMatchObject({
      result: { result: null },
    });
  });

  it("the sum of parallel tools is no tool of its own", () => {
    const trace = traceOf({
      scope: "gcp.vertex.agent",
      spans: [tool(json({ ok: true })), { ...tool("{}", "(merged tools)"), name: "execute_tool (merged)" }],
    });
    expect(trace.toolCalls.map(({ name }) => name)).toEqual(["get_order_status"]);
  });

  it("user and parameters of tools come with the events since 2.13", () => {
    const events = [{ name: "gen_ai.user.message", attributes: { content: QUESTION, "user.id": "u-1" } }];
    const tool = { name: "lookup", type: "function" };
    const details = {
      name: "gen_ai.client.inference.operation.details",
      attributes: { "gen_ai.tool.definitions": json([{ ...tool, parameters: { type: "object" } }]) },
    };
    const nulled = { "gen_ai.tool.definitions": json([{ ...tool, parameters: null }]) };
    const call = { "gen_ai.operation.name": "generate_content", "gcp.vertex.agent.event_id": "e" };
    const trace = one("gcp.vertex.agent", {
      name: "generate_content",
      attributes: { ...call, ...nulled },
      events: [...events, details],
    });
    expect(trace.userId).toBe("u-1");
    expect(trace.toolDefinitions).toEqual([{ name: "lookup", parameters: { type: "object" } }]);
  });

  it("thoughts count as output", () => {
    const trace = one("gcp.vertex.agent", {
      name: "call_llm",
      attributes: {
        "gen_ai.system": "gcp.vertex.agent",
        "gen_ai.request.model": "gemini-2.5-flash",
        "gen_ai.usage.output_tokens": 18,
        "gcp.vertex.agent.llm_request": json({ contents: [{ role: "user", parts: [{ text: QUESTION }] }] }),
        "gcp.vertex.agent.llm_response": json({
          content: { role: "model", parts: [{ text: "Look it up.", thought: true }, { text: ANSWER }] },
          usage_metadata: { prompt_token_count: 82, candidates_token_count: 18, thoughts_token_count: 8 },
        }),
      },
    });
    expect(trace.usage).toEqual({ inputTokens: 82, outputTokens: 26, reasoningTokens: 8 });
    expect(trace).toMatchObject({ output: ANSWER, rationales: [{ text: "Look it up." }] });
    expect(trace.llmCalls[0]?.provider).toBe("gcp.gemini");
  });
});

describe("Strands", () => {
  it("loop cycles are steps, and groups of agents a workflow", () => {
    const trace = traceOf(sketchOf("strands (stable)"));
    expect(trace.spans.filter(({ type }) => type === "step").map(({ name }) => name)).toHaveLength(2);
    const swarm = { name: "invoke_swarm", attributes: { "gen_ai.operation.name": "invoke_swarm" } };
    expect(one("strands.telemetry.tracer", swarm).spans[0]?.type).toBe("workflow");
    expect(trace.llmCalls[0]?.timeToFirstTokenMs).toBe(40);
  });

  it("in Python ends the answer of an agent with a line break of its own", () => {
    const attributes = { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "support" };
    const events = [
      { name: "gen_ai.choice", attributes: { message: `${ANSWER}\n`, finish_reason: "end_turn" } },
    ];
    const agent = { name: "invoke_agent support", attributes, events };
    expect(one("strands.telemetry.tracer", agent).output).toBe(ANSWER);
  });

  it("describes a tool where it was called", () => {
    const attributes = {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "lookup",
      "gen_ai.tool.description": "Look up",
      "gen_ai.tool.json_schema": json({ type: "object" }),
    };
    expect(
      one("strands.telemetry.tracer", { name: "execute_tool lookup", attributes }).toolDefinitions,
    ).toEqual([{ name: "lookup", description: "Look up", parameters: { type: "object" } }]);
  });

  it("is known by its times where it goes by the service's name", () => {
    const trace = one("shop", {
      name: "chat",
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.system": "shop",
        "gen_ai.request.model": "gpt-4o-mini",
        "gen_ai.event.start_time": "2026-01-01T00:00:00.000Z",
        "gen_ai.agent.tools": json(["get_order_status"]),
      },
    });
    expect(trace.llmCalls[0]?.provider).toBe("openai");
    expect(trace.toolDefinitions).toEqual([{ name: "get_order_status" }]);
  });

  it("reads and writes of memory are memory operations", () => {
    const trace = one("strands.telemetry.tracer", {
      name: "memory.search",
      attributes: { "gen_ai.operation.name": "memory.search", "memory.store.names": json(["orders"]) },
      events: [
        { name: "memory.query", attributes: { content: "A-1001" } },
        { name: "memory.results", attributes: { content: json([{ content: "shipped" }]) } },
      ],
    });
    expect(trace.memoryOperations).toMatchObject([
      { operation: "search_memory", storeId: "orders", query: "A-1001", records: [{ content: "shipped" }] },
    ]);
  });
});

describe("Microsoft Agent Framework", () => {
  it("says of a workflow what failed", () => {
    const trace = one("agent_framework", {
      name: "workflow.run",
      attributes: { "workflow.id": "w-1", "workflow.name": "returns" },
      events: [
        { name: "workflow.error", attributes: { "error.type": "ValueError", "error.message": "no edge" } },
      ],
    });
    expect(trace).toMatchObject({ feature: "returns", errors: [{ type: "ValueError", message: "no edge" }] });
  });

  it("reads Semantic Kernel's own names of operations and tokens", () => {
    const trace = one("Microsoft.SemanticKernel.Diagnostics", {
      name: "chat.completions gpt-4o-mini",
      kind: "client",
      attributes: {
        "gen_ai.operation.name": "chat.completions",
        "gen_ai.system": "openai",
        "gen_ai.request.model": "gpt-4o-mini",
        "gen_ai.response.prompt_tokens": 82,
        "gen_ai.response.completion_tokens": 18,
      },
      events: [
        {
          name: "gen_ai.content.prompt",
          attributes: { "gen_ai.prompt": json([{ role: "user", content: QUESTION }]) },
        },
        {
          name: "gen_ai.content.completion",
          attributes: { "gen_ai.completion": json([{ role: "assistant", content: ANSWER }]) },
        },
      ],
    });
    expect(trace).toMatchObject({
      input: QUESTION,
      output: ANSWER,
      usage: { inputTokens: 82, outputTokens: 18 },
    });
  });
});

describe("Mastra", () => {
  it("sends a span per chunk, which are no steps of the run", () => {
    const trace = traceOf(sketchOf("mastra"));
    expect(trace.spans.filter(({ name }) => name.startsWith("chunk"))).toEqual([]);
    expect(trace.quality.issues).toMatchObject([{ code: "placeholders-left-out" }]);
    expect(trace).toMatchObject({ userId: "u-1", sessionId: "s-1", tags: ["beta"] });
    expect(trace.llmCalls[0]?.timeToFirstTokenMs).toBe(10);
  });

  it("a step that holds its one call completes it", () => {
    const trace = one("@mastra/otel-exporter", {
      name: "agent_step",
      attributes: {
        "mastra.span.type": "model_step",
        "mastra.model_step.input": json([
          { role: "user", content: QUESTION },
          { role: "assistant", content: "[tool: get_order_status]" },
          { role: "tool", content: "[tool-result: get_order_status]" },
        ]),
        "mastra.model_step.output": json({ text: ANSWER, toolCalls: [] }),
        "mastra.metadata.body": json({ id: "chatcmpl-2", model: "gpt-4o-mini-2024-07-18" }),
      },
      children: [
        {
          name: "chat",
          attributes: { "mastra.span.type": "model_inference", "gen_ai.operation.name": "chat" },
        },
      ],
    });
    expect(trace.llmCalls).toMatchObject([
      { responseId: "chatcmpl-2", responseModel: "gpt-4o-mini-2024-07-18" },
    ]);
    expect(trace.messages.map(({ role, parts }) => [role, ...parts])).toEqual([
      ["user", { type: "text", content: QUESTION }],
      ["assistant", { type: "tool_call", name: "get_order_status" }],
      ["tool", { type: "tool_result", name: "get_order_status" }],
      ["assistant", { type: "text", content: ANSWER }],
    ]);
  });

  it("a step with several calls says of none of them what it was asked", () => {
    const call = {
      name: "chat",
      attributes: { "mastra.span.type": "model_inference", "gen_ai.operation.name": "chat" },
    };
    const trace = one("@mastra/otel-exporter", {
      name: "agent_step",
      attributes: {
        "mastra.span.type": "model_step",
        "mastra.model_step.input": json([{ role: "user", content: QUESTION }]),
      },
      children: [call, call],
    });
    for (const { input } of trace.llmCalls) expect(input).toBeUndefined();
  });

  it("before it had inference spans the generation is the call", () => {
    const trace = one("@mastra/otel", {
      name: "chat gpt-4o-mini",
      attributes: {
        "mastra.span.type": "model_generation",
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "gpt-4o-mini",
        "gen_ai.usage.cached_input_tokens": 64,
        input: json({ messages: [{ role: "user", content: QUESTION }] }),
        output: json({ text: ANSWER }),
      },
    });
    expect(trace).toMatchObject({ input: QUESTION, output: ANSWER, usage: { cacheReadTokens: 64 } });
    expect(trace.llmCalls).toHaveLength(1);
  });
});

describe("Braintrust, Weave and Genkit", () => {
  it("Braintrust's scores are annotations, its metadata says whom the run was for", () => {
    expect(traceOf(sketchOf("braintrust (JSON)"))).toMatchObject({
      annotations: [{ name: "helpful", value: 0.5 }],
      userId: "u-1",
      sessionId: "s-1",
      llmCalls: [{ timeToFirstTokenMs: 40, parameters: { temperature: 0.2 } }, {}],
    });
  });

  it("Weave's thread is the session", () => {
    expect(traceOf(sketchOf("weave"))).toMatchObject({ sessionId: "s-1", userId: "u-1", input: QUESTION });
    const turn = { name: "turn", attributes: { "wandb.thread_id": "s-2", "wandb.is_turn": true } };
    expect(one("app", turn).sessionId).toBe("s-2");
  });

  it("Genkit says what failed, who asked, and whether thoughts are in the count", () => {
    const usage = { inputTokens: 82, outputTokens: 18, thoughtsTokens: 8 };
    const model = (totalTokens: number): SpanSketch => ({
      name: "googleai/gemini-2.5-flash",
      attributes: {
        "genkit:type": "action",
        "genkit:metadata:subtype": "model",
        "genkit:name": "googleai/gemini-2.5-flash",
        "genkit:output": json({
          message: { role: "model", content: [{ text: ANSWER }] },
          usage: { ...usage, totalTokens },
        }),
        "genkit:state": "error",
      },
    });
    const counted = (total: number) => one("genkit-tracer", model(total)).llmCalls[0];
    expect(counted(108)).toMatchObject({
      usage: { outputTokens: 26 },
      provider: "gcp.gemini",
      error: { type: "_OTHER" },
    });
    expect(counted(100)).toMatchObject({ usage: { outputTokens: 18, reasoningTokens: 8 } });
    expect(traceOf(sketchOf("genkit"))).toMatchObject({
      userId: "u-1",
      sessionId: "s-1",
      rootSpanId: "0000000000000001",
    });
  });

  it("CrewAI under OpenInference: the crew's inputs and only task speak for the run", () => {
    const crew = (more: SpanSketch["attributes"]): SpanSketch => ({
      name: "Crew.kickoff",
      attributes: {
        "openinference.span.kind": "CHAIN",
        crew_key: "k",
        crew_id: "c",
        crew_tasks: json([{ id: "1", description: QUESTION }]),
        "output.value": ANSWER,
        ...more,
      },
    });
    expect(one("openinference.instrumentation.crewai", crew({ crew_inputs: "" }))).toMatchObject({
      input: QUESTION,
      output: ANSWER,
    });
    expect(
      one("openinference.instrumentation.crewai", crew({ crew_inputs: json({ question: "Where?" }) })).input,
    ).toBe("Where?");
    const dumped = json({ raw: ANSWER, tasks_output: [], token_usage: {} });
    expect(one("openinference.instrumentation.crewai", crew({ "output.value": dumped })).output).toBe(ANSWER);
    const two = { crew_tasks: json([{ description: "a" }, { description: "b" }]) };
    expect(one("openinference.instrumentation.crewai", crew(two))).not.toHaveProperty("input");
  });
});
