import { deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";

import { TracegateError } from "../../src/core/errors.ts";
import { WireReader } from "../../src/otlp/wire-reader.ts";
import { type Receiver, type ReceiverOptions, startReceiver } from "../../src/receiver/receiver.ts";
import { jsonRequest, recorder, request, span, spanId, traceId } from "./otlp-samples.ts";

const PROTOBUF = "application/x-protobuf";
const JSON_TYPE = "application/json";

let receiver: Receiver | undefined;

afterEach(async () => {
  await receiver?.close();
  receiver = undefined;
});

async function start(options: Partial<ReceiverOptions> = {}): Promise<Receiver> {
  receiver = await startReceiver({ port: 0, accept: async () => {}, signal: async () => {}, ...options });
  return receiver;
}

function post(
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string>,
  path = "/v1/traces",
): Promise<Response> {
  return fetch(`${receiver?.url}${path}`, { method: "POST", headers, body });
}

/** The code and message of a google.rpc.Status in either encoding. */
async function statusOf(response: Response): Promise<{ code: number; message: string }> {
  const type = response.headers.get("content-type");
  if (type === JSON_TYPE) return (await response.json()) as { code: number; message: string };
  expect(type).toBe(PROTOBUF);
  const reader = new WireReader(Buffer.from(await response.arrayBuffer()));
  const status = { code: 0, message: "" };
  while (reader.next()) {
    if (reader.field === 1) status.code = reader.low;
    if (reader.field === 2) status.message = reader.text();
  }
  return status;
}

describe("taking spans", () => {
  const compressions: [string, (bytes: Uint8Array) => Uint8Array][] = [
    ["identity", (bytes) => bytes],
    ["gzip", (bytes) => gzipSync(bytes)],
    ["zstd", (bytes) => zstdCompressSync(bytes)],
    ["deflate", (bytes) => deflateSync(bytes)],
  ];

  it.each(compressions)(
    "takes protobuf compressed by %s and answers with an empty message",
    async (name, pack) => {
      const { fragments, accept } = recorder();
      await start({ accept });
      const body = pack(request([span(1, 1), span(2, 2)]));
      const response = await post(new Uint8Array(body), {
        "Content-Type": PROTOBUF,
        "Content-Encoding": name,
      });
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe(PROTOBUF);
      expect((await response.arrayBuffer()).byteLength).toBe(0);
      expect(fragments.map((fragment) => fragment.traceId)).toEqual([traceId(1), traceId(2)]);
    },
  );

  it.each(compressions)("takes JSON compressed by %s and answers {}", async (name, pack) => {
    const { fragments, accept } = recorder();
    await start({ accept });
    const text = jsonRequest({ traceId: traceId(3).toUpperCase(), spanId: spanId(4) });
    const response = await post(new Uint8Array(pack(Buffer.from(text))), {
      "Content-Type": `${JSON_TYPE}; charset=utf-8`,
      "Content-Encoding": name,
    });
    expect([response.status, await response.text()]).toEqual([200, "{}"]);
    expect(fragments.map((fragment) => [fragment.traceId, fragment.heads[0]?.spanId])).toEqual([
      [traceId(3), spanId(4)],
    ]);
  });

  it.each([PROTOBUF, JSON_TYPE])(
    "answers 200 to an empty body of %s, also when it is said to be gzip",
    async (type) => {
      const { fragments, accept } = recorder();
      await start({ accept });
      expect((await post("", { "Content-Type": type })).status).toBe(200);
      expect((await post("", { "Content-Type": type, "Content-Encoding": "gzip" })).status).toBe(200);
      expect(fragments).toEqual([]);
    },
  );

  it("answers 200 only after accept has resolved", async () => {
    const asked = Promise.withResolvers<void>();
    const durable = Promise.withResolvers<void>();
    await start({
      accept: () => {
        asked.resolve();
        return durable.promise;
      },
    });
    let answered = false;
    const response = post(new Uint8Array(request([span(1, 1)])), { "Content-Type": PROTOBUF }).then((got) => {
      answered = true;
      return got;
    });
    await asked.promise;
    // A whole other request and its answer pass in the meantime.
    expect((await fetch(`${receiver?.url}/healthz`)).status).toBe(200);
    expect(answered).toBe(false);
    durable.resolve();
    expect((await response).status).toBe(200);
  });

  it("takes the good spans and reports those with wrong ids as a partial success", async () => {
    const { fragments, accept } = recorder();
    await start({ accept });
    const bad = { ...span(1, 2), traceId: "abcd" };
    const response = await post(new Uint8Array(request([span(1, 1), bad])), { "Content-Type": PROTOBUF });
    expect(response.status).toBe(200);
    const reader = new WireReader(Buffer.from(await response.arrayBuffer()));
    expect(reader.next() && reader.isLengthDelimited(1)).toBe(true);
    const partial = reader.nested();
    expect([partial.next(), partial.field, partial.low]).toEqual([true, 1, 1]);
    expect(partial.next() && partial.text()).toMatch(/trace id/);
    expect(fragments.flatMap((fragment) => fragment.heads.map((head) => head.spanId))).toEqual([spanId(1)]);

    const asJson = await post(jsonRequest({ traceId: "ff", spanId: spanId(1) }), {
      "Content-Type": JSON_TYPE,
    });
    expect(await asJson.json()).toEqual({
      partialSuccess: { rejectedSpans: "1", errorMessage: expect.stringContaining("trace id") },
    });
    expect(receiver?.counts()).toMatchObject({ requests: 2, spans: 1, rejectedSpans: 2 });
  });

  it("drops the spans tracegate sends about itself, and counts them", async () => {
    const { fragments, accept } = recorder();
    await start({ accept });
    const body = request([span(1, 1)], { "service.name": "tracegate" });
    expect((await post(new Uint8Array(body), { "Content-Type": PROTOBUF })).status).toBe(200);
    expect(fragments).toEqual([]);
    expect(receiver?.counts()).toMatchObject({ spans: 0, ownSpans: 1 });
  });
});

describe("refusing", () => {
  it.each([
    ["truncated protobuf", request([span(1, 1)]).slice(0, -3), PROTOBUF],
    ["a group, which OTLP never uses", Buffer.from([0x0b, 0x0c]), PROTOBUF],
    ["broken JSON", Buffer.from('{"resourceSpans": ['), JSON_TYPE],
    ["JSON that is not an object", Buffer.from("[1]"), JSON_TYPE],
    ["JSON with a wrong type inside", Buffer.from('{"resourceSpans": 7}'), JSON_TYPE],
    ["text that is not UTF-8", Buffer.from([0x22, 0xff, 0xfe, 0x22]), JSON_TYPE],
  ])("answers 400 with a status message to %s", async (_, body, type) => {
    const { fragments, accept } = recorder();
    await start({ accept });
    const response = await post(new Uint8Array(body), { "Content-Type": type });
    expect(response.status).toBe(400);
    const status = await statusOf(response);
    expect(status.code).toBe(3);
    expect(status.message.length).toBeGreaterThan(10);
    expect(fragments).toEqual([]);
    expect(receiver?.counts()).toMatchObject({ refused: { 400: 1 }, inflightBytes: 0 });
  });

  it.each(["text/plain", "application/grpc", ""])("answers 415 to content type '%s'", async (type) => {
    await start();
    const response = await post(Buffer.from("x"), { "Content-Type": type });
    expect([response.status, (await statusOf(response)).message]).toEqual([
      415,
      expect.stringContaining("application/x-protobuf"),
    ]);
  });

  it("answers 415 to an unknown encoding and says which it takes", async () => {
    await start();
    const response = await post("x", { "Content-Type": PROTOBUF, "Content-Encoding": "br" });
    expect([response.status, response.headers.get("accept-encoding")]).toEqual([
      415,
      "gzip, zstd, deflate, identity",
    ]);
    expect((await statusOf(response)).message).toContain("br");
  });

  it("answers 405 with Allow, and 404 to what it does not receive", async () => {
    await start();
    const got = await fetch(`${receiver?.url}/v1/traces`);
    expect([got.status, got.headers.get("allow")]).toEqual([405, "POST"]);
    const metrics = await post("{}", { "Content-Type": JSON_TYPE }, "/v1/metrics");
    expect([metrics.status, (await statusOf(metrics)).code]).toEqual([404, 5]);
  });

  const faults: [string, TracegateError | Error, number, string | null][] = [
    ["overloaded", new TracegateError("overloaded", "full", { retryable: true }), 429, "1"],
    [
      "overloaded until a time",
      new TracegateError("overloaded", "full", { retryable: true, retryAt: 1_000_000 + 6_500 }),
      429,
      "7",
    ],
    ["a retryable fault", new TracegateError("unavailable", "disk full", { retryable: true }), 503, "5"],
    ["a permanent fault", new TracegateError("internal", "broken"), 500, null],
    ["an exception that is not ours", new TypeError("secret detail"), 500, null],
  ];

  it.each(faults)("answers %s of accept with its status", async (_, error, status, retryAfter) => {
    const seen: unknown[] = [];
    await start({
      accept: () => Promise.reject(error),
      clock: { now: () => 1_000_000 },
      onFault: (fault) => seen.push(fault),
    });
    const response = await post(new Uint8Array(request([span(1, 1)])), { "Content-Type": PROTOBUF });
    expect([response.status, response.headers.get("retry-after")]).toEqual([status, retryAfter]);
    expect((await statusOf(response)).message).not.toContain("secret detail");
    expect(seen).toEqual(status >= 500 ? [error] : []);
  });
});

describe("the completion signal", () => {
  it("passes the trace id on, in lower case, and answers 204", async () => {
    const signals: string[] = [];
    await start({ signal: async (id) => void signals.push(id) });
    const response = await post("", {}, `/v1/traces/${"AB".repeat(16)}/complete`);
    expect([response.status, signals]).toEqual([204, ["ab".repeat(16)]]);
  });

  it.each(["xyz", "0".repeat(32), "ab".repeat(17)])("answers 400 to the id %s", async (id) => {
    await start();
    expect((await post("", {}, `/v1/traces/${id}/complete`)).status).toBe(400);
  });

  it("answers 503 when the signal cannot be kept now", async () => {
    const error = new TracegateError("unavailable", "busy", { retryable: true });
    await start({ signal: () => Promise.reject(error) });
    expect((await post("", {}, `/v1/traces/${traceId(1)}/complete`)).status).toBe(503);
  });
});

describe("who may send", () => {
  it("refuses to listen beyond loopback without a token", async () => {
    await expect(start({ host: "0.0.0.0" })).rejects.toMatchObject({ code: "config" });
    await expect(start({ host: "0.0.0.0", token: "" })).rejects.toMatchObject({ code: "config" });
  });

  it("with a token, answers 401 to everybody else, before reading the body; health needs none", async () => {
    const { fragments, accept } = recorder();
    await start({ host: "0.0.0.0", token: "s3cret", accept });
    const body = new Uint8Array(request([span(1, 1)]));
    const base = `http://127.0.0.1:${receiver?.port}`;
    const send = (headers: Record<string, string>) =>
      fetch(`${base}/v1/traces`, { method: "POST", headers: { "Content-Type": PROTOBUF, ...headers }, body });
    expect((await send({})).status).toBe(401);
    expect((await send({ Authorization: "Bearer s3cre" })).status).toBe(401);
    expect((await send({ Authorization: "Basic s3cret" })).status).toBe(401);
    expect((await fetch(`${base}/v1/traces/${traceId(1)}/complete`, { method: "POST" })).status).toBe(401);
    expect(fragments).toEqual([]);
    expect((await send({ Authorization: "Bearer s3cret" })).status).toBe(200);
    expect((await fetch(`${base}/healthz`)).status).toBe(200);
  });

  it("says what to do when the port is in use", async () => {
    const first = await start();
    await expect(
      startReceiver({ port: first.port, accept: async () => {}, signal: async () => {} }),
    ).rejects.toThrow(new RegExp(`Port ${first.port} is in use.*another port`));
  });
});
