import { createHash, randomBytes } from "node:crypto";
// src/core/errors.ts
var TracegateError = class extends Error {
	name = "TracegateError";
	code;
	retryable;
	retryAt;
	constructor(code, message, options = {}) {
		super(message, options.cause === void 0 ? void 0 : { cause: options.cause });
		this.code = code;
		this.retryable = options.retryable ?? false;
		this.retryAt = options.retryAt;
	}
};
function messageOf(error) {
	return error instanceof Error ? error.message : String(error);
}
// src/core/json.ts
function isObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
function stableJson(value) {
	return JSON.stringify(sortKeys(value)) ?? "null";
}
function sortKeys(value) {
	if (Array.isArray(value)) return value.map(sortKeys);
	if (!isObject(value)) return value;
	return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0).map(([key, inner]) => [key, sortKeys(inner)]));
}
function parseJson(text) {
	try {
		return JSON.parse(text);
	} catch {
		return;
	}
}
// src/core/message.ts
function textOf(message) {
	return message.parts.flatMap((part) => part.type === "text" ? [part.content] : []).join("\n");
}
function textMessage(role, content) {
	return {
		role,
		parts: [{
			type: "text",
			content
		}]
	};
}
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
	return createHash("sha256").update(stableJson(value)).digest("hex").slice(0, length);
}
function newTraceId() {
	return randomBytes(16).toString("hex");
}
function newSpanId() {
	return randomBytes(8).toString("hex");
}
export { scoreId as a, isObject as c, TracegateError as d, messageOf as f, newTraceId as i, parseJson as l, contentHash as n, textMessage as o, newSpanId as r, textOf as s, TRACE_ID as t, stableJson as u };
