import { n as parseJson, r as stableJson, t as isObject } from "./json.js";
import { n as jsonOrText, r as withoutPersons, t as fingerprintOf } from "./request-fingerprint.js";
import { i as newTraceId, n as contentHash } from "./ids.js";
import { c as readBody, l as sendJson, t as modelEndpoint } from "./model-endpoint.js";
import { n as textOf } from "./message.js";
import { createServer } from "node:http";
import { once } from "node:events";
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
export { ReplayServer, ReplaySession, forwardLive, nameChangesIn };
