import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";

import { readTrace } from "../../src/conventions/read-trace.ts";
import { logsJsonToProtobuf } from "../../src/otlp/logs-json-to-protobuf.ts";
import { mergeTraces } from "../../src/otlp/merge-traces.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { openCapture } from "../../src/receiver/capture.ts";
import { type Receiver, startReceiver } from "../../src/receiver/receiver.ts";
import { logRequest, recorder, request, span, spanId, traceId } from "./otlp-samples.ts";

const PROTOBUF = "application/x-protobuf";
const JSON_TYPE = "application/json";
const IDS = { traceId: traceId(1), spanId: spanId(1) };

let receiver: Receiver | undefined;

afterEach(async () => {
  await receiver?.close();
  receiver = undefined;
});

async function start() {
  const { fragments, accept } = recorder();
  receiver = await startReceiver({ port: 0, accept, signal: async () => {} });
  const { url } = receiver;
  return {
    fragments,
    counts: () => receiver?.counts(),
    post: (type: string, body: string | Uint8Array<ArrayBuffer>, encoding = "identity", path = "/v1/logs") =>
      fetch(`${url}${path}`, {
        method: "POST",
        headers: { "Content-Type": type, "Content-Encoding": encoding },
        body,
      }),
  };
}

const said = (contents: readonly string[], ids: object = IDS) =>
  contents.map((content, index) => ({
    ...ids,
    timeUnixNano: String(1_001_000_000 + index),
    eventName: index % 2 === 0 ? "gen_ai.user.message" : "gen_ai.choice",
    body: {
      kvlistValue: {
        values: [
          index % 2 === 0
            ? { key: "content", value: { stringValue: content } }
            : {
                key: "message",
                value: { kvlistValue: { values: [{ key: "content", value: { stringValue: content } }] } },
              },
        ],
      },
    },
  }));

describe("POST /v1/logs", () => {
  it("takes protobuf and JSON, plain and compressed, and answers in kind with an empty message", async () => {
    const { fragments, post, counts } = await start();
    const json = logRequest([IDS]);
    const protobuf = new Uint8Array(logsJsonToProtobuf(json));
    const answers = [
      await post(PROTOBUF, protobuf),
      await post(PROTOBUF, new Uint8Array(gzipSync(protobuf)), "gzip"),
      await post(JSON_TYPE, json),
      await post(JSON_TYPE, new Uint8Array(gzipSync(json)), "gzip"),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(["", "", "{}", "{}"]);
    expect(answers.map(({ headers }) => headers.get("content-type"))).toEqual([
      PROTOBUF,
      PROTOBUF,
      JSON_TYPE,
      JSON_TYPE,
    ]);
    const keys = fragments.flatMap(({ records = [] }) => records.map(({ key }) => key));
    expect([keys.length, new Set(keys).size]).toEqual([4, 1]);
    expect(counts()).toMatchObject({ logRecords: 4, spans: 0, rejectedLogRecords: 0 });
  });

  it("reports records with wrong ids as a partial success", async () => {
    const { post } = await start();
    const answer = await post(JSON_TYPE, logRequest([IDS, { ...IDS, spanId: "ab" }]));
    expect([answer.status, await answer.json()]).toEqual([
      200,
      {
        partialSuccess: {
          rejectedLogRecords: "1",
          errorMessage: "1 record has a span id that is not 8 bytes long.",
        },
      },
    ]);
  });

  it("drops what is no event of a span, counts it, and calls none of it an error", async () => {
    const { fragments, post, counts } = await start();
    const answer = await post(JSON_TYPE, logRequest([{ traceId: "" }, {}, { ...IDS, eventName: "" }]));
    expect([answer.status, await answer.text()]).toEqual([200, "{}"]);
    await post(JSON_TYPE, logRequest([IDS], "tracegate"));
    expect(fragments).toEqual([]);
    expect(counts()).toMatchObject({
      logRecords: 0,
      logRecordsWithoutSpan: 2,
      logRecordsWithoutName: 1,
      ownLogRecords: 1,
    });
  });

  it("refuses what traces are refused for", async () => {
    const { post } = await start();
    expect((await post(PROTOBUF, new Uint8Array([0x0b, 0x0c]))).status).toBe(400);
    expect((await post(JSON_TYPE, '{"resourceLogs": 7}')).status).toBe(400);
    expect((await post("text/plain", "x")).status).toBe(415);
    expect((await post(JSON_TYPE, "{}", "br")).status).toBe(415);
  });
});

describe("the trace", () => {
  const chat = span(1, 1, {
    name: "chat",
    attributes: { "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o-mini" },
  });
  const tool = span(1, 2, { parentSpanId: spanId(1), attributes: { "gen_ai.tool.name": "search" } });
  const traceIn = (chunks: readonly Uint8Array[]) => readTrace(readSpans(mergeTraces(chunks)));

  it("is the same with log records as with span events of the same content", async () => {
    const { fragments, post } = await start();
    await post(JSON_TYPE, logRequest(said(["hi", "hello"])));
    const events = [
      { name: "gen_ai.user.message", time: 1_001, attributes: { content: "hi" } },
      { name: "gen_ai.choice", time: 1_001, attributes: { message: { content: "hello" } } },
    ];
    const wanted = traceIn([request([{ ...chat, events }])]);
    expect(traceIn([request([chat]), ...fragments.map(({ bytes }) => bytes)])).toEqual(wanted);
    expect([wanted.input, wanted.output]).toEqual(["hi", "hello"]);
  });

  it("is the same for log records before, after, between and twice", async () => {
    const contents = ["one", "two", "three", "four"];
    const { fragments, post } = await start();
    const send = (body: Uint8Array) => post(PROTOBUF, new Uint8Array(body), "identity", "/v1/traces");
    for (const one of [chat, tool]) await send(request([one]));
    for (const record of said(contents)) await post(JSON_TYPE, logRequest([record]));
    const parts = fragments.map(({ bytes }) => bytes);
    const wanted = traceIn(parts);
    expect(wanted.messages.map(({ parts: [part] }) => part?.type === "text" && part.content)).toEqual([
      "one",
      "three",
      "two",
      "four",
    ]);
    const orders = fc.tuple(
      fc.shuffledSubarray([...parts, ...parts], { minLength: 2 * parts.length, maxLength: 2 * parts.length }),
      fc.nat(2 * parts.length),
    );
    fc.assert(
      fc.property(orders, ([order, cut]) => {
        expect(traceIn(order)).toEqual(wanted);
        // As after a revision whose payload came from the store.
        expect(traceIn([mergeTraces(order.slice(0, cut)), ...order.slice(cut)])).toEqual(wanted);
      }),
      { seed: 5, numRuns: 200 },
    );
  });
});

describe("the endpoint of a trial", () => {
  it("joins logs to the trial's spans, and waits for no span on their account", async () => {
    const capture = await openCapture({ settleMs: 60_000 });
    const { endpoint } = capture.open("a");
    const post = (path: string, type: string, body: string | Uint8Array<ArrayBuffer>) =>
      fetch(`${endpoint}${path}`, { method: "POST", headers: { "Content-Type": type }, body });
    const records = [
      ...said(["hi"]),
      ...said(["of another trace"], { traceId: traceId(9), spanId: spanId(9) }),
    ];
    expect((await post("/v1/logs", JSON_TYPE, logRequest(records))).status).toBe(200);
    const done = span(1, 1, { attributes: { "tracegate.trace.complete": true } });
    expect((await post("/v1/traces", PROTOBUF, new Uint8Array(request([done])))).status).toBe(200);
    const chunks = await capture.collect("a", { quietMs: 60_000, signal: new AbortController().signal });
    await capture.close();
    const spans = readSpans(mergeTraces(chunks));
    expect(spans.map(({ events }) => events.map(({ attributes }) => attributes.content))).toEqual([["hi"]]);
  });
});
