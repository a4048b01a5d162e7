import { t as modelEndpoint } from "./chunks/model-endpoint.js";
import { n as textOf, t as textMessage } from "./chunks/message.js";
import { t as sumUsage } from "./chunks/sum-usage.js";
import { createServer } from "node:http";
import { once } from "node:events";
// src/llmwire/model-server.ts
async function startModelServer(options) {
	const received = [];
	const endpoint = modelEndpoint((request) => {
		received.push(request);
		return options.reply(request);
	});
	const server = createServer((incoming, response) => void endpoint(incoming, response, incoming.url ?? "/"));
	server.listen(options.port ?? 0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	const url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : options.port}`;
	return {
		url,
		openaiBaseUrl: `${url}/v1`,
		anthropicBaseUrl: url,
		requests: () => [...received],
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
