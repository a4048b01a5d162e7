import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join, resolve } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";

import { TracegateError } from "../../src/core/errors.ts";
import { logsJsonToProtobuf } from "../../src/otlp/logs-json-to-protobuf.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { WireReader } from "../../src/otlp/wire-reader.ts";
import { type Receiver, type ReceiverOptions, startReceiver } from "../../src/receiver/receiver.ts";
import { hasCaptures } from "../otlp/captures.ts";
import { answerOf, frame, GrpcClient, LOGS_EXPORT } from "./grpc-client.ts";
import { logRequest, recorder, request, span, spanId, traceId } from "./otlp-samples.ts";

const CAPTURES = resolve(
  import.meta.dirname,
  "../../../shared/captures/@opentelemetry/exporter-trace-otlp-grpc",
);
const ABSENT = hasCaptures ? "" : " (skipped: ../shared/captures is not there)";

let receiver: Receiver | undefined;
let client: GrpcClient | undefined;

afterEach(async () => {
  await client?.close();
  await receiver?.close();
  client = undefined;
  receiver = undefined;
});

async function start(options: Partial<ReceiverOptions> = {}) {
  const { fragments, accept } = recorder();
  receiver = await startReceiver({ port: 0, grpcPort: 0, accept, signal: async () => {}, ...options });
  client = new GrpcClient(receiver.grpcUrl);
  return { fragments, receiver, client };
}

const ONE = request([span(1, 1)]);

describe("taking calls", () => {
  const packed: readonly [string, (bytes: Uint8Array) => Uint8Array][] = [
    ["gzip", (bytes) => gzipSync(bytes)],
    ["deflate", (bytes) => deflateSync(bytes)],
  ];

  it("takes a plain message and answers OK with an empty one", async () => {
    const { fragments, receiver, client } = await start();
    const answer = await client.call([frame(ONE)]);
    expect(answer).toMatchObject({ status: 200, code: "0", body: Buffer.alloc(0), retryAfterS: null });
    expect(answer.headers["content-type"]).toBe("application/grpc");
    expect(fragments.map((fragment) => fragment.traceId)).toEqual([traceId(1)]);
    expect(receiver.counts()).toMatchObject({ requests: 1, spans: 1, bytes: ONE.length, inflightBytes: 0 });
  });

  it.each(packed)(
    "takes a message compressed by %s, or left plain although it could be",
    async (name, pack) => {
      const { fragments, client } = await start();
      const headers = { "grpc-encoding": name };
      expect((await client.call([frame(pack(ONE), true)], headers)).code).toBe("0");
      expect((await client.call([frame(ONE)], headers)).code).toBe("0");
      expect(fragments).toHaveLength(2);
    },
  );

  it("takes a message in pieces, prefix and all", async () => {
    const { fragments, client } = await start();
    const bytes = frame(ONE);
    const pieces = [bytes.subarray(0, 2), bytes.subarray(2, 7), bytes.subarray(7)];
    expect((await client.call(pieces)).code).toBe("0");
    expect(fragments.flatMap((fragment) => readSpans(fragment.bytes))).toHaveLength(1);
  });

  it("takes several messages of one call, and empty ones", async () => {
    const { fragments, client } = await start();
    const frames = [frame(ONE), frame(new Uint8Array()), frame(gzipSync(request([span(2, 2)])), true)];
    expect((await client.call(frames, { "grpc-encoding": "gzip" })).code).toBe("0");
    expect((await client.call([frame(new Uint8Array())])).code).toBe("0");
    expect(fragments.map((fragment) => fragment.traceId)).toEqual([traceId(1), traceId(2)]);
  });

  it("takes a message of 20 MB, larger than the window of the call", async () => {
    const { fragments, client } = await start();
    const large = request([span(1, 1, { attributes: { text: "x".repeat(20_000_000) } })]);
    expect((await client.call([frame(large)])).code).toBe("0");
    expect(fragments[0]?.bytes.length).toBeGreaterThan(20_000_000);
  });

  it("takes 300 calls at once on one connection", async () => {
    const { fragments, client } = await start();
    const calls = Array.from({ length: 300 }, (_, index) =>
      client.call([frame(request([span(index + 1, 1)]))]),
    );
    expect(new Set((await Promise.all(calls)).map(({ code }) => code))).toEqual(new Set(["0"]));
    expect(new Set(fragments.map((fragment) => fragment.traceId)).size).toBe(300);
  });

  it("takes log records, and rejects those with wrong ids", async () => {
    const { fragments, receiver, client } = await start();
    const records = [
      { traceId: traceId(1), spanId: spanId(1) },
      { traceId: "abcd", spanId: spanId(1) },
    ];
    const answer = await client.call([frame(logsJsonToProtobuf(logRequest(records)))], {
      ":path": LOGS_EXPORT,
    });
    expect(answer.code).toBe("0");
    const reader = new WireReader(answer.body ?? Buffer.alloc(0));
    const partial = reader.next() ? reader.nested() : reader;
    expect([partial.next(), partial.field, partial.low]).toEqual([true, 1, 1]);
    expect(partial.next() && partial.text()).toBe("1 record has a trace id that is not 16 bytes long.");
    expect(fragments).toMatchObject([{ heads: [], records: [{ spanId: spanId(1) }] }]);
    expect(receiver.counts()).toMatchObject({ logRecords: 1, rejectedLogRecords: 1, spans: 0 });
  });

  it("answers OK only after accept has resolved, and closes only after the answer", async () => {
    const asked = Promise.withResolvers<void>();
    const durable = Promise.withResolvers<void>();
    const { receiver, client } = await start({
      accept: () => {
        asked.resolve();
        return durable.promise;
      },
    });
    const order: string[] = [];
    const answer = client.call([frame(ONE)]).then(({ code }) => order.push(`answered ${code}`));
    await asked.promise;
    const closed = receiver.close().then(() => order.push("closed"));
    durable.resolve();
    await Promise.all([answer, closed]);
    expect(order).toEqual(["answered 0", "closed"]);
  });

  it.skipIf(!hasCaptures).each(["001-grpc", "002-grpc"])(
    `takes what the SDK's exporter was recorded to send: %s${ABSENT}`,
    async (name) => {
      const { fragments, client } = await start();
      const meta: { headers: Record<string, string> } = JSON.parse(
        readFileSync(join(CAPTURES, `${name}.meta.json`), "utf8"),
      );
      const { ":authority": _, ...headers } = meta.headers;
      const answer = await client.call([readFileSync(join(CAPTURES, `${name}.frame`))], headers);
      expect(answer).toMatchObject({ status: 200, code: "0" });
      expect(fragments.flatMap((fragment) => readSpans(fragment.bytes)).length).toBeGreaterThan(0);
    },
  );
});

describe("refusing calls", () => {
  const wrong: readonly [string, readonly Uint8Array[], Record<string, string>, string, RegExp][] = [
    ["a message that is not protobuf", [frame(Buffer.from([0x0b, 0x0c]))], {}, "3", /Not OTLP protobuf/],
    ["a message cut short", [frame(ONE).subarray(0, -3)], {}, "3", /cut short/],
    ["a prefix cut short", [Buffer.from([0, 0])], {}, "3", /cut short/],
    ["no message", [], {}, "3", /missing/],
    ["an unknown flag", [Buffer.from([7, 0, 0, 0, 0])], {}, "3", /marked by 7/],
    ["a compressed message without encoding", [frame(gzipSync(ONE), true)], {}, "3", /identity/],
    ["broken gzip", [frame(Buffer.from("no gzip"), true)], { "grpc-encoding": "gzip" }, "3", /inflated/],
    ["an unknown encoding", [frame(ONE)], { "grpc-encoding": "snappy" }, "12", /snappy/],
    ["an unknown method", [frame(ONE)], { ":path": "/x.Metrics/Export" }, "12", /Nothing is at \/x.Metrics/],
  ];

  it.each(wrong)("answers %s with its status", async (_, chunks, headers, code, message) => {
    const { fragments, receiver, client } = await start();
    const answer = await client.call(chunks, headers);
    expect(answer).toMatchObject({ status: 200, code, retryAfterS: null, body: null });
    expect(answer.message).toMatch(message);
    expect(fragments).toEqual([]);
    expect(receiver.counts()).toMatchObject({ requests: 1, inflightBytes: 0 });
    expect((await client.call([frame(ONE)])).code).toBe("0");
  });

  it("answers HTTP 415 to what is not gRPC", async () => {
    const { client } = await start();
    const answer = await client.call([ONE], { "content-type": "application/x-protobuf" });
    expect([answer.status, answer.code]).toEqual([415, undefined]);
    const grpcLike = await client.call([frame(ONE)], { "content-type": "application/grpc-web" });
    expect(grpcLike.status).toBe(415);
  });

  const faults: readonly [string, Error, string, number | null][] = [
    ["overloaded", new TracegateError("overloaded", "100 % full", { retryable: true }), "8", 1],
    [
      "overloaded until a time",
      new TracegateError("overloaded", "full", { retryable: true, retryAt: 1_000_000 + 6_500 }),
      "8",
      7,
    ],
    ["a retryable fault", new TracegateError("unavailable", "disk “full”", { retryable: true }), "14", 5],
    ["a permanent fault", new TracegateError("internal", "broken"), "13", null],
    ["an exception that is not ours", new TypeError("secret detail"), "13", null],
  ];

  it.each(faults)("answers %s of accept with its status", async (_, error, code, retryAfterS) => {
    const seen: unknown[] = [];
    const { client } = await start({
      accept: () => Promise.reject(error),
      clock: { now: () => 1_000_000 },
      onFault: (fault) => seen.push(fault),
    });
    const answer = await client.call([frame(ONE)]);
    expect(answer).toMatchObject({ code, retryAfterS });
    expect(answer.message).toBe(
      error instanceof TracegateError
        ? error.message
        : "tracegate failed to take the spans; its log says why.",
    );
    expect(seen).toEqual(code === "8" ? [] : [error]);
  });

  it("refuses messages over the limit, also those that inflate to more", async () => {
    // Were the whole of it inflated before it is measured, the budget would be spent: another status.
    const limits = { bodyBytes: 100_000, wireBytes: 100_000, inflightBytes: 1_000_000 };
    const { fragments, receiver, client } = await start({ limits });
    const large = frame(new Uint8Array(5_000_000));
    expect(await client.call([large])).toMatchObject({ code: "3", retryAfterS: null });
    const bomb = frame(gzipSync(new Uint8Array(50_000_000)), true);
    const answer = await client.call([bomb], { "grpc-encoding": "gzip" });
    expect([answer.code, answer.message]).toEqual(["3", expect.stringContaining("the limit is 100000")]);
    const parts = [
      frame(gzipSync(new Uint8Array(60_000)), true),
      frame(gzipSync(new Uint8Array(60_000)), true),
    ];
    expect((await client.call(parts, { "grpc-encoding": "gzip" })).code).toBe("3");
    expect(fragments).toEqual([]);
    expect(receiver.counts()).toMatchObject({ refused: { 413: 3 }, inflightBytes: 0 });
  });

  it("shares the budget of bytes with HTTP: beyond it, RESOURCE_EXHAUSTED with a time to wait", async () => {
    const asked = Promise.withResolvers<void>();
    const durable = Promise.withResolvers<void>();
    const { receiver, client } = await start({
      limits: { inflightBytes: 1_000_000 },
      accept: () => {
        asked.resolve();
        return durable.promise;
      },
    });
    const large = request([span(1, 1, { attributes: { text: "x".repeat(800_000) } })]);
    const headers = { "Content-Type": "application/x-protobuf" };
    const http = fetch(`${receiver.url}/v1/traces`, { method: "POST", headers, body: new Uint8Array(large) });
    await asked.promise;
    expect(await client.call([frame(large)])).toMatchObject({ code: "8", retryAfterS: 1 });
    const packed = frame(gzipSync(large), true);
    expect(await client.call([packed], { "grpc-encoding": "gzip" })).toMatchObject({
      code: "8",
      retryAfterS: 1,
    });
    durable.resolve();
    expect((await http).status).toBe(200);
    expect((await client.call([frame(large)])).code).toBe("0");
    expect(receiver.counts()).toMatchObject({ refused: { 429: 2 }, inflightBytes: 0 });
  });

  it("wants the token in the metadata, and reads no message without", async () => {
    const { fragments, client } = await start({ token: "s3cret" });
    expect((await client.call([frame(ONE)])).code).toBe("16");
    expect((await client.call([frame(ONE)], { authorization: "Bearer s3cre" })).code).toBe("16");
    expect((await client.call([frame(ONE)], { ":path": "/x", authorization: "Bearer no" })).code).toBe("16");
    expect(fragments).toEqual([]);
    expect((await client.call([frame(ONE)], { authorization: "Bearer s3cret" })).code).toBe("0");
    expect((await client.call([frame(ONE)], { "x-api-key": "s3cret" })).code).toBe("0");
  });
});

describe("difficult senders", () => {
  it("answers UNAVAILABLE to a message that does not arrive in time", async () => {
    const { receiver, client } = await start({ limits: { requestTimeoutMs: 80 } });
    const stream = client.open();
    stream.write(frame(ONE).subarray(0, 10));
    expect(await answerOf(stream)).toMatchObject({ code: "14", retryAfterS: 5 });
    await expect.poll(() => receiver.counts().inflightBytes).toBe(0);
  });

  it("forgets a call that its sender resets, or whose connection breaks", async () => {
    const { fragments, receiver, client } = await start();
    const stream = client.open();
    stream.write(frame(ONE).subarray(0, 10));
    await expect.poll(() => receiver.counts().inflightBytes).toBeGreaterThan(0);
    stream.close();
    await expect.poll(() => receiver.counts().inflightBytes).toBe(0);
    client.open().write(frame(ONE).subarray(0, 10));
    await expect.poll(() => receiver.counts().inflightBytes).toBeGreaterThan(0);
    client.session.destroy();
    await expect.poll(() => receiver.counts().inflightBytes).toBe(0);
    const other = new GrpcClient(receiver.grpcUrl);
    expect((await other.call([frame(ONE)])).code).toBe("0");
    await other.close();
    expect(fragments).toHaveLength(1);
  });

  it("outlives bytes that are no HTTP/2", async () => {
    const { receiver, client } = await start();
    const { port } = new URL(receiver.grpcUrl ?? "");
    const socket = connect(Number(port), "127.0.0.1");
    socket.on("error", () => {}).resume();
    socket.end("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await new Promise((closed) => socket.once("close", closed));
    expect((await client.call([frame(ONE)])).code).toBe("0");
  });
});

describe("the port", () => {
  it("is closed unless asked for", async () => {
    receiver = await startReceiver({ port: 0, accept: async () => {}, signal: async () => {} });
    expect(receiver.grpcUrl).toBeNull();
  });

  it("names its key when it is in use, and leaves the HTTP port closed", async () => {
    const { receiver } = await start();
    const grpcPort = Number(new URL(receiver.grpcUrl ?? "").port);
    const free = await startReceiver({ port: 0, accept: async () => {}, signal: async () => {} });
    await free.close();
    const options = { port: free.port, accept: async () => {}, signal: async () => {} };
    await expect(startReceiver({ ...options, grpcPort })).rejects.toMatchObject({
      code: "config",
      message: expect.stringMatching(
        /Port \d+ is in use.*receiver\.grpcPort; 0 picks a free one, null does without/,
      ),
    });
    await (await startReceiver(options)).close();
  });
});
