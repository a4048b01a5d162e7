import { n as messageOf } from "./chunks/errors.js";
import { n as parseJson, r as stableJson, t as isObject } from "./chunks/json.js";
import { a as openaiChat, c as readBody, d as objectField, f as objectsField, i as openaiResponses, l as sendJson, n as faultBody, o as openaiError, p as stringField, r as sendFault, s as completeReply, t as modelEndpoint, u as anthropicMessages } from "./chunks/model-endpoint.js";
import { n as contentHash } from "./chunks/ids.js";
import { n as textOf, t as textMessage } from "./chunks/message.js";
import { t as sumUsage } from "./chunks/sum-usage.js";
import { createServer } from "node:http";
import { once } from "node:events";
// src/llmwire/batch-routes.ts
const MAX_BATCH_BODY = 268435456;
function refused(status, message) {
	return {
		fault: "status",
		status,
		message
	};
}
function pageOf(items, { limit, after }) {
	const start = after === null ? 0 : items.findIndex(({ id }) => id === after) + 1;
	const end = start + Number(limit ?? 20);
	return {
		page: items.slice(start, end),
		has_more: end < items.length
	};
}
function doubledId(items) {
	const seen = new Set();
	for (const { customId } of items) {
		if (seen.has(customId)) return customId;
		seen.add(customId);
	}
}
// src/llmwire/anthropic-batches.ts
const ROOT = "/v1/messages/batches";
const WINDOW_MS = 864e5;
var AnthropicBatchRoutes = class {
	error = anthropicMessages.error;
	#book;
	constructor(book) {
		this.#book = book;
	}
	takes(path) {
		return path === ROOT || path.startsWith(`${ROOT}/`);
	}
	async answer(call) {
		const { incoming, path } = call;
		const [, id, action = ""] = /^\/v1\/messages\/batches(?:\/([^/]+))?(?:\/(results|cancel))?$/.exec(path) ?? [];
		switch (`${incoming.method} ${id === void 0 ? "all" : "one"} ${action}`) {
			case "POST all ": return this.#create(call);
			case "GET all ": return this.#list(call);
			case "GET one ": return this.#retrieve(call, id ?? "");
			case "GET one results": return this.#results(id ?? "");
			case "POST one cancel": {
				const batch = this.#book.cancel(id ?? "");
				return batch === void 0 ? unknown$1(id) : { body: await this.#encode(call, batch) };
			}
			default: return;
		}
	}
	async #create(call) {
		const body = parseJson(await readBody(call.incoming, 268435456) ?? "");
		if (!isObject(body)) return refused(400, "body is not a JSON object");
		const items = objectsField(body, "requests").map((request) => ({
			customId: stringField(request, "custom_id") ?? "",
			body: objectField(request, "params") ?? {}
		}));
		const problem = problemWith(items);
		if (problem !== null) return refused(400, problem);
		const { headers } = call.incoming;
		const given = {
			provider: "anthropic",
			endpoint: anthropicMessages.path,
			metadata: {}
		};
		const taken = this.#book.submit({
			...given,
			items,
			body,
			headers,
			problem: null
		});
		if ("fault" in taken) return taken;
		if (taken.isLost) return { fault: "reset" };
		return { body: await this.#encode(call, taken.batch) };
	}
	async #list(call) {
		const { page, has_more } = pageOf(this.#book.listed("anthropic"), {
			limit: call.search.get("limit"),
			after: call.search.get("after_id")
		});
		return { body: {
			data: await Promise.all(page.map((batch) => this.#encode(call, batch))),
			has_more,
			first_id: page[0]?.id ?? null,
			last_id: page.at(-1)?.id ?? null
		} };
	}
	async #retrieve(call, id) {
		const batch = await this.#book.look(id);
		if (batch === void 0) return unknown$1(id);
		return "fault" in batch ? batch : { body: await this.#encode(call, batch) };
	}
	async #results(id) {
		const batch = this.#book.listed("anthropic").find((candidate) => candidate.id === id);
		if (batch === void 0 || !isOver(batch)) return unknown$1(id);
		return { text: (await this.#book.outcomes(id)).map((outcome) => this.#book.written({
			custom_id: outcome.customId,
			result: resultOf(outcome, batch)
		})).join("\n") };
	}
	async #encode({ incoming }, batch) {
		const over = isOver(batch);
		const counts = {
			processing: 0,
			succeeded: 0,
			errored: 0,
			canceled: 0,
			expired: 0
		};
		if (!over) counts.processing = batch.items.length;
		for (const outcome of over ? await this.#book.outcomes(batch.id) : []) counts[resultOf(outcome, batch).type] += 1;
		const time = new Date(batch.createdAt).toISOString();
		const place = this.#book.resultsOrigin ?? `http://${incoming.headers.host}`;
		return {
			id: batch.id,
			type: "message_batch",
			processing_status: over ? "ended" : "in_progress",
			request_counts: counts,
			created_at: time,
			expires_at: new Date(batch.createdAt + WINDOW_MS).toISOString(),
			ended_at: over ? time : null,
			archived_at: null,
			cancel_initiated_at: batch.state === "cancelled" ? time : null,
			results_url: over ? `${place}${rootIn(incoming.url)}/${batch.id}/results` : null
		};
	}
};
function problemWith(items) {
	if (items.length === 0) return "requests: a batch needs at least one";
	const odd = items.find(({ customId }) => !/^[\w-]{1,64}$/.test(customId));
	if (odd !== void 0) return `requests: custom_id ${JSON.stringify(odd.customId)} is not allowed`;
	const doubled = doubledId(items);
	return doubled === void 0 ? null : `requests: custom_id ${doubled} stands there twice`;
}
function unknown$1(id) {
	return refused(404, `there is no batch ${id}`);
}
function isOver({ state }) {
	return state === "ended" || state === "cancelled";
}
function resultOf({ reply }, batch) {
	if (reply === null) return { type: batch.state === "cancelled" ? "canceled" : "expired" };
	if (reply.status !== 200) return {
		type: "errored",
		error: {
			...reply.body,
			request_id: null
		}
	};
	const usage = {
		...objectField(reply.body, "usage"),
		service_tier: "batch"
	};
	return {
		type: "succeeded",
		message: {
			...reply.body,
			usage
		}
	};
}
function rootIn(url = "/") {
	const { pathname } = new URL(url, "http://127.0.0.1");
	return `${pathname.slice(0, pathname.indexOf(ROOT))}${ROOT}`;
}
// src/llmwire/batch-book.ts
var BatchBook = class {
	#batches = [];
	#outcomes = new Map();
	#options;
	#run;
	constructor(options, run) {
		this.#options = options;
		this.#run = run;
	}
	now() {
		return (this.#options.now ?? Date.now)();
	}
	written(line) {
		const text = JSON.stringify(line);
		return this.#options.written?.(text, line.custom_id) ?? text;
	}
	get resultsOrigin() {
		return this.#options.resultsOrigin;
	}
	get batches() {
		return this.#batches;
	}
	submit(given) {
		const id = contentHash([this.#batches.length, given.items]);
		const batch = {
			id: `${given.provider === "openai" ? "batch" : "msgbatch"}_${id}`,
			...given,
			createdAt: this.now(),
			state: given.problem === null ? "running" : "failed",
			looks: 0
		};
		const becomes = this.#options.submitted?.(batch);
		if (typeof becomes === "object") return becomes;
		this.#batches.push(batch);
		return {
			batch,
			isLost: becomes === "response-lost"
		};
	}
	listed(provider) {
		return this.#batches.filter((batch) => batch.provider === provider && batch.state !== "gone").reverse();
	}
	async look(id) {
		const batch = this.#find(id);
		if (batch === void 0) return void 0;
		batch.looks += 1;
		const seen = this.#options.looked?.(batch) ?? "ended";
		if (typeof seen === "object" && "fault" in seen) return seen;
		if (seen === "gone") batch.state = "gone";
		if (batch.state === "gone") return void 0;
		if (batch.state !== "running") return batch;
		if (typeof seen === "object") {
			batch.problem = seen;
			batch.state = "failed";
		} else if (seen === "cancelled") this.cancel(id);
		else if (seen === "ended") {
			await this.outcomes(id);
			batch.state = "ended";
		}
		return batch;
	}
	outcomes(id) {
		const batch = this.#find(id);
		const known = this.#outcomes.get(id) ?? (batch === void 0 ? Promise.resolve([]) : this.#play(batch));
		this.#outcomes.set(id, known);
		return known;
	}
	cancel(id) {
		const batch = this.#find(id);
		if (batch?.state !== "running" || this.#outcomes.has(id)) return batch;
		const unasked = batch.items.map(({ customId }) => ({
			customId,
			reply: null
		}));
		this.#outcomes.set(id, Promise.resolve(unasked));
		batch.state = "cancelled";
		return batch;
	}
	#find(id) {
		return this.#batches.find((batch) => batch.id === id && batch.state !== "gone");
	}
	async #play(batch) {
		const outcomes = [];
		for (const item of batch.items) {
			const reply = this.#options.expires?.(item, batch) ?? false ? null : await this.#run(batch, item);
			outcomes.push({
				customId: item.customId,
				reply
			});
		}
		return outcomes.reverse();
	}
};
// src/llmwire/openai-files.ts
var OpenAiFiles = class {
	#files = new Map();
	#now;
	constructor(now) {
		this.#now = now;
	}
	text(id) {
		return this.#files.get(id)?.text;
	}
	async upload(incoming) {
		const body = await readBody(incoming, MAX_BATCH_BODY);
		if (body === void 0) return refused(413, "file too large");
		const type = incoming.headers["content-type"] ?? "";
		const form = await new Response(body, { headers: { "content-type": type } }).formData();
		const file = form.get("file");
		const purpose = form.get("purpose");
		if (!(file instanceof File) || purpose !== "batch") return refused(400, "a file of purpose batch is needed");
		const text = await file.text();
		const id = `file-${contentHash([this.#files.size, text])}`;
		return { body: this.store(id, text, {
			purpose,
			filename: file.name,
			...expiryIn(form)
		}) };
	}
	store(id, text, { seconds, ...shown }) {
		const created_at = Math.floor(this.#now() / 1e3);
		const expiry = seconds === void 0 ? {} : { expires_at: created_at + seconds };
		const file = {
			id,
			object: "file",
			bytes: Buffer.byteLength(text),
			created_at,
			...expiry,
			...shown,
			status: "processed"
		};
		this.#files.set(id, {
			id,
			text,
			shown: file
		});
		return file;
	}
	list(search) {
		const purpose = search.get("purpose");
		const files = [...this.#files.values()].filter(({ shown }) => !purpose || shown.purpose === purpose);
		const asked = {
			limit: search.get("limit"),
			after: search.get("after")
		};
		const { page, has_more } = pageOf(files.reverse(), asked);
		return { body: {
			object: "list",
			data: page.map(({ shown }) => shown),
			has_more
		} };
	}
	retrieve(id) {
		const file = this.#files.get(id);
		return file === void 0 ? unknown(id) : { body: file.shown };
	}
	content(id) {
		const file = this.#files.get(id);
		return file === void 0 ? unknown(id) : { text: file.text };
	}
	delete(id) {
		return this.#files.delete(id) ? { body: {
			id,
			object: "file",
			deleted: true
		} } : unknown(id);
	}
};
function unknown(id) {
	return refused(404, `No such File object: ${id}`);
}
function expiryIn(form) {
	const seconds = form.get("expires_after[seconds]");
	return typeof seconds === "string" ? { seconds: Number(seconds) } : {};
}
// src/llmwire/openai-batches.ts
const WINDOW_S = 86400;
var OpenAiBatchRoutes = class {
	error = openaiError;
	#book;
	#files;
	constructor(book) {
		this.#book = book;
		this.#files = new OpenAiFiles(() => book.now());
	}
	takes(path) {
		return /^\/v1\/(?:files|batches)(?:\/|$)/.test(path);
	}
	async answer(call) {
		const { incoming, path } = call;
		const [, kind, id, action = ""] = /^\/v1\/(files|batches)(?:\/([^/]+))?(?:\/(content|cancel))?$/.exec(path) ?? [];
		switch (`${incoming.method} ${kind} ${id === void 0 ? "all" : "one"} ${action}`) {
			case "POST files all ": return this.#files.upload(incoming);
			case "GET files all ": return this.#files.list(call.search);
			case "GET files one ": return this.#files.retrieve(id ?? "");
			case "GET files one content": return this.#files.content(id ?? "");
			case "DELETE files one ": return this.#files.delete(id ?? "");
			case "POST batches all ": return this.#create(call);
			case "GET batches all ": return this.#list(call);
			case "GET batches one ": return this.#encoded(await this.#book.look(id ?? ""), id);
			case "POST batches one cancel": return this.#encoded(this.#book.cancel(id ?? ""), id);
			default: return;
		}
	}
	async #create({ incoming }) {
		const body = parseJson(await readBody(incoming, 268435456) ?? "");
		if (!isObject(body)) return refused(400, "body is not a JSON object");
		const text = this.#files.text(stringField(body, "input_file_id") ?? "");
		const endpoint = stringField(body, "endpoint") ?? "";
		if (text === void 0) return refused(400, "input_file_id names no file");
		if (![openaiChat.path, openaiResponses.path].includes(endpoint)) return refused(400, "endpoint is not supported");
		if (body.completion_window !== "24h") return refused(400, "completion_window must be 24h");
		const lines = objectsIn(text);
		const items = lines.map((line) => ({
			customId: stringField(line, "custom_id") ?? "",
			body: objectField(line, "body") ?? {}
		}));
		const taken = this.#book.submit({
			provider: "openai",
			endpoint,
			items,
			metadata: objectField(body, "metadata") ?? {},
			body,
			headers: incoming.headers,
			problem: problemIn(lines, items, endpoint)
		});
		if ("fault" in taken) return taken;
		return taken.isLost ? { fault: "reset" } : this.#encoded(taken.batch, taken.batch.id);
	}
	async #list({ search }) {
		const asked = {
			limit: search.get("limit"),
			after: search.get("after")
		};
		const { page, has_more } = pageOf(this.#book.listed("openai"), asked);
		return { body: {
			object: "list",
			data: await Promise.all(page.map((batch) => this.#encode(batch))),
			has_more
		} };
	}
	async #encoded(batch, id) {
		if (batch === void 0) return refused(404, `No batch found with id '${id}'.`);
		return "fault" in batch ? batch : { body: await this.#encode(batch) };
	}
	async #encode(batch) {
		const { id, state, problem, metadata, endpoint, items } = batch;
		const outcomes = state === "ended" || state === "cancelled" ? await this.#book.outcomes(id) : [];
		const good = outcomes.filter(({ reply }) => reply?.status === 200);
		const bad = outcomes.filter(({ reply }) => reply?.status !== 200);
		const hasExpired = state === "ended" && bad.some(({ reply }) => reply === null);
		const created_at = Math.floor(batch.createdAt / 1e3);
		return {
			id,
			object: "batch",
			endpoint,
			completion_window: "24h",
			status: hasExpired ? "expired" : STATUSES[state],
			errors: problem && {
				object: "list",
				data: [{
					line: null,
					param: null,
					...problem
				}]
			},
			output_file_id: this.#keep(`file-${id}-output`, good, batch),
			error_file_id: this.#keep(`file-${id}-error`, bad, batch),
			created_at,
			expires_at: created_at + WINDOW_S,
			request_counts: {
				total: items.length,
				completed: good.length,
				failed: bad.length
			},
			metadata
		};
	}
	#keep(fileId, outcomes, batch) {
		if (outcomes.length === 0) return null;
		const lines = outcomes.map((outcome) => this.#book.written(outputLine(outcome, batch)));
		const filename = `${fileId}.jsonl`;
		this.#files.store(fileId, lines.join("\n"), {
			purpose: "batch_output",
			filename
		});
		return fileId;
	}
};
const STATUSES = {
	running: "in_progress",
	ended: "completed",
	cancelled: "cancelled",
	failed: "failed",
	gone: "failed"
};
function outputLine({ customId, reply }, { id, state }) {
	const request = contentHash([id, customId]);
	const line = {
		id: `batch_req_${request}`,
		custom_id: customId
	};
	if (reply !== null) {
		const response = {
			status_code: reply.status,
			request_id: `req_${request}`,
			body: reply.body
		};
		return {
			...line,
			response,
			error: null
		};
	}
	const code = state === "cancelled" ? "batch_cancelled" : "batch_expired";
	return {
		...line,
		response: null,
		error: {
			code,
			message: "This request was not executed before the batch ended."
		}
	};
}
function objectsIn(text) {
	return text.split("\n").flatMap((line) => parseJson(line) ?? []).filter(isObject);
}
function problemIn(lines, items, endpoint) {
	if (lines.length === 0) return {
		code: "empty_file",
		message: "The input file is empty."
	};
	const doubled = doubledId(items);
	if (doubled !== void 0) return {
		code: "duplicate_custom_id",
		message: `The custom_id ${doubled} stands there twice.`
	};
	if (lines.some(({ url, method }) => url !== endpoint || method !== "POST")) return {
		code: "mismatched_url",
		message: "A line's url or method is not that of the batch."
	};
	return null;
}
// src/llmwire/batch-endpoint.ts
const CODECS = [
	openaiChat,
	openaiResponses,
	anthropicMessages
];
function batchEndpoint(reply, options = {}) {
	const book = new BatchBook(options, itemRunner(reply));
	const providers = [new OpenAiBatchRoutes(book), new AnthropicBatchRoutes(book)];
	const routesOf = (path) => {
		const { pathname } = new URL(path, "http://127.0.0.1");
		return providers.find((routes) => routes.takes(pathname));
	};
	return {
		book,
		takes: (path) => routesOf(path) !== void 0,
		answer: async (incoming, response, path) => {
			const routes = routesOf(path);
			const error = routes?.error ?? anthropicMessages.error;
			try {
				const { pathname, searchParams } = new URL(path, "http://127.0.0.1");
				const asked = await routes?.answer({
					incoming,
					path: pathname,
					search: searchParams
				});
				const given = asked !== void 0 && "text" in asked && options.fetched?.() || asked;
				if (given === void 0) {
					const message = `no batch endpoint at ${incoming.method} ${pathname}`;
					sendJson(response, 404, error(404, message));
				} else if ("fault" in given) sendFault(response, error, given);
				else if ("text" in given) {
					response.writeHead(200, { "content-type": "application/x-jsonl" });
					response.end(given.text);
				} else sendJson(response, 200, given.body);
			} catch (thrown) {
				if (response.headersSent) response.destroy();
				else sendJson(response, 500, error(500, messageOf(thrown)));
			}
		}
	};
}
function itemRunner(reply) {
	const seen = new Map();
	return async (batch, { body }) => {
		const codec = CODECS.find(({ path }) => path === batch.endpoint);
		if (codec === void 0) throw new Error(`no codec for ${batch.endpoint}`);
		const request = {
			...codec.parse(body),
			batch: batch.id
		};
		const key = stableJson([batch.endpoint, body]);
		const ordinal = seen.get(key) ?? 0;
		seen.set(key, ordinal + 1);
		try {
			const said = await reply(request, {
				path: batch.endpoint,
				headers: batch.headers
			});
			if (said instanceof Response) return {
				status: said.status,
				body: objectIn(await said.text())
			};
			if ("fault" in said) return faultReply(codec, said);
			return {
				status: 200,
				body: codec.encode(completeReply(said, request, ordinal), request)
			};
		} catch (thrown) {
			return {
				status: 500,
				body: codec.error(500, messageOf(thrown))
			};
		}
	};
}
function faultReply(codec, fault) {
	if (fault.fault === "hang") return null;
	if (fault.fault === "status") return {
		status: fault.status,
		body: objectIn(faultBody(codec.error, fault))
	};
	return {
		status: 500,
		body: codec.error(500, `simulated ${fault.fault}`)
	};
}
function objectIn(text) {
	const body = parseJson(text);
	return isObject(body) ? body : { text };
}
// src/llmwire/model-server.ts
async function startModelServer(options) {
	const received = [];
	const reply = (request) => {
		received.push(request);
		return options.reply(request);
	};
	const endpoint = modelEndpoint(reply);
	const batches = batchEndpoint(reply, options.batches);
	const server = createServer((incoming, response) => {
		const path = incoming.url ?? "/";
		(batches.takes(path) ? batches.answer : endpoint)(incoming, response, path);
	});
	server.listen(options.port ?? 0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	const url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : options.port}`;
	return {
		url,
		openaiBaseUrl: `${url}/v1`,
		anthropicBaseUrl: url,
		requests: () => [...received],
		batches: () => [...batches.book.batches],
		close: async () => {
			const closed = once(server, "close");
			server.close();
			server.closeAllConnections();
			await closed;
		}
	};
}
// src/testing/make-trace.ts
const START = Date.UTC(2026, 0, 1);
const STEP_MS = 100;
function makeTrace(sketch = {}) {
	const messages = sketch.messages ?? conversationOf(sketch);
	const timeline = new Timeline(sketch.rootSpanId ?? spanIdOf(1));
	const toolCalls = (sketch.toolCalls ?? []).map((call) => ({
		...timeline.place("tool", `execute_tool ${call.name}`, call),
		error: null,
		...call
	}));
	const retrievals = (sketch.retrievals ?? []).map((call) => ({
		...timeline.place("retrieval", "retrieval", call),
		error: null,
		...call
	}));
	const memoryOperations = (sketch.memoryOperations ?? []).map((call) => ({
		...timeline.place("memory", "memory", call),
		operation: "search_memory",
		error: null,
		...call
	}));
	const llmCalls = (sketch.llmCalls ?? defaultLlmCalls(messages)).map((call) => {
		const place = timeline.place("llm", `chat ${call.model ?? "test-model"}`, call);
		const spanId = place.spanId ?? timeline.rootSpanId;
		return {
			...place,
			spanId,
			parameters: {},
			usage: {},
			retries: null,
			error: null,
			...call
		};
	});
	const errors = [
		...toolCalls,
		...retrievals,
		...memoryOperations,
		...llmCalls
	].flatMap(errorOf);
	const { input, output, ...given } = sketch;
	return {
		...skeleton(sketch.spans ?? timeline.spans(), errors),
		...input === null ? {} : textField("input", input ?? firstText(messages, "user")),
		...output === null ? {} : textField("output", output ?? firstText(messages.slice(-1), "assistant")),
		usage: sumUsage(llmCalls.map((call) => call.usage)),
		cost: sumOfCost(llmCalls),
		rootSpanId: timeline.rootSpanId,
		...given,
		messages,
		toolCalls,
		retrievals,
		memoryOperations,
		llmCalls
	};
}
var Timeline = class {
	rootSpanId;
	#children = [];
	constructor(rootSpanId) {
		this.rootSpanId = rootSpanId;
	}
	place(type, name, call) {
		const order = this.#children.length;
		const spanId = call.spanId === void 0 ? spanIdOf(order + 2) : call.spanId;
		const startTime = START + order * STEP_MS;
		const times = {
			startTime,
			endTime: startTime + STEP_MS,
			durationMs: STEP_MS
		};
		if (spanId === null) return {
			spanId,
			parentSpanId: this.rootSpanId
		};
		const failed = call.error !== void 0 && call.error !== null;
		this.#children.push({
			...spanOf(spanId, this.rootSpanId, name, type, failed),
			...times
		});
		return {
			spanId,
			parentSpanId: this.rootSpanId,
			...times
		};
	}
	spans() {
		const durationMs = this.#children.length * STEP_MS;
		return [{
			...spanOf(this.rootSpanId, null, "invoke_agent test-agent", "agent", false),
			startTime: START,
			endTime: START + durationMs,
			durationMs
		}, ...this.#children];
	}
};
function spanOf(spanId, parentSpanId, name, type, failed) {
	return {
		spanId,
		parentSpanId,
		name,
		kind: "internal",
		type,
		status: { code: failed ? "error" : "unset" },
		scope: "test",
		attributes: {}
	};
}
function skeleton(spans, errors) {
	const startTime = spans.reduce((first, span) => Math.min(first, span.startTime), spans[0]?.startTime ?? START);
	const endTime = spans.reduce((last, span) => Math.max(last, span.endTime), startTime);
	return {
		schema: "tracegate.trace/1",
		traceId: "0000000000000000000000000000000a",
		revision: 1,
		rootSpanId: null,
		name: "invoke_agent test-agent",
		startTime,
		endTime,
		durationMs: endTime - startTime,
		service: { name: "test-service" },
		agent: { name: "test-agent" },
		tags: [],
		toolDefinitions: [],
		rationales: [],
		errors,
		retries: null,
		annotations: [],
		spans,
		quality: {
			dialects: ["otel-genai"],
			missing: [],
			issues: []
		}
	};
}
function conversationOf(sketch) {
	const { input = "Where is my order?", output = "Your order is on its way.", toolCalls = [] } = sketch;
	const traffic = toolCalls.flatMap((call, index) => {
		const id = call.callId ?? `call-${index + 1}`;
		const asked = call.arguments === void 0 ? {} : { arguments: call.arguments };
		const got = call.result === void 0 ? {} : { result: call.result };
		return [{
			role: "assistant",
			parts: [{
				type: "tool_call",
				id,
				name: call.name,
				...asked
			}]
		}, {
			role: "tool",
			parts: [{
				type: "tool_result",
				id,
				name: call.name,
				...got
			}]
		}];
	});
	return [
		...input === null ? [] : [textMessage("user", input)],
		...traffic,
		...output === null ? [] : [textMessage("assistant", output)]
	];
}
function defaultLlmCalls(messages) {
	const last = messages.at(-1);
	if (last?.role !== "assistant") return [];
	return [{
		provider: "test",
		model: "test-model",
		input: messages.slice(0, -1),
		output: [last],
		finishReason: "stop"
	}];
}
function firstText(messages, role) {
	const text = messages.filter((message) => message.role === role).map(textOf)[0];
	return text === "" ? void 0 : text;
}
function textField(field, text) {
	return text === void 0 ? {} : { [field]: text };
}
function errorOf(call) {
	return call.error === null || call.spanId === null ? [] : [{
		...call.error,
		spanId: call.spanId
	}];
}
function sumOfCost(calls) {
	const priced = calls.flatMap((call) => call.cost === void 0 ? [] : [call.cost]);
	if (priced.length === 0) return { unpricedModels: [] };
	return {
		usd: priced.reduce((sum, cost) => sum + cost, 0),
		source: "reported",
		unpricedModels: []
	};
}
function spanIdOf(order) {
	return order.toString(16).padStart(16, "0");
}
// src/testing/replay-tool.ts
function replayTool(name, tool) {
	return async (input) => {
		const url = process.env.TRACEGATE_REPLAY_URL;
		if (url === void 0 || url === "") return tool(input);
		const response = await fetch(`${url}/tools/${encodeURIComponent(name)}`, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify(input ?? {})
		});
		const answer = JSON.parse(await response.text());
		if ("live" in answer) return tool(input);
		if ("result" in answer) return answer.result;
		const { type, message } = answer.error;
		throw Object.assign(new Error(message), { name: type ?? "ReplayDivergedError" });
	};
}
export { makeTrace, replayTool, startModelServer };
