import { a as scoreId, d as TracegateError, f as messageOf, o as isObject, s as parseJson, u as textOf } from "./chunks/ids.js";
import { A as wireTypes, C as WireWriter, D as readEnvelope, O as WireReader, T as nanosecondsOf, a as noFinalAnswer, b as readSpans, c as defineScorer, d as openai, f as instructionFollowing, g as passed, h as anthropic, i as retryLoop, k as asBuffer, m as defineJudge, n as unsupportedClaim, o as finishReason, p as groundedness, r as toolErrors, s as budget, t as ruleScorers } from "./chunks/scorers.js";
import { promisify } from "node:util";
import { constants, gzip, zstdCompress, zstdDecompress } from "node:zlib";
import { pathToFileURL } from "node:url";
import { isAbsolute, resolve } from "node:path";
import { spawn } from "node:child_process";
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
	const bytes = await payloadOf(trace);
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
// src/tasks/agent-environment.ts
const PRODUCTION_ONLY = [
	"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
	"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
	"OTEL_EXPORTER_OTLP_TRACES_HEADERS",
	"OTEL_EXPORTER_OTLP_HEADERS",
	"OTEL_EXPORTER_OTLP_CERTIFICATE",
	"OTEL_SDK_DISABLED",
	"OTEL_TRACES_SAMPLER_ARG"
];
function agentEnvironment(base, input, setting) {
	const inherited = Object.fromEntries(Object.entries(base).filter(([name]) => !PRODUCTION_ONLY.includes(name)));
	const resource = [
		base.OTEL_RESOURCE_ATTRIBUTES,
		`tracegate.case.id=${encodeURIComponent(input.id)}`,
		`tracegate.trial=${setting.trial}`
	];
	return {
		...inherited,
		OTEL_EXPORTER_OTLP_ENDPOINT: setting.endpoint,
		OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
		OTEL_TRACES_EXPORTER: "otlp",
		OTEL_TRACES_SAMPLER: "parentbased_always_on",
		OTEL_METRICS_EXPORTER: "none",
		OTEL_LOGS_EXPORTER: "none",
		OTEL_RESOURCE_ATTRIBUTES: resource.filter(Boolean).join(","),
		TRACEPARENT: setting.traceparent,
		TRACEGATE_CASE_ID: input.id,
		TRACEGATE_TRIAL: String(setting.trial)
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
	const timer = setTimeout(stop, options.timeoutMs, "timed-out");
	const onAbort = () => stop("aborted");
	options.signal.addEventListener("abort", onAbort, { once: true });
	if (options.signal.aborted) onAbort();
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
			setTimeout(killGroup, GRACE_MS, child).unref();
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
    const answer = typeof output === "string" ? output : output?.answer;
    reply({ answer: typeof answer === "string" ? answer : null });
  } catch (error) {
    reply({ error: error instanceof Error ? error.stack ?? error.message : String(error) });
  }
});
`;
// src/tasks/module-task.ts
function moduleTask(options) {
	const { path, export: name = "default", timeoutMs = 12e4 } = options;
	const description = name === "default" ? path : `${path}#${name}`;
	const url = pathToFileURL(isAbsolute(path) ? path : resolve(path)).href;
	return {
		kind: "module",
		description,
		identity: `module ${description}`,
		async run(input, setting) {
			let reply = null;
			const { trial, endpoint, traceparent } = setting;
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
				signal: setting.signal,
				channel: {
					message: {
						url,
						name,
						input,
						setting: {
							trial,
							endpoint,
							traceparent
						}
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
function readReply(message) {
	if (!isObject(message)) return {};
	if (typeof message.error === "string") return { error: message.error };
	return typeof message.answer === "string" ? { answer: message.answer } : {};
}
function outputOf(reply, end, description, timeoutMs) {
	if (reply?.error !== void 0) return { fault: {
		code: "agent-failed-to-start",
		message: `${description}: ${reply.error}`
	} };
	if (reply?.answer !== void 0) return { answer: reply.answer };
	if (reply) return {};
	const fault = faultOf(end, description, timeoutMs);
	if (fault) return { fault };
	return { fault: {
		code: "agent-failed-to-start",
		message: `${description}: the process ended before the agent answered. Does it call process.exit()?`
	} };
}
export { TracegateError, anthropic, budget, commandTask, defineConfig, defineJudge, defineScorer, finishReason, groundedness, instructionFollowing, moduleTask, noFinalAnswer, openai, otlp, passed, retryLoop, ruleScorers, textOf, toolErrors, unsupportedClaim };
