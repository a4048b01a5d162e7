import { n as messageOf, t as TracegateError } from "./chunks/errors.js";
import { n as parseJson, r as stableJson, t as isObject } from "./chunks/json.js";
import { i as wireTypes, n as asBuffer, t as WireReader } from "./chunks/wire-reader.js";
import { a as readEnvelope, i as placesIn, n as copySpans, t as WireWriter } from "./chunks/wire-writer.js";
import { s as nanosecondsOf, t as readSpanIdentity } from "./chunks/span-identity.js";
import { t as readSpans } from "./chunks/read-spans.js";
import { a as scoreId } from "./chunks/ids.js";
import { n as textOf } from "./chunks/message.js";
import { t as passed } from "./chunks/score.js";
import { D as checkScorer, N as killGroup, O as openai, P as readRecording, S as defineJudge, T as cascade, _ as handOff, a as noFinalAnswer, b as correctness, c as defineScorer, d as toolUse, f as tone, g as instructionFollowing, h as policyAdherence, i as retryLoop, j as scoreOf, k as anthropic, m as safety, n as unsupportedClaim, o as finishReason, p as taskCompletion, r as toolErrors, s as budget, t as ruleScorers, v as groundedness, w as panel, x as contextRetention, y as goalDrift } from "./chunks/scorers.js";
import { t as sumUsage } from "./chunks/sum-usage.js";
import { C as ownModules, x as RESOLVE_OWN_MODULES } from "./chunks/schemas.js";
import { connect, createServer } from "node:net";
import { promisify } from "node:util";
import { once } from "node:events";
import { constants, gzip, zstdCompress, zstdDecompress } from "node:zlib";
import { Worker } from "node:worker_threads";
import { pathToFileURL } from "node:url";
import { isAbsolute, join, resolve } from "node:path";
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { setTimeout as setTimeout$1 } from "node:timers/promises";
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
async function readAnswer$1(response) {
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
			body: await readAnswer$1(response)
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
	"batched",
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
			"tracegate.scorer.kind": score.kind,
			...typeof score.metadata.judgeTraceId === "string" && { "tracegate.judge.trace_id": score.metadata.judgeTraceId },
			...score.inclusionProbability !== void 0 && { "tracegate.inclusion_probability": double(score.inclusionProbability) }
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
async function payloadOf({ summary, payload }) {
	if (payload === null) {
		const message = `Trace ${summary.traceId}: its spans are no longer kept, so there is nothing to carry its scores.`;
		throw new TracegateError("not-found", message);
	}
	try {
		return await inflate(payload, { maxOutputLength: MAX_TRACE_BYTES });
	} catch (cause) {
		const message = `Trace ${summary.traceId}: the stored payload is not zstd, or larger than ${MAX_TRACE_BYTES} bytes.`;
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
		judgeCalls: (spans, signal) => exportSpans(target, spans, signal),
		close: async () => {
			await Promise.allSettled(underWay);
		}
	};
}
// src/config/define-config.ts
function defineConfig(config) {
	return config;
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
// src/replay/replay-task.ts
function replayTask(options) {
	const { task, mode = "recorded", recordings = "evals/recordings", faults = [] } = options;
	check$1(options);
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
		...described(task, settings),
		async run(input, setting) {
			const read = await recordingOf(input, resolve(recordings));
			if ("fault" in read) return read;
			const { forwardLive, nameChangesIn, ReplayServer, ReplaySession } = await import("./chunks/replay-parts.js");
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
				return mode === "models-live" ? {
					...ended,
					notesOn: (trace) => nameChangesIn(trace, read.recording)
				} : {
					...ended,
					paidCalls: (calls) => paidCallsOf(calls, options.live?.call)
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
function described(task, settings) {
	const { mode } = settings;
	return {
		kind: "replay",
		description: `${task.description} over replay (${mode})`,
		identity: `replay ${stableJson(settings)} ${task.identity}`,
		replaysAll: mode === "recorded"
	};
}
function paidCallsOf(calls, live) {
	if (live === void 0) return [];
	const from = calls.slice(live - 1);
	return from.slice(0, from.findIndex(({ error }) => error === null) + 1);
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
function check$1({ task, mode = "recorded", live, faults = [], liveTools = [] }) {
	if (task.kind !== "module" && task.kind !== "command") {
		const message = `replayTask: task is of kind ${task.kind}; only an agent that is started for each trial can be told where the recorded answers are. Use moduleTask or commandTask.`;
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
// src/scorers/join-traces.ts
function joinTraces({ traces }) {
	const [first, ...more] = traces;
	if (more.length === 0) return first;
	const last = traces.at(-1) ?? first;
	const all = (list) => traces.flatMap(list);
	const agentCalls = all((trace) => trace.agentCalls ?? []);
	const definitions = new Map(all((trace) => trace.toolDefinitions).map((tool) => [tool.name, tool]));
	const startTime = Math.min(...traces.map((trace) => trace.startTime));
	const endTime = Math.max(...traces.map((trace) => trace.endTime));
	const { input: _input, systemInstructions: _instructions, agentCalls: _calls, ...ofLast } = last;
	const input = traces.find((trace) => trace.input !== void 0)?.input;
	const instructions = traces.find((trace) => trace.systemInstructions !== void 0)?.systemInstructions;
	return {
		...ofLast,
		...input !== void 0 && { input },
		...instructions !== void 0 && { systemInstructions: instructions },
		...agentCalls.length > 0 && { agentCalls },
		startTime,
		endTime,
		durationMs: endTime - startTime,
		messages: joinMessages(traces.map((trace) => trace.messages)),
		toolDefinitions: [...definitions.values()],
		llmCalls: all((trace) => trace.llmCalls),
		toolCalls: all((trace) => trace.toolCalls),
		retrievals: all((trace) => trace.retrievals),
		memoryOperations: all((trace) => trace.memoryOperations),
		rationales: all((trace) => trace.rationales),
		usage: sumUsage(traces.map((trace) => trace.usage)),
		cost: sumOfCost(traces.map((trace) => trace.cost)),
		errors: all((trace) => trace.errors),
		retries: traces.some((trace) => trace.retries === null) ? null : traces.reduce((sum, trace) => sum + (trace.retries ?? 0), 0),
		annotations: all((trace) => trace.annotations),
		spans: all((trace) => trace.spans)
	};
}
function joinMessages(lists) {
	const joined = [];
	const keys = [];
	for (const messages of lists) {
		const next = messages.map(({ role, parts }) => stableJson([role, parts]));
		let repeated = Math.min(keys.length, next.length);
		while (repeated > 0 && !endsWith(keys, next, repeated)) repeated -= 1;
		joined.push(...messages.slice(repeated));
		keys.push(...next.slice(repeated));
	}
	return joined;
}
function endsWith(keys, next, count) {
	const from = keys.length - count;
	for (let index = 0; index < count; index += 1) if (keys[from + index] !== next[index]) return false;
	return true;
}
function sumOfCost(costs) {
	const priced = costs.filter((cost) => cost.usd !== void 0);
	const unpricedModels = [...new Set(costs.flatMap((cost) => cost.unpricedModels))];
	if (priced.length === 0) return { unpricedModels };
	const sources = new Set(priced.map((cost) => cost.source));
	const [source] = sources;
	const pricesAsOf = priced.find((cost) => cost.pricesAsOf !== void 0)?.pricesAsOf;
	return {
		usd: priced.reduce((sum, cost) => sum + (cost.usd ?? 0), 0),
		...sources.size > 1 ? { source: "mixed" } : source !== void 0 && { source },
		...pricesAsOf !== void 0 && { pricesAsOf },
		unpricedModels
	};
}
// src/scorers/define-session-scorer.ts
function defineSessionScorer(name, options, score) {
	const { version = "1", passAt = .5, description = "" } = options;
	checkScorer(name, version, passAt);
	const identity = {
		name,
		version,
		kind: "rule",
		passAt
	};
	return {
		...identity,
		description,
		async scoreSession(session, { signal }) {
			const returned = await score({
				...session,
				signal
			});
			return scoreOf(identity, joinTraces(session), returned);
		}
	};
}
function overSession(scorer, name = `session-${scorer.name}`) {
	const { score, weight: _weight, ...identity } = scorer;
	checkScorer(name, scorer.version, scorer.passAt);
	return {
		...identity,
		name,
		async scoreSession(session, context) {
			return {
				...await score({ trace: joinTraces(session) }, context),
				name
			};
		}
	};
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
function serviceEnvironment(base, endpoint) {
	return {
		...threadEnvironment(base),
		OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
		OTEL_PROPAGATORS: "tracecontext,baggage",
		OTEL_BSP_SCHEDULE_DELAY: "200",
		OTEL_BLRP_SCHEDULE_DELAY: "200"
	};
}
// src/tasks/missing-parts.ts
const MISSING = [
	/(?:^|\n)(?:ModuleNotFoundError|ImportError)\b[^\n]*$/,
	/\bcode: '(?:ERR_MODULE_NOT_FOUND|MODULE_NOT_FOUND|ERR_PACKAGE_PATH_NOT_EXPORTED|ERR_DLOPEN_FAILED)'[^}]*\}\s*Node\.js v\S+$/,
	/\bsyscall: 'spawn [^}]*\}\s*Node\.js v\S+$/,
	/\(LoadError\)(?:\n\s+from [^\n]*)*$/,
	/(?:^|\n)\S*sh: (?:(?:line )?\d+: )?\S+: (?:command )?not found$/
];
function endsInMissingPart(stderr) {
	const end = stderr.trim();
	return MISSING.some((words) => words.test(end));
}
// src/tasks/process-fault.ts
const NOT_RUN = new Set([126, 127]);
function faultOf(end, description, timeoutMs) {
	if (end.how === "aborted") return {
		code: "aborted",
		message: `${description}: stopped before it ended.`
	};
	if (end.how === "timed-out") return {
		code: "agent-timed-out",
		message: `${description}: did not end within ${timeoutMs} ms and was killed. Raise timeoutMs if it needs longer.` + tailOf(end.stderr),
		limitMs: timeoutMs
	};
	if (end.how === "not-started") return {
		code: "agent-failed-to-start",
		message: `${description}: cannot be started (${end.stderr}). Check the command and its working directory.`
	};
	if (end.exitCode === 0) return null;
	const how = end.exitCode === null ? `was ended by ${end.exitSignal}` : `ended with exit code ${end.exitCode}`;
	return {
		code: NOT_RUN.has(end.exitCode ?? 0) || end.exitCode !== null && endsInMissingPart(end.stderr) ? "agent-failed-to-start" : "agent-crashed",
		message: `${description}: ${how}.${tailOf(end.stderr)}`
	};
}
function tailOf(output, what = "error output") {
	const lines = output.trim().split("\n").slice(-8).join("\n");
	return lines === "" ? what === "output" ? " It printed nothing." : " It wrote nothing to stderr." : ` Its last ${what}:\n${lines}`;
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
// src/tasks/header-values.ts
function fillHeaders(given, environment) {
	const headers = {};
	const secrets = [];
	for (const [header, value] of Object.entries(given)) {
		if (typeof value === "string") {
			headers[header] = value;
			continue;
		}
		const secret = environment[value.env]?.trim();
		if (!secret) return `the header ${header} needs the environment variable ${value.env}, which is not set.`;
		headers[header] = `${value.prefix ?? ""}${secret}`;
		secrets.push([secret, value.env]);
	}
	secrets.sort(([a], [b]) => b.length - a.length);
	const mask = (text) => secrets.reduce((masked, [secret, name]) => masked.replaceAll(secret, `[${name}]`), text);
	return {
		headers,
		mask
	};
}
// src/tasks/http-answer.ts
function readHttpAnswer(response) {
	const isStream = /^text\/event-stream\b/i.test(response.headers["content-type"] ?? "");
	return {
		...response,
		json: isStream ? void 0 : parseJson(response.text),
		events: isStream ? readEvents(response.text) : []
	};
}
const FIELDS = [
	"answer",
	"output",
	"response",
	"reply",
	"text",
	"content",
	"message"
];
function usualAnswer({ headers, text, json, events }) {
	if (events.length > 0) return answerInEvents(events);
	if (json !== void 0) return answerIn(json);
	return /^text\/plain\b/i.test(headers["content-type"] ?? "") && text.trim() !== "" ? text.trim() : void 0;
}
function answerIn(value) {
	if (typeof value === "string") return value;
	if (!isObject(value)) return void 0;
	for (const name of FIELDS) {
		const field = value[name];
		if (typeof field === "string") return field;
		if (isObject(field) && typeof field.content === "string") return field.content;
	}
	return answerIn(firstChoice(value)?.message);
}
function answerInEvents(events) {
	const values = events.map(({ data }) => parseJson(data));
	const pieces = values.flatMap((value) => {
		const delta = isObject(value) ? firstChoice(value)?.delta : void 0;
		return isObject(delta) && typeof delta.content === "string" ? [delta.content] : [];
	});
	if (pieces.length > 0) return pieces.join("");
	return values.map(answerIn).findLast((answer) => answer !== void 0);
}
function firstChoice(value) {
	const first = Array.isArray(value.choices) ? value.choices[0] : void 0;
	return isObject(first) ? first : void 0;
}
function readEvents(text) {
	return text.split(/(?:\r\n|\r|\n){2}/).flatMap((block) => {
		let event = "message";
		const data = [];
		for (const line of block.split(/\r\n|\r|\n/)) {
			const [, field, value = ""] = /^(event|data)(?:: ?(.*))?$/.exec(line) ?? [];
			if (field === "event") event = value;
			if (field === "data") data.push(value);
		}
		return data.length === 0 ? [] : [{
			event,
			data: data.join("\n")
		}];
	});
}
// src/tasks/http-fault.ts
const SHOWN = 500;
const MAY_PASS = new Set([
	408,
	425,
	429
]);
const NOT_THERE = new Set([
	502,
	503,
	504
]);
function faultOfPost(end, description, timeoutMs) {
	switch (end.how) {
		case "aborted": return {
			code: "aborted",
			message: `${description}: stopped before it answered.`
		};
		case "timed-out": return {
			code: "agent-timed-out",
			message: `${description}: did not end within ${timeoutMs} ms and was given up. Raise timeoutMs if it needs longer.`,
			limitMs: timeoutMs
		};
		case "failed": {
			const advice = end.connected ? "Look at what the service printed; one that tracegate starts (start) is shown here." : "Does the service run there? With start, tracegate starts it.";
			return {
				code: "agent-failed-to-start",
				message: `${description}: no whole answer (${end.message}). ${advice}`
			};
		}
		case "answered": return faultOfStatus(end.response, description);
	}
}
function faultOfStatus(response, description) {
	const { status, reason, headers } = response;
	if (status >= 200 && status < 300) return null;
	const said = `${description}: the service answered ${status}${reason === "" ? "" : ` ${reason}`}`;
	if (status < 400) return {
		code: "agent-refused",
		message: `${said}, Location ${headers.location ?? "(none)"}. Redirects are not followed: set url to where it leads.`
	};
	const body = response.text.trim();
	const words = body === "" ? ", and nothing more." : `: ${body.slice(0, SHOWN)}${body.length > SHOWN ? " …" : ""}`;
	if (MAY_PASS.has(status) || NOT_THERE.has(status) && body === "") return {
		code: "agent-failed-to-start",
		message: said + words
	};
	if (status >= 500) return {
		code: "agent-crashed",
		message: said + words
	};
	return {
		code: "agent-refused",
		message: `${said}${words}\nCorrect the url, headers or body of httpTask.`
	};
}
// src/tasks/request-of.ts
function requestOf({ protocol }) {
	return process.getBuiltinModule(protocol === "https:" ? "node:https" : "node:http").request;
}
// src/tasks/post-json.ts
const BODY_LIMIT = 16777216;
async function postJson(options) {
	const { signal, timeoutMs } = options;
	const timeout = AbortSignal.timeout(timeoutMs);
	let connected = false;
	const onConnect = () => {
		connected = true;
	};
	try {
		return {
			how: "answered",
			response: await exchange(options, AbortSignal.any([signal, timeout]), onConnect)
		};
	} catch (error) {
		if (signal.aborted) return { how: "aborted" };
		if (timeout.aborted) return { how: "timed-out" };
		return {
			how: "failed",
			message: reasonOf(error),
			connected
		};
	}
}
async function exchange({ url, headers, body }, signal, onConnect) {
	const incoming = await new Promise((resolve, reject) => {
		const outgoing = requestOf(url)(url, {
			method: "POST",
			agent: false,
			signal,
			headers: {
				accept: "application/json, text/event-stream;q=0.9, text/plain;q=0.8",
				"content-type": "application/json",
				"content-length": Buffer.byteLength(body),
				...headers
			}
		});
		const ready = url.protocol === "https:" ? "secureConnect" : "connect";
		outgoing.once("socket", (socket) => socket.once(ready, onConnect));
		outgoing.once("response", resolve).once("error", reject).end(body);
	});
	const chunks = [];
	let size = 0;
	for await (const chunk of incoming) {
		const bytes = Buffer.from(chunk);
		size += bytes.length;
		if (size > BODY_LIMIT) throw new Error(`its response is larger than ${BODY_LIMIT} bytes`);
		chunks.push(bytes);
	}
	const { statusCode = 0, statusMessage = "" } = incoming;
	const text = Buffer.concat(chunks).toString("utf8");
	return {
		status: statusCode,
		reason: statusMessage,
		headers: incoming.headers,
		text
	};
}
function reasonOf(error) {
	if (error instanceof AggregateError) return [...new Set(error.errors.map(messageOf))].join("; ");
	return messageOf(error);
}
// src/tasks/service-place.ts
async function withFreePort(url) {
	if (url.port !== "0") return url;
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	const filled = new URL(url);
	if (address !== null && typeof address === "object") filled.port = String(address.port);
	server.close();
	await once(server, "close");
	return filled;
}
function portOf(url) {
	return Number(url.port || (url.protocol === "https:" ? 443 : 80));
}
async function isOpen(url) {
	const socket = connect({
		host: url.hostname.replace(/^\[|\]$/g, ""),
		port: portOf(url),
		timeout: 1e3
	});
	try {
		return await new Promise((resolve) => {
			socket.once("connect", () => resolve(true));
			socket.once("error", () => resolve(false)).once("timeout", () => resolve(false));
		});
	} finally {
		socket.destroy();
	}
}
function isHealthy(url) {
	const start = requestOf(url);
	return new Promise((resolve) => {
		const outgoing = start(url, {
			agent: false,
			timeout: 2e3
		}, (incoming) => {
			const { statusCode = 0 } = incoming;
			resolve(statusCode >= 200 && statusCode < 300);
			incoming.destroy();
		});
		outgoing.once("error", () => resolve(false)).once("timeout", () => outgoing.destroy());
		outgoing.end();
	});
}
// src/tasks/service.ts
const MAX_STARTS = 3;
const LOOK_MS = 100;
const STOP_MS = 3e3;
const EXIT_LAG_MS = 300;
var Service = class {
	#url;
	#options;
	#name;
	#firstStarts = 0;
	#failedStarts = 0;
	#state = null;
	#endpoint = "";
	#running = null;
	#closed = false;
	constructor(url, options) {
		this.#url = url;
		this.#options = options;
		const { command } = options;
		this.#name = typeof command === "string" ? command : command.join(" ");
	}
	async ready(endpoint, trial = 1) {
		if (this.#state !== null && endpoint !== this.#endpoint) await this.#stop();
		this.#endpoint = endpoint;
		const spent = trial === 1 ? Math.max(this.#firstStarts, this.#failedStarts) : this.#failedStarts;
		if (this.#state === null && spent >= MAX_STARTS) return this.#notAgain();
		if (this.#state === null && trial === 1) this.#firstStarts += 1;
		this.#state ??= this.#start(endpoint);
		return this.#state;
	}
	async lastWords() {
		const running = this.#running;
		if (running === null) return null;
		await Promise.race([running.ended, setTimeout$1(EXIT_LAG_MS, void 0, { ref: false })]);
		return this.#wordsOf(running);
	}
	printed() {
		return tailOf(this.#running?.output() ?? "", "output");
	}
	async renew() {
		await this.#stop();
	}
	async close() {
		this.#closed = true;
		await this.#stop();
	}
	async #start(endpoint) {
		if (this.#closed) return { problem: `${this.#name} was stopped.` };
		const url = await withFreePort(this.#url);
		if (await isOpen(url)) {
			const advice = process.env.TRACEGATE_CONTROL ? "The change's own service holds it: give" : "Stop it, or give";
			return this.#failed(`port ${portOf(url)} is in use already, and that program would be tried in its place. ${advice} the url port 0 and let the service listen at PORT.`);
		}
		const { cwd, environment } = this.#options;
		const running = run(this.#options.command, cwd, {
			...serviceEnvironment(process.env, endpoint),
			PORT: String(portOf(url)),
			...environment
		});
		this.#running = running;
		const problem = await this.#whenReady(url, running);
		if (problem !== null) {
			await end(running);
			return this.#failed(problem);
		}
		running.ended.then(() => this.#forget(running)).catch(() => {});
		return { url };
	}
	async #whenReady(url, running) {
		const { health, startTimeoutMs = 6e4 } = this.#options;
		const place = health === void 0 ? url : new URL(health, url);
		const deadline = performance.now() + startTimeoutMs;
		while (performance.now() < deadline && !this.#closed) {
			const ended = this.#wordsOf(running);
			if (ended !== null) return ended;
			if (await (health === void 0 ? isOpen(place) : isHealthy(place))) return null;
			await Promise.race([setTimeout$1(LOOK_MS, void 0, { ref: false }), running.ended]);
		}
		const asked = health === void 0 ? `took no connection at ${place.host}` : `did not answer 2xx at ${place.href}`;
		return `${this.#name} ${asked} within ${startTimeoutMs} ms and was stopped.${tailOf(running.output(), "output")}`;
	}
	#wordsOf(running) {
		const how = running.how();
		return how === null ? null : `${this.#name} ${how}${tailOf(running.output(), "output")}`;
	}
	#notAgain() {
		if (this.#closed) return { problem: `${this.#name} was stopped.` };
		const last = this.#running ? this.#wordsOf(this.#running) : null;
		return { problem: `started ${MAX_STARTS} times, and not once more: ${last ?? this.#name}` };
	}
	#failed(problem) {
		this.#failedStarts += 1;
		if (this.#failedStarts < MAX_STARTS) this.#state = null;
		return { problem };
	}
	#forget(running) {
		if (this.#running === running) this.#state = null;
	}
	async #stop() {
		await this.#state?.catch(() => {});
		this.#state = null;
		if (this.#running) await end(this.#running);
	}
};
function run(command, cwd, environment) {
	const [file = "", ...rest] = typeof command === "string" ? [
		"/bin/sh",
		"-c",
		command
	] : command;
	const child = spawn(file, rest, {
		...cwd === void 0 ? {} : { cwd },
		env: { ...environment },
		stdio: [
			"ignore",
			"pipe",
			"pipe"
		],
		detached: process.platform !== "win32"
	});
	let output = "";
	let how = null;
	const hear = (text) => {
		output = (output + text).slice(-8192);
	};
	child.stdout.setEncoding("utf8").on("data", hear);
	child.stderr.setEncoding("utf8").on("data", hear);
	return {
		child,
		ended: new Promise((resolve) => {
			child.once("error", (error) => {
				how ??= `cannot be started (${messageOf(error)}). Check the command and its working directory.`;
				resolve();
			});
			child.once("exit", (code, signal) => {
				how ??= code === null ? `was ended by ${signal}.` : `ended with exit code ${code}.`;
				killGroup(child);
				setTimeout(resolve, EXIT_LAG_MS).unref();
			});
			child.once("close", () => resolve());
		}),
		how: () => how,
		output: () => output
	};
}
async function end(running) {
	killGroup(running.child, "SIGTERM");
	const timer = setTimeout(killGroup, STOP_MS, running.child);
	await running.ended;
	clearTimeout(timer);
	killGroup(running.child);
}
// src/tasks/http-task.ts
function httpTask(options) {
	const { url: given, timeoutMs = 12e4, start, body = usualBody, answer = usualAnswer } = options;
	const known = typeof given === "string" ? parseUrl(given, start !== void 0) : null;
	check(options);
	const service = start && known ? new Service(known, start) : null;
	const description = `POST ${known ? known.origin + known.pathname : `$${envOf(given)}`}`;
	const post = async (input, setting, url) => {
		const filled = fillHeaders(options.headers ?? {}, process.env);
		if (typeof filled === "string") return { fault: notTried(`${description}: ${filled}`) };
		const { headers, mask } = filled;
		const end = await postJson({
			url,
			headers: {
				...trialHeaders(input, setting),
				...headers
			},
			body: JSON.stringify(body(input)) ?? "null",
			timeoutMs,
			signal: setting.signal
		});
		const fault = (service && await crashOf(service, end, description)) ?? faultOfPost(end, description, timeoutMs);
		if (fault) return { fault: {
			...fault,
			message: mask(fault.message)
		} };
		if (end.how !== "answered") return {};
		const said = readAnswer(end.response, answer, description);
		return said.answer === void 0 ? said : { answer: mask(said.answer) };
	};
	return {
		kind: "http",
		description,
		identity: `http POST ${known?.pathname ?? envOf(given)}`,
		...arrivalOf(options),
		external: service === null,
		async run(input, setting) {
			if (setting.signal.aborted) return { fault: {
				code: "aborted",
				message: `${description}: stopped before it was asked.`
			} };
			const state = service ? await service.ready(setting.sharedEndpoint ?? setting.endpoint, setting.trial) : placeOf(known, given);
			if ("problem" in state) return { fault: notTried(`${description}: ${state.problem}`) };
			const begin = performance.now();
			const output = await post(input, setting, state.url);
			return service ? {
				...output,
				tookMs: performance.now() - begin
			} : output;
		},
		...service && { renew: () => service.renew() },
		close: async () => service?.close()
	};
}
async function crashOf(service, end, description) {
	if (end.how !== "failed") return null;
	const words = await service.lastWords();
	if (words !== null) return {
		code: "agent-crashed",
		message: `${description}: ${words}`
	};
	if (!end.connected) return null;
	return {
		code: "agent-crashed",
		message: `${description}: the service took the request and gave no whole answer (${end.message}).${service.printed()}`
	};
}
function readAnswer(response, answer, description) {
	try {
		const text = answer(readHttpAnswer(response));
		return text === void 0 ? {} : { answer: text };
	} catch (error) {
		return { fault: notTried(`${description}: the answer option of httpTask threw: ${messageOf(error)}`) };
	}
}
function notTried(message) {
	return {
		code: "agent-failed-to-start",
		message
	};
}
function arrivalOf({ start, quietMs, settleMs }) {
	const usual = start ? {
		quietMs: 0,
		settleMs: 400
	} : {
		quietMs: 6e3,
		settleMs: 1e3
	};
	return { arrival: {
		quietMs: quietMs ?? usual.quietMs,
		settleMs: settleMs ?? usual.settleMs
	} };
}
function usualBody({ id, input }) {
	return {
		messages: input.messages.map((message) => ({
			role: message.role,
			content: textOf(message)
		})),
		caseId: id
	};
}
function trialHeaders({ id }, { traceparent, trial, endpoint }) {
	return {
		traceparent,
		baggage: `tracegate.case.id=${encodeURIComponent(id)},tracegate.trial=${trial}`,
		"x-tracegate-endpoint": endpoint
	};
}
function envOf(url) {
	return typeof url === "string" ? url : url.env;
}
function placeOf(known, given) {
	if (known) return { url: known };
	const name = envOf(given);
	const value = process.env[name]?.trim();
	if (!value) return { problem: `the environment variable ${name} is not set. It holds the URL of the service.` };
	try {
		return { url: parseUrl(value, false) };
	} catch (error) {
		return { problem: `the environment variable ${name}: ${messageOf(error)}` };
	}
}
function parseUrl(text, free) {
	const url = URL.canParse(text) ? new URL(text) : null;
	const fits = url && /^https?:$/.test(url.protocol) && (free || url.port !== "0");
	if (url && fits && url.username === "" && url.password === "") return url;
	const why = url?.username || url?.password ? "it holds credentials; give them as headers: { authorization: { env: NAME } }" : "write http://host:port/path or https://...; port 0 only with start";
	throw new TracegateError("config", `httpTask: url is not usable: ${why}.`);
}
function check({ url, start }) {
	if (!start) return;
	if (typeof url !== "string") throw new TracegateError("config", "httpTask: with start, url is a text. Port 0 takes a free port.");
	if (start.command.length === 0) throw new TracegateError("config", "httpTask: start.command is empty. Write the service's command line.");
}
// src/tasks/continue-trace.ts
const CONTINUE_TRACE = `
function continueTrace(traceparent, call) {
  const { context, propagation } = globalThis[Symbol.for("opentelemetry.js.api.1")] ?? {};
  if (!context || !propagation) return call();
  const getter = { get: (carrier, name) => carrier[name], keys: Object.keys };
  return context.with(propagation.extract(context.active(), { traceparent }, getter), call);
}
`;
const FLUSH_TELEMETRY = `
let flushing = Promise.resolve();
async function flushTelemetry() {
  const traces = globalThis[Symbol.for("opentelemetry.js.api.1")]?.trace;
  const logs = globalThis[Symbol.for("io.opentelemetry.js.api.logs")]?.(1);
  const providers = [traces?.getDelegate?.() ?? traces, logs];
  if (providers.every((provider) => provider === undefined)) return;
  const timer = Promise.withResolvers();
  const handle = setTimeout(timer.resolve, 3000);
  const flushed = Promise.allSettled([flushing, ...providers.map(async (provider) => provider?.forceFlush?.())]);
  flushing = Promise.race([flushed, timer.promise]);
  await flushing;
  clearTimeout(handle);
}
`;
// src/tasks/tell-missing.ts
const TELL_MISSING = `
const MISSING = new Set(["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND", "ERR_PACKAGE_PATH_NOT_EXPORTED", "ERR_DLOPEN_FAILED", "AGENT_MISSING"]);
function isMissing(error) {
  return MISSING.has(error?.code);
}
function missing(message) {
  return Object.assign(new Error(message), { code: "AGENT_MISSING" });
}
`;
// src/tasks/watch-endpoint.ts
const WATCH_ENDPOINT = `
function watchEndpoint({ syncBuiltinESMExports }) {
  const preloads = /^(-r|--require|--import|--loader|--experimental-loader)\\b/;
  const options = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? "").split(" ")];
  let asked = options.some((option) => preloads.test(option));
  const isPlace = (name) => typeof name === "string" && name.startsWith("OTEL_EXPORTER_");
  process.env = new Proxy(process.env, {
    get(env, name) {
      asked ||= isPlace(name);
      return env[name];
    },
    getOwnPropertyDescriptor(env, name) {
      asked ||= isPlace(name);
      return Reflect.getOwnPropertyDescriptor(env, name);
    },
    ownKeys(env) {
      asked = true;
      return Reflect.ownKeys(env);
    },
    set(env, name, value) {
      env[name] = value;
      return true;
    },
  });
  syncBuiltinESMExports();
  return {
    settingOf(setting) {
      const watched = { ...setting };
      for (const name of ["endpoint", "sharedEndpoint"]) {
        const get = () => {
          asked = true;
          return setting[name];
        };
        if (name in setting) Object.defineProperty(watched, name, { get, enumerable: true });
      }
      return watched;
    },
    mayHaveSent() {
      const api = globalThis[Symbol.for("opentelemetry.js.api.1")];
      return asked || Boolean(api?.trace ?? globalThis[Symbol.for("io.opentelemetry.js.api.logs")]);
    },
  };
}
`;
// src/tasks/module-runner.ts
const MODULE_RUNNER = `
import * as nodeModule from "node:module";
${RESOLVE_OWN_MODULES}${CONTINUE_TRACE}${FLUSH_TELEMETRY}${WATCH_ENDPOINT}${TELL_MISSING}
const watch = watchEndpoint(nodeModule);
process.on("disconnect", () => process.exit(1));
process.once("message", async ({ url, name, input, setting, own }) => {
  const reply = (message) => process.send(message, () => {
    process.removeAllListeners("disconnect");
    process.disconnect();
  });
  try {
    resolveOwnModules(nodeModule, own);
    const module = await import(url);
    const agent = module[name];
    if (typeof agent !== "function") {
      const found = Object.keys(module).join(", ") || "nothing";
      throw missing("it exports no function named " + name + ", but " + found);
    }
    const given = Object.assign(watch.settingOf(setting), { signal: new AbortController().signal });
    const output = await continueTrace(setting.traceparent, () => agent(input, given));
    await flushTelemetry();
    const answer = typeof output === "string" ? output : output?.answer;
    reply({ answer: typeof answer === "string" ? answer : null, silent: !watch.mayHaveSent() });
  } catch (error) {
    reply({ error: error instanceof Error ? error.stack ?? error.message : String(error), missing: isMissing(error) });
  }
});
`;
// src/tasks/thread-runner.ts
const THREAD_RUNNER = `
const { parentPort, workerData } = require("node:worker_threads");
${RESOLVE_OWN_MODULES}${CONTINUE_TRACE}${FLUSH_TELEMETRY}${WATCH_ENDPOINT}${TELL_MISSING}
const watch = watchEndpoint(require("node:module"));
resolveOwnModules(require("node:module"), workerData.own);
const loading = import(workerData.url);
loading.catch(() => {});
const controllers = new Map();
let replies = [];
function reply(message) {
  controllers.delete(message.id);
  if (replies.push(message) > 1) return;
  if (controllers.size === 0) send();
  else setImmediate(send);
}
function send() {
  parentPort.postMessage(replies);
  replies = [];
}
parentPort.on("message", (message) => {
  if ("ping" in message) return parentPort.postMessage(message);
  if ("abort" in message) return controllers.get(message.abort)?.abort();
  for (const trial of message) run(trial);
});
async function run({ id, input, setting }) {
  const controller = new AbortController();
  controllers.set(id, controller);
  try {
    const module = await loading;
    const agent = module[workerData.name];
    if (typeof agent !== "function") {
      const found = Object.keys(module).join(", ") || "nothing";
      throw missing("it exports no function named " + workerData.name + ", but " + found);
    }
    const given = Object.assign(watch.settingOf(setting), { signal: controller.signal });
    const output = await continueTrace(setting.traceparent, () => agent(input, given));
    await flushTelemetry();
    const answer = typeof output === "string" ? output : output?.answer;
    reply({ id, answer: typeof answer === "string" ? answer : null, silent: !watch.mayHaveSent() });
  } catch (error) {
    reply({ id, error: error instanceof Error ? error.stack ?? error.message : String(error), missing: isMissing(error) });
  }
}
`;
// src/tasks/module-threads.ts
const NEEDS_PROCESS = "trials that set environment variables, as a replay does, need a process each. Set isolation: \"process\".";
const PING_MS = 1e3;
var ModuleThreads = class {
	#data;
	#environment;
	#threads = [];
	#most = availableParallelism();
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
		const thread = this.#leastBusy(setting.sharedEndpoint);
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
		await Promise.all(this.#threads.splice(0).map((thread) => thread.close()));
	}
	#leastBusy(endpoint) {
		const alive = this.#threads.filter((thread) => !thread.closed && thread.endpoint === endpoint);
		const idle = alive.find((thread) => thread.load === 0);
		if (idle) return idle;
		if (alive.length < this.#most) {
			const thread = new ModuleThread(this.#data, this.#environment, endpoint);
			this.#threads.push(thread);
			return thread;
		}
		return alive.reduce((best, thread) => thread.load < best.load ? thread : best);
	}
};
var ModuleThread = class {
	#worker;
	#trials = new Map();
	#waiting = [];
	#pings = 0;
	endpoint;
	closed = false;
	constructor(data, environment, endpoint) {
		this.endpoint = endpoint;
		const env = endpoint === void 0 ? environment : {
			...environment,
			OTEL_EXPORTER_OTLP_ENDPOINT: endpoint
		};
		const workerData = {
			...data,
			own: ownModules()
		};
		this.#worker = new Worker(THREAD_RUNNER, {
			eval: true,
			workerData,
			env: { ...env },
			stdout: true,
			stderr: true
		});
		this.#worker.stdout.resume();
		this.#worker.stderr.resume();
		this.#worker.on("message", (message) => this.#received(message));
		this.#worker.on("error", (error) => this.#ended("died", messageOf(error)));
		this.#worker.on("exit", () => this.#ended("died", "its thread ended. Does it call process.exit()?"));
		this.#worker.unref();
	}
	get load() {
		return this.#trials.size;
	}
	start(id, message, trial) {
		this.#trials.set(id, trial);
		this.#worker.ref();
		if (this.#waiting.push(message) > 1) return;
		if (this.#trials.size === 1) this.#send();
		else setImmediate(() => this.#send());
	}
	#send() {
		if (this.#waiting.length === 0) return;
		this.#worker.postMessage(this.#waiting);
		this.#waiting = [];
	}
	giveUp(id) {
		this.#forget(id);
		this.#send();
		this.#worker.postMessage({ abort: id });
		const ping = ++this.#pings;
		const timer = setTimeout(() => {
			this.#ended("lost", "another trial blocked its thread, which was killed.");
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
		for (const reply of Array.isArray(message) ? message : []) {
			if (!isObject(reply) || typeof reply.id !== "number") continue;
			this.#trials.get(reply.id)?.settle({
				how: "answered",
				reply
			});
			this.#forget(reply.id);
		}
	}
	#ended(how, message) {
		this.closed = true;
		for (const [id, trial] of this.#trials) {
			this.#forget(id);
			trial.settle({
				how,
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
			renew: () => threads.close(),
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
						setting: shown,
						own: ownModules()
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
	if (end.how === "lost" || end.how === "died") return { fault: {
		code: end.how === "lost" ? "agent-failed-to-start" : "agent-crashed",
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
	if (typeof message.error === "string") return {
		error: message.error,
		missing: message.missing === true
	};
	const silent = message.silent === true ? { silent: true } : {};
	return typeof message.answer === "string" ? {
		answer: message.answer,
		...silent
	} : silent;
}
function outputOf(reply, end, description, timeoutMs) {
	if (reply) return outputOfReply(reply, description);
	const fault = faultOf(end, description, timeoutMs);
	if (fault) return { fault };
	return { fault: {
		code: "agent-crashed",
		message: `${description}: the process ended before the agent answered. Does it call process.exit()?`
	} };
}
function outputOfReply(reply, description) {
	if (reply.error !== void 0) return { fault: {
		code: reply.missing ? "agent-failed-to-start" : "agent-crashed",
		message: `${description}: ${reply.error}`
	} };
	return {
		...reply.answer === void 0 ? {} : { answer: reply.answer },
		...reply.silent ? { spans: "none" } : {}
	};
}
export { TracegateError, anthropic, budget, cascade, commandTask, contextRetention, correctness, defineConfig, defineJudge, defineScorer, defineSessionScorer, finishReason, goalDrift, groundedness, handOff, httpTask, instructionFollowing, moduleTask, noFinalAnswer, openai, otlp, overSession, panel, passed, policyAdherence, replayTask, retryLoop, ruleScorers, safety, taskCompletion, textOf, tone, toolErrors, toolUse, unsupportedClaim };
