import { contentHash } from "../../src/core/ids.ts";
import { otlp, type SpanSketch } from "../../src/testing/spans.ts";

/** The judge that is asked about every trace, and the one that is asked about every fourth. */
export const EVERY = "resolved";
export const FOURTH = "polite";
/** The rule that scores every trace. */
export const RULE = "tool-errors";

/** A trace as the sender knows it. */
export interface ChaosTrace {
  readonly number: number;
  readonly traceId: string;
  /** Names of the scorers that must decide about it. */
  readonly scorers: readonly string[];
  /** OTLP protobuf: the spans below the root, and the root. */
  readonly bodies: readonly [Uint8Array, Uint8Array];
}

/** Trace number `number` of a run. The same seed gives the same bytes. */
export function chaosTrace(number: number, seed: number): ChaosTrace {
  const traceId = contentHash(["chaos", seed, number], 32);
  const root = contentHash(["root", seed, number], 16);
  const order = orderOf(number);
  const asked = [{ role: "user", parts: [{ type: "text", content: `Where is order ${order}?` }] }];
  const said = [
    {
      role: "assistant",
      parts: [{ type: "text", content: `Order ${order} is on its way.` }],
      finish_reason: "stop",
    },
  ];
  const call = { type: "tool_call", id: "call-1", name: "get_order", arguments: { id: order } };
  const result = { id: order, status: "on its way" };
  const heard = [
    ...asked,
    { role: "assistant", parts: [call] },
    { role: "tool", parts: [{ type: "tool_call_response", id: "call-1", response: result }] },
  ];
  const below: SpanSketch[] = [
    chat(asked, [{ role: "assistant", parts: [call], finish_reason: "tool_call" }]),
    {
      name: "execute_tool get_order",
      attributes: {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "get_order",
        "gen_ai.tool.call.id": "call-1",
        "gen_ai.tool.call.arguments": JSON.stringify({ id: order }),
        "gen_ai.tool.call.result": JSON.stringify(result),
      },
    },
    chat(heard, said),
  ];
  const agent: SpanSketch = {
    name: "invoke_agent shop-agent",
    spanId: root,
    attributes: {
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": "shop-agent",
      "gen_ai.input.messages": JSON.stringify(asked),
      "gen_ai.output.messages": JSON.stringify(said),
    },
  };
  const common = { traceId, service: "shop" };
  return {
    number,
    traceId,
    scorers: number % 4 === 0 ? [RULE, EVERY, FOURTH] : [RULE, EVERY],
    bodies: [
      otlp({ ...common, spans: below.map((span) => ({ ...span, parentSpanId: root })) }),
      otlp({ ...common, spans: [agent] }),
    ],
  };
}

/** What names a trace in everything that is said about it. */
export function orderOf(number: number): string {
  return `A-${String(number).padStart(6, "0")}`;
}

/** The number in what {@link orderOf} gave, out of any text; null when there is none. */
export function numberIn(text: string): number | null {
  const digits = /\bA-(\d{6,})\b/.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}

function chat(input: readonly object[], output: readonly object[]): SpanSketch {
  return {
    name: "chat test-model",
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "test-model",
      "gen_ai.input.messages": JSON.stringify(input),
      "gen_ai.output.messages": JSON.stringify(output),
      "gen_ai.usage.input_tokens": 20,
      "gen_ai.usage.output_tokens": 5,
    },
  };
}
