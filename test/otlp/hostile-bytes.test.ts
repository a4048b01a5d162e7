import { readFileSync } from "node:fs";
import { array, assert, jsonValue, nat, property, string, tuple, uint8Array } from "fast-check";
import { describe, it } from "vitest";
import { readTrace } from "../../src/conventions/read-trace.ts";
import { TracegateError } from "../../src/core/errors.ts";
import { isObject, type JsonValue } from "../../src/core/json.ts";
import type { TraceFragment } from "../../src/core/span.ts";
import { jsonToProtobuf } from "../../src/otlp/json-to-protobuf.ts";
import { logsJsonToProtobuf } from "../../src/otlp/logs-json-to-protobuf.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { splitByTrace } from "../../src/otlp/split-by-trace.ts";
import { splitLogsByTrace } from "../../src/otlp/split-logs-by-trace.ts";
import { amendSpan, mergeTraces, writeTraces } from "../../src/otlp/write-traces.ts";
import { asValue } from "./spans-as-values.ts";

const SEED = { seed: 20_261_120, numRuns: 400 };
const fixture = jsonToProtobuf(
  readFileSync(new URL("../fixtures/otlp/otel-genai-current.json", import.meta.url), "utf8"),
);

/** Runs everything that touches foreign bytes; only a `bad-input` may come out of it. */
function readEverything(bytes: Uint8Array): void {
  for (const read of [
    () => readSpans(bytes).map(asValue),
    () => splitByTrace(bytes).fragments.map((fragment) => readTrace(readSpans(fragment.bytes))),
    () => mergeTraces([bytes, fixture]),
    () => amendSpan(bytes, "00000000000000a1", { attributes: { "tracegate.score.x": 1 } }),
  ]) {
    try {
      read();
    } catch (error) {
      if (!(error instanceof TracegateError) || !["bad-input", "not-found"].includes(error.code)) throw error;
    }
  }
}

function splitOrRefuse(bytes: Uint8Array): readonly TraceFragment[] {
  try {
    return splitLogsByTrace(bytes).fragments;
  } catch (error) {
    if (error instanceof TracegateError && error.code === "bad-input") return [];
    throw error;
  }
}

describe("hostile bytes", () => {
  it("end in a value or a bad-input when they are random", () => {
    assert(property(uint8Array({ maxLength: 300 }), readEverything), SEED);
  });

  it("end in a value or a bad-input when a real body is cut off anywhere", () => {
    for (let length = 0; length < fixture.length; length += 7) readEverything(fixture.subarray(0, length));
  });

  it("end in a value or a bad-input when bytes of a real body are changed", () => {
    const changes = array(tuple(nat(fixture.length - 1), nat(255)), { minLength: 1, maxLength: 6 });
    const run = (list: [number, number][]) => {
      const bytes = Uint8Array.from(fixture);
      for (const [place, value] of list) bytes[place] = value;
      readEverything(bytes);
    };
    assert(property(changes, run), SEED);
  });

  it("are no harm to a span when they come in its log records", () => {
    const ids = { traceId: "a".repeat(32), spanId: "b".repeat(16) };
    const text = { kvlistValue: { values: [{ key: "content", value: { stringValue: "hi" } }] } };
    const record = { ...ids, eventName: "gen_ai.user.message", timeUnixNano: 5, body: text };
    const logs = logsJsonToProtobuf(
      JSON.stringify({
        resourceLogs: [{ scopeLogs: [{ logRecords: [record, { ...record, attributes: [{ key: "a" }] }] }] }],
      }),
    );
    const span = writeTraces([
      { scopeSpans: [{ spans: [{ ...ids, name: "chat", startTime: 1, endTime: 2, attributes: { a: 1 } }] }] },
    ]);
    const run = (bytes: Uint8Array) => {
      for (const { bytes: part } of splitOrRefuse(bytes)) {
        // Whatever was taken is readable, and the span beside it is untouched.
        const merged = readSpans(mergeTraces([span, part])).map(asValue);
        if (!merged.some(({ name }) => name === "chat")) throw new Error("the span is gone");
      }
    };
    const changes = array(tuple(nat(logs.length - 1), nat(255)), { minLength: 1, maxLength: 4 });
    assert(
      property(changes, (list) => {
        const bytes = Uint8Array.from(logs);
        for (const [place, value] of list) bytes[place] = value;
        run(bytes);
      }),
      { ...SEED, numRuns: 2_000 },
    );
    for (let length = 0; length < logs.length; length += 1) run(logs.subarray(0, length));
  });

  it("end in a value or a bad-input when they are JSON of any shape", () => {
    const members = [
      "resourceSpans",
      "scopeSpans",
      "spans",
      "attributes",
      "value",
      "events",
      "resource",
      "status",
    ];
    const run = (value: unknown, place: number) => {
      const path = members.slice(0, place % members.length);
      const wrapped = path.reduceRight<unknown>(
        (inner, name) => ({ [name]: place % 2 ? [inner] : inner }),
        value,
      );
      try {
        readEverything(jsonToProtobuf(JSON.stringify(wrapped)));
      } catch (error) {
        if (!(error instanceof TracegateError) || error.code !== "bad-input") throw error;
      }
    };
    assert(property(jsonValue(), nat(), run), SEED);
  });
});

describe("what is written", () => {
  it("comes back the same, whatever the attributes", () => {
    const run = (key: string, value: unknown, name: string) => {
      const attributes = { [key]: normal(JSON.parse(JSON.stringify(value))) };
      const span = {
        traceId: "a".repeat(32),
        spanId: "b".repeat(16),
        name,
        startTime: 1,
        endTime: 2,
        attributes,
      };
      const [read] = readSpans(writeTraces([{ scopeSpans: [{ spans: [span] }] }]));
      const same = read?.name === name && JSON.stringify(read.attributes) === JSON.stringify(attributes);
      if (!same) throw new Error(`${JSON.stringify(read?.attributes)} is not ${JSON.stringify(attributes)}`);
    };
    assert(
      property(string({ unit: "grapheme" }), jsonValue({ maxDepth: 5 }), string({ unit: "grapheme" }), run),
      SEED,
    );
  });
});

/** JSON as OTLP can hold it: -0 is 0, and numbers beyond 2^53 are doubles, which is the same here. */
function normal(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(normal);
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, normal(inner)]));
  return Object.is(value, -0) ? 0 : value;
}
