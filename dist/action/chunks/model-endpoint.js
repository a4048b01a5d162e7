import { n as messageOf } from "./errors.js";
import { n as parseJson, r as stableJson, t as isObject } from "./json.js";
import { n as contentHash } from "./ids.js";
// src/llmwire/json-fields.ts
function stringField(object, key) {
	const value = object[key];
	return typeof value === "string" ? value : void 0;
}
function numberField(object, key) {
	const value = object[key];
	return typeof value === "number" ? value : void 0;
}
function objectField(object, key) {
	const value = object[key];
	return isObject(value) ? value : void 0;
}
function objectsField(object, key) {
	const value = object[key];
	return Array.isArray(value) ? value.filter(isObject) : [];
}
function optional(key, value) {
	const field = {};
	if (value !== void 0) field[key] = value;
	return field;
}
// src/llmwire/parse-chat-request.ts
function parseChatRequest(body) {
	const format = objectField(body, "response_format");
	const schema = format && objectField(format, "json_schema");
	return {
		provider: "openai",
		format: "openai-chat",
		model: stringField(body, "model") ?? "",
		messages: objectsField(body, "messages").map(readMessage),
		tools: objectsField(body, "tools").flatMap(readTool),
		...optional("responseSchema", schema && objectField(schema, "schema")),
		stream: body.stream === true,
		...optional("maxTokens", numberField(body, "max_completion_tokens") ?? numberField(body, "max_tokens")),
		...optional("temperature", numberField(body, "temperature")),
		body
	};
}
function readMessage(message) {
	const role = stringField(message, "role") ?? "user";
	if (role === "tool") {
		const result = readContent$2(message.content).flatMap((part) => part.type === "text" ? [part.content] : []).join("\n");
		return {
			role,
			parts: [{
				type: "tool_result",
				...optional("id", stringField(message, "tool_call_id")),
				result
			}]
		};
	}
	return {
		role: role === "developer" ? "system" : role,
		parts: [...readContent$2(message.content), ...objectsField(message, "tool_calls").map(readToolCall)],
		...optional("name", stringField(message, "name"))
	};
}
function readContent$2(content) {
	if (typeof content === "string") return [{
		type: "text",
		content
	}];
	if (!Array.isArray(content)) return [];
	return content.filter(isObject).map((part) => {
		const text = stringField(part, "text") ?? stringField(part, "refusal");
		return text === void 0 ? {
			type: "other",
			value: part
		} : {
			type: "text",
			content: text
		};
	});
}
function readToolCall(call) {
	const target = objectField(call, "function") ?? {};
	return {
		type: "tool_call",
		...optional("id", stringField(call, "id")),
		name: stringField(target, "name") ?? "",
		...optional("arguments", readArguments(target.arguments))
	};
}
function readArguments(value) {
	return typeof value === "string" ? parseJson(value) ?? value : value;
}
function readTool(tool) {
	const definition = objectField(tool, "function");
	return definition === void 0 ? [] : [readDefinition(definition, "parameters")];
}
function readDefinition(tool, schemaKey) {
	return {
		name: stringField(tool, "name") ?? "",
		...optional("description", stringField(tool, "description")),
		...optional("parameters", objectField(tool, schemaKey))
	};
}
// src/llmwire/parse-messages-request.ts
function parseMessagesRequest(body) {
	const config = objectField(body, "output_config");
	const format = (config && objectField(config, "format")) ?? objectField(body, "output_format");
	const system = readContent$1(body.system);
	return {
		provider: "anthropic",
		format: "anthropic-messages",
		model: stringField(body, "model") ?? "",
		messages: [...system.length > 0 ? [{
			role: "system",
			parts: system
		}] : [], ...objectsField(body, "messages").flatMap(readTurn$1)],
		tools: objectsField(body, "tools").map((tool) => readDefinition(tool, "input_schema")),
		...optional("responseSchema", format && objectField(format, "schema")),
		stream: body.stream === true,
		...optional("maxTokens", numberField(body, "max_tokens")),
		...optional("temperature", numberField(body, "temperature")),
		body
	};
}
function readTurn$1(turn) {
	const parts = readContent$1(turn.content);
	const results = parts.filter((part) => part.type === "tool_result");
	const rest = parts.filter((part) => part.type !== "tool_result");
	const messages = results.map((part) => ({
		role: "tool",
		parts: [part]
	}));
	if (rest.length > 0 || results.length === 0) messages.push({
		role: stringField(turn, "role") ?? "user",
		parts: rest
	});
	return messages;
}
function readContent$1(content) {
	if (typeof content === "string") return [{
		type: "text",
		content
	}];
	return Array.isArray(content) ? content.filter(isObject).map(readBlock) : [];
}
function readBlock(block) {
	switch (block.type) {
		case "text": return {
			type: "text",
			content: stringField(block, "text") ?? ""
		};
		case "thinking": return {
			type: "reasoning",
			content: stringField(block, "thinking") ?? ""
		};
		case "tool_use": return {
			type: "tool_call",
			...optional("id", stringField(block, "id")),
			name: stringField(block, "name") ?? "",
			...optional("arguments", block.input)
		};
		case "tool_result": return {
			type: "tool_result",
			...optional("id", stringField(block, "tool_use_id")),
			result: readResult(block.content)
		};
		default: return {
			type: "other",
			value: block
		};
	}
}
function readResult(content) {
	if (!Array.isArray(content)) return content ?? "";
	const texts = content.map((block) => isObject(block) ? stringField(block, "text") : void 0);
	return texts.every((text) => text !== void 0) ? texts.join("\n") : content;
}
// src/llmwire/server-sent-event.ts
function encodeEvent({ event, data }) {
	const text = data === "[DONE]" ? data : JSON.stringify(data);
	return `${event === void 0 ? "" : `event: ${event}\n`}data: ${text}\n\n`;
}
function pieces(text, size = 24) {
	const points = Array.from(text);
	const count = Math.ceil(points.length / size);
	return Array.from({ length: count }, (_, index) => points.slice(index * size, (index + 1) * size).join(""));
}
// src/llmwire/anthropic-messages.ts
const anthropicMessages = {
	path: "/v1/messages",
	parse: parseMessagesRequest,
	encode: encodeMessagesReply,
	stream: streamMessagesReply,
	error: (status, message) => ({
		type: "error",
		error: {
			type: errorType$1(status),
			message
		}
	})
};
const STOP_REASONS = {
	stop: "end_turn",
	length: "max_tokens",
	tool_call: "tool_use",
	content_filter: "refusal"
};
const ERROR_TYPES = {
	400: "invalid_request_error",
	401: "authentication_error",
	403: "permission_error",
	404: "not_found_error",
	413: "request_too_large",
	429: "rate_limit_error",
	529: "overloaded_error"
};
function errorType$1(status) {
	return ERROR_TYPES[status] ?? (status >= 500 ? "api_error" : "invalid_request_error");
}
function encodeMessagesReply(reply, request) {
	return {
		id: `msg_${reply.id}`,
		type: "message",
		role: "assistant",
		model: reply.model,
		container: null,
		content: [...contentBlocks(reply)],
		...stop(reply),
		usage: encodeUsage$2(reply.usage, request)
	};
}
function stop(reply) {
	const refused = reply.refusal !== null || reply.finishReason === "content_filter";
	return {
		stop_reason: refused ? "refusal" : STOP_REASONS[reply.finishReason],
		stop_sequence: null,
		stop_details: refused ? {
			type: "refusal",
			category: null,
			explanation: reply.refusal
		} : null
	};
}
function contentBlocks(reply) {
	const calls = reply.toolCalls.map((call) => ({
		type: "tool_use",
		id: call.id,
		name: call.name,
		input: call.arguments,
		caller: { type: "direct" }
	}));
	return reply.text === null ? calls : [{
		type: "text",
		text: reply.text,
		citations: null
	}, ...calls];
}
function encodeUsage$2(usage, { body }) {
	const isForAnHour = JSON.stringify(body).includes("\"ttl\":\"1h\"");
	return {
		input_tokens: Math.max(0, usage.inputTokens - usage.cacheReadTokens - usage.cacheWriteTokens),
		cache_creation_input_tokens: usage.cacheWriteTokens,
		cache_creation: {
			ephemeral_5m_input_tokens: isForAnHour ? 0 : usage.cacheWriteTokens,
			ephemeral_1h_input_tokens: isForAnHour ? usage.cacheWriteTokens : 0
		},
		cache_read_input_tokens: usage.cacheReadTokens,
		output_tokens: usage.outputTokens,
		output_tokens_details: usage.reasoningTokens > 0 ? { thinking_tokens: usage.reasoningTokens } : null,
		service_tier: "standard"
	};
}
function streamMessagesReply(reply, request) {
	const events = [];
	const emit = (type, data) => {
		events.push({
			event: type,
			data: {
				type,
				...data
			}
		});
	};
	const usage = encodeUsage$2(reply.usage, request);
	const begun = {
		stop_reason: null,
		stop_sequence: null,
		stop_details: null
	};
	emit("message_start", { message: {
		...encodeMessagesReply(reply, request),
		content: [],
		...begun,
		usage: {
			...usage,
			output_tokens: 0
		}
	} });
	contentBlocks(reply).forEach((block, index) => {
		const isText = block.type === "text";
		emit("content_block_start", {
			index,
			content_block: isText ? {
				...block,
				text: ""
			} : {
				...block,
				input: {}
			}
		});
		for (const piece of pieces(isText ? String(block.text) : JSON.stringify(block.input))) emit("content_block_delta", {
			index,
			delta: isText ? {
				type: "text_delta",
				text: piece
			} : {
				type: "input_json_delta",
				partial_json: piece
			}
		});
		emit("content_block_stop", { index });
	});
	emit("message_delta", {
		delta: stop(reply),
		usage
	});
	emit("message_stop", {});
	return events;
}
// src/llmwire/json-over-http.ts
async function readBody(incoming, limit) {
	const chunks = [];
	let size = 0;
	for await (const chunk of incoming) {
		const bytes = Buffer.from(chunk);
		size += bytes.length;
		if (size <= limit) chunks.push(bytes);
	}
	return size > limit ? void 0 : Buffer.concat(chunks).toString("utf8");
}
function sendJson(response, status, body, headers = {}) {
	response.writeHead(status, {
		"content-type": "application/json",
		...headers
	});
	response.end(JSON.stringify(body));
}
// src/llmwire/complete-reply.ts
function completeReply(reply, request, ordinal) {
	const id = contentHash([
		request.format,
		request.body,
		ordinal
	]);
	const toolCalls = (reply.toolCalls ?? []).map((call, index) => ({
		id: call.id ?? `${request.provider === "anthropic" ? "toolu" : "call"}_${contentHash([id, index])}`,
		name: call.name,
		arguments: call.arguments
	}));
	return {
		id,
		model: reply.model ?? request.model,
		text: reply.text ?? null,
		refusal: reply.refusal ?? null,
		toolCalls,
		finishReason: reply.finishReason ?? (toolCalls.length > 0 ? "tool_call" : "stop"),
		usage: completeUsage(reply, request),
		probabilities: reply.probabilities ?? null
	};
}
function completeUsage(reply, request) {
	const written = [
		reply.text,
		reply.refusal,
		reply.toolCalls && stableJson(reply.toolCalls)
	].join("");
	return {
		inputTokens: tokens(stableJson([
			request.messages,
			request.tools,
			request.responseSchema
		])),
		outputTokens: tokens(written),
		cacheReadTokens: 0,
		cacheWriteTokens: 0,
		reasoningTokens: 0,
		...reply.usage
	};
}
function tokens(text) {
	return Math.max(1, Math.ceil(text.length / 4));
}
// src/llmwire/openai-error.ts
function openaiError(status, message) {
	return { error: {
		message,
		type: errorType(status),
		param: null,
		code: status === 401 ? "invalid_api_key" : null
	} };
}
function errorType(status) {
	if (status === 429) return "rate_limit_exceeded";
	if (status >= 500) return "server_error";
	return "invalid_request_error";
}
// src/llmwire/token-logprobs.ts
function tokenLogprobs({ text, probabilities }) {
	const match = /"label"\s*:\s*"([^"]*)/u.exec(text ?? "");
	if (text === null || probabilities === null || match === null) return [];
	const label = match[1] ?? "";
	const start = match.index + match[0].length - label.length;
	const sure = {
		bytes: null,
		logprob: 0,
		top_logprobs: []
	};
	const rivals = Object.entries(probabilities).map(([token, probability]) => ({
		token,
		bytes: null,
		logprob: Math.log(probability)
	}));
	return [
		{
			...sure,
			token: text.slice(0, start)
		},
		{
			token: label,
			bytes: null,
			logprob: Math.log(probabilities[label] ?? 0),
			top_logprobs: rivals
		},
		{
			...sure,
			token: text.slice(start + label.length)
		}
	];
}
// src/llmwire/openai-chat.ts
const openaiChat = {
	path: "/v1/chat/completions",
	parse: parseChatRequest,
	encode: encodeChatReply,
	stream: streamChatReply,
	error: openaiError
};
const FINISH_REASONS$1 = {
	stop: "stop",
	length: "length",
	tool_call: "tool_calls",
	content_filter: "content_filter"
};
function encodeChatReply(reply, { body }) {
	return {
		id: `chatcmpl-${reply.id}`,
		object: "chat.completion",
		created: 0,
		model: reply.model,
		choices: [{
			index: 0,
			message: {
				role: "assistant",
				content: reply.text,
				refusal: reply.refusal,
				...reply.toolCalls.length > 0 && { tool_calls: reply.toolCalls.map(encodeToolCall) }
			},
			logprobs: body.logprobs === true ? {
				content: [...tokenLogprobs(reply)],
				refusal: null
			} : null,
			finish_reason: FINISH_REASONS$1[reply.finishReason]
		}],
		usage: encodeUsage$1(reply.usage)
	};
}
function encodeToolCall(call) {
	return {
		id: call.id,
		type: "function",
		function: {
			name: call.name,
			arguments: JSON.stringify(call.arguments)
		}
	};
}
function encodeUsage$1(usage) {
	return {
		prompt_tokens: usage.inputTokens,
		completion_tokens: usage.outputTokens,
		total_tokens: usage.inputTokens + usage.outputTokens,
		prompt_tokens_details: {
			cached_tokens: usage.cacheReadTokens,
			...usage.cacheWriteTokens > 0 && { cache_write_tokens: usage.cacheWriteTokens }
		},
		completion_tokens_details: { reasoning_tokens: usage.reasoningTokens }
	};
}
function streamChatReply(reply, request) {
	const head = {
		id: `chatcmpl-${reply.id}`,
		object: "chat.completion.chunk",
		created: 0,
		model: reply.model
	};
	const chunk = (delta, finish = null) => ({ data: {
		...head,
		choices: [{
			index: 0,
			delta,
			logprobs: null,
			finish_reason: finish
		}]
	} });
	const options = objectField(request.body, "stream_options");
	return [
		chunk({
			role: "assistant",
			content: reply.text === null ? null : ""
		}),
		...pieces(reply.text ?? "").map((content) => chunk({ content })),
		...pieces(reply.refusal ?? "").map((refusal) => chunk({ refusal })),
		...reply.toolCalls.flatMap((call, index) => [chunk({ tool_calls: [{
			index,
			id: call.id,
			type: "function",
			function: {
				name: call.name,
				arguments: ""
			}
		}] }), ...pieces(JSON.stringify(call.arguments)).map((text) => chunk({ tool_calls: [{
			index,
			function: { arguments: text }
		}] }))]),
		chunk({}, FINISH_REASONS$1[reply.finishReason]),
		...options?.include_usage === true ? [{ data: {
			...head,
			choices: [],
			usage: encodeUsage$1(reply.usage)
		} }] : [],
		{ data: "[DONE]" }
	];
}
// src/llmwire/parse-responses-request.ts
function parseResponsesRequest(body) {
	const text = objectField(body, "text");
	const format = text && objectField(text, "format");
	const instructions = stringField(body, "instructions");
	const system = instructions === void 0 ? [] : [{
		role: "system",
		parts: [{
			type: "text",
			content: instructions
		}]
	}];
	return {
		provider: "openai",
		format: "openai-responses",
		model: stringField(body, "model") ?? "",
		messages: joinAssistantTurns([...system, ...readInput(body.input)]),
		tools: objectsField(body, "tools").filter((tool) => tool.type === "function").map((tool) => readDefinition(tool, "parameters")),
		...optional("responseSchema", format && objectField(format, "schema")),
		stream: body.stream === true,
		...optional("maxTokens", numberField(body, "max_output_tokens")),
		...optional("temperature", numberField(body, "temperature")),
		body
	};
}
function readInput(input) {
	if (typeof input === "string") return [{
		role: "user",
		parts: [{
			type: "text",
			content: input
		}]
	}];
	return Array.isArray(input) ? input.filter(isObject).map(readItem) : [];
}
function readItem(item) {
	const id = optional("id", stringField(item, "call_id"));
	switch (stringField(item, "type") ?? "message") {
		case "message": {
			const role = stringField(item, "role") ?? "user";
			return {
				role: role === "developer" ? "system" : role,
				parts: readContent(item.content)
			};
		}
		case "function_call": {
			const name = stringField(item, "name") ?? "";
			return {
				role: "assistant",
				parts: [{
					type: "tool_call",
					...id,
					name,
					...optional("arguments", readArguments(item.arguments))
				}]
			};
		}
		case "function_call_output": return {
			role: "tool",
			parts: [{
				type: "tool_result",
				...id,
				result: item.output ?? ""
			}]
		};
		case "reasoning": return {
			role: "assistant",
			parts: [{
				type: "reasoning",
				content: objectsField(item, "summary").map((part) => stringField(part, "text") ?? "").join("\n")
			}]
		};
		default: return {
			role: "assistant",
			parts: [{
				type: "other",
				value: item
			}]
		};
	}
}
function readContent(content) {
	if (typeof content === "string") return [{
		type: "text",
		content
	}];
	if (!Array.isArray(content)) return [];
	return content.filter(isObject).map((part) => {
		const text = stringField(part, "text") ?? stringField(part, "refusal");
		return text === void 0 ? {
			type: "other",
			value: part
		} : {
			type: "text",
			content: text
		};
	});
}
function joinAssistantTurns(messages) {
	const joined = [];
	for (const message of messages) {
		const last = joined.at(-1);
		if (last?.role === "assistant" && message.role === "assistant") joined[joined.length - 1] = {
			...last,
			parts: [...last.parts, ...message.parts]
		};
		else joined.push(message);
	}
	return joined;
}
// src/llmwire/stream-responses-reply.ts
function streamResponsesReply(response, items) {
	const events = [];
	const emit = (type, data) => {
		events.push({
			event: type,
			data: {
				type,
				sequence_number: events.length,
				...data
			}
		});
	};
	const begun = {
		...response,
		status: "in_progress",
		incomplete_details: null,
		output: [],
		usage: null
	};
	emit("response.created", { response: begun });
	emit("response.in_progress", { response: begun });
	items.forEach((item, index) => {
		if (item.type === "message") emitMessage(emit, item, index);
		else emitCall(emit, item, index);
	});
	emit(response.status === "incomplete" ? "response.incomplete" : "response.completed", { response });
	return events;
}
function emitMessage(emit, item, output_index) {
	const item_id = stringField(item, "id") ?? "";
	emit("response.output_item.added", {
		output_index,
		item: {
			...item,
			status: "in_progress",
			content: []
		}
	});
	objectsField(item, "content").forEach((part, content_index) => {
		const key = part.type === "refusal" ? "refusal" : "text";
		const kind = key === "refusal" ? "response.refusal" : "response.output_text";
		const place = {
			item_id,
			output_index,
			content_index
		};
		const text = stringField(part, key) ?? "";
		const extra = key === "text" ? { logprobs: [] } : {};
		emit("response.content_part.added", {
			...place,
			part: {
				...part,
				[key]: ""
			}
		});
		for (const delta of pieces(text)) emit(`${kind}.delta`, {
			...place,
			delta,
			...extra
		});
		emit(`${kind}.done`, {
			...place,
			[key]: text,
			...extra
		});
		emit("response.content_part.done", {
			...place,
			part
		});
	});
	emit("response.output_item.done", {
		output_index,
		item
	});
}
function emitCall(emit, item, output_index) {
	const item_id = stringField(item, "id") ?? "";
	const text = stringField(item, "arguments") ?? "";
	emit("response.output_item.added", {
		output_index,
		item: {
			...item,
			status: "in_progress",
			arguments: ""
		}
	});
	for (const delta of pieces(text)) emit("response.function_call_arguments.delta", {
		item_id,
		output_index,
		delta
	});
	emit("response.function_call_arguments.done", {
		item_id,
		output_index,
		arguments: text
	});
	emit("response.output_item.done", {
		output_index,
		item
	});
}
// src/llmwire/openai-responses.ts
const openaiResponses = {
	path: "/v1/responses",
	parse: parseResponsesRequest,
	encode: encodeResponsesReply,
	stream: (reply, request) => streamResponsesReply(encodeResponsesReply(reply, request), responseItems(reply)),
	error: openaiError
};
function encodeResponsesReply(reply, { body }) {
	const cut = {
		length: "max_output_tokens",
		content_filter: "content_filter",
		stop: null,
		tool_call: null
	}[reply.finishReason];
	return {
		id: `resp_${reply.id}`,
		object: "response",
		created_at: 0,
		status: cut === null ? "completed" : "incomplete",
		error: null,
		incomplete_details: cut === null ? null : { reason: cut },
		instructions: body.instructions ?? null,
		max_output_tokens: body.max_output_tokens ?? null,
		metadata: body.metadata ?? {},
		model: reply.model,
		output: [...responseItems(reply)],
		parallel_tool_calls: body.parallel_tool_calls ?? true,
		previous_response_id: body.previous_response_id ?? null,
		temperature: body.temperature ?? 1,
		tool_choice: body.tool_choice ?? "auto",
		tools: body.tools ?? [],
		top_p: body.top_p ?? 1,
		usage: {
			input_tokens: reply.usage.inputTokens,
			input_tokens_details: {
				cached_tokens: reply.usage.cacheReadTokens,
				cache_write_tokens: reply.usage.cacheWriteTokens
			},
			output_tokens: reply.usage.outputTokens,
			output_tokens_details: { reasoning_tokens: reply.usage.reasoningTokens },
			total_tokens: reply.usage.inputTokens + reply.usage.outputTokens
		}
	};
}
function responseItems(reply) {
	const content = [];
	if (reply.text !== null) content.push({
		type: "output_text",
		text: reply.text,
		annotations: [],
		logprobs: [...tokenLogprobs(reply)]
	});
	if (reply.refusal !== null) content.push({
		type: "refusal",
		refusal: reply.refusal
	});
	const status = reply.finishReason === "length" ? "incomplete" : "completed";
	const message = {
		type: "message",
		id: `msg_${reply.id}`,
		status,
		role: "assistant",
		content
	};
	const calls = reply.toolCalls.map((call, index) => ({
		type: "function_call",
		id: `fc_${reply.id}_${index}`,
		status: "completed",
		call_id: call.id,
		name: call.name,
		arguments: JSON.stringify(call.arguments)
	}));
	return content.length > 0 ? [message, ...calls] : calls;
}
// src/llmwire/send-fault.ts
function sendFault(response, error, fault) {
	switch (fault.fault) {
		case "hang": return;
		case "reset":
			response.destroy();
			return;
		case "cut":
			response.writeHead(200, {
				"content-type": "application/json",
				"content-length": "4096"
			});
			response.write("{\"id\":\"cut", () => response.destroy());
			return;
		case "broken-json":
			response.writeHead(200, { "content-type": "application/json" });
			response.end("{\"id\":\"broken\",\"choices\":[");
			return;
		case "status":
			response.writeHead(fault.status, {
				"content-type": "application/json",
				...fault.headers
			});
			response.end(faultBody(error, fault));
	}
}
function faultBody(error, fault) {
	const message = fault.message ?? `simulated HTTP ${fault.status}`;
	return fault.body ?? JSON.stringify(error(fault.status, message));
}
// src/llmwire/parse-gemini-request.ts
function parseGeminiRequest(body, place) {
	const config = objectField(body, "generationConfig") ?? {};
	const instruction = objectField(body, "systemInstruction") ?? objectField(body, "system_instruction");
	const system = instruction === void 0 ? [] : objectsField(instruction, "parts").map(readPart);
	const schema = objectField(config, "responseJsonSchema") ?? objectField(config, "responseSchema");
	return {
		provider: "google",
		format: "gemini-generate-content",
		model: place.model,
		messages: [...system.length > 0 ? [{
			role: "system",
			parts: system
		}] : [], ...objectsField(body, "contents").flatMap(readTurn)],
		tools: objectsField(body, "tools").flatMap((tool) => objectsField(tool, "functionDeclarations").map(readDeclaration)),
		...optional("responseSchema", schema),
		stream: place.stream,
		...optional("maxTokens", numberField(config, "maxOutputTokens")),
		...optional("temperature", numberField(config, "temperature")),
		body
	};
}
function readTurn(turn) {
	const parts = objectsField(turn, "parts").map(readPart);
	const results = parts.filter((part) => part.type === "tool_result");
	const rest = parts.filter((part) => part.type !== "tool_result");
	const messages = results.map((part) => ({
		role: "tool",
		parts: [part]
	}));
	if (rest.length > 0 || results.length === 0) messages.push({
		role: turn.role === "model" ? "assistant" : "user",
		parts: rest
	});
	return messages;
}
function readPart(part) {
	const call = objectField(part, "functionCall");
	if (call !== void 0) {
		const name = stringField(call, "name") ?? "";
		return {
			type: "tool_call",
			...optional("id", stringField(call, "id")),
			name,
			...optional("arguments", call.args)
		};
	}
	const response = objectField(part, "functionResponse");
	if (response !== void 0) return {
		type: "tool_result",
		...optional("id", stringField(response, "id")),
		...optional("name", stringField(response, "name")),
		result: response.response ?? ""
	};
	const content = stringField(part, "text");
	if (content === void 0) return {
		type: "other",
		value: part
	};
	return {
		type: part.thought === true ? "reasoning" : "text",
		content
	};
}
function readDeclaration(declaration) {
	return readDefinition(declaration, "parametersJsonSchema" in declaration ? "parametersJsonSchema" : "parameters");
}
// src/llmwire/gemini-generate-content.ts
const geminiGenerateContent = {
	path: "/v1beta/models/{model}:generateContent",
	takes: (path) => GENERATE.test(path),
	parse: (body, path = "") => {
		const [, model = "", method = ""] = GENERATE.exec(path) ?? [];
		return parseGeminiRequest(body, {
			model: decodeURIComponent(model),
			stream: method.startsWith("stream")
		});
	},
	encode: encodeGeminiReply,
	stream: streamGeminiReply,
	error: (status, message) => ({ error: {
		code: status,
		message,
		status: ERROR_STATUSES[status] ?? "UNKNOWN"
	} })
};
const GENERATE = /^\/v1(?:beta)?\/models\/([^/:]+):(generateContent|streamGenerateContent)$/;
const FINISH_REASONS = {
	stop: "STOP",
	length: "MAX_TOKENS",
	tool_call: "STOP",
	content_filter: "SAFETY"
};
const ERROR_STATUSES = {
	400: "INVALID_ARGUMENT",
	401: "UNAUTHENTICATED",
	403: "PERMISSION_DENIED",
	404: "NOT_FOUND",
	429: "RESOURCE_EXHAUSTED",
	500: "INTERNAL",
	503: "UNAVAILABLE",
	504: "DEADLINE_EXCEEDED"
};
function encodeGeminiReply(reply) {
	return chunk(reply, [...textParts(reply), ...callParts(reply)], true);
}
function chunk(reply, parts, last) {
	return {
		candidates: [{
			content: {
				role: "model",
				parts
			},
			index: 0,
			...last && { finishReason: FINISH_REASONS[reply.finishReason] }
		}],
		usageMetadata: encodeUsage(reply.usage),
		modelVersion: reply.model,
		responseId: reply.id
	};
}
function textParts(reply) {
	return [reply.text, reply.refusal].flatMap((text) => text === null ? [] : [{ text }]);
}
function callParts(reply) {
	return reply.toolCalls.map((call) => ({ functionCall: {
		id: call.id,
		name: call.name,
		args: call.arguments
	} }));
}
function encodeUsage(usage) {
	return {
		promptTokenCount: usage.inputTokens,
		candidatesTokenCount: Math.max(0, usage.outputTokens - usage.reasoningTokens),
		totalTokenCount: usage.inputTokens + usage.outputTokens,
		...usage.cacheReadTokens > 0 && { cachedContentTokenCount: usage.cacheReadTokens },
		...usage.reasoningTokens > 0 && { thoughtsTokenCount: usage.reasoningTokens }
	};
}
function streamGeminiReply(reply) {
	const parts = [...textParts(reply).flatMap(({ text }) => pieces(String(text)).map((piece) => ({ text: piece }))), ...callParts(reply)];
	const events = parts.map((part, index) => ({ data: chunk(reply, [part], index === parts.length - 1) }));
	return events.length > 0 ? events : [{ data: chunk(reply, [], true) }];
}
// src/llmwire/openai-decisions.ts
const openaiDecisions = {
	path: "/v1/decisions",
	parse: parseDecisionsRequest,
	encode: encodeDecision,
	stream: () => [],
	error: openaiError
};
function parseDecisionsRequest(body) {
	const { messages } = parseResponsesRequest({ input: body.input ?? "" });
	return {
		provider: "openai",
		format: "openai-decisions",
		model: stringField(body, "model") ?? "",
		messages,
		tools: [],
		...optional("responseSchema", labelSchema(body)),
		stream: false,
		body
	};
}
function labelSchema(body) {
	const [question] = objectsField(body, "questions");
	if (question === void 0) return void 0;
	return {
		type: "object",
		properties: { label: { enum: objectsField(question, "choices").flatMap(({ value }) => value ?? []) } }
	};
}
function encodeDecision(reply, { body }) {
	const { usage } = reply;
	return {
		answers: objectsField(body, "questions").map((question) => answerTo(question, reply)),
		model: reply.model,
		usage: {
			input_tokens: usage.inputTokens,
			input_tokens_details: {
				cached_tokens: usage.cacheReadTokens,
				cache_write_tokens: usage.cacheWriteTokens
			},
			output_tokens: usage.outputTokens,
			output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
			total_tokens: usage.inputTokens + usage.outputTokens
		}
	};
}
function answerTo(question, reply) {
	const name = stringField(question, "name") ?? null;
	if (reply.refusal !== null) return {
		type: "refusal",
		name
	};
	const choice = choiceIn(reply.text ?? "");
	const sureness = reply.probabilities ?? { [choice]: 1 };
	const probabilities = objectsField(question, "choices").map(({ value }) => ({
		value: value ?? null,
		probability: sureness[String(value)] ?? 0
	}));
	return {
		type: "choice",
		name,
		choice,
		confidence: sureness[choice] ?? 0,
		probabilities
	};
}
function choiceIn(text) {
	const written = parseJson(text);
	return (isObject(written) ? stringField(written, "label") : void 0) ?? text;
}
// src/llmwire/model-endpoint.ts
const CODECS = [
	openaiChat,
	openaiResponses,
	openaiDecisions,
	anthropicMessages,
	geminiGenerateContent
];
const MAX_BODY = 33554432;
function modelEndpoint(reply) {
	const seen = new Map();
	const answer = async (codec, place, incoming, response) => {
		const text = await readBody(incoming, MAX_BODY);
		const body = text === void 0 ? void 0 : parseJson(text);
		if (!isObject(body)) {
			const [status, message] = text === void 0 ? [413, "body too large"] : [400, "body is not a JSON object"];
			return sendJson(response, status, codec.error(status, message));
		}
		const request = codec.parse(body, place.pathname);
		const key = stableJson([place.pathname, body]);
		const ordinal = seen.get(key) ?? 0;
		seen.set(key, ordinal + 1);
		const said = await reply(request, place);
		if (said instanceof Response) return passOn(response, said);
		if ("fault" in said) return sendFault(response, codec.error, said);
		return send(response, codec, request, said, ordinal);
	};
	return async (incoming, response, path) => {
		const { pathname } = new URL(path, "http://127.0.0.1");
		const codec = CODECS.find((candidate) => candidate.path === pathname || candidate.takes?.(pathname));
		if (codec === void 0 || incoming.method !== "POST") return sendJson(response, 404, { error: { message: `no model endpoint at ${incoming.method} ${pathname}` } });
		try {
			await answer(codec, {
				path,
				pathname,
				headers: incoming.headers
			}, incoming, response);
		} catch (error) {
			if (response.headersSent) response.destroy();
			else sendJson(response, 500, codec.error(500, messageOf(error)));
		}
	};
}
function send(response, codec, request, reply, ordinal) {
	const complete = completeReply(reply, request, ordinal);
	if (!request.stream) {
		sendJson(response, 200, codec.encode(complete, request), reply.headers);
		return;
	}
	const headers = {
		"content-type": "text/event-stream",
		"cache-control": "no-cache",
		...reply.headers
	};
	response.writeHead(200, headers);
	for (const event of codec.stream(complete, request)) response.write(encodeEvent(event));
	response.end();
}
async function passOn(response, from) {
	const kept = [...from.headers].filter(([name]) => !HOP_HEADERS.includes(name));
	response.writeHead(from.status, Object.fromEntries(kept));
	for await (const chunk of from.body ?? []) response.write(chunk);
	response.end();
}
const HOP_HEADERS = [
	"content-length",
	"content-encoding",
	"transfer-encoding",
	"connection",
	"keep-alive"
];
export { openaiChat as a, readBody as c, objectField as d, objectsField as f, openaiResponses as i, sendJson as l, faultBody as n, openaiError as o, stringField as p, sendFault as r, completeReply as s, modelEndpoint as t, anthropicMessages as u };
