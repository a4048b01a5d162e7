import { readSpans } from "../../src/otlp/read-spans.ts";
import { type OtlpSketch, otlp, type SpanSketch } from "../../src/testing/spans.ts";

/** What a run of the little shop agent is to look like. */
export interface RunSketch {
  /** 32 hex digits; see {@link idOf}. */
  readonly traceId: string;
  readonly question?: string;
  readonly answer?: string;
  /** The tool's error; with one, the agent answers all the same, which `tool-errors` condemns. */
  readonly toolError?: string;
}

/** A trace id of one number, e.g. `idOf(7)`; its first digits differ from number to number. */
export function idOf(number: number): string {
  return number.toString(16).padStart(6, "0").padEnd(32, "a");
}

/** A run of a shop agent: a root, a tool call and two model calls, as OTLP protobuf. */
export function run(sketch: RunSketch): Uint8Array {
  return otlp(sketchOf(sketch));
}

/** The spans of a run, to be cut into parts. */
export function sketchOf(sketch: RunSketch): OtlpSketch & { readonly spans: readonly [SpanSketch] } {
  const { traceId, question = "Where is order A-17?", answer = "It is on its way." } = sketch;
  const asked = [{ role: "user", parts: [{ type: "text", content: question }] }];
  const call = { type: "tool_call", id: "call-1", name: "get_order", arguments: { id: "A-17" } };
  const result = sketch.toolError ?? { status: "on its way" };
  const heard = [
    ...asked,
    { role: "assistant", parts: [call] },
    { role: "tool", parts: [{ type: "tool_call_response", id: "call-1", response: result }] },
  ];
  const said = [{ role: "assistant", parts: [{ type: "text", content: answer }], finish_reason: "stop" }];
  return {
    traceId,
    service: "shop",
    spans: [
      {
        name: "invoke_agent shop-agent",
        attributes: {
          "gen_ai.operation.name": "invoke_agent",
          "gen_ai.agent.name": "shop-agent",
          "gen_ai.input.messages": JSON.stringify(asked),
          "gen_ai.output.messages": JSON.stringify(said),
        },
        children: [
          chat(asked, [{ role: "assistant", parts: [call], finish_reason: "tool_call" }], "tool_call"),
          tool(sketch.toolError),
          chat(heard, said, "stop"),
        ],
      },
    ],
  };
}

function chat(input: readonly object[], output: readonly object[], finish: string): SpanSketch {
  return {
    name: "chat test-model",
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "test-model",
      "gen_ai.input.messages": JSON.stringify(input),
      "gen_ai.output.messages": JSON.stringify(output),
      "gen_ai.response.finish_reasons": [finish],
      "gen_ai.usage.input_tokens": 20,
      "gen_ai.usage.output_tokens": 5,
    },
  };
}

function tool(error: string | undefined): SpanSketch {
  return {
    name: "execute_tool get_order",
    attributes: {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "get_order",
      "gen_ai.tool.call.id": "call-1",
      "gen_ai.tool.call.arguments": JSON.stringify({ id: "A-17" }),
      ...(error === undefined
        ? { "gen_ai.tool.call.result": JSON.stringify({ status: "on its way" }) }
        : { "error.type": error }),
    },
    ...(error === undefined ? {} : { status: { code: "error", message: error } }),
  };
}

/** The same spans as one OTLP/JSON request, on one line. */
export function asJson(protobuf: Uint8Array): string {
  const spans = readSpans(protobuf).map((span) => ({
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === null ? {} : { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: 1,
    startTimeUnixNano: `${span.startTime}000000`,
    endTimeUnixNano: `${span.endTime}000000`,
    attributes: Object.entries(span.attributes).map(([key, value]) => ({ key, value: anyValue(value) })),
    status: span.status.code === "error" ? { code: 2, message: span.status.message } : {},
  }));
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "shop" } }] };
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "test" }, spans }] }] });
}

function anyValue(value: unknown): object {
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return typeof value === "number" ? { intValue: String(value) } : { stringValue: String(value) };
}
