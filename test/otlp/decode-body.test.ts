import { deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";

import { decodeBody } from "../../src/otlp/decode-body.ts";

const plain = Buffer.from("a body ".repeat(100));
const text = async (bytes: Uint8Array, encoding?: string) =>
  Buffer.from(await decodeBody(bytes, { limit: 10_000, ...(encoding ? { encoding } : {}) })).toString();

describe("decodeBody", () => {
  it("decompresses by Content-Encoding, and by the first bytes when there is none", async () => {
    expect(await text(gzipSync(plain), "gzip")).toBe(plain.toString());
    expect(await text(zstdCompressSync(plain), "ZSTD")).toBe(plain.toString());
    expect(await text(deflateSync(plain), "deflate")).toBe(plain.toString());
    expect(await text(gzipSync(plain))).toBe(plain.toString());
    expect(await text(zstdCompressSync(plain))).toBe(plain.toString());
    expect(await text(plain, "identity")).toBe(plain.toString());
  });

  it("stops a bomb at the limit", async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    for (const body of [bomb, zstdCompressSync(Buffer.alloc(50_000_000)), Buffer.alloc(10_001)]) {
      await expect(decodeBody(body, { limit: 10_000 })).rejects.toMatchObject({ code: "too-large" });
    }
  });

  it("says which encoding is broken or unknown", async () => {
    await expect(decodeBody(gzipSync(plain).subarray(0, 20), { limit: 10_000 })).rejects.toThrow(
      /not valid gzip/,
    );
    await expect(decodeBody(plain, { encoding: "br", limit: 10_000 })).rejects.toThrow(/Content-Encoding br/);
  });
});
