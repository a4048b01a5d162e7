import { a as scoreId, c as isObject, d as TracegateError, f as messageOf, i as newTraceId, l as parseJson, n as contentHash, s as textOf, u as stableJson } from "./chunks/ids.js";
import { A as WireWriter, B as readEnvelope, C as readSpans, H as WireReader, I as nanosecondsOf, L as copySpans, U as asBuffer, W as wireTypes, a as retryLoop, c as budget, f as openai, g as anthropic, h as defineJudge, i as toolErrors, j as readSpanIdentity, l as defineScorer, m as groundedness, n as ruleScorers, o as noFinalAnswer, p as instructionFollowing, r as unsupportedClaim, s as finishReason, t as readRecording, y as passed, z as placesIn } from "./chunks/recordings.js";
import { n as readBody, r as sendJson, t as modelEndpoint } from "./chunks/model-endpoint.js";
import { isIP } from "node:net";
import { createServer } from "node:http";
import { promisify } from "node:util";
import { once } from "node:events";
import { constants, gzip, zstdCompress, zstdDecompress } from "node:zlib";
import { Worker } from "node:worker_threads";
import { pathToFileURL } from "node:url";
import { isAbsolute, join, resolve } from "node:path";
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
// src/backends/otlp/endpoint.ts
function tracesAddress(endpoint) {
	const url = URL.parse(endpoint);
	if (url === null || !/^https?:$/.test(url.protocol)) throw new TracegateError("config", `otlp: endpoint must be an http(s) address, got "${endpoint}". E.g. http://localhost:4318.`);
	if (!/\/v1\/traces\/?$/.test(url.pathname)) url.pathname = `${url.pathname.replace(/\/$/, "")}/v1/traces`;
	return url.href;
}
function headersFrom(variable) {
	if (variable === void 0) return {};
	const text = process.env[variable];
	if (text === void 0 || text.trim() === "") throw new TracegateError("config", `otlp: headersEnv names ${variable}, which is not set. Set it, or leave headersEnv out.`);
	const pairs = text.split(",").filter((pair) => pair.trim() !== "");
	return Object.fromEntries(pairs.map((pair) => headerOf(pair, variable)));
}
function headerOf(pair, variable) {
	const at = pair.indexOf("=");
	try {
		const name = pair.slice(0, Math.max(at, 0)).trim();
		const value = decodeURIComponent(pair.slice(at + 1).trim());
		return [...new Headers([[name, value]])][0] ?? [name, value];
	} catch {
		throw new TracegateError("config", `otlp: ${variable} is not a list of headers. Write name=value,name=value with percent-encoded values.`);
	}
}
// src/backends/otlp/read-answer.ts
const MAX_ANSWER_BYTES = 4194304;
const MAX_MESSAGE = 500;
async function readAnswer(response) {
	const chunks = [];
	let size = 0;
	for await (const chunk of response.body ?? []) {
		size += chunk.length;
		if (size > MAX_ANSWER_BYTES) return new Uint8Array();
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}
function rejectionOf(body, type) {
	const found = isJson(type) ? rejectionInJson(body) : rejectionInProtobuf(body);
	return found.spans > 0 ? {
		...found,
		message: shortened(found.message)
	} : null;
}
function statusMessage(body, type) {
	if (isJson(type)) {
		const status = parseJson(textOf$1(body));
		return shortened(isObject(status) && typeof status.message === "string" ? status.message : textOf$1(body));
	}
	if (type?.startsWith("text/")) return shortened(textOf$1(body));
	let message = "";
	readFields(body, (reader) => {
		if (reader.isLengthDelimited(2)) message = reader.text();
	});
	return shortened(message);
}
function rejectionInJson(body) {
	const answer = parseJson(textOf$1(body));
	const partial = isObject(answer) ? answer.partialSuccess ?? answer.partial_success : void 0;
	if (!isObject(partial)) return {
		spans: 0,
		message: ""
	};
	return {
		spans: Number(partial.rejectedSpans ?? partial.rejected_spans ?? 0),
		message: String(partial.errorMessage ?? partial.error_message ?? "")
	};
}
function rejectionInProtobuf(body) {
	let spans = 0;
	let message = "";
	readFields(body, (answer) => {
		if (!answer.isLengthDelimited(1)) return;
		const partial = answer.nested();
		while (partial.next()) if (partial.isLengthDelimited(2)) message = partial.text();
		else if (partial.field === 1 && partial.wireType === wireTypes.varint) spans = partial.low;
	});
	return {
		spans,
		message
	};
}
function readFields(body, read) {
	const reader = new WireReader(asBuffer(body));
	try {
		while (reader.next()) read(reader);
	} catch {
		return;
	}
}
function isJson(type) {
	return type?.includes("json") === true;
}
function textOf$1(body) {
	return new TextDecoder().decode(body);
}
function shortened(text) {
	const line = text.replace(/\s+/g, " ").trim();
	return line.length > MAX_MESSAGE ? `${line.slice(0, MAX_MESSAGE)}…` : line;
}
// src/backends/otlp/export-spans.ts
const RETRYABLE_STATUSES = new Set([
	429,
	502,
	503,
	504
]);
const MAX_RETRY_AFTER_MS = 36e5;
const compressors = {
	gzip: (bytes) => promisify(gzip)(bytes, { level: constants.Z_BEST_SPEED }),
	zstd: (bytes) => promisify(zstdCompress)(bytes),
	none: async (bytes) => bytes
};
async function exportSpans(target, spans, signal) {
	const { response, body } = await post(target, await compressors[target.compression](spans), signal);
	const type = response.headers.get("content-type");
	if (!response.ok) throw failureOf(target.address, response, statusMessage(body, type));
	const rejection = rejectionOf(body, type);
	if (rejection === null) return;
	throw new TracegateError("refused", `${target.address} rejected ${rejection.spans} span(s): ${rejection.message || "it gave no reason"}.`);
}
async function post(target, body, signal) {
	const { address, headers, compression, timeoutMs } = target;
	const timeUp = AbortSignal.timeout(timeoutMs);
	try {
		const response = await fetch(address, {
			method: "POST",
			headers: {
				"Content-Type": "application/x-protobuf",
				...compression !== "none" && { "Content-Encoding": compression },
				...headers
			},
			body: new Uint8Array(body),
			redirect: "manual",
			signal: AbortSignal.any([signal, timeUp])
		});
		return {
			response,
			body: await readAnswer(response)
		};
	} catch (error) {
		const reason = timeUp.aborted ? `no answer within ${timeoutMs} ms` : causeOf(error);
		throw new TracegateError("unavailable", `${address} cannot be reached: ${reason}.`, {
			retryable: true,
			cause: error
		});
	}
}
function failureOf(address, response, said) {
	const { status } = response;
	const message = `${address} answered ${status}${said === "" ? "" : `: ${said}`}`;
	if (RETRYABLE_STATUSES.has(status)) {
		const retryAt = retryTime(response.headers.get("retry-after"), Date.now());
		return new TracegateError("unavailable", message, {
			retryable: true,
			...retryAt !== null && { retryAt }
		});
	}
	if (status === 413) return new TracegateError("too-large", message);
	return new TracegateError("refused", `${message}${status === 401 || status === 403 ? " Check the headers that headersEnv names." : ""}`);
}
function retryTime(header, now) {
	if (header === null) return null;
	const seconds = Number(header);
	const time = Number.isFinite(seconds) ? now + seconds * 1e3 : Date.parse(header);
	return Number.isNaN(time) ? null : Math.min(Math.max(time, now), now + MAX_RETRY_AFTER_MS);
}
function causeOf(error) {
	const cause = error instanceof Error ? error.cause : void 0;
	return cause === void 0 ? messageOf(error) : messageOf(cause) || messageOf(error);
}
// src/otlp/write-any-value.ts
var Double = class {
	value;
	constructor(value) {
		this.value = value;
	}
};
function double(value) {
	return new Double(value);
}
function writeAttributes(writer, field, attributes) {
	for (const [key, value] of Object.entries(attributes)) writer.message(field, () => {
		writer.string(1, key);
		writer.message(2, () => writeValue(writer, value));
	});
}
function writeValue(writer, value) {
	if (typeof value === "string") writer.string(1, value);
	else if (typeof value === "boolean") writer.varint(2, value ? 1 : 0);
	else if (typeof value === "number") {
		if (Number.isSafeInteger(value)) writer.int64(3, value);
		else writer.double(4, value);
	} else if (value instanceof Double) writer.double(4, value.value);
	else if (Array.isArray(value)) writer.message(5, () => {
		for (const item of value) writer.message(1, () => writeValue(writer, item));
	});
	else if (value !== null) writer.message(6, () => writeAttributes(writer, 1, value));
}
// src/otlp/write-span.ts
function writeEvent(writer, field, event) {
	writer.message(field, () => {
		writer.fixed64(1, nanosecondsOf(event.time));
		writer.string(2, event.name);
		writeAttributes(writer, 3, event.attributes ?? {});
	});
}
// src/otlp/amend-span.ts
const OURS = "tracegate.";
const SENDERS = "tracegate.trace.";
function amendSpan(bytes, spanId, amendment) {
	const envelope = readEnvelope(bytes);
	const place = findSpan(envelope.resourceSpans, envelope.bytes, spanId);
	if (!place) throw new TracegateError("not-found", `No span ${spanId} in these OTLP bytes. Amend one of its spans.`);
	const { resource, scope, span } = place;
	const writer = new WireWriter();
	const source = envelope.bytes;
	writer.raw(source, 0, resource.start);
	writer.message(1, () => {
		writer.raw(source, resource.valueStart, scope.start);
		writer.message(2, () => {
			writer.raw(source, scope.valueStart, span.start);
			writer.message(2, () => writeAmended(writer, source, span, amendment));
			writer.raw(source, span.end, scope.end);
		});
		writer.raw(source, scope.end, resource.end);
	});
	writer.raw(source, resource.end);
	return writer.finish();
}
function findSpan(resources, bytes, spanId) {
	const wanted = Buffer.from(spanId, "hex");
	for (const resource of resources) for (const scope of resource.scopes) for (const span of scope.spans) if (hasId(bytes, span, wanted)) return {
		resource,
		scope,
		span
	};
}
function hasId(bytes, span, wanted) {
	const reader = new WireReader(bytes, span.valueStart, span.end);
	while (reader.next()) if (reader.isLengthDelimited(2)) return bytes.subarray(reader.valueStart, reader.valueEnd).equals(wanted);
	return false;
}
function writeAmended(writer, bytes, span, amendment) {
	const attributes = amendment.attributes ?? {};
	const reader = new WireReader(bytes, span.valueStart, span.end);
	while (reader.next()) if (!(reader.isLengthDelimited(9) && isReplaced(keyOf(reader.nested()), attributes) || reader.isLengthDelimited(11) && isOurEvent(reader.nested()))) writer.raw(bytes, reader.fieldStart, reader.valueEnd);
	writeAttributes(writer, 9, attributes);
	for (const event of amendment.events ?? []) writeEvent(writer, 11, event);
}
function isReplaced(key, attributes) {
	return Object.hasOwn(attributes, key) || key.startsWith(OURS) && !key.startsWith(SENDERS);
}
function isOurEvent(event) {
	while (event.next()) if (event.isLengthDelimited(3) && keyOf(event.nested()).startsWith(OURS)) return true;
	return false;
}
function keyOf(attribute) {
	while (attribute.next()) if (attribute.isLengthDelimited(1)) return attribute.text();
	return "";
}
// src/otlp/drop-supplements.ts
function dropSupplements(bytes) {
	const envelope = readEnvelope(bytes);
	const places = [...placesIn(envelope)];
	const spans = places.filter(({ span }) => !readSpanIdentity(envelope.bytes, span.valueStart, span.end).isSupplement);
	if (spans.length === places.length) return bytes;
	const writer = new WireWriter();
	copySpans(writer, asBuffer(bytes), spans);
	return writer.finish();
}
// src/backends/otlp/evaluation-events.ts
const NO_FAULT = new Set([
	"not-applicable",
	"cannot-judge",
	"filtered",
	"sampled-out",
	"paused",
	"over-budget"
]);
function evaluationEvents(target, scores, at) {
	return scores.map((score) => ({
		name: "gen_ai.evaluation.result",
		time: at,
		attributes: {
			"gen_ai.evaluation.name": score.name,
			...score.value !== null && { "gen_ai.evaluation.score.value": double(score.value) },
			...score.label !== null && { "gen_ai.evaluation.score.label": score.label },
			...score.explanation !== null && { "gen_ai.evaluation.explanation": score.explanation },
			...score.unscored && !NO_FAULT.has(score.unscored.code) && { "error.type": score.unscored.code },
			...score.unscored && { "tracegate.unscored": score.unscored.code },
			"tracegate.score.id": scoreId({
				...target,
				scorer: score.name,
				version: score.version
			}),
			"tracegate.scorer.version": score.version,
			"tracegate.scorer.kind": score.kind
		}
	}));
}
// src/backends/otlp/scored-spans.ts
const inflate = promisify(zstdDecompress);
const MAX_TRACE_BYTES = 536870912;
async function scoredSpans(trace) {
	const { traceId, scoredAt } = trace.summary;
	const bytes = dropSupplements(await payloadOf(trace));
	const carrier = carrierOf(readSpans(bytes), trace.summary.rootSpanId);
	if (carrier === void 0) throw new TracegateError("bad-input", `Trace ${traceId}: the stored payload holds no span to carry scores.`);
	const target = {
		traceId,
		spanId: carrier.spanId
	};
	const attributes = scoresAsDoubles(trace.rootAttributes);
	return amendSpan(bytes, carrier.spanId, {
		attributes: carrier.isRoot ? attributes : {
			...attributes,
			"tracegate.rootless": true
		},
		events: evaluationEvents(target, trace.scores, scoredAt)
	});
}
async function payloadOf(trace) {
	try {
		return await inflate(trace.payload, { maxOutputLength: MAX_TRACE_BYTES });
	} catch (cause) {
		const message = `Trace ${trace.summary.traceId}: the stored payload is not zstd, or larger than ${MAX_TRACE_BYTES} bytes.`;
		throw new TracegateError("bad-input", message, { cause });
	}
}
function carrierOf(spans, rootSpanId) {
	if (rootSpanId !== null && spans.some((span) => span.spanId === rootSpanId)) return {
		spanId: rootSpanId,
		isRoot: true
	};
	const ids = new Set(spans.map((span) => span.spanId));
	const orphans = spans.filter((span) => span.parentSpanId === null || !ids.has(span.parentSpanId));
	const [first, ...rest] = orphans.length > 0 ? orphans : spans;
	if (first === void 0) return void 0;
	return {
		spanId: rest.reduce((best, span) => isBefore(span, best) ? span : best, first).spanId,
		isRoot: false
	};
}
function isBefore(span, other) {
	return span.startTime === other.startTime ? span.spanId < other.spanId : span.startTime < other.startTime;
}
function scoresAsDoubles(attributes) {
	return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, key.startsWith("tracegate.score.") && typeof value === "number" ? double(value) : value]));
}
// src/backends/otlp/sink.ts
function otlp(options) {
	const { endpoint, headersEnv, name = "otlp", compression = "gzip", timeoutMs = 1e4 } = options;
	const target = {
		address: tracesAddress(endpoint),
		headers: headersFrom(headersEnv),
		compression,
		timeoutMs
	};
	const underWay = new Set();
	return {
		name,
		write: async (traces, signal) => {
			for (const trace of traces) {
				signal.throwIfAborted();
				const sent = scoredSpans(trace).then((spans) => exportSpans(target, spans, signal));
				underWay.add(sent);
				await sent.finally(() => underWay.delete(sent));
			}
		},
		close: async () => {
			await Promise.allSettled(underWay);
		}
	};
}
// src/config/define-config.ts
function defineConfig(config) {
	return config;
}
// src/replay/forward-live.ts
const DROPPED = [
	"host",
	"connection",
	"content-length",
	"transfer-encoding",
	"accept-encoding",
	"expect"
];
async function forwardLive(request, { path, headers }, upstream) {
	const kept = Object.entries(headers).flatMap(([name, value]) => value === void 0 || DROPPED.includes(name) ? [] : [[name, String(value)]]);
	return fetch(addressOf(request, path, upstream), {
		method: "POST",
		headers: Object.fromEntries(kept),
		body: JSON.stringify(request.body)
	});
}
function addressOf({ provider }, path, upstream) {
	switch (provider) {
		case "openai": return trimmed(upstream.openai ?? process.env.OPENAI_BASE_URL ?? "https://api.openai.com/v1") + path.replace(/^\/v1/, "");
		case "anthropic": return trimmed(upstream.anthropic ?? process.env.ANTHROPIC_BASE_URL ?? "https://api.anthropic.com") + path;
		case "google": return trimmed(upstream.google ?? process.env.GOOGLE_GEMINI_BASE_URL ?? "https://generativelanguage.googleapis.com") + path;
	}
}
function trimmed(url) {
	return url.replace(/\/+$/, "");
}
// src/datasets/personal-rules.ts
const IBAN_LENGTH = {
	AD: 24,
	AE: 23,
	AL: 28,
	AT: 20,
	AZ: 28,
	BA: 20,
	BE: 16,
	BG: 22,
	BH: 22,
	BR: 29,
	CH: 21,
	CR: 22,
	CY: 28,
	CZ: 24,
	DE: 22,
	DK: 18,
	DO: 28,
	EE: 20,
	ES: 24,
	FI: 18,
	FO: 18,
	FR: 27,
	GB: 22,
	GE: 22,
	GI: 23,
	GL: 18,
	GR: 27,
	GT: 28,
	HR: 21,
	HU: 28,
	IE: 22,
	IL: 23,
	IS: 26,
	IT: 27,
	JO: 30,
	KW: 30,
	KZ: 20,
	LB: 28,
	LI: 21,
	LT: 20,
	LU: 20,
	LV: 21,
	MC: 27,
	MD: 24,
	ME: 22,
	MK: 19,
	MR: 27,
	MT: 31,
	MU: 30,
	NL: 18,
	NO: 15,
	PK: 24,
	PL: 28,
	PS: 29,
	PT: 25,
	QA: 29,
	RO: 24,
	RS: 22,
	SA: 24,
	SE: 24,
	SI: 19,
	SK: 24,
	SM: 27,
	TN: 24,
	TR: 26,
	UA: 29,
	VG: 24,
	XK: 20
};
const EDGE = "(?<![A-Za-z0-9._-])";
const EDGE_AFTER = "(?![A-Za-z0-9_-])";
const personalRules = [
	{
		id: "email",
		pattern: /(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24}(?![A-Za-z0-9-])/g,
		accepts: () => true
	},
	{
		id: "iban",
		pattern: new RegExp(`${EDGE}[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?${EDGE_AFTER}`, "g"),
		accepts: isIban
	},
	{
		id: "card",
		pattern: new RegExp(`${EDGE}\\d(?:[ -]?\\d){12,18}${EDGE_AFTER}`, "g"),
		accepts: isCard
	},
	{
		id: "ssn",
		pattern: new RegExp(`${EDGE}(?!000|666|9)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}${EDGE_AFTER}`, "g"),
		accepts: () => true
	},
	{
		id: "ip",
		pattern: new RegExp(`${EDGE}\\d{1,3}(?:\\.\\d{1,3}){3}(?![A-Za-z0-9_-]|\\.\\d)`, "g"),
		accepts: (match, before) => isPublicIpv4(match) && !/(?:version|release|v)["'\s:=]{0,4}$/i.test(before)
	},
	{
		id: "ip",
		pattern: /(?<![\w:.])[0-9a-fA-F]{1,4}(?::{1,2}[0-9a-fA-F]{1,4}){3,7}(?![\w:])/g,
		accepts: (match) => isIP(match) === 6 && /\d/.test(match)
	},
	{
		id: "phone",
		pattern: /(?<![\w+])\+[1-9](?:[ ().-]{0,2}\d){8,14}(?![\w-])/g,
		accepts: () => true
	},
	{
		id: "phone",
		pattern: /(?<![\w(])\(\d{3}\) ?\d{3}[ .-]\d{4}(?![\w-])/g,
		accepts: () => true
	}
];
function isIban(match) {
	const compact = match.replaceAll(" ", "");
	if (IBAN_LENGTH[compact.slice(0, 2)] !== compact.length) return false;
	let remainder = 0;
	for (const character of compact.slice(4) + compact.slice(0, 4)) {
		const value = Number.parseInt(character, 36);
		remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
	}
	return remainder === 1;
}
function isCard(match, before, key) {
	const digits = match.replace(/[ -]/g, "");
	if (!/^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|5\d\d|4[4-9]\d)\d{12})$/.test(digits)) return false;
	let sum = 0;
	for (let index = 0; index < digits.length; index++) {
		const digit = Number(digits[digits.length - 1 - index]) * (index % 2 === 0 ? 1 : 2);
		sum += digit > 9 ? digit - 9 : digit;
	}
	if (sum % 10 !== 0) return false;
	return /^\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}$|^\d{4}([ -])\d{6}\2\d{5}$/.test(match) || /card|visa|amex|pan\b|credit|debit/i.test(`${before.slice(-40)} ${key}`);
}
function isPublicIpv4(match) {
	if (isIP(match) !== 4) return false;
	return !/^(?:0|10|127|255|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./.test(match);
}
// src/datasets/redact.ts
function makeRedactor() {
	const marks = new Map();
	const kinds = new Map();
	const counts = new Map();
	const markFor = (rule, value) => {
		counts.set(rule, (counts.get(rule) ?? 0) + 1);
		const known = marks.get(`${rule} ${value}`);
		if (known !== void 0) return known;
		const number = (kinds.get(rule) ?? 0) + 1;
		kinds.set(rule, number);
		const mark = `[${rule}-${number}]`;
		marks.set(`${rule} ${value}`, mark);
		return mark;
	};
	const redactText = (text, key = "") => replacePersonal(text, key, markFor);
	const redact = (value, key = "") => {
		if (typeof value === "string") return redactText(value, key);
		if (Array.isArray(value)) return value.map((inner) => redact(inner, key));
		if (typeof value !== "object" || value === null) return value;
		return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redact(inner, name)]));
	};
	return {
		redact: (value) => redact(value),
		redactText,
		counts: () => Object.fromEntries([...counts].sort(([a], [b]) => a < b ? -1 : 1))
	};
}
function replacePersonal(text, key, markFor) {
	if (/^pass(?:word|wd|code|phrase)?$/i.test(key) && text !== "") return markFor("password", text);
	return personalRules.reduce((current, { id, pattern, accepts }) => {
		if (!/[@\d]/.test(current)) return current;
		return current.replace(pattern, (match, ...rest) => {
			const offset = rest.find((item) => typeof item === "number") ?? 0;
			return accepts(match, current.slice(Math.max(0, offset - 60), offset), key) ? markFor(id, match) : match;
		});
	}, text);
}
// src/datasets/request-fingerprint.ts
const PREVIEW = 200;
function fingerprintOf(asked) {
	const entries = asked.messages.flatMap(entriesOf);
	const turns = entries.filter(({ byModel }, index) => byModel && !entries[index - 1]?.byModel).length;
	const news = entries.slice(entries.findLastIndex(({ byModel }) => byModel) + 1);
	const canonical = news.map(({ role, content }) => stableJson([role, withoutPersons(content)]));
	const preview = makeRedactor().redactText(news.map(shown).join(" | "));
	const system = systemOf(asked);
	return {
		...system === "" ? {} : { system: contentHash(withoutPersons(system)) },
		turns,
		news: contentHash(canonical.toSorted()),
		preview: preview.length > PREVIEW ? `${preview.slice(0, 199)}…` : preview
	};
}
function withoutPersons(value) {
	const redacted = JSON.stringify(makeRedactor().redact(value));
	return JSON.parse(redacted.replaceAll(/\[([a-z][a-z-]*)-\d+\]/g, "[$1]"));
}
function jsonOrText(value) {
	if (typeof value !== "string") return value;
	const text = value.trim();
	return parseJson(text) ?? text;
}
const MODEL_ROLES = [
	"assistant",
	"model",
	"ai"
];
const SYSTEM_ROLES = ["system", "developer"];
function systemOf({ systemInstructions, messages }) {
	if (systemInstructions !== void 0) return systemInstructions.trim();
	return messages.filter(({ role }) => SYSTEM_ROLES.includes(role)).map(textOf).join("\n").trim();
}
function entriesOf(message) {
	if (SYSTEM_ROLES.includes(message.role)) return [];
	const byModel = MODEL_ROLES.includes(message.role);
	const role = byModel ? "assistant" : message.role;
	const text = textOf(message).trim();
	const texts = text === "" ? [] : [{
		role,
		byModel,
		content: jsonOrText(text)
	}];
	const rest = message.parts.flatMap((part) => {
		switch (part.type) {
			case "tool_call": return [{
				role,
				byModel,
				content: [part.name, jsonOrText(part.arguments ?? {})]
			}];
			case "tool_result": return [{
				role: "tool",
				byModel: false,
				content: jsonOrText(part.result ?? null)
			}];
			case "media": return [{
				role,
				byModel,
				content: [part.modality]
			}];
			default: return [];
		}
	});
	return [...texts, ...rest];
}
function shown({ role, content }) {
	return `${role}: ${typeof content === "string" ? content : JSON.stringify(content)}`;
}
// src/replay/model-cursor.ts
var ModelCursor = class {
	#free;
	#recording;
	#match;
	constructor(recording, match) {
		this.#recording = recording;
		this.#free = [...recording.llmCalls];
		this.#match = match;
	}
	take(asked, model) {
		const found = this.#match === "order" ? this.#inOrder() : this.#find(asked, model);
		if (found === null) return { diverged: this.#divergence(asked, model) };
		this.#free.splice(this.#free.indexOf(found.call), 1);
		return found;
	}
	#inOrder() {
		const [call] = this.#free;
		return call ? {
			call,
			note: null
		} : null;
	}
	#find(asked, model) {
		const sameNews = this.#free.filter(({ request }) => request?.news === asked.news);
		const same = sameNews.filter(({ request }) => request?.turns === asked.turns);
		const exact = same.find((call) => isModel(call, model)) ?? same[0];
		if (exact) return {
			call: exact,
			note: null
		};
		const first = this.#free.find(({ request }) => request?.turns === 0);
		if (asked.turns === 0 && first) return {
			call: first,
			note: "the first message to the model changed since the recording"
		};
		const [shorter] = asked.turns === 0 ? [] : sameNews.filter(({ request }) => request?.turns !== 0);
		if (shorter) return {
			call: shorter,
			note: "the history sent to the model changed since the recording"
		};
		const [next] = this.#free;
		if (next && next.request?.news === void 0) return {
			call: next,
			note: "the recording does not hold what the model was asked, so its calls are matched by order"
		};
		return null;
	}
	#divergence(asked, model) {
		const total = this.#recording.llmCalls.length;
		const what = `A model (${model}) was asked with ${turns(asked)} and then "${asked.preview ?? ""}".`;
		const expected = this.#free.map(({ request, model: then }) => `${then ?? "a model"} with ${turns(request)} and then "${request?.preview ?? "(not recorded)"}"`);
		if (expected.length > 0) return `${what} Expected: ${expected.slice(0, 3).join("; or ")}.`;
		return `${what} Expected: no further call, for the recording holds ${total} model call(s) and all are used.${this.#recording.truncated ? " It was cut at its size limit." : ""}`;
	}
};
function isModel({ requestModel, model }, asked) {
	const then = requestModel ?? model;
	return then === asked || requestModel === void 0 && (then ?? "").startsWith(asked);
}
function turns(request) {
	const count = request?.turns;
	return count === void 0 ? "an unknown history" : `${count} earlier turn(s)`;
}
// src/replay/name-changes.ts
function nameChanges(request, asked, then, recording) {
	const model = then.requestModel ?? then.model;
	const changes = [];
	if (model !== null && !isModel(then, request.model)) changes.push(`the model changed since the recording, from ${model} to ${request.model}`);
	if (then.request?.system !== void 0 && then.request.system !== asked.system) changes.push("the system prompt changed since the recording");
	return [...changes, ...changedTools(request.tools, recording)];
}
function nameChangesIn(trace, recording) {
	const then = recording.llmCalls;
	const models = [...new Set(then.flatMap(({ requestModel, model }) => requestModel ?? model ?? []))];
	const prompts = new Set(then.flatMap(({ request }) => request?.system ?? []));
	const changes = new Set();
	for (const { requestModel, model, systemInstructions } of trace.llmCalls) {
		const asked = requestModel ?? model;
		if (asked !== void 0 && models.length > 0 && !then.some((call) => isModel(call, asked))) changes.add(`the model changed since the recording, from ${models.join(", ")} to ${asked}`);
		if (systemInstructions === void 0 || prompts.size === 0) continue;
		const { system = "" } = fingerprintOf({
			systemInstructions,
			messages: []
		});
		if (!prompts.has(system)) changes.add("the system prompt changed since the recording");
	}
	return [...changes, ...changedTools(trace.toolDefinitions, recording)];
}
function changedTools(tools, recording) {
	const known = new Map((recording.toolDefinitions ?? []).map((tool) => [tool.name, tool]));
	if (known.size === 0) return [];
	return tools.flatMap((tool) => {
		const recorded = known.get(tool.name);
		if (recorded === void 0) return [`the tool ${tool.name} is new since the recording`];
		return differs(recorded, tool) ? [`the definition of the tool ${tool.name} changed since the recording`] : [];
	});
}
function differs(recorded, now) {
	return unequal(recorded.description, now.description) || unequal(recorded.parameters, now.parameters);
}
function unequal(a, b) {
	if (a === void 0 || b === void 0) return false;
	return stableJson(withoutPersons(a)) !== stableJson(withoutPersons(b));
}
// src/replay/replay-environment.ts
const NO_KEY = "tracegate-replay";
function replaySetting(url, mode, recorded) {
	const { traceId, startedAt } = recorded;
	return {
		url,
		mcpUrl: `${url}/mcp`,
		...startedAt === void 0 ? {} : { now: startedAt },
		traceId,
		...mode === "models-live" ? {} : {
			openaiBaseUrl: `${url}/v1`,
			anthropicBaseUrl: url,
			geminiBaseUrl: url
		}
	};
}
function replayEnvironment(setting, mode, names) {
	const { url, mcpUrl, now, traceId, openaiBaseUrl, anthropicBaseUrl, geminiBaseUrl } = setting;
	const clock = now === void 0 ? void 0 : new Date(now).toISOString();
	const addresses = {
		models: anthropicBaseUrl,
		openai: openaiBaseUrl,
		tools: url,
		mcp: mcpUrl,
		now: clock
	};
	const own = Object.entries(names).map(([name, address]) => [name, addresses[address]]);
	const keys = [
		"OPENAI_API_KEY",
		"ANTHROPIC_API_KEY",
		"GEMINI_API_KEY",
		"GOOGLE_API_KEY"
	];
	const noProxy = [process.env.NO_PROXY ?? process.env.no_proxy, "127.0.0.1"].filter(Boolean).join(",");
	return defined({
		NO_PROXY: noProxy,
		no_proxy: noProxy,
		TRACEGATE_REPLAY_URL: url,
		TRACEGATE_REPLAY_MCP_URL: mcpUrl,
		TRACEGATE_REPLAY_NOW: clock,
		TRACEGATE_REPLAY_TRACE_ID: traceId,
		OPENAI_BASE_URL: openaiBaseUrl,
		OPENAI_API_BASE: openaiBaseUrl,
		ANTHROPIC_BASE_URL: anthropicBaseUrl,
		GOOGLE_GEMINI_BASE_URL: geminiBaseUrl,
		...mode === "recorded" ? Object.fromEntries(keys.map((name) => [name, NO_KEY])) : {},
		...Object.fromEntries(own)
	});
}
function defined(variables) {
	const kept = {};
	for (const [name, value] of Object.entries(variables)) if (value !== void 0) kept[name] = value;
	return kept;
}
// src/replay/tool-endpoint.ts
const MAX_ARGUMENTS = 4194304;
async function answerTool(session, name, incoming, response) {
	const text = await readBody(incoming, MAX_ARGUMENTS);
	const given = text === void 0 ? void 0 : parseJson(text === "" ? "{}" : text);
	if (given === void 0) return sendJson(response, 400, { error: {
		code: "bad-input",
		message: "The body must be the arguments of the tool as JSON, 4 MiB at the most."
	} });
	const answer = await session.callTool(name, given);
	switch (answer.kind) {
		case "result": return sendJson(response, 200, { result: answer.result });
		case "error": return sendJson(response, 200, { error: {
			type: answer.type,
			message: answer.message
		} });
		case "live": return sendJson(response, 200, { live: true });
		case "diverged": return sendJson(response, 409, { error: {
			code: "replay-diverged",
			message: answer.message
		} });
	}
}
// src/replay/mcp-endpoint.ts
const METHOD_NOT_FOUND = -32601;
const INVALID_REQUEST = -32600;
const DIVERGED = -32009;
const VERSIONS = [
	"2025-11-25",
	"2025-06-18",
	"2025-03-26"
];
async function answerMcp(session, incoming, response) {
	if (incoming.method !== "POST") {
		response.writeHead(405, { allow: "POST" }).end();
		return;
	}
	const text = await readBody(incoming, MAX_ARGUMENTS);
	const message = text === void 0 ? void 0 : parseJson(text);
	if (!isObject(message) || typeof message.method !== "string") return sendJson(response, 400, {
		jsonrpc: "2.0",
		id: null,
		error: {
			code: INVALID_REQUEST,
			message: "The body must be one JSON-RPC request."
		}
	});
	const { id } = message;
	if (id === void 0) {
		response.writeHead(202).end();
		return;
	}
	const params = isObject(message.params) ? message.params : {};
	const outcome = await answerMethod(session, message.method, params);
	sendJson(response, 200, {
		jsonrpc: "2.0",
		id,
		...outcome
	});
}
async function answerMethod(session, method, params) {
	switch (method) {
		case "initialize": {
			const asked = params.protocolVersion;
			return { result: {
				protocolVersion: VERSIONS.find((version) => version === asked) ?? VERSIONS[0],
				capabilities: { tools: {} },
				serverInfo: {
					name: "tracegate-replay",
					version: "1"
				}
			} };
		}
		case "ping": return { result: {} };
		case "tools/list": return { result: { tools: session.toolDefinitions().map(describe) } };
		case "tools/call": return callTool(session, params);
		default: return { error: {
			code: METHOD_NOT_FOUND,
			message: `The replay has no method ${method}.`
		} };
	}
}
function describe({ name, description, parameters }) {
	const inputSchema = isObject(parameters) ? parameters : { type: "object" };
	return {
		name,
		...description === void 0 ? {} : { description },
		inputSchema
	};
}
async function callTool(session, params) {
	const name = typeof params.name === "string" ? params.name : "";
	const answer = await session.callToolInItsPlace(name, params.arguments ?? {});
	if (answer.kind === "diverged") return { error: {
		code: DIVERGED,
		message: answer.message
	} };
	if (answer.kind === "error") return { result: {
		content: [textBlock(answer.message)],
		isError: true
	} };
	const { result } = answer;
	const structured = isObject(result) ? { structuredContent: result } : {};
	return { result: {
		content: result === null ? [] : [textBlock(result)],
		...structured,
		isError: false
	} };
}
function textBlock(value) {
	return {
		type: "text",
		text: typeof value === "string" ? value : JSON.stringify(value)
	};
}
// src/replay/replay-server.ts
var ReplayServer = class ReplayServer {
	#places = new Map();
	#server;
	#url;
	constructor(server, url) {
		this.#server = server;
		this.#url = url;
		server.on("request", (incoming, response) => void this.#answer(incoming, response));
	}
	static async start() {
		const server = createServer();
		server.listen(0, "127.0.0.1");
		await once(server, "listening");
		const address = server.address();
		const port = typeof address === "object" && address !== null ? address.port : 0;
		return new ReplayServer(server, `http://127.0.0.1:${port}`);
	}
	open(session) {
		const key = newTraceId();
		const models = modelEndpoint((request, place) => session.askModel(request, place));
		this.#places.set(key, {
			session,
			models
		});
		return {
			url: `${this.#url}/replay/${key}`,
			close: () => this.#places.delete(key)
		};
	}
	async close() {
		const closed = once(this.#server, "close");
		this.#server.close();
		this.#server.closeAllConnections();
		await closed;
	}
	async #answer(incoming, response) {
		const [, key, path] = /^\/replay\/([0-9a-f]+)(\/.*)?$/s.exec(incoming.url ?? "") ?? [];
		const place = this.#places.get(key ?? "");
		if (place === void 0) return sendJson(response, 404, { error: { message: "No replay is open at this address; its trial has ended, or never began." } });
		try {
			await route(place, path ?? "/", incoming, response);
		} catch {
			response.destroy();
		}
	}
};
async function route({ session, models }, path, incoming, response) {
	const { pathname } = new URL(path, "http://127.0.0.1");
	const tool = /^\/tools\/([^/]+)$/.exec(pathname)?.[1];
	if (tool !== void 0 && incoming.method === "POST") return answerTool(session, decodeURIComponent(tool), incoming, response);
	if (pathname === "/mcp") return answerMcp(session, incoming, response);
	return models(incoming, response, path);
}
// src/replay/make-wrong.ts
function makeWrong(result, seed, field) {
	const parsed = typeof result === "string" ? parseJson(result) : void 0;
	if (isObject(parsed) || Array.isArray(parsed)) {
		const inner = makeWrong(parsed, seed, field);
		return inner && {
			...inner,
			result: JSON.stringify(inner.result)
		};
	}
	const candidates = leavesOf(result, []).filter(({ path, value }) => (field === void 0 || path.findLast((key) => typeof key === "string") === field) && otherValue(value, 1) !== null);
	const number = Number.parseInt(contentHash(seed, 12), 16);
	const chosen = candidates[number % candidates.length];
	if (chosen === void 0) return null;
	const other = otherValue(chosen.value, 1 + number % 7);
	if (other === null) return null;
	const name = chosen.path.join(".") || "the result";
	return {
		result: withValue(result, chosen.path, other),
		change: `${name}: ${String(chosen.value)} → ${String(other)}`
	};
}
function leavesOf(value, path) {
	if (Array.isArray(value)) return value.flatMap((inner, index) => leavesOf(inner, [...path, index]));
	if (isObject(value)) return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
	return [{
		path,
		value
	}];
}
function otherValue(value, step) {
	if (typeof value === "number") {
		const other = Number.isInteger(value) ? value + step : Math.round(value * (100 + 5 * step)) / 100;
		return other === value ? value + step : other;
	}
	if (typeof value !== "string") return null;
	const date = DATE.exec(value)?.[0];
	if (date !== void 0) return value.replace(date, laterDay(date, step));
	const digits = DIGITS.exec(value);
	if (digits === null) return null;
	const last = digits.index + digits[0].length - 1;
	const digit = (Number(value[last]) + step) % 10;
	return value.slice(0, last) + String(digit) + value.slice(last + 1);
}
const DATE = /\b\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b/;
const DIGITS = /\d+/;
function laterDay(date, days) {
	return new Date(Date.parse(`${date}T00:00:00Z`) + days * 864e5).toISOString().slice(0, 10);
}
function withValue(value, [key, ...rest], other) {
	if (key === void 0) return other;
	if (Array.isArray(value)) return value.map((inner, index) => index === key ? withValue(inner, rest, other) : inner);
	if (!isObject(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, name === key ? withValue(inner, rest, other) : inner]));
}
function plant(fault, recorded, seed) {
	const note = `planted on purpose: ${fault.kind} in ${fault.tool}`;
	switch (fault.kind) {
		case "error": return {
			answer: {
				kind: "error",
				type: "ToolError",
				message: fault.message ?? "503 Service Unavailable"
			},
			note
		};
		case "timeout": return {
			answer: {
				kind: "error",
				type: "TimeoutError",
				message: `no answer within ${fault.holdMs ?? 5e3} ms`
			},
			note
		};
		case "empty": return {
			answer: {
				kind: "result",
				result: emptied(recorded)
			},
			note
		};
		case "wrong": {
			const wrong = makeWrong(recorded, seed, fault.field);
			if (wrong) return {
				answer: {
					kind: "result",
					result: wrong.result
				},
				note
			};
			const where = fault.field === void 0 ? "" : ` under ${fault.field}`;
			return {
				answer: {
					kind: "diverged",
					message: `A wrong answer was to be planted in ${fault.tool}, but its recorded result holds no number, date or id${where}. Choose another fault or field.`
				},
				note
			};
		}
	}
}
function emptied(value) {
	if (Array.isArray(value)) return [];
	return typeof value === "string" ? "" : null;
}
// src/replay/recorded-reply.ts
const NO_RETRY = { "x-should-retry": "false" };
function recordedReply(call) {
	if (call.output === null || call.output.length === 0) {
		if (call.error === void 0) return null;
		return {
			fault: "status",
			status: Number(/\b([45]\d\d)\b/.exec(call.error)?.[1] ?? 500),
			message: call.error,
			headers: NO_RETRY
		};
	}
	const text = call.output.map(textOf).filter(Boolean).join("\n");
	const toolCalls = call.output.flatMap(({ parts }) => parts.flatMap((part) => {
		if (part.type !== "tool_call") return [];
		const given = isObject(part.arguments) ? part.arguments : {};
		return [{
			...part.id === void 0 ? {} : { id: part.id },
			name: part.name,
			arguments: given
		}];
	}));
	const finishReason = finishReasonOf(call);
	return {
		...text === "" && toolCalls.length > 0 ? {} : { text },
		...toolCalls.length === 0 ? {} : { toolCalls },
		...finishReason === null ? {} : { finishReason },
		...call.usage === void 0 ? {} : { usage: call.usage },
		...call.model === null ? {} : { model: call.model }
	};
}
function finishReasonOf({ finishReason }) {
	return finishReason === "error" || finishReason === "other" ? null : finishReason;
}
// src/replay/tool-answer.ts
function errorAnswer(error) {
	const [, type, message] = /^(\S+): (.*)$/s.exec(error) ?? [];
	return {
		kind: "error",
		type: type ?? "Error",
		message: message ?? error
	};
}
// src/replay/tool-cursor.ts
var ToolCursor = class {
	#recording;
	#free;
	constructor(recording) {
		this.#recording = recording;
		this.#free = [...recording.toolCalls];
	}
	unused() {
		return [...new Set(this.#free.map(({ name }) => name))];
	}
	find(name, given) {
		const asked = canonical(given);
		const call = this.#free.find((one) => one.name === name && (one.arguments === void 0 || canonical(one.arguments) === asked));
		return call ? { call } : { diverged: this.#divergence(name, given) };
	}
	use(call) {
		this.#free.splice(this.#free.indexOf(call), 1);
	}
	#divergence(name, given) {
		const what = `${name} was called with ${short(given)}.`;
		const recorded = this.#recording.toolCalls.filter((call) => call.name === name);
		const free = this.#free.filter((call) => call.name === name);
		if (recorded.length === 0) return `${what} Expected: ${[...new Set(this.#recording.toolCalls.map((call) => call.name))].join(", ") || "no tool"}; the recording holds no call of ${name}.`;
		if (free.length > 0) {
			const expected = free.map((call) => short(call.arguments ?? null));
			return `${what} Expected: ${[...new Set(expected)].slice(0, 5).join(", or ")}.`;
		}
		const cut = this.#recording.truncated ? " It was cut at its size limit." : "";
		const all = recorded.map((call) => short(call.arguments ?? null)).slice(0, 5);
		return `${what} Expected: no further call, for the recording holds ${recorded.length} of ${name} (${all.join(", ")}) and all are used.${cut}`;
	}
};
function canonical(value) {
	return stableJson(withoutPersons(jsonOrText(value)));
}
function short(value) {
	const text = JSON.stringify(value);
	return text.length <= 200 ? text : `${text.slice(0, 199)}…`;
}
// src/replay/replay-session.ts
var ReplaySession = class {
	#options;
	#models;
	#tools;
	#notes = new Set();
	#calls = new Map();
	#planted = new Set();
	#ended = new AbortController();
	#modelCalls = 0;
	#divergence = null;
	constructor(options) {
		this.#options = options;
		this.#models = new ModelCursor(options.recording, options.match);
		this.#tools = new ToolCursor(options.recording);
	}
	get signal() {
		return this.#ended.signal;
	}
	async askModel(request, place) {
		if (this.#divergence !== null) return conflict(this.#divergence);
		const unasked = this.#toolRunByAgent(request);
		if (unasked !== null) return conflict(this.#diverge(unasked));
		this.#modelCalls += 1;
		const { mode, liveCall } = this.#options;
		return mode === "one-live" && this.#modelCalls === liveCall ? this.#askProvider(request, place) : this.#askRecording(request);
	}
	async callTool(name, given) {
		if (!(this.#divergence === null && this.#options.liveTools.includes(name))) return this.callToolInItsPlace(name, given);
		this.#calls.set(name, (this.#calls.get(name) ?? 0) + 1);
		const found = this.#tools.find(name, given);
		if ("call" in found) this.#tools.use(found.call);
		return { kind: "live" };
	}
	async callToolInItsPlace(name, given) {
		if (this.#divergence !== null) return {
			kind: "diverged",
			message: this.#divergence
		};
		const count = (this.#calls.get(name) ?? 0) + 1;
		this.#calls.set(name, count);
		const found = this.#tools.find(name, given);
		if (this.#options.liveTools.includes(name)) return {
			kind: "diverged",
			message: this.#diverge(`${name} is in liveTools, but ${ONLY_WRAPPED}`)
		};
		if ("diverged" in found) return {
			kind: "diverged",
			message: this.#diverge(found.diverged)
		};
		const { call } = found;
		const fault = this.#options.faults.find((one) => one.tool === name && (one.call === void 0 || one.call === count));
		if (!(fault?.kind === "error" || fault?.kind === "timeout")) this.#tools.use(call);
		if (fault) return this.#plant(fault, call.result ?? null, `${name} ${count}`);
		if (call.error !== null) return errorAnswer(call.error);
		if (call.result === void 0) {
			const message = `The recording does not hold what ${name} returned. Record results (content capture) in production.`;
			return {
				kind: "diverged",
				message: this.#diverge(message)
			};
		}
		return {
			kind: "result",
			result: call.result
		};
	}
	toolDefinitions() {
		const { recording, mcpTools } = this.#options;
		const known = new Map((recording.toolDefinitions ?? []).map((tool) => [tool.name, tool]));
		return (mcpTools ?? [...new Set([...known.keys(), ...recording.toolCalls.map(({ name }) => name)])]).map((name) => known.get(name) ?? { name });
	}
	end(failed) {
		this.#ended.abort();
		const { recording, mode, faults } = this.#options;
		const models = mode === "models-live" ? 0 : recording.llmCalls.length;
		if (this.#divergence === null && !failed && models > 0 && this.#modelCalls === 0) this.#diverge(`The agent asked no model here, but ${models} call(s) are recorded. ${ASKED_ELSEWHERE}`);
		if (recording.toolCalls.length > 0 && this.#calls.size === 0) this.#notes.add("no recorded tool was asked for; a tool that is not wrapped runs live");
		else {
			const failed = new Set([...this.#planted].map(({ tool }) => tool));
			for (const name of this.#tools.unused()) if (!failed.has(name)) this.#notes.add(`not all recorded calls of ${name} were made`);
		}
		for (const fault of faults) if (!this.#planted.has(fault)) this.#notes.add(`${fault.kind} in ${fault.tool} was to be planted, but that call was not made`);
		const fault = this.#fault();
		return {
			...fault === null ? {} : { fault },
			notes: [...this.#notes]
		};
	}
	#askRecording(request) {
		const asked = fingerprintOf(request);
		const taken = this.#models.take(asked, request.model);
		if ("diverged" in taken) return conflict(this.#diverge(taken.diverged));
		this.#noteChanges(request, asked, taken);
		const reply = recordedReply(taken.call);
		if (reply !== null) return reply;
		return conflict(this.#diverge("The recording does not hold what the model answered to this call."));
	}
	async #askProvider(request, place) {
		const response = await this.#options.forward(request, place).catch((error) => {
			this.#modelCalls -= 1;
			throw error;
		});
		if (!response.ok) this.#modelCalls -= 1;
		else {
			const asked = fingerprintOf(request);
			const taken = this.#models.take(asked, request.model);
			if (!("diverged" in taken)) this.#noteChanges(request, asked, taken);
		}
		return response;
	}
	#noteChanges(request, asked, taken) {
		if (taken.note !== null) this.#notes.add(taken.note);
		const changes = nameChanges(request, asked, taken.call, this.#options.recording);
		for (const change of changes) this.#notes.add(change);
	}
	#fault() {
		if (this.#divergence === null) return null;
		return {
			code: "replay-diverged",
			message: this.#divergence
		};
	}
	async #plant(fault, recorded, place) {
		this.#planted.add(fault);
		const { answer, note } = plant(fault, recorded, `${this.#options.seed} ${place}`);
		this.#notes.add(note);
		if (fault.kind === "timeout") await held(fault.holdMs ?? 5e3, this.#ended.signal);
		return answer.kind === "diverged" ? {
			...answer,
			message: this.#diverge(answer.message)
		} : answer;
	}
	#toolRunByAgent(request) {
		const parts = request.messages.flatMap((message) => message.parts);
		const names = new Map(parts.flatMap((part) => part.type === "tool_call" ? [[part.id, part.name]] : []));
		const recorded = new Set(this.#options.recording.toolCalls.map(({ name }) => name));
		for (const part of parts) {
			if (part.type !== "tool_result") continue;
			const name = names.get(part.id) ?? part.name;
			if (name === void 0 || !recorded.has(name) || this.#calls.has(name)) continue;
			if (this.#options.ownTools.includes(name)) continue;
			return `The agent ran ${name} itself instead of asking the replay. Wrap the tool with replayTool, point its MCP or HTTP client here, or name it in ownTools if the agent answers it by itself.`;
		}
		return null;
	}
	#diverge(what) {
		const planted = this.#planted.size > 0 && this.#options.mode !== "models-live" ? ` ${AFTER_A_FAULT}` : "";
		this.#divergence ??= `The replay diverged from ${this.#options.recordingPath}: ${what}${planted}`;
		setImmediate(() => this.#ended.abort());
		return this.#divergence;
	}
};
const ASKED_ELSEWHERE = "Does it read OPENAI_BASE_URL or ANTHROPIC_BASE_URL? Name its own variable in the option environment, or use mode models-live.";
const AFTER_A_FAULT = "After a planted fault recorded models cannot know what to say; use mode \"models-live\" to see how they take it.";
const ONLY_WRAPPED = "over MCP the replay stands in its place. Only a tool wrapped with replayTool can run live.";
function conflict(message) {
	return {
		fault: "status",
		status: 409,
		message,
		headers: NO_RETRY
	};
}
function held(ms, signal) {
	return new Promise((resolve) => {
		const timer = setTimeout(resolve, ms);
		signal.addEventListener("abort", () => {
			clearTimeout(timer);
			resolve();
		});
	});
}
// src/replay/replay-task.ts
function replayTask(options) {
	const { task, mode = "recorded", recordings = "evals/recordings", faults = [] } = options;
	check(options);
	let server = null;
	const settings = {
		mode,
		live: options.live?.call,
		match: options.match ?? "conversation",
		faults,
		ownTools: options.ownTools ?? [],
		liveTools: options.liveTools ?? []
	};
	return {
		kind: "replay",
		description: `${task.description} over replay (${mode})`,
		identity: `replay ${stableJson(settings)} ${task.identity}`,
		async run(input, setting) {
			const read = await recordingOf(input, resolve(recordings));
			if ("fault" in read) return read;
			const session = new ReplaySession({
				...read,
				seed: input.id,
				mode,
				...options.live === void 0 ? {} : { liveCall: options.live.call },
				match: settings.match,
				faults,
				ownTools: settings.ownTools,
				liveTools: settings.liveTools,
				mcpTools: options.mcpTools ?? null,
				forward: (request, place) => forwardLive(request, place, options.upstream ?? {})
			});
			server ??= ReplayServer.start();
			const place = (await server).open(session);
			const replay = replaySetting(place.url, mode, read.recording);
			try {
				const output = await task.run(input, {
					...setting,
					environment: {
						...setting.environment,
						...replayEnvironment(replay, mode, options.environment ?? {})
					},
					replay,
					signal: AbortSignal.any([setting.signal, session.signal])
				});
				if (setting.signal.aborted) return output;
				const ended = {
					...output,
					...session.end(output.fault !== void 0)
				};
				if (mode !== "models-live") return ended;
				return {
					...ended,
					notesOn: (trace) => nameChangesIn(trace, read.recording)
				};
			} finally {
				session.end(true);
				place.close();
			}
		},
		async close() {
			await Promise.all([task.close(), server?.then((running) => running.close())]);
		}
	};
}
async function recordingOf(input, directory) {
	if (input.recording === void 0) return { fault: {
		code: "replay-diverged",
		message: `Case ${input.id} has no recording, so there is nothing to replay. Keep written cases in a dataset of their own and run that with the plain task.`
	} };
	const recordingPath = join(directory, `${input.recording}.json`);
	try {
		return {
			recording: await readRecording(directory, input.recording),
			recordingPath
		};
	} catch (error) {
		return { fault: {
			code: "replay-diverged",
			message: messageOf(error)
		} };
	}
}
function check({ task, mode = "recorded", live, faults = [], liveTools = [] }) {
	if (task.kind !== "module" && task.kind !== "command") {
		const message = `replayTask: task is of kind ${task.kind}; only an agent that tracegate starts itself can be told where the recorded answers are. Use moduleTask or commandTask.`;
		throw new TracegateError("config", message);
	}
	if (mode === "one-live" !== (live !== void 0)) {
		const message = `replayTask: live: { call } belongs to mode "one-live", and is needed there. The mode is "${mode}".`;
		throw new TracegateError("config", message);
	}
	const both = faults.find(({ tool }) => liveTools.includes(tool));
	if (both) {
		const message = `replayTask: ${both.tool} is in liveTools, so no fault can be planted in its recorded answers.`;
		throw new TracegateError("config", message);
	}
	const wrong = [live?.call, ...faults.map(({ call }) => call)].filter((call) => call !== void 0).find((call) => !Number.isInteger(call) || call < 1);
	if (wrong !== void 0) throw new TracegateError("config", `replayTask: calls are counted from 1, so ${wrong} names none.`);
}
// src/tasks/agent-environment.ts
const PRODUCTION_ONLY = [
	"OTEL_EXPORTER_OTLP_ENDPOINT",
	"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
	"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
	"OTEL_EXPORTER_OTLP_TRACES_HEADERS",
	"OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
	"OTEL_EXPORTER_OTLP_LOGS_PROTOCOL",
	"OTEL_EXPORTER_OTLP_LOGS_HEADERS",
	"OTEL_EXPORTER_OTLP_HEADERS",
	"OTEL_EXPORTER_OTLP_CERTIFICATE",
	"OTEL_SDK_DISABLED",
	"OTEL_TRACES_SAMPLER_ARG"
];
function agentEnvironment(base, input, setting) {
	const resource = [
		base.OTEL_RESOURCE_ATTRIBUTES,
		`tracegate.case.id=${encodeURIComponent(input.id)}`,
		`tracegate.trial=${setting.trial}`
	];
	return {
		...threadEnvironment(base),
		OTEL_EXPORTER_OTLP_ENDPOINT: setting.endpoint,
		OTEL_RESOURCE_ATTRIBUTES: resource.filter(Boolean).join(","),
		TRACEPARENT: setting.traceparent,
		TRACEGATE_CASE_ID: input.id,
		TRACEGATE_TRIAL: String(setting.trial),
		...setting.environment
	};
}
function threadEnvironment(base) {
	return {
		...Object.fromEntries(Object.entries(base).filter(([name]) => !PRODUCTION_ONLY.includes(name))),
		OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
		OTEL_TRACES_EXPORTER: "otlp",
		OTEL_TRACES_SAMPLER: "parentbased_always_on",
		OTEL_METRICS_EXPORTER: "none",
		OTEL_LOGS_EXPORTER: "otlp"
	};
}
// src/tasks/process-fault.ts
function faultOf(end, description, timeoutMs) {
	if (end.how === "aborted") return {
		code: "aborted",
		message: `${description}: stopped before it ended.`
	};
	if (end.how === "timed-out") return {
		code: "agent-timed-out",
		message: `${description}: did not end within ${timeoutMs} ms and was killed. Raise timeoutMs if it needs longer.` + tailOf(end)
	};
	if (end.how === "not-started") return {
		code: "agent-failed-to-start",
		message: `${description}: cannot be started (${end.stderr}). Check the command and its working directory.`
	};
	if (end.exitCode === 0) return null;
	return {
		code: "agent-failed-to-start",
		message: `${description}: ${end.exitCode === null ? `was ended by ${end.exitSignal}` : `ended with exit code ${end.exitCode}`}.${tailOf(end)}`
	};
}
function tailOf(end) {
	const lines = end.stderr.trim().split("\n").slice(-8).join("\n");
	return lines === "" ? " It wrote nothing to stderr." : ` Its last error output:\n${lines}`;
}
// src/tasks/run-process.ts
const STDOUT_LIMIT = 1048576;
const GRACE_MS = 2e3;
async function runProcess(options) {
	if (options.signal.aborted) return {
		how: "aborted",
		exitCode: null,
		exitSignal: null,
		stdout: "",
		stderr: ""
	};
	const stdout = {
		text: "",
		size: 0
	};
	let stderr = "";
	let how = "exited";
	const child = spawn(options.file, [...options.arguments], {
		...options.cwd === void 0 ? {} : { cwd: options.cwd },
		env: { ...options.environment },
		stdio: options.channel ? [
			"pipe",
			"pipe",
			"pipe",
			"ipc"
		] : [
			"pipe",
			"pipe",
			"pipe"
		],
		detached: process.platform !== "win32"
	});
	const stop = (reason) => {
		how = reason;
		killGroup(child);
	};
	let timer = setTimeout(stop, options.timeoutMs, "timed-out");
	const onAbort = () => stop("aborted");
	options.signal.addEventListener("abort", onAbort, { once: true });
	child.stdout?.setEncoding("utf8").on("data", (text) => {
		stdout.size += text.length;
		if (stdout.text.length < STDOUT_LIMIT) stdout.text += text.slice(0, STDOUT_LIMIT - stdout.text.length);
	});
	child.stderr?.setEncoding("utf8").on("data", (text) => {
		stderr = (stderr + text).slice(-8192);
	});
	child.stdin?.on("error", () => {}).end(options.stdin);
	if (options.channel) {
		const { message, onReply } = options.channel;
		child.send(message, () => {});
		child.on("message", (reply) => {
			clearTimeout(timer);
			onReply(reply);
			timer = setTimeout(killGroup, GRACE_MS, child);
		});
	}
	try {
		const end = await endOf(child);
		if (end.startError !== null) how = "not-started";
		return {
			how,
			exitCode: end.code,
			exitSignal: end.signal,
			stdout: stdout.text,
			stderr: end.startError ?? stderr
		};
	} finally {
		clearTimeout(timer);
		options.signal.removeEventListener("abort", onAbort);
		killGroup(child);
	}
}
function endOf(child) {
	return new Promise((resolve) => {
		child.once("error", (error) => {
			if (child.pid === void 0) resolve({
				code: null,
				signal: null,
				startError: messageOf(error)
			});
		});
		child.once("exit", () => killGroup(child));
		child.once("close", (code, signal) => resolve({
			code,
			signal,
			startError: null
		}));
	});
}
function killGroup(child) {
	if (child.pid === void 0) return;
	try {
		if (process.platform === "win32") child.kill("SIGKILL");
		else process.kill(-child.pid, "SIGKILL");
	} catch {}
}
// src/tasks/command-task.ts
function commandTask(options) {
	const { command, timeoutMs = 12e4, cwd } = options;
	const description = typeof command === "string" ? command : command.join(" ");
	const [file, ...rest] = typeof command === "string" ? [
		"/bin/sh",
		"-c",
		command
	] : command;
	return {
		kind: "command",
		description,
		identity: `command ${description}`,
		async run(input, setting) {
			const end = await runProcess({
				file: file ?? "",
				arguments: rest,
				environment: agentEnvironment(process.env, input, setting),
				stdin: `${JSON.stringify(input)}\n`,
				timeoutMs,
				signal: setting.signal,
				...cwd === void 0 ? {} : { cwd }
			});
			const fault = faultOf(end, description, timeoutMs);
			if (fault) return { fault };
			const answer = end.stdout.trim();
			return answer === "" ? {} : { answer };
		},
		close: () => Promise.resolve()
	};
}
// src/tasks/module-runner.ts
const MODULE_RUNNER = `
process.on("disconnect", () => process.exit(1));
process.once("message", async ({ url, name, input, setting }) => {
  const reply = (message) => process.send(message, () => {
    process.removeAllListeners("disconnect");
    process.disconnect();
  });
  try {
    const module = await import(url);
    const agent = module[name];
    if (typeof agent !== "function") {
      const found = Object.keys(module).join(", ") || "nothing";
      throw new Error("it exports no function named " + name + ", but " + found);
    }
    const output = await agent(input, { ...setting, signal: new AbortController().signal });
    const api = globalThis[Symbol.for("opentelemetry.js.api.1")];
    const provider = api?.trace?.getDelegate?.() ?? api?.trace;
    await provider?.forceFlush?.();
    await globalThis[Symbol.for("io.opentelemetry.js.api.logs")]?.(1)?.forceFlush?.();
    const answer = typeof output === "string" ? output : output?.answer;
    reply({ answer: typeof answer === "string" ? answer : null });
  } catch (error) {
    reply({ error: error instanceof Error ? error.stack ?? error.message : String(error) });
  }
});
`;
// src/tasks/thread-runner.ts
const THREAD_RUNNER = `
const { parentPort, workerData } = require("node:worker_threads");
const loading = import(workerData.url);
loading.catch(() => {});
const controllers = new Map();
parentPort.on("message", async (message) => {
  if ("ping" in message) return parentPort.postMessage(message);
  if ("abort" in message) return controllers.get(message.abort)?.abort();
  const { id, input, setting } = message;
  const controller = new AbortController();
  controllers.set(id, controller);
  try {
    const module = await loading;
    const agent = module[workerData.name];
    if (typeof agent !== "function") {
      const found = Object.keys(module).join(", ") || "nothing";
      throw new Error("it exports no function named " + workerData.name + ", but " + found);
    }
    const output = await agent(input, { ...setting, signal: controller.signal });
    const answer = typeof output === "string" ? output : output?.answer;
    parentPort.postMessage({ id, answer: typeof answer === "string" ? answer : null });
  } catch (error) {
    parentPort.postMessage({ id, error: error instanceof Error ? error.stack ?? error.message : String(error) });
  } finally {
    controllers.delete(id);
  }
});
`;
// src/tasks/module-threads.ts
const NEEDS_PROCESS = "trials that set environment variables, as a replay does, need a process each. Set isolation: \"process\".";
const PING_MS = 1e3;
var ModuleThreads = class {
	#data;
	#environment;
	#threads = [];
	#nextId = 1;
	constructor(data, environment) {
		this.#data = data;
		this.#environment = environment;
	}
	async run(input, setting, timeoutMs) {
		if (setting.signal.aborted) return { how: "aborted" };
		if (setting.environment) return {
			how: "lost",
			message: NEEDS_PROCESS
		};
		const thread = this.#leastBusy();
		const id = this.#nextId++;
		const { trial, endpoint, traceparent } = setting;
		const { promise, resolve } = Promise.withResolvers();
		const give = (how) => {
			thread.giveUp(id);
			resolve({ how });
		};
		const timer = setTimeout(give, timeoutMs, "timed-out");
		const onAbort = () => give("aborted");
		setting.signal.addEventListener("abort", onAbort, { once: true });
		thread.start(id, {
			id,
			input,
			setting: {
				trial,
				endpoint,
				traceparent
			}
		}, { settle: resolve });
		try {
			return await promise;
		} finally {
			clearTimeout(timer);
			setting.signal.removeEventListener("abort", onAbort);
		}
	}
	async close() {
		await Promise.all(this.#threads.map((thread) => thread.close()));
	}
	#leastBusy() {
		const alive = this.#threads.filter((thread) => !thread.closed);
		const idle = alive.find((thread) => thread.load === 0);
		if (idle) return idle;
		if (alive.length < availableParallelism()) {
			const thread = new ModuleThread(this.#data, this.#environment);
			this.#threads.push(thread);
			return thread;
		}
		return alive.reduce((best, thread) => thread.load < best.load ? thread : best);
	}
};
var ModuleThread = class {
	#worker;
	#trials = new Map();
	#pings = 0;
	closed = false;
	constructor(workerData, environment) {
		this.#worker = new Worker(THREAD_RUNNER, {
			eval: true,
			workerData,
			env: { ...environment }
		});
		this.#worker.on("message", (message) => this.#received(message));
		this.#worker.on("error", (error) => this.#died(messageOf(error)));
		this.#worker.on("exit", () => this.#died("its thread ended. Does it call process.exit()?"));
		this.#worker.unref();
	}
	get load() {
		return this.#trials.size;
	}
	start(id, message, trial) {
		this.#trials.set(id, trial);
		this.#worker.ref();
		this.#worker.postMessage(message);
	}
	giveUp(id) {
		this.#forget(id);
		this.#worker.postMessage({ abort: id });
		const ping = ++this.#pings;
		const timer = setTimeout(() => {
			this.#died("another trial blocked its thread, which was killed.");
			this.close().catch(() => {});
		}, PING_MS);
		const onMessage = (message) => {
			if (!isObject(message) || message.ping !== ping) return;
			clearTimeout(timer);
			this.#worker.off("message", onMessage);
		};
		this.#worker.on("message", onMessage);
		this.#worker.postMessage({ ping });
	}
	async close() {
		this.closed = true;
		await this.#worker.terminate();
	}
	#received(message) {
		if (!isObject(message) || typeof message.id !== "number") return;
		this.#trials.get(message.id)?.settle({
			how: "answered",
			reply: message
		});
		this.#forget(message.id);
	}
	#died(message) {
		this.closed = true;
		for (const [id, trial] of this.#trials) {
			this.#forget(id);
			trial.settle({
				how: "lost",
				message
			});
		}
	}
	#forget(id) {
		this.#trials.delete(id);
		if (this.#trials.size === 0) this.#worker.unref();
	}
};
// src/tasks/module-task.ts
function moduleTask(options) {
	const { path, export: name = "default", timeoutMs = 12e4, isolation = "process" } = options;
	const description = name === "default" ? path : `${path}#${name}`;
	const url = pathToFileURL(isAbsolute(path) ? path : resolve(path)).href;
	const described = {
		kind: "module",
		description,
		identity: `module ${description}`
	};
	if (isolation === "thread") {
		const threads = new ModuleThreads({
			url,
			name
		}, threadEnvironment(process.env));
		return {
			...described,
			run: async (input, setting) => outputOfThread(await threads.run(input, setting, timeoutMs), description, timeoutMs),
			close: () => threads.close()
		};
	}
	return {
		...described,
		async run(input, setting) {
			let reply = null;
			const { signal, environment: _, ...shown } = setting;
			const end = await runProcess({
				file: process.execPath,
				arguments: [
					"--input-type=module",
					"-e",
					MODULE_RUNNER
				],
				environment: agentEnvironment(process.env, input, setting),
				stdin: "",
				timeoutMs,
				signal,
				channel: {
					message: {
						url,
						name,
						input,
						setting: shown
					},
					onReply: (message) => {
						reply = readReply(message);
					}
				}
			});
			return outputOf(reply, end, description, timeoutMs);
		},
		close: () => Promise.resolve()
	};
}
function outputOfThread(end, description, timeoutMs) {
	if (end.how === "answered") return outputOfReply(readReply(end.reply), description);
	if (end.how === "lost") return { fault: {
		code: "agent-failed-to-start",
		message: `${description}: ${end.message}`
	} };
	const fault = faultOf({
		...NO_OUTPUT,
		how: end.how
	}, description, timeoutMs);
	return fault ? { fault } : {};
}
const NO_OUTPUT = {
	exitCode: null,
	exitSignal: null,
	stdout: "",
	stderr: ""
};
function readReply(message) {
	if (!isObject(message)) return {};
	if (typeof message.error === "string") return { error: message.error };
	return typeof message.answer === "string" ? { answer: message.answer } : {};
}
function outputOf(reply, end, description, timeoutMs) {
	if (reply) return outputOfReply(reply, description);
	const fault = faultOf(end, description, timeoutMs);
	if (fault) return { fault };
	return { fault: {
		code: "agent-failed-to-start",
		message: `${description}: the process ended before the agent answered. Does it call process.exit()?`
	} };
}
function outputOfReply(reply, description) {
	if (reply.error !== void 0) return { fault: {
		code: "agent-failed-to-start",
		message: `${description}: ${reply.error}`
	} };
	return reply.answer === void 0 ? {} : { answer: reply.answer };
}
export { TracegateError, anthropic, budget, commandTask, defineConfig, defineJudge, defineScorer, finishReason, groundedness, instructionFollowing, moduleTask, noFinalAnswer, openai, otlp, passed, replayTask, retryLoop, ruleScorers, textOf, toolErrors, unsupportedClaim };
