import { createReadStream, existsSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";

import { jsonToProtobuf } from "../../src/otlp/json-to-protobuf.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { otlp } from "../../src/testing/spans.ts";

const DATA = resolve(import.meta.dirname, "../../../shared/data/traces.tau.jsonl.gz");

/** Traces to be sent, each an export request in OTLP protobuf. */
export interface Material {
  readonly name: string;
  readonly count: number;
  body(index: number): Uint8Array;
  /** The same as OTLP/JSON. */
  text(index: number): string;
}

/** Real traces, the first `limit`, and the largest of all; null where the shared data are not. */
export async function realTraces(
  limit: number,
): Promise<{ readonly some: Material; readonly largest: Material } | null> {
  if (!existsSync(DATA)) return null;
  const texts: string[] = [];
  let largest = "";
  for await (const line of createInterface({ input: createReadStream(DATA).pipe(createGunzip()) })) {
    if (line !== "" && texts.length < limit) texts.push(asOfNow(line));
    if (line.length > largest.length) largest = line;
  }
  return {
    some: ofTexts("real traces", texts),
    largest: ofTexts("the largest of the real traces", [asOfNow(largest)]),
  };
}

/** Traces made by hand: a root, two model calls and a tool call, of about so many bytes. */
export function madeTraces(name: string, count: number, bytes: number): Material {
  // The question is told three times.
  return ofBodies(name, count, (index) => madeTrace(index, Math.max(10, (bytes - 1_500) / 3), 1));
}

/** One trace of so many spans, each telling the whole conversation again, as chat spans do; 10.8 MB with 295 of 36 KB. */
export function longTrace(spans = 295, bytes = 36_000): Material {
  return ofBodies("a long conversation", 1, () => madeTrace(0, bytes, spans - 3));
}

/** Moved in time to end now: of older traces it is asked first whether they were here before. */
function asOfNow(text: string): string {
  const nanoseconds = /("(?:start|end)TimeUnixNano":\s*")(\d+)/g;
  let last = 0n;
  for (const [, , digits = "0"] of text.matchAll(nanoseconds))
    if (BigInt(digits) > last) last = BigInt(digits);
  const later = BigInt(Date.now()) * 1_000_000n - last;
  return text.replace(nanoseconds, (_, key: string, digits: string) => `${key}${BigInt(digits) + later}`);
}

function ofTexts(name: string, texts: readonly string[]): Material {
  const bodies = texts.map(jsonToProtobuf);
  return {
    name,
    count: texts.length,
    body: (index) => bodies[index] ?? new Uint8Array(),
    text: (index) => texts[index] ?? "",
  };
}

function ofBodies(name: string, count: number, body: (index: number) => Uint8Array): Material {
  return { name, count, body, text: (index) => textOf(body(index)) };
}

/** As OTLP/JSON has it, for traces whose attributes are texts and numbers. */
function textOf(body: Uint8Array): string {
  const spans = readSpans(body).map(
    ({ traceId, spanId, parentSpanId, name, startTime, endTime, attributes }) => ({
      traceId,
      spanId,
      parentSpanId,
      name,
      startTimeUnixNano: `${startTime}000000`,
      endTimeUnixNano: `${endTime}000000`,
      attributes: Object.entries(attributes).map(([key, value]) => ({
        key,
        value: typeof value === "string" ? { stringValue: value } : { intValue: String(value) },
      })),
    }),
  );
  return JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ spans }] }] });
}

function madeTrace(index: number, questionBytes: number, chats: number): Uint8Array {
  const asked = [{ role: "user", parts: [{ type: "text", content: words(index, questionBytes) }] }];
  const call = { type: "tool_call", id: "call-1", name: "get_order", arguments: { id: "A-17" } };
  const answer = { type: "tool_call_response", id: "call-1", response: { status: "on its way" } };
  const heard = [...asked, { role: "assistant", parts: [call] }, { role: "tool", parts: [answer] }];
  const said = [
    { role: "assistant", parts: [{ type: "text", content: "It is on its way." }], finish_reason: "stop" },
  ];
  const chat = (input: readonly object[], output: readonly object[]) => ({
    name: "chat test-model",
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "test-model",
      "gen_ai.input.messages": JSON.stringify(input),
      "gen_ai.output.messages": JSON.stringify(output),
      "gen_ai.usage.input_tokens": 20,
      "gen_ai.usage.output_tokens": 5,
    },
  });
  const tool = {
    name: "execute_tool get_order",
    attributes: {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "get_order",
      "gen_ai.tool.call.id": "call-1",
      "gen_ai.tool.call.arguments": JSON.stringify(call.arguments),
      "gen_ai.tool.call.result": JSON.stringify(answer.response),
    },
  };
  const root = {
    name: "invoke_agent shop-agent",
    startTime: Date.now() - 60_000,
    attributes: {
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": "shop-agent",
      "gen_ai.input.messages": JSON.stringify(asked),
      "gen_ai.output.messages": JSON.stringify(said),
    },
    children: [
      chat(asked, [{ role: "assistant", parts: [call], finish_reason: "tool_call" }]),
      tool,
      ...Array.from({ length: chats }, () => chat(heard, said)),
    ],
  };
  const traceId = (index + 1).toString(16).padStart(8, "0").padEnd(32, "b");
  return otlp({ traceId, service: "shop", spans: [root] });
}

/** Text that does not repeat itself, so that it compresses no better than language does. */
function words(seed: number, bytes: number): string {
  let state = seed * 104_729 + 1;
  let text = "";
  while (text.length < bytes) {
    state = (state * 48_271) % 2_147_483_647;
    text += `${WORDS[state % WORDS.length]}${state % 13 === 0 ? state : ""} `;
  }
  return text.slice(0, bytes);
}

const WORDS =
  "the order was sent on monday and has not come yet could you please look where it is because i need that parcel before we leave for spain next week thank you".split(
    " ",
  );
