import { once } from "node:events";
import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { constants, createZstdCompress, gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";

import { TracegateError } from "../../src/core/errors.ts";
import { type Receiver, type ReceiverOptions, startReceiver } from "../../src/receiver/receiver.ts";
import { recorder, request, span } from "./otlp-samples.ts";

const MIB = 1024 * 1024;
const PROTOBUF = { "Content-Type": "application/x-protobuf" };
const JSON_TYPE = { "Content-Type": "application/json" };

let receiver: Receiver | undefined;

afterEach(async () => {
  await receiver?.close();
  receiver = undefined;
});

async function start(options: Partial<ReceiverOptions> = {}): Promise<Receiver> {
  receiver = await startReceiver({ port: 0, accept: async () => {}, signal: async () => {}, ...options });
  return receiver;
}

/** Opens a request whose body the test writes piece by piece. */
function open(headers: Record<string, string>): { upload: ClientRequest; answer: Promise<IncomingMessage> } {
  const upload = httpRequest(`${receiver?.url}/v1/traces`, { method: "POST", headers });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    upload.once("response", resolve);
    upload.once("error", reject);
  });
  return { upload, answer };
}

async function send(body: Uint8Array, headers: Record<string, string>): Promise<number> {
  const { upload, answer } = open(headers);
  upload.end(body);
  const response = await answer;
  response.resume();
  await once(response, "close");
  return response.statusCode ?? 0;
}

/** Resolves once the condition holds; the loop turns, so nothing here waits by the clock. */
async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error("The condition never came to hold.");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("size", () => {
  const limits = { bodyBytes: 2 * MIB, wireBytes: 2 * MIB };

  it("answers 413 to a 100 MB body and goes on", async () => {
    const { fragments, accept } = recorder();
    await start({ accept });
    expect(await send(Buffer.alloc(100_000_000), PROTOBUF)).toBe(413);
    expect(await send(Buffer.alloc(100_000_000, 0x20), JSON_TYPE)).toBe(413);
    expect(await send(request([span(1, 1)]), PROTOBUF)).toBe(200);
    expect(fragments.length).toBe(1);
    expect(receiver?.counts()).toMatchObject({ refused: { 413: 2 }, inflightBytes: 0 });
  });

  it("answers 413 to a body of unknown length once it is over the limit, while it is still being sent", async () => {
    await start({ limits });
    const { upload, answer } = open({ ...PROTOBUF, "Transfer-Encoding": "chunked" });
    upload.on("error", () => {});
    let sent = 0;
    const endless = function* () {
      for (; sent < 400; sent += 1) yield Buffer.alloc(256 * 1024);
    };
    Readable.from(endless()).pipe(upload);
    expect((await answer).statusCode).toBe(413);
    (await answer).resume();
  });

  it("lets a sender who reads only after writing see the 413, however slowly it writes", async () => {
    await start({ limits });
    const socket = connect(receiver?.port ?? 0, "127.0.0.1");
    const parts = 5;
    const head = `POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: ${parts * MIB}\r\n\r\n`;
    socket.pause();
    socket.write(head);
    for (let part = 0; part < parts; part += 1) {
      await new Promise((resolve, reject) => {
        socket.write(Buffer.alloc(MIB), (error) => (error ? reject(error) : setTimeout(resolve, 160)));
      });
    }
    socket.resume();
    const [answer] = await once(socket, "data");
    expect(String(answer)).toMatch(/^HTTP\/1\.1 413/);
    socket.destroy();
  });

  const bombs: [string, Uint8Array][] = [
    ["gzip", gzipSync(Buffer.alloc(512 * MIB))],
    ["zstd", zstdCompressSync(Buffer.alloc(512 * MIB))],
  ];

  it.each(bombs)("stops a %s bomb at the limit, not at its end", async (encoding, bomb) => {
    await start({ limits });
    expect(bomb.length).toBeLessThan(MIB);
    const before = process.memoryUsage().arrayBuffers;
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
    }, 1);
    expect(await send(bomb, { ...PROTOBUF, "Content-Encoding": encoding })).toBe(413);
    clearInterval(watch);
    expect(peak).toBeLessThan(64 * MIB);
    expect(receiver?.counts().inflightBytes).toBe(0);
  });

  it("accepts a body of exactly the limit and refuses one byte more, inflated", async () => {
    const body = request([span(1, 1, { attributes: { text: "x".repeat(50_000) } })]);
    await start({ limits: { bodyBytes: body.length } });
    expect(await send(gzipSync(body), { ...PROTOBUF, "Content-Encoding": "gzip" })).toBe(200);
    const longer = request([span(1, 1, { attributes: { text: "x".repeat(50_001) } })]);
    expect(longer.length).toBe(body.length + 1);
    expect(await send(gzipSync(longer), { ...PROTOBUF, "Content-Encoding": "gzip" })).toBe(413);
  });

  it("refuses a zstd frame that asks for more memory than HTTP allows", async () => {
    await start();
    const params = { [constants.ZSTD_c_windowLog]: 27, [constants.ZSTD_c_contentSizeFlag]: 0 };
    const packer = createZstdCompress({ params });
    const chunks: Buffer[] = [];
    packer.on("data", (chunk: Buffer) => chunks.push(chunk));
    // Written in two parts, so that the frame does not know its size and names the whole window.
    const body = request([span(1, 1, { attributes: { text: "x".repeat(MIB) } })]);
    packer.write(body.subarray(0, 100));
    packer.end(body.subarray(100));
    await once(packer, "end");
    expect(await send(Buffer.concat(chunks), { ...PROTOBUF, "Content-Encoding": "zstd" })).toBe(400);
  });
});

describe("broken bodies", () => {
  const body = request([span(1, 1, { attributes: { text: "a fairly long text ".repeat(200) } })]);

  it.each([
    ["gzip cut short", "gzip", gzipSync(body).subarray(0, -20)],
    ["zstd cut short", "zstd", zstdCompressSync(body).subarray(0, -20)],
    ["gzip that is not gzip", "gzip", body],
    ["zstd that is not zstd", "zstd", body],
    ["deflate that is not deflate", "deflate", Buffer.from([0xff, 0xff, 0xff])],
  ])("answers 400 to %s", async (_, encoding, bytes) => {
    const { fragments, accept } = recorder();
    await start({ accept });
    expect(await send(bytes, { ...PROTOBUF, "Content-Encoding": encoding })).toBe(400);
    expect(fragments).toEqual([]);
    expect(receiver?.counts().inflightBytes).toBe(0);
  });

  it("answers random bytes with 200 or 400, in every encoding, and nothing else", async () => {
    await start();
    const headers = fc
      .constantFrom("identity", "gzip", "zstd", "deflate")
      .map((name) => ({ "Content-Encoding": name }));
    const types = fc.constantFrom(PROTOBUF, JSON_TYPE);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), headers, types, async (bytes, encoding, type) => {
        expect([200, 400]).toContain(await send(bytes, { ...type, ...encoding }));
      }),
      { seed: 20_261_120, numRuns: 150 },
    );
    expect(receiver?.counts().inflightBytes).toBe(0);
  });

  it("never hands a body on whose sender went away", async () => {
    const { fragments, accept } = recorder();
    await start({ accept });
    for (const encoding of ["identity", "gzip"]) {
      const bytes = encoding === "gzip" ? gzipSync(body) : body;
      const { upload, answer } = open({
        ...PROTOBUF,
        "Content-Encoding": encoding,
        "Content-Length": String(bytes.length),
      });
      answer.catch(() => {});
      upload.write(bytes.subarray(0, bytes.length - 5));
      await until(() => (receiver?.counts().inflightBytes ?? 0) > 0);
      upload.destroy();
      await until(() => receiver?.counts().inflightBytes === 0);
    }
    expect(fragments).toEqual([]);
    expect(await send(body, PROTOBUF)).toBe(200);
  });
});

describe("load", () => {
  it("answers 429 with Retry-After while too many bytes are under way, and 200 again afterwards", async () => {
    const held = Promise.withResolvers<void>();
    await start({ accept: () => held.promise, limits: { inflightBytes: 3 * MIB } });
    const big = request([span(1, 1, { attributes: { text: "x".repeat(MIB) } })]);
    const first = send(big, PROTOBUF);
    const second = send(big, PROTOBUF);
    await until(() => (receiver?.counts().inflightBytes ?? 0) > 2 * MIB);
    const { upload, answer } = open(PROTOBUF);
    upload.end(big);
    const refused = await answer;
    expect([refused.statusCode, refused.headers["retry-after"]]).toEqual([429, "1"]);
    refused.resume();
    held.resolve();
    expect(await Promise.all([first, second])).toEqual([200, 200]);
    expect(await send(big, PROTOBUF)).toBe(200);
    expect(receiver?.counts()).toMatchObject({ inflightBytes: 0, refused: { 429: 1 } });
  });

  it("loses and doubles nothing when 200 senders retry what is refused", async () => {
    const { fragments, accept } = recorder();
    let turn = 0;
    await start({
      accept: async (more) => {
        turn += 1;
        if (turn % 3 === 0) throw new TracegateError("overloaded", "full", { retryable: true });
        await accept(more);
      },
    });
    const sender = async (number: number) => {
      const body = request([span(number, 1)]);
      for (;;) {
        const status = await send(body, PROTOBUF);
        if (status === 200) return;
        expect(status).toBe(429);
      }
    };
    await Promise.all(Array.from({ length: 200 }, (_, index) => sender(index + 1)));
    expect(fragments.length).toBe(200);
    expect(new Set(fragments.map((fragment) => fragment.traceId)).size).toBe(200);
  });
});

describe("time", () => {
  it("closes connections that send their headers or body too slowly", async () => {
    await start({ limits: { headersTimeoutMs: 100, requestTimeoutMs: 300 } });
    const slowHeaders = connect(receiver?.port ?? 0, "127.0.0.1");
    slowHeaders.write("POST /v1/traces HTTP/1.1\r\nHost: x\r\n");
    const slowBody = connect(receiver?.port ?? 0, "127.0.0.1");
    slowBody.write(
      "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: 1000\r\n\r\nabc",
    );
    for (const socket of [slowHeaders, slowBody]) {
      let said = "";
      socket.on("data", (chunk) => {
        said += chunk;
      });
      await once(socket, "close");
      expect(said).toMatch(/^HTTP\/1\.1 4(08|00)/);
    }
    await until(() => receiver?.counts().inflightBytes === 0);
  });

  it("on close, finishes the requests under way and takes no new ones", async () => {
    const held = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const started = await start({
      accept: () => {
        asked.resolve();
        return held.promise;
      },
    });
    const first = send(request([span(1, 1)]), PROTOBUF);
    await asked.promise;
    const closed = started.close();
    await expect(send(request([span(2, 2)]), PROTOBUF)).rejects.toThrow(
      /ECONNREFUSED|ECONNRESET|socket hang up/,
    );
    held.resolve();
    expect(await first).toBe(200);
    await closed;
    receiver = undefined;
  });
});
