import { r as stableJson } from "./json.js";
import { createHash, randomFillSync } from "node:crypto";
// src/core/ids.ts
const TRACE_ID = /^(?!0{32})[0-9a-f]{32}$/;
const NAMESPACE = Buffer.from("6f2f4a1e7f0c5d0b9a51c3d8e4b27a90", "hex");
function uuidV5(name) {
	const hash = createHash("sha1").update(NAMESPACE).update(name).digest().subarray(0, 16);
	hash[6] = (hash[6] ?? 0) & 15 | 80;
	hash[8] = (hash[8] ?? 0) & 63 | 128;
	const hex = hash.toString("hex");
	return [
		hex.slice(0, 8),
		hex.slice(8, 12),
		hex.slice(12, 16),
		hex.slice(16, 20),
		hex.slice(20)
	].join("-");
}
function scoreId(target) {
	return uuidV5([
		target.traceId,
		target.spanId,
		target.scorer,
		target.version
	].join("\n"));
}
function contentHash(value, length = 16) {
	return textHash(stableJson(value), length);
}
function textHash(text, length = 16) {
	return createHash("sha256").update(text).digest("hex").slice(0, length);
}
function newTraceId() {
	return randomHex(16);
}
function newSpanId() {
	return randomHex(8);
}
const POOL_BYTES = 4096;
const pool = {
	bytes: Buffer.alloc(0),
	used: 0
};
function randomHex(bytes) {
	if (pool.used + bytes > pool.bytes.length) {
		pool.bytes = randomFillSync(Buffer.alloc(POOL_BYTES));
		pool.used = 0;
	}
	pool.used += bytes;
	return pool.bytes.toString("hex", pool.used - bytes, pool.used);
}
export { scoreId as a, newTraceId as i, contentHash as n, textHash as o, newSpanId as r, TRACE_ID as t };
