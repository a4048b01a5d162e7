import { type Message, textMessage, textOf } from "../core/message.ts";
import { sumUsage } from "../core/sum-usage.ts";
import type {
  Cost,
  LlmCall,
  MemoryOperation,
  Retrieval,
  SpanType,
  ToolCall,
  Trace,
  TraceError,
  TraceSpan,
} from "../core/trace.ts";

/** A few fields of a trace; everything else is made to fit. */
export interface TraceSketch
  extends Partial<
    Omit<Trace, "input" | "output" | "toolCalls" | "llmCalls" | "retrievals" | "memoryOperations">
  > {
  /** Null: nobody recorded it. Default: the first user message, else a short question. */
  readonly input?: string | null;
  /** Null: the agent gave no answer. Default: the last message if it is the agent's text, else a short answer. */
  readonly output?: string | null;
  /** In order; a call needs only its name. */
  readonly toolCalls?: readonly (Partial<ToolCall> & Pick<ToolCall, "name">)[];
  /** In order. Default: one call that writes the last assistant message. */
  readonly llmCalls?: readonly Partial<LlmCall>[];
  readonly retrievals?: readonly Partial<Retrieval>[];
  readonly memoryOperations?: readonly Partial<MemoryOperation>[];
}

/** 2026-01-01T00:00:00Z, Unix ms. */
const START = Date.UTC(2026, 0, 1);

/** How long each call takes, ms; they run one after the other. */
const STEP_MS = 100;

/**
 * A complete, valid trace out of a few fields, for tests of scorers. The same sketch gives the same trace.
 *
 * Ids count up (the root span is `0000000000000001`), calls last 100 ms each and start on 2026-01-01. The
 * conversation, the spans, sums of usage and cost, and the list of errors follow from the calls, unless given.
 *
 * @example
 * const trace = makeTrace({
 *   toolCalls: [{ name: "get_order", arguments: { id: "A-1" }, error: { type: "timeout" } }],
 *   output: "Your order has shipped.",
 * });
 */
export function makeTrace(sketch: TraceSketch = {}): Trace {
  const messages = sketch.messages ?? conversationOf(sketch);
  const timeline = new Timeline(sketch.rootSpanId ?? spanIdOf(1));
  const toolCalls = (sketch.toolCalls ?? []).map(
    (call): ToolCall => ({
      ...timeline.place("tool", `execute_tool ${call.name}`, call),
      error: null,
      ...call,
    }),
  );
  const retrievals = (sketch.retrievals ?? []).map(
    (call): Retrieval => ({ ...timeline.place("retrieval", "retrieval", call), error: null, ...call }),
  );
  const memoryOperations = (sketch.memoryOperations ?? []).map(
    (call): MemoryOperation => ({
      ...timeline.place("memory", "memory", call),
      operation: "search_memory",
      error: null,
      ...call,
    }),
  );
  const llmCalls = (sketch.llmCalls ?? defaultLlmCalls(messages)).map((call): LlmCall => {
    const place = timeline.place("llm", `chat ${call.model ?? "test-model"}`, call);
    const spanId = place.spanId ?? timeline.rootSpanId;
    return { ...place, spanId, parameters: {}, usage: {}, retries: null, error: null, ...call };
  });
  const errors = [...toolCalls, ...retrievals, ...memoryOperations, ...llmCalls].flatMap(errorOf);
  const { input, output, ...given } = sketch;
  return {
    ...skeleton(sketch.spans ?? timeline.spans(), errors),
    ...(input === null ? {} : textField("input", input ?? firstText(messages, "user"))),
    ...(output === null ? {} : textField("output", output ?? firstText(messages.slice(-1), "assistant"))),
    usage: sumUsage(llmCalls.map((call) => call.usage)),
    cost: sumOfCost(llmCalls),
    rootSpanId: timeline.rootSpanId,
    ...given,
    messages,
    toolCalls,
    retrievals,
    memoryOperations,
    llmCalls,
  };
}

/** Gives the root's children their ids and times, in order of creation. */
class Timeline {
  readonly rootSpanId: string;
  readonly #children: TraceSpan[] = [];

  constructor(rootSpanId: string) {
    this.rootSpanId = rootSpanId;
  }

  /** Where and when a call happened; makes its span, unless the sketch says it has none. */
  place(type: SpanType, name: string, call: { readonly spanId?: string | null; readonly error?: unknown }) {
    const order = this.#children.length;
    const spanId = call.spanId === undefined ? spanIdOf(order + 2) : call.spanId;
    const startTime = START + order * STEP_MS;
    const times = { startTime, endTime: startTime + STEP_MS, durationMs: STEP_MS };
    if (spanId === null) return { spanId, parentSpanId: this.rootSpanId };
    const failed = call.error !== undefined && call.error !== null;
    this.#children.push({ ...spanOf(spanId, this.rootSpanId, name, type, failed), ...times });
    return { spanId, parentSpanId: this.rootSpanId, ...times };
  }

  /** The root and its children. */
  spans(): readonly TraceSpan[] {
    const durationMs = this.#children.length * STEP_MS;
    const root = spanOf(this.rootSpanId, null, "invoke_agent test-agent", "agent", false);
    return [{ ...root, startTime: START, endTime: START + durationMs, durationMs }, ...this.#children];
  }
}

function spanOf(
  spanId: string,
  parentSpanId: string | null,
  name: string,
  type: SpanType,
  failed: boolean,
): Omit<TraceSpan, "startTime" | "endTime" | "durationMs"> {
  const status = { code: failed ? "error" : "unset" } as const;
  return { spanId, parentSpanId, name, kind: "internal", type, status, scope: "test", attributes: {} };
}

function skeleton(
  spans: readonly TraceSpan[],
  errors: readonly TraceError[],
): Omit<Trace, "usage" | "cost" | "messages" | "llmCalls" | "toolCalls" | "retrievals" | "memoryOperations"> {
  const startTime = spans.reduce(
    (first, span) => Math.min(first, span.startTime),
    spans[0]?.startTime ?? START,
  );
  const endTime = spans.reduce((last, span) => Math.max(last, span.endTime), startTime);
  return {
    schema: "tracegate.trace/1",
    traceId: "0000000000000000000000000000000a",
    revision: 1,
    rootSpanId: null,
    name: "invoke_agent test-agent",
    startTime,
    endTime,
    durationMs: endTime - startTime,
    service: { name: "test-service" },
    agent: { name: "test-agent" },
    tags: [],
    toolDefinitions: [],
    rationales: [],
    errors,
    retries: null,
    annotations: [],
    spans,
    quality: { dialects: ["otel-genai"], missing: [], issues: [] },
  };
}

function conversationOf(sketch: TraceSketch): readonly Message[] {
  const { input = "Where is my order?", output = "Your order is on its way.", toolCalls = [] } = sketch;
  const traffic = toolCalls.flatMap((call, index): Message[] => {
    const id = call.callId ?? `call-${index + 1}`;
    const asked = call.arguments === undefined ? {} : { arguments: call.arguments };
    const got = call.result === undefined ? {} : { result: call.result };
    return [
      { role: "assistant", parts: [{ type: "tool_call", id, name: call.name, ...asked }] },
      { role: "tool", parts: [{ type: "tool_result", id, name: call.name, ...got }] },
    ];
  });
  return [
    ...(input === null ? [] : [textMessage("user", input)]),
    ...traffic,
    ...(output === null ? [] : [textMessage("assistant", output)]),
  ];
}

function defaultLlmCalls(messages: readonly Message[]): readonly Partial<LlmCall>[] {
  const last = messages.at(-1);
  if (last?.role !== "assistant") return [];
  const input = messages.slice(0, -1);
  return [{ provider: "test", model: "test-model", input, output: [last], finishReason: "stop" }];
}

function firstText(messages: readonly Message[], role: string): string | undefined {
  const text = messages.filter((message) => message.role === role).map(textOf)[0];
  return text === "" ? undefined : text;
}

function textField(field: "input" | "output", text: string | undefined): { input?: string; output?: string } {
  return text === undefined ? {} : { [field]: text };
}

function errorOf(call: Pick<ToolCall, "spanId" | "error">): TraceError[] {
  return call.error === null || call.spanId === null ? [] : [{ ...call.error, spanId: call.spanId }];
}

function sumOfCost(calls: readonly LlmCall[]): Cost {
  const priced = calls.flatMap((call) => (call.cost === undefined ? [] : [call.cost]));
  if (priced.length === 0) return { unpricedModels: [] };
  return { usd: priced.reduce((sum, cost) => sum + cost, 0), source: "reported", unpricedModels: [] };
}

function spanIdOf(order: number): string {
  return order.toString(16).padStart(16, "0");
}
