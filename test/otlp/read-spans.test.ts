import { describe, expect, it } from "vitest";

import { jsonToProtobuf } from "../../src/otlp/json-to-protobuf.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { WireWriter } from "../../src/otlp/wire-writer.ts";
import type { SpanInput } from "../../src/otlp/write-span.ts";
import { writeTraces } from "../../src/otlp/write-traces.ts";
import { captureFiles, hasCaptures, readCapture } from "./captures.ts";
import { spansIn } from "./spans-as-values.ts";

const IDS = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "00f067aa0ba902b7" };

function oneSpan(attributes: Parameters<typeof writeTraces>[0][0]["resource"]) {
  const span = { ...IDS, name: "s", startTime: 1, endTime: 2, attributes: attributes ?? {} };
  const [read] = readSpans(writeTraces([{ scopeSpans: [{ spans: [span] }] }]));
  if (!read) throw new Error("no span came back");
  return read;
}

describe("readSpans", () => {
  it("gives back every field that was written", () => {
    const span: SpanInput = {
      ...IDS,
      parentSpanId: "00f067aa0ba902b8",
      name: "chat",
      kind: "client",
      startTime: 1_767_225_600_000.25,
      endTime: 1_767_225_600_001.5,
      status: { code: "error", message: "no" },
      flags: 0x301,
      attributes: {
        text: "é✓",
        yes: true,
        whole: -3,
        half: 0.5,
        list: ["a", 1, null],
        map: { a: { b: "c" } },
      },
      events: [{ name: "exception", time: 1_767_225_600_001, attributes: { "exception.type": "E" } }],
      links: [{ traceId: IDS.traceId, spanId: "00f067aa0ba902b9", attributes: { why: "because" } }],
      droppedAttributes: 4,
    };
    const bytes = writeTraces([
      {
        resource: { "service.name": "s" },
        scopeSpans: [{ scope: { name: "n", version: "1" }, spans: [span] }],
      },
    ]);
    expect(spansIn(bytes)).toEqual([
      { ...span, resource: { "service.name": "s" }, scope: { name: "n", version: "1" } },
    ]);
  });

  it("reads nanoseconds to the last digit a double of milliseconds can hold", () => {
    const text = JSON.stringify({
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                { ...IDS, startTimeUnixNano: "1763626633735123456", endTimeUnixNano: "18446744073709551615" },
              ],
            },
          ],
        },
      ],
    });
    const [span] = readSpans(jsonToProtobuf(text));
    expect(span?.startTime).toBe(Number("1763626633735.123456"));
    expect(span?.endTime).toBe(Number("18446744073709.551615"));
  });

  it("keeps integers beyond 2^53 as decimal text, and bytes as base64", () => {
    const text = (value: object) =>
      JSON.stringify({
        resourceSpans: [{ scopeSpans: [{ spans: [{ ...IDS, attributes: [{ key: "k", value }] }] }] }],
      });
    const read = (value: object) => readSpans(jsonToProtobuf(text(value)))[0]?.attributes.k;
    expect(read({ intValue: "9007199254740991" })).toBe(9007199254740991);
    expect(read({ intValue: "9007199254740993" })).toBe("9007199254740993");
    expect(read({ intValue: "-9223372036854775808" })).toBe("-9223372036854775808");
    expect(read({ intValue: "-9007199254740991" })).toBe(-9007199254740991);
    expect(read({ bytesValue: "AAEC/w==" })).toBe("AAEC/w==");
    expect(read({ doubleValue: "NaN" })).toBe("NaN");
    expect(read({})).toBeNull();
  });

  it("treats __proto__ as any other attribute key", () => {
    const attributes = JSON.parse('{"__proto__": {"polluted": true}}');
    const span = oneSpan(attributes);
    expect(Object.keys(span.attributes)).toEqual(["__proto__"]);
    expect("polluted" in span.attributes).toBe(false);
  });

  it("finds a resource and a scope that come after the spans on the wire", () => {
    const writer = new WireWriter();
    writer.message(1, () => {
      writer.message(2, () => {
        writer.message(2, () => {
          writer.bytes(1, Buffer.from(IDS.traceId, "hex"));
          writer.bytes(2, Buffer.from(IDS.spanId, "hex"));
        });
        writer.message(1, () => writer.string(1, "late"));
      });
      writer.message(1, () => {
        writer.message(1, () => {
          writer.string(1, "service.name");
          writer.message(2, () => writer.string(1, "late too"));
        });
      });
    });
    const [span] = readSpans(writer.finish());
    expect(span?.scope.name).toBe("late");
    expect(span?.resource).toEqual({ "service.name": "late too" });
  });

  it("decodes the resource once for all spans and attributes once per span", () => {
    const spans = [1, 2].map((count) => ({
      ...IDS,
      spanId: `${count}`.padStart(16, "0"),
      name: "s",
      startTime: 1,
      endTime: 2,
    }));
    const [one, other] = readSpans(writeTraces([{ resource: { a: 1 }, scopeSpans: [{ spans }] }]));
    expect(one?.resource).toBe(other?.resource);
    expect(one?.attributes).toBe(one?.attributes);
  });

  it("reads a parent id of zeros as no parent", () => {
    const span = { ...IDS, parentSpanId: "0".repeat(16), name: "s", startTime: 1, endTime: 2 };
    expect(readSpans(writeTraces([{ scopeSpans: [{ spans: [span] }] }]))[0]?.parentSpanId).toBeNull();
  });

  it("names the byte where truncated bytes break off", () => {
    const bytes = writeTraces([
      { scopeSpans: [{ spans: [{ ...IDS, name: "s", startTime: 1, endTime: 2 }] }] },
    ]);
    expect(() => readSpans(bytes.subarray(0, bytes.length - 3))).toThrow(/Not OTLP protobuf: .* at byte \d+/);
  });

  it("refuses values nested deeper than 64 levels, when they are read", () => {
    let deep: object = { stringValue: "x" };
    for (let level = 0; level < 60; level++) deep = { arrayValue: { values: [deep] } };
    const wrap = (value: object) =>
      JSON.stringify({
        resourceSpans: [{ scopeSpans: [{ spans: [{ ...IDS, attributes: [{ key: "k", value }] }] }] }],
      });
    expect(JSON.stringify(readSpans(jsonToProtobuf(wrap(deep)))[0]?.attributes.k)).toContain("x");
    const writer = new WireWriter();
    const nest = (level: number): void => {
      if (level === 0) writer.string(1, "x");
      else writer.message(5, () => writer.message(1, () => nest(level - 1)));
    };
    writer.message(1, () => {
      writer.message(2, () => {
        writer.message(2, () => {
          writer.message(9, () => {
            writer.string(1, "k");
            writer.message(2, () => nest(1000));
          });
        });
      });
    });
    const [span] = readSpans(writer.finish());
    expect(() => span?.attributes).toThrow(/nested deeper than 64 levels/);
  });

  it.skipIf(!hasCaptures)(
    "agrees with the JSON rendering of every recorded body (needs ../shared/captures)",
    () => {
      const pairs = captureFiles("**/*-traces.pb");
      expect(pairs.length).toBeGreaterThan(8);
      for (const path of pairs) {
        expect(spansIn(readCapture(path)), path).toEqual(
          spansIn(readCapture(path.replace(/pb$/, "decoded.json"))),
        );
      }
    },
  );
});
