import { n as parseJson, t as isObject } from "./json.js";
// src/conventions/finish-reason.ts
const REASONS = {
	stop: "stop",
	end_turn: "stop",
	endturn: "stop",
	stop_sequence: "stop",
	completed: "stop",
	length: "length",
	max_tokens: "length",
	maxtokens: "length",
	max_output_tokens: "length",
	model_context_window_exceeded: "length",
	tool_call: "tool_call",
	tool_calls: "tool_call",
	tool_use: "tool_call",
	tooluse: "tool_call",
	function_call: "tool_call",
	content_filter: "content_filter",
	content_filtered: "content_filter",
	safety: "content_filter",
	refusal: "content_filter",
	guardrail_intervened: "content_filter",
	error: "error"
};
function readFinishReason(value) {
	const name = firstName(value);
	if (name === void 0 || name === "") return void 0;
	return REASONS[name.toLowerCase().replaceAll("-", "_")] ?? "other";
}
function firstName(value) {
	if (Array.isArray(value)) return firstName(value[0]);
	if (typeof value !== "string") return void 0;
	return value.startsWith("[") ? firstName(parseJson(value) ?? void 0) : value;
}
// src/conventions/messages/mcp-result.ts
const MEMBERS = new Set([
	"content",
	"structuredContent",
	"isError",
	"_meta",
	"meta"
]);
const CONTENT = new Set([
	"text",
	"image",
	"audio",
	"resource",
	"resource_link"
]);
function isMcpResult(value) {
	if (!isObject(value) || !Object.keys(value).every((key) => MEMBERS.has(key))) return false;
	const { content, structuredContent, isError } = value;
	if (content !== void 0 && !(Array.isArray(content) && content.every(isBlock))) return false;
	return typeof isError === "boolean" || isObject(structuredContent) || Array.isArray(content) && content.length > 0;
}
function isBlock(value) {
	return isObject(value) && typeof value.type === "string" && CONTENT.has(value.type);
}
function mcpContent({ content = [], structuredContent }) {
	return Array.isArray(content) && content.length === 0 && structuredContent !== void 0 && structuredContent !== null ? structuredContent : content;
}
// src/conventions/messages/shape.ts
function textAt(value, ...keys) {
	for (const key of keys) {
		const member = value[key];
		if (typeof member === "string") return member;
	}
}
function toolCall(name, id, input) {
	return {
		type: "tool_call",
		...id ? { id } : {},
		name,
		...input === void 0 ? {} : { arguments: unpackJson(input) }
	};
}
function toolResult(id, name, result) {
	return {
		type: "tool_result",
		...id ? { id } : {},
		...name ? { name } : {},
		...result === void 0 ? {} : { result: unpackResult(result) }
	};
}
function unpackJson(value, times = 2) {
	if (typeof value !== "string" || times === 0) return value;
	const text = value.trim();
	if (!/^[[{"]/.test(text) && text !== "null") return value;
	const parsed = parseJson(text);
	return parsed === void 0 ? value : unpackJson(parsed, times - 1);
}
function unpackResult(result) {
	const unpacked = unpackJson(result);
	const value = isMcpResult(unpacked) ? mcpContent(unpacked) : unpacked;
	if (!Array.isArray(value) || value.length === 0) return value;
	const pieces = [];
	for (const block of value) {
		const piece = blockContent(block);
		if (piece === void 0) return value;
		pieces.push(piece);
	}
	const [only] = pieces;
	if (pieces.length === 1 && only !== void 0) return unpackJson(only);
	return pieces.every((piece) => typeof piece === "string") ? unpackJson(pieces.join("\n")) : pieces;
}
function blockContent(block) {
	if (typeof block !== "object" || block === null || Array.isArray(block)) return void 0;
	const keys = Object.keys(block).filter((key) => key !== "type" && key !== "annotations");
	if (keys.length !== 1) return void 0;
	const [key] = keys;
	if (key === "json") return block.json;
	return key === "text" || key === "content" ? textAt(block, key) : void 0;
}
// src/conventions/present.ts
function present(fields) {
	const result = {};
	for (const key in fields) {
		const value = fields[key];
		if (isPresent(value)) result[key] = value;
	}
	return result;
}
function presentOrNothing(fields) {
	const result = present(fields);
	return Object.keys(result).length === 0 ? void 0 : result;
}
function isPresent(value) {
	return value !== void 0;
}
// src/conventions/provider.ts
const PROVIDERS = {
	vertex_ai: "gcp.vertex_ai",
	vertexai: "gcp.vertex_ai",
	gemini: "gcp.gemini",
	google: "gcp.gemini",
	"az.ai.inference": "azure.ai.inference",
	"az.ai.openai": "azure.ai.openai",
	azure: "azure.ai.openai",
	azure_openai: "azure.ai.openai",
	xai: "x_ai",
	mistral: "mistral_ai",
	mistralai: "mistral_ai",
	bedrock: "aws.bedrock",
	aws: "aws.bedrock"
};
const FRAMEWORKS = new Set([
	"strands-agents",
	"langchain",
	"gcp.vertex.agent",
	"microsoft.agent_framework",
	"pydantic_ai",
	"_other"
]);
const MODEL_PREFIXES = [
	[/^(gpt-|o[1-9](-|$)|chatgpt|text-embedding-)/, "openai"],
	[/^claude-/, "anthropic"],
	[/^gemini-/, "gcp.gemini"],
	[/^(mistral|ministral|codestral|magistral)/, "mistral_ai"],
	[/^grok-/, "x_ai"],
	[/^deepseek-/, "deepseek"],
	[/^command-/, "cohere"]
];
function readProvider(name, model) {
	const lower = name?.toLowerCase().trim();
	if (!lower || FRAMEWORKS.has(lower)) return lower || model ? providerOfModel(model) : void 0;
	return PROVIDERS[lower] ?? lower.replace(/^(openai|anthropic|google|mistral|cohere|groq)\..*$/, (_, base) => PROVIDERS[base] ?? base);
}
function providerOfModel(model) {
	const lower = model?.toLowerCase();
	return lower === void 0 ? void 0 : MODEL_PREFIXES.find(([prefix]) => prefix.test(lower))?.[1];
}
// src/conventions/retrieved-documents.ts
function readDocuments(value) {
	if (value === void 0) return void 0;
	const list = unpackJson(value);
	return Array.isArray(list) ? list.map(readDocument) : void 0;
}
function readDocument(value) {
	if (typeof value === "string") return { content: value };
	if (!isObject(value)) return {};
	return present({
		id: idOf(value),
		content: [
			value.content,
			value.text,
			value.page_content,
			value.pageContent
		].find((content) => typeof content === "string"),
		score: typeof value.score === "number" ? value.score : void 0,
		metadata: value.metadata === void 0 ? void 0 : unpackJson(value.metadata)
	});
}
function idOf({ id }) {
	return typeof id === "string" ? id : typeof id === "number" ? String(id) : void 0;
}
// src/conventions/named-fields.ts
const CANONICAL_NAMES = [
	"input",
	"output",
	"systemInstructions",
	"model",
	"provider",
	"inputTokens",
	"outputTokens",
	"cacheReadTokens",
	"cacheWriteTokens",
	"reasoningTokens",
	"cost",
	"temperature",
	"maxTokens",
	"finishReason",
	"retries",
	"promptName",
	"promptVersion",
	"toolName",
	"toolCallId",
	"toolArguments",
	"toolResult",
	"toolStatus",
	"retrievalQuery",
	"retrievalDocuments",
	"agentName",
	"agentVersion",
	"sessionId",
	"userId",
	"organisationId",
	"feature",
	"environment",
	"tags",
	"outcome",
	"rationale"
];
const FAILED = new Set([
	"error",
	"failed",
	"failure"
]);
function fieldsByName(names, from, scope) {
	const at = (name) => names[name] ?? [];
	const type = typeOf(names, from);
	const status = from.name(...at("toolStatus"))?.toLowerCase();
	return {
		...present({ type }),
		...readContent(names, type, from, scope),
		...readModelCall(names, from),
		...present({
			systemInstructions: from.text(...at("systemInstructions")),
			error: status !== void 0 && FAILED.has(status) ? { type: "_OTHER" } : void 0,
			agent: presentOrNothing({
				name: from.name(...at("agentName")),
				version: from.name(...at("agentVersion"))
			}),
			sessionId: from.name(...at("sessionId")),
			userId: from.name(...at("userId")),
			organisationId: from.name(...at("organisationId")),
			feature: from.name(...at("feature")),
			environment: from.name(...at("environment")),
			tags: from.names(...at("tags")),
			outcome: from.name(...at("outcome")),
			rationale: from.name(...at("rationale"))
		})
	};
}
function typeOf(names, from) {
	if (from.name(...names.toolName ?? [])) return "tool";
	if (from.name(...names.model ?? [])) return "llm";
	return from.value(...names.retrievalDocuments ?? []) === void 0 ? void 0 : "retrieval";
}
function readContent(names, type, from, scope) {
	const { input = [], output = [], toolArguments = [], toolResult = [] } = names;
	const isTool = type === "tool";
	const isCall = type === "llm";
	const given = from.value(...toolArguments, ...isTool ? input : []);
	const result = from.value(...toolResult, ...isTool ? output : []);
	return present({
		tool: presentOrNothing({
			name: from.name(...names.toolName ?? []),
			callId: from.name(...names.toolCallId ?? []),
			arguments: given === void 0 ? void 0 : unpackJson(given),
			result: result === void 0 ? void 0 : unpackResult(result)
		}),
		retrieval: presentOrNothing({
			query: from.text(...names.retrievalQuery ?? [], ...type === "retrieval" ? input : []),
			documents: readDocuments(from.value(...names.retrievalDocuments ?? []))
		}),
		inputMessages: isCall ? scope.messages(from.value(...input), "user") : void 0,
		outputMessages: isCall ? scope.messages(from.value(...output), "assistant") : void 0,
		input: type === void 0 ? textOf(from.value(...input)) : void 0,
		output: type === void 0 ? textOf(from.value(...output)) : void 0
	});
}
function textOf(value) {
	return value === void 0 || typeof value === "string" ? value : JSON.stringify(value);
}
function readModelCall(names, from) {
	const at = (name) => names[name] ?? [];
	const model = from.name(...at("model"));
	const provider = from.name(...at("provider"));
	return present({
		requestModel: model,
		provider: model === void 0 && provider === void 0 ? void 0 : readProvider(provider, model),
		finishReason: readFinishReason(from.value(...at("finishReason"))),
		parameters: presentOrNothing({
			temperature: from.number(...at("temperature")),
			maxTokens: from.count(...at("maxTokens"))
		}),
		usage: presentOrNothing({
			inputTokens: from.count(...at("inputTokens")),
			outputTokens: from.count(...at("outputTokens")),
			cacheReadTokens: from.count(...at("cacheReadTokens")),
			cacheWriteTokens: from.count(...at("cacheWriteTokens")),
			reasoningTokens: from.count(...at("reasoningTokens"))
		}),
		cost: from.number(...at("cost")),
		retries: from.count(...at("retries")),
		prompt: presentOrNothing({
			name: from.name(...at("promptName")),
			version: from.name(...at("promptVersion"))
		})
	});
}
export { present as a, toolCall as c, unpackResult as d, isMcpResult as f, readProvider as i, toolResult as l, fieldsByName as n, presentOrNothing as o, readFinishReason as p, readDocuments as r, textAt as s, CANONICAL_NAMES as t, unpackJson as u };
