import { describe, expect, it } from "vitest";

import type { JsonObject } from "../../src/core/json.ts";
import { jsonToProtobuf } from "../../src/otlp/json-to-protobuf.ts";
import { logsJsonToProtobuf } from "../../src/otlp/logs-json-to-protobuf.ts";
import { mergeTraces } from "../../src/otlp/merge-traces.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { splitLogsByTrace } from "../../src/otlp/split-logs-by-trace.ts";

const TRACE = "a".repeat(32);
const SPAN = "b".repeat(16);
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

const record = (fields: JsonObject = {}) => ({
  traceId: TRACE,
  spanId: SPAN,
  eventName: "gen_ai.user.message",
  ...fields,
});
const requestOf = (logRecords: readonly object[], resource = "shop") =>
  logsJsonToProtobuf(
    JSON.stringify({
      resourceLogs: [
        {
          resource: { attributes: [text("service.name", resource)] },
          scopeLogs: [{ scope: { name: "x" }, logRecords }],
        },
      ],
    }),
  );
const split = (logRecords: readonly object[], resource?: string) =>
  splitLogsByTrace(requestOf(logRecords, resource));
const span = (fields: JsonObject = {}) =>
  jsonToProtobuf(
    JSON.stringify({
      resourceSpans: [
        {
          scopeSpans: [
            { spans: [{ traceId: TRACE, spanId: SPAN, name: "chat", endTimeUnixNano: 2, ...fields }] },
          ],
        },
      ],
    }),
  );
const chunksOf = (records: readonly object[]) => split(records).fragments.map(({ bytes }) => bytes);
/** The events of the one span, after it was merged with records. */
const eventsOf = (records: readonly object[], more: JsonObject = {}) => {
  const [read, ...others] = readSpans(mergeTraces([span(more), ...chunksOf(records)]));
  expect(others).toEqual([]);
  return read?.events;
};

describe("splitLogsByTrace", () => {
  it("makes one fragment per trace, whose records readSpans takes for no spans", () => {
    const other = "c".repeat(32);
    const { fragments } = split([
      record(),
      record({ traceId: other.toUpperCase() }),
      record({ spanId: "d".repeat(16) }),
    ]);
    expect(
      fragments.map(({ traceId, heads, records }) => [
        traceId,
        heads.length,
        records?.map((head) => head.spanId),
      ]),
    ).toEqual([
      [TRACE, 0, [SPAN, "d".repeat(16)]],
      [other, 0, [SPAN]],
    ]);
    expect(fragments.flatMap(({ bytes }) => readSpans(bytes))).toEqual([]);
    expect(fragments.flatMap(({ bytes }) => readSpans(mergeTraces([bytes])))).toEqual([]);
  });

  it("knows the same record by the same key, and another by another", () => {
    const keys = split([
      record(),
      record(),
      record({ timeUnixNano: 1 }),
      record({ spanId: "d".repeat(16) }),
    ]).fragments[0]?.records?.map(({ key }) => key);
    expect(new Set(keys).size).toBe(3);
    expect(keys?.[0]).toBe(keys?.[1]);
    expect(keys?.[0]).toMatch(/^[0-9a-f]{16}$/);
  });

  it("takes the name from the field, else from the attribute event.name", () => {
    const named = { eventName: "one", attributes: [text("event.name", "two")] };
    expect(eventsOf([record(named)])).toMatchObject([{ name: "one" }]);
    expect(eventsOf([record({ ...named, eventName: "" })])).toMatchObject([{ name: "two" }]);
  });

  it("takes the time, else the time it was observed", () => {
    const observed = { observedTimeUnixNano: "3000000" };
    expect(eventsOf([record({ ...observed, timeUnixNano: "2000000" })])).toMatchObject([{ time: 2 }]);
    expect(eventsOf([record({ ...observed, timeUnixNano: "0" })])).toMatchObject([{ time: 3 }]);
  });

  it("keeps attributes and the entries of the body side by side; of one key the body's", () => {
    const body = { kvlistValue: { values: [text("content", "hi"), text("twice", "body")] } };
    const attributes = [text("gen_ai.system", "openai"), text("twice", "attribute")];
    expect(eventsOf([record({ body, attributes })])?.[0]?.attributes).toEqual({
      "gen_ai.system": "openai",
      content: "hi",
      twice: "body",
    });
  });

  it("keeps a body of JSON where dialects look for it, and any other as `body`", () => {
    const json = '{"content":"hi"}';
    expect(eventsOf([record({ body: { stringValue: json } })])?.[0]?.attributes).toEqual({
      "gen_ai.event.content": json,
    });
    expect(eventsOf([record({ body: { stringValue: "hi" } })])?.[0]?.attributes).toEqual({ body: "hi" });
    expect(
      eventsOf([record({ body: { arrayValue: { values: [{ intValue: 1 }] } } })])?.[0]?.attributes,
    ).toEqual({
      body: [1],
    });
    expect(eventsOf([record({ body: {} })])?.[0]?.attributes).toEqual({});
  });

  it("leaves out, and counts, what belongs to no span or is a plain line of a log", () => {
    const none = "0".repeat(32);
    const answer = split([
      record({ traceId: "" }),
      record({ traceId: none }),
      record({ spanId: "" }),
      record({ eventName: "" }),
    ]);
    expect(answer).toMatchObject({
      fragments: [],
      rejected: 0,
      reason: null,
      withoutSpan: 3,
      withoutName: 1,
    });
  });

  it("leaves out the records of tracegate itself", () => {
    expect(split([record()], "tracegate")).toMatchObject({ fragments: [], rejected: 0, ours: 1 });
  });

  it("rejects wrong ids and undecodable values, and says which and how many", () => {
    const body = { kvlistValue: { values: [text("content", "BROKEN")] } };
    const bytes = requestOf([
      record({ traceId: "abcd" }),
      record({ spanId: "ab" }),
      record(),
      record({ body }),
    ]);
    const place = Buffer.from(bytes.buffer).indexOf("BROKEN");
    bytes[place - 1] = 99;
    const answer = splitLogsByTrace(bytes);
    expect(answer.fragments[0]?.records).toHaveLength(1);
    expect([answer.rejected, answer.reason]).toEqual([
      3,
      "1 record has a trace id that is not 16 bytes long; 1 record has a span id that is not 8 bytes long; " +
        "1 record has a value that cannot be decoded.",
    ]);
  });
});

describe("log records in mergeTraces", () => {
  const said = (content: string, time: number) =>
    record({ timeUnixNano: time * 1_000_000, body: { kvlistValue: { values: [text("content", content)] } } });
  const contents = (chunks: readonly Uint8Array[]) =>
    readSpans(mergeTraces(chunks)).map(({ name, events }) => [
      name,
      ...events.map(({ name, attributes }) => attributes.content ?? name),
    ]);

  it("stand behind the span's own events, by time, then in order of arrival", () => {
    const own = span({ events: [{ timeUnixNano: 9_000_000, name: "own" }] });
    const records = [said("c", 2), said("a", 1), said("b", 1), said("d", 2)];
    expect(contents([...chunksOf(records), own])).toEqual([["chat", "own", "a", "b", "c", "d"]]);
  });

  it("are the same after any number of merges, in any order", () => {
    const [one, other] = [chunksOf([said("a", 1), said("b", 2)]), chunksOf([said("b", 2), said("c", 3)])];
    const wanted = [["chat", "a", "b", "c"]];
    const once = mergeTraces([span(), ...one]);
    expect(contents([once, ...other])).toEqual(wanted);
    expect(contents([...other, once, span()])).toEqual(wanted);
    expect(contents([mergeTraces([...one, ...other]), once, mergeTraces([span(), ...other])])).toEqual(
      wanted,
    );
    expect(mergeTraces([once, once])).toEqual(once);
  });

  it("move to the better of two copies of their span", () => {
    const pending = mergeTraces([span({ name: "pending", endTimeUnixNano: 0 }), ...chunksOf([said("a", 1)])]);
    expect(contents([pending, span()])).toEqual([["chat", "a"]]);
    expect(contents([span(), pending])).toEqual([["chat", "a"]]);
    const longer = span({ name: "a longer name" });
    const withText = mergeTraces([span(), ...chunksOf([said("text that is longer than all of it", 1)])]);
    expect(contents([withText, longer])[0]?.[0]).toBe("a longer name");
  });

  it("stay in the bytes while their span is not there", () => {
    const waiting = mergeTraces(chunksOf([said("a", 1)]));
    expect(readSpans(waiting)).toEqual([]);
    expect(contents([mergeTraces([waiting, ...chunksOf([said("b", 2)])]), span()])).toEqual([
      ["chat", "a", "b"],
    ]);
  });
});
