import { createHash, randomFillSync } from "node:crypto";

import { stableJson } from "./json.ts";

/** A trace id as we write it: 32 lower-case hex digits. */
export const TRACE_ID = /^(?!0{32})[0-9a-f]{32}$/;

/** A span id as we write it: 16 lower-case hex digits. */
export const SPAN_ID = /^(?!0{16})[0-9a-f]{16}$/;

/** The UUIDv5 namespace of tracegate's own ids. */
const NAMESPACE = Buffer.from("6f2f4a1e7f0c5d0b9a51c3d8e4b27a90", "hex");

/** A UUIDv5 (RFC 9562, section 5.5) of a name inside tracegate's namespace. */
export function uuidV5(name: string): string {
  const hash = createHash("sha1").update(NAMESPACE).update(name).digest().subarray(0, 16);
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/**
 * The id of a score. The revision of the trace is left out, so that the score of a newer revision
 * overwrites the older one in every backend that upserts.
 */
export function scoreId(target: {
  readonly traceId: string;
  readonly spanId: string;
  readonly scorer: string;
  readonly version: string;
}): string {
  return uuidV5([target.traceId, target.spanId, target.scorer, target.version].join("\n"));
}

/** The first `length` hex digits (default 16) of the SHA-256 of a value's stable JSON. */
export function contentHash(value: unknown, length = 16): string {
  return textHash(stableJson(value), length);
}

/** The first `length` hex digits (default 16) of the SHA-256 of a text. */
export function textHash(text: string, length = 16): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}

/** A new random trace id. */
export function newTraceId(): string {
  return randomHex(16);
}

/** A new random span id. */
export function newSpanId(): string {
  return randomHex(8);
}

/** Random bytes drawn ahead, because one draw costs as much as thousands of bytes. */
const POOL_BYTES = 4_096;
const pool = { bytes: Buffer.alloc(0), used: 0 };

function randomHex(bytes: number): string {
  if (pool.used + bytes > pool.bytes.length) {
    pool.bytes = randomFillSync(Buffer.alloc(POOL_BYTES));
    pool.used = 0;
  }
  pool.used += bytes;
  return pool.bytes.toString("hex", pool.used - bytes, pool.used);
}

/** What a purged trace is known by: a hash, because its id is to be gone too. Trace ids are random, so nothing leads back. */
export function tombstoneKey(traceId: string): string {
  return createHash("sha256").update(traceId).digest("hex").slice(0, 32);
}
