import { describe, expect, it } from "vitest";

import { jsonToProtobuf } from "../../src/otlp/json-to-protobuf.ts";
import { spansIn } from "./spans-as-values.ts";

const IDS = { traceId: "0AF7651916CD43DD8448EB211C80319C", spanId: "00F067AA0BA902B7" };
const body = (span: object) =>
  JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ ...IDS, ...span }] }] }] });
const read = (span: object) => spansIn(jsonToProtobuf(body(span)))[0];

describe("jsonToProtobuf", () => {
  it("lower-cases hex ids and accepts the base64 of generic protobuf libraries", () => {
    expect(read({})).toMatchObject({ traceId: IDS.traceId.toLowerCase(), spanId: IDS.spanId.toLowerCase() });
    const base64 = {
      traceId: Buffer.from(IDS.traceId, "hex").toString("base64"),
      spanId: Buffer.from(IDS.spanId, "hex").toString("base64"),
    };
    expect(read(base64)).toMatchObject({
      traceId: IDS.traceId.toLowerCase(),
      spanId: IDS.spanId.toLowerCase(),
    });
  });

  it("takes 64-bit numbers as text or number, and enums as number or name", () => {
    const attributes = [
      { key: "a", value: { intValue: 7 } },
      { key: "b", value: { intValue: "-7" } },
    ];
    expect(
      read({
        startTimeUnixNano: 1000000,
        kind: "SPAN_KIND_CLIENT",
        status: { code: "STATUS_CODE_ERROR" },
        attributes,
      }),
    ).toMatchObject({
      startTime: 1,
      kind: "client",
      status: { code: "error" },
      attributes: { a: 7, b: -7 },
    });
    expect(read({ startTimeUnixNano: "1000000", kind: 3, status: { code: 2 } })).toMatchObject({
      startTime: 1,
      kind: "client",
      status: { code: "error" },
    });
  });

  it("takes NaN and the infinities as texts, values that are missing or null, and snake_case names", () => {
    const attributes = [
      { key: "nan", value: { doubleValue: "NaN" } },
      { key: "inf", value: { double_value: "-Infinity" } },
      { key: "none" },
      { key: "null", value: null },
      { key: "list", value: { array_value: { values: [null, { string_value: "x" }, {}] } } },
    ];
    expect(read({ attributes, parent_span_id: "00f067aa0ba902b8", droppedAttributesCount: 2 })).toMatchObject(
      {
        parentSpanId: "00f067aa0ba902b8",
        droppedAttributes: 2,
        attributes: { nan: "NaN", inf: "-Infinity", none: null, null: null, list: [null, "x", null] },
      },
    );
  });

  it("ignores fields it does not know", () => {
    expect(read({ somethingNew: { a: [1] }, name: "kept" })).toMatchObject({ name: "kept" });
    expect(jsonToProtobuf('{"resourceLogs": []}')).toHaveLength(0);
  });

  it.each([
    [{ traceId: "xyz" }, "resourceSpans[0].scopeSpans[0].spans[0].traceId is not an id in hex"],
    [{ spanId: 7.5 }, "spans[0].spanId is not an id in hex"],
    [{ startTimeUnixNano: "soon" }, "spans[0].startTimeUnixNano is not an integer"],
    [{ startTimeUnixNano: "-1" }, "spans[0].startTimeUnixNano is not a time"],
    [{ kind: "SPAN_KIND_ODD" }, "spans[0].kind is not one of"],
    [{ attributes: {} }, "spans[0].attributes is not an array"],
    [
      { attributes: [{ key: "a", value: { intValue: "1e3" } }] },
      "spans[0].attributes[0].value.intValue is not an integer",
    ],
    [{ attributes: [{ key: "a", value: { intValue: "9223372036854775808" } }] }, "outside of 64 bits"],
    [{ attributes: [{ key: "a", value: "bare" }] }, "spans[0].attributes[0].value is not an object"],
    [{ flags: -1 }, "spans[0].flags is outside of 32 bits"],
    [{ attributes: [{ key: "a", value: { bytesValue: "%%" } }] }, "bytesValue is not base64"],
  ])("names the path of a wrong value: %j", (span, message) => {
    expect(() => jsonToProtobuf(body(span))).toThrow(message);
    expect(() => jsonToProtobuf(body(span))).toThrow(expect.objectContaining({ code: "bad-input" }));
  });

  it("refuses what is no JSON, no object, or nested without end", () => {
    expect(() => jsonToProtobuf("{")).toThrow(/Not JSON/);
    expect(() => jsonToProtobuf("[1]")).toThrow(/the document is not an object/);
    const value = `${'{"arrayValue":{"values":['.repeat(5000)}{}${"]}}".repeat(5000)}`;
    expect(() =>
      jsonToProtobuf(body({}).replace('"spanId"', `"attributes":[{"key":"k","value":${value}}],"spanId"`)),
    ).toThrow(/nested deeper than 64 levels/);
  });
});
