import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";

import { jsonToProtobuf } from "../../src/otlp/json-to-protobuf.ts";
import { mergeTraces } from "../../src/otlp/merge-traces.ts";
import { readTraceBodies } from "../../src/otlp/read-trace-bodies.ts";
import { spansIn } from "./spans-as-values.ts";

const request = (name: string) => ({
  resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: "a".repeat(32), spanId: "b".repeat(16), name }] }] }],
});

/** Feeds bytes in chunks, so that lines and magic numbers are cut anywhere. */
async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function read(input: string | Uint8Array, size = 7): Promise<string[]> {
  const found: string[] = [];
  for await (const body of readTraceBodies(chunks(Buffer.from(input), size), "in.jsonl")) {
    if ("error" in body) found.push(`error ${body.line}: ${body.error.message}`);
    else
      found.push(
        `${body.line}: ${spansIn(body.bytes)
          .map((span) => span.name)
          .join(" ")}`,
      );
  }
  return found;
}

const lines = `${JSON.stringify(request("one"))}\n\n${JSON.stringify(request("two"))}\r\n${JSON.stringify(request("three"))}`;

describe("readTraceBodies", () => {
  it.each([1, 3, 1000])(
    "reads JSON lines in chunks of %i bytes and knows their line numbers",
    async (size) => {
      expect(await read(lines, size)).toEqual(["1: one", "3: two", "4: three"]);
    },
  );

  it("reads gzip and zstd by content", async () => {
    expect(await read(gzipSync(lines))).toEqual(["1: one", "3: two", "4: three"]);
    expect(await read(zstdCompressSync(lines), 1)).toEqual(["1: one", "3: two", "4: three"]);
  });

  it("reads one pretty-printed document, and several one after the other", async () => {
    const pretty = JSON.stringify(request('a } " [ name'), null, 2);
    expect(await read(pretty)).toEqual(['1: a } " [ name']);
    expect(await read(`\n${pretty}\n${pretty}\n${JSON.stringify(request("last"))}\n`)).toHaveLength(3);
  });

  it("reads one protobuf body, also when it begins like a line break and a brace", async () => {
    expect(await read(jsonToProtobuf(JSON.stringify(request("proto"))))).toEqual(["1: proto"]);
    const sized = [...Array(120).keys()].map((length) => request("x".repeat(length + 1)));
    const braced = sized
      .map((body) => jsonToProtobuf(JSON.stringify(body)))
      .find((bytes) => bytes[1] === "{".charCodeAt(0));
    if (!braced) throw new Error("no body has the length of a brace");
    expect(await read(braced)).toEqual([expect.stringMatching(/^1: x+$/)]);
  });

  it("names a bad line and goes on after it", async () => {
    const whole = JSON.stringify(request("ok"));
    const cutInText = whole.slice(0, whole.indexOf("ok") + 1);
    const cutOutside = whole.slice(0, whole.indexOf("]"));
    const found = await read(
      [whole, cutInText, whole, cutOutside, whole, "garbage", whole, '{"a": 1}', whole].join("\n"),
    );
    expect(found.map((line) => line.slice(0, 9))).toEqual([
      "1: ok",
      "error 2: ",
      "3: ok",
      "error 4: ",
      "5: ok",
      "error 6: ",
      "7: ok",
      "error 8: ",
      "9: ok",
    ]);
    expect(found[1]).toMatch(/in\.jsonl:2: Not JSON/);
    expect(found[7]).toMatch(/in\.jsonl:8: No resourceSpans/);
  });

  it("names the path of a wrong value with the line", async () => {
    const wrong = JSON.stringify(request("x")).replace('"name":"x"', '"kind":"odd"');
    expect(await read(`${wrong}\n`)).toEqual([
      expect.stringMatching(/error 1: in\.jsonl:1: .*spans\[0\]\.kind/),
    ]);
  });

  it("reads log records, which mergeTraces gives to their spans", async () => {
    const ids = { traceId: "a".repeat(32), spanId: "b".repeat(16) };
    const record = { ...ids, eventName: "said", timeUnixNano: 1_000_000 };
    const logs = { resourceLogs: [{ scopeLogs: [{ logRecords: [record, { ...record, eventName: "" }] }] }] };
    const bodies: Uint8Array[] = [];
    const text = `${JSON.stringify(logs)}\n${JSON.stringify(request("one"))}`;
    for await (const body of readTraceBodies(chunks(Buffer.from(text), 9), "in.jsonl")) {
      if ("bytes" in body) bodies.push(body.bytes);
    }
    expect(bodies.map((bytes) => spansIn(bytes).length)).toEqual([0, 1]);
    expect(spansIn(mergeTraces(bodies))).toMatchObject([
      { name: "one", events: [{ name: "said", time: 1 }] },
    ]);
    const wrong = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ ...record, spanId: "ab" }] }] }] };
    expect(await read(JSON.stringify(wrong))).toEqual([
      "error 1: in.jsonl:1: 1 record has a span id that is not 8 bytes long.",
    ]);
  });

  it("finds nothing in nothing", async () => {
    expect(await read("")).toEqual([]);
    expect(await read("\n \n")).toEqual([]);
  });

  it("says when the compressed data breaks off", async () => {
    await expect(read(gzipSync(lines).subarray(0, 60))).rejects.toThrow(/in\.jsonl: the gzip data is broken/);
  });

  it("closes the source when the reader stops early", async () => {
    let closed = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.from(`${JSON.stringify(request("again"))}\n`);
      } finally {
        closed = true;
      }
    }
    for await (const _ of readTraceBodies(source(), "endless")) break;
    expect(closed).toBe(true);
  });
});
