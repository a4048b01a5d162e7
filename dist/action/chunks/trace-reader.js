import { t as TracegateError } from "./errors.js";
import { n as parseJson, r as stableJson, t as isObject } from "./json.js";
import { i as longTextsOf, n as LongText } from "./long-text.js";
import { a as present, c as toolCall, d as unpackResult, f as isMcpResult, i as readProvider, l as toolResult$1, n as fieldsByName, o as presentOrNothing, p as readFinishReason, r as readDocuments, s as textAt, u as unpackJson } from "./named-fields.js";
import { n as textOf$3 } from "./message.js";
import { n as costOf, r as PRICES_AS_OF } from "./prices.js";
import { t as MessageKeys } from "./message-key.js";
import { t as sumUsage } from "./sum-usage.js";
// src/conventions/attribute-reader.ts
var AttributeReader = class {
	used = new Set();
	attributes;
	longTexts;
	constructor(attributes) {
		this.attributes = attributes;
		this.longTexts = longTextsOf(attributes);
	}
	value(...keys) {
		const [only] = keys;
		if (keys.length === 1 && only !== void 0) return this.at(only);
		let first;
		let found;
		for (const key of keys) {
			const value = this.at(key);
			if (value === void 0) continue;
			if (found === void 0 && !isEmpty(value)) found = value;
			first ??= value;
		}
		return found ?? first;
	}
	at(key) {
		const value = this.attributes[key];
		if (value !== void 0) this.used.add(key);
		return value;
	}
	content(...keys) {
		let found;
		for (const key of keys) {
			const long = this.longTexts?.get(key);
			if (long === void 0) {
				const value = this.value(key);
				if (found === void 0 || isEmpty(found)) found = isEmpty(value) ? found ?? value : value;
			} else {
				this.used.add(key);
				if (found === void 0 || isEmpty(found)) found = long;
			}
		}
		return found;
	}
	name(...keys) {
		return this.text(...keys) || void 0;
	}
	text(...keys) {
		const value = this.value(...keys);
		if (typeof value === "string") return value;
		return typeof value === "number" || typeof value === "boolean" ? String(value) : void 0;
	}
	number(...keys) {
		for (const key of keys) {
			const value = this.value(key);
			const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
			if (typeof number === "number" && Number.isFinite(number)) return number;
		}
	}
	count(...keys) {
		const number = this.number(...keys);
		return number !== void 0 && number >= 0 ? Math.round(number) : void 0;
	}
	boolean(key) {
		const value = this.value(key);
		if (typeof value === "boolean") return value;
		return value === "true" ? true : value === "false" ? false : void 0;
	}
	names(...keys) {
		const value = this.value(...keys);
		const list = typeof value === "string" && value.startsWith("[") ? parseJson(value) : value;
		if (Array.isArray(list)) return list.filter((item) => typeof item === "string");
		return typeof list === "string" && list !== "" ? [list] : void 0;
	}
	below(prefix) {
		const found = [];
		for (const key of Object.keys(this.attributes)) {
			const value = key.startsWith(prefix) ? this.attributes[key] : void 0;
			if (value === void 0) continue;
			this.used.add(key);
			found.push([key.slice(prefix.length), value]);
		}
		return found;
	}
};
function isEmpty(value) {
	if (value === void 0 || value === null || value === "" || value === "null") return true;
	if (value === "{}" || value === "[]") return true;
	if (typeof value !== "object") return false;
	return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
}
// src/conventions/hand-rolled.ts
const NAMES$2 = {
	model: ["llm.model"],
	inputTokens: [
		"llm.prompt_tokens",
		"llm.usage.prompt_tokens",
		"llm.input_tokens",
		"llm.usage.input_tokens"
	],
	outputTokens: [
		"llm.completion_tokens",
		"llm.usage.completion_tokens",
		"llm.output_tokens",
		"llm.usage.output_tokens"
	],
	temperature: ["llm.temperature"],
	maxTokens: ["llm.max_tokens"],
	finishReason: ["llm.stop_reason"],
	systemInstructions: ["llm.system_prompt"],
	input: [
		"input",
		"prompt",
		"llm.prompt",
		"agent.input"
	],
	output: [
		"output",
		"completion",
		"llm.completion",
		"llm.response",
		"agent.output"
	],
	toolName: ["tool.name"],
	toolCallId: ["tool.call_id"],
	toolArguments: ["tool.arguments", "tool.input"],
	toolResult: ["tool.result", "tool.output"],
	toolStatus: ["tool.execution_status"],
	cost: [
		"cost",
		"cost_usd",
		"llm.cost",
		"llm.cost_usd"
	],
	retries: ["retry_count", "llm.retry_count"],
	agentName: ["agent.name"],
	agentVersion: ["agent.version"],
	sessionId: [
		"agent.session_id",
		"session_id",
		"conversation_id"
	],
	userId: ["agent.user_id", "user_id"],
	organisationId: [
		"org.id",
		"tenant.id",
		"org_id",
		"tenant_id"
	],
	feature: ["feature"],
	outcome: ["agent.outcome"],
	rationale: ["agent.decision_rationale"]
};
const ALL = Object.values(NAMES$2).flat();
const handRolled = {
	name: "hand-rolled",
	prefixes: ALL,
	read(span, scope) {
		const { attributes } = span;
		if (!ALL.some((key) => attributes[key] !== void 0)) return void 0;
		const from = new AttributeReader(attributes);
		return {
			...fieldsByName(NAMES$2, from, scope),
			used: from.used
		};
	}
};
// src/conventions/key-prefixes.ts
const known = new WeakMap();
function keyPrefixes(attributes) {
	const before = known.get(attributes);
	if (before) return before;
	const prefixes = new Set();
	for (const key in attributes) {
		const dot = key.indexOf(".");
		prefixes.add(dot < 0 ? key : key.slice(0, dot));
	}
	known.set(attributes, prefixes);
	return prefixes;
}
// src/conventions/agent-framework.ts
const WORKFLOW_TYPES = {
	"workflow.build": "other",
	"workflow.run": "workflow",
	"workflow.session": "workflow",
	"executor.process": "step",
	"edge_group.process": "step",
	"message.send": "other"
};
const agentFramework = {
	name: "agent-framework",
	owns: (span) => /^(agent_framework|Microsoft\.SemanticKernel|semantic_kernel)/.test(span.scope.name),
	read(span) {
		const workflow = WORKFLOW_TYPES[span.name.split(" ")[0] ?? ""];
		const isWorkflow = workflow !== void 0 && OWN.some((word) => keyPrefixes(span.attributes).has(word));
		const kernel = readKernelCall(span);
		if (!isWorkflow && kernel === void 0) return void 0;
		return isWorkflow ? readWorkflow(span, workflow) : kernel;
	}
};
const OWN = [
	"workflow",
	"workflow_builder",
	"executor",
	"edge_group",
	"message"
];
function readWorkflow(span, type) {
	const from = new AttributeReader(span.attributes);
	from.below("executor.");
	from.below("edge_group.");
	from.below("message.");
	from.value("workflow.id", "workflow.definition", "workflow.description");
	const failure = span.events.find((event) => /^(workflow|build)\.error$/.test(event.name));
	const failed = failure ? new AttributeReader(failure.attributes) : void 0;
	return {
		type,
		...present({
			feature: from.name("workflow.name", "workflow_builder.name"),
			error: failed && {
				type: failed.name("error.type", "build.error.type") ?? "_OTHER",
				...presentOrNothing({ message: failed.name("error.message", "build.error.message") })
			}
		}),
		used: from.used
	};
}
function readKernelCall(span) {
	const operation = span.attributes["gen_ai.operation.name"];
	const isKernel = typeof operation === "string" && /^(chat|text)\.(streaming_)?completions$/.test(operation);
	const hasCounts = "gen_ai.response.prompt_tokens" in span.attributes || "gen_ai.response.completion_tokens" in span.attributes;
	if (!isKernel && !hasCounts) return void 0;
	const from = new AttributeReader(span.attributes);
	return {
		...isKernel ? { type: "llm" } : {},
		...present({
			usage: presentOrNothing({
				inputTokens: from.count("gen_ai.response.prompt_tokens"),
				outputTokens: from.count("gen_ai.response.completion_tokens")
			}),
			parameters: presentOrNothing({ maxTokens: from.count("gen_ai.request.max_token") })
		}),
		used: from.used
	};
}
// src/conventions/whole-usage.ts
function withCache(counts) {
	return whole(counts, (counts.cacheReadTokens ?? 0) + (counts.cacheWriteTokens ?? 0), 0);
}
function whole(counts, besideInput, besideOutput) {
	const { inputTokens, outputTokens } = counts;
	const usage = present({
		...counts,
		inputTokens: inputTokens === void 0 ? void 0 : inputTokens + besideInput,
		outputTokens: outputTokens === void 0 ? void 0 : outputTokens + besideOutput
	});
	const isAdjusted = usage.inputTokens !== inputTokens || usage.outputTokens !== outputTokens;
	return {
		...Object.keys(usage).length > 0 ? { usage } : {},
		...isAdjusted ? { tokensAdjusted: true } : {}
	};
}
// src/conventions/ai-sdk-usage.ts
function readAiSdkUsage(from, type) {
	from.below("ai.usage.");
	const { openai, anthropic } = metadataOf(from);
	const provider = readers(openai, anthropic);
	const counts = {
		inputTokens: from.count("ai.usage.inputTokens", "ai.usage.promptTokens", "ai.usage.tokens"),
		outputTokens: from.count("ai.usage.outputTokens", "ai.usage.completionTokens"),
		cacheReadTokens: from.count("ai.usage.cachedInputTokens", "ai.usage.inputTokenDetails.cacheReadTokens") ?? provider.count("cachedPromptTokens", "cacheReadInputTokens", "cache_read_input_tokens"),
		cacheWriteTokens: from.count("ai.usage.inputTokenDetails.cacheWriteTokens") ?? provider.count("cacheCreationInputTokens", "cache_creation_input_tokens"),
		reasoningTokens: from.count("ai.usage.reasoningTokens", "ai.usage.outputTokenDetails.reasoningTokens") ?? provider.count("reasoningTokens")
	};
	if (type === "llm" && anthropic !== void 0 && leavesCacheOut(from, provider, counts.inputTokens)) return withCache(counts);
	const usage = present(counts);
	return Object.keys(usage).length > 0 ? { usage } : {};
}
function leavesCacheOut(from, provider, input) {
	const raw = provider.count("input_tokens");
	if (raw !== void 0) return raw === input;
	return from.value("ai.usage.inputTokens") === void 0;
}
function metadataOf(from) {
	const value = from.value("ai.response.providerMetadata", "ai.result.providerMetadata");
	const metadata = value === void 0 ? null : unpackJson(value, 1);
	const at = (name) => {
		const inner = isObject(metadata) ? metadata[name] : void 0;
		return isObject(inner) ? inner : void 0;
	};
	return {
		openai: at("openai"),
		anthropic: at("anthropic")
	};
}
function readers(...sources) {
	const entries = sources.flatMap((source = {}) => [...Object.entries(isObject(source.usage) ? source.usage : {}), ...Object.entries(source)]);
	return new AttributeReader(Object.fromEntries(entries));
}
// src/conventions/identity-names.ts
const NAMES$1 = {
	sessionId: [
		"session_id",
		"sessionId",
		"thread_id",
		"threadId",
		"conversation_id",
		"conversationId",
		"session"
	],
	userId: [
		"user_id",
		"userId",
		"user"
	],
	organisationId: [
		"org",
		"org_id",
		"orgId",
		"organisation_id",
		"organisationId",
		"organization_id",
		"organizationId",
		"tenant",
		"tenant_id",
		"tenantId"
	],
	feature: ["feature"]
};
function personOf(metadata) {
	return present({
		sessionId: firstText(metadata, NAMES$1.sessionId),
		userId: firstText(metadata, NAMES$1.userId),
		organisationId: firstText(metadata, NAMES$1.organisationId),
		feature: firstText(metadata, NAMES$1.feature)
	});
}
function firstText(metadata, names) {
	for (const name of names) {
		const value = Object.hasOwn(metadata, name) ? metadata[name] : void 0;
		if (typeof value === "string" && value !== "") return value;
		if (typeof value === "number") return String(value);
	}
}
// src/conventions/ai-sdk.ts
const TYPES$7 = {
	"ai.generateText": "agent",
	"ai.streamText": "agent",
	"ai.generateObject": "agent",
	"ai.streamObject": "agent",
	"ai.toolCall": "tool",
	"ai.embed": "embedding",
	"ai.embedMany": "embedding",
	"ai.rerank": "retrieval"
};
const aiSdk = {
	name: "ai-sdk",
	prefixes: ["ai."],
	saysTypes: true,
	owns: (span) => span.scope.name === "ai",
	read(span, scope) {
		if (!keyPrefixes(span.attributes).has("ai")) return void 0;
		const from = new AttributeReader(span.attributes);
		const type = typeOf$3(from, span);
		return {
			...present({ type }),
			...readIdentity$5(from, type),
			...type === "tool" ? readTool$5(from) : readModelCall$7(from, type, scope),
			used: from.used
		};
	}
};
function typeOf$3(from, { name }) {
	const operation = from.name("ai.operationId") ?? from.name("operation.name")?.split(" ")[0] ?? name;
	from.value("operation.name", "resource.name");
	if (/\.(doGenerate|doStream)$/.test(operation)) return "llm";
	return TYPES$7[operation.replace(/\.do(Embed|Rerank)$/, "")];
}
function readIdentity$5(from, type) {
	const metadata = Object.fromEntries([...from.below("ai.settings.context."), ...from.below("ai.telemetry.metadata.")]);
	const functionId = from.name("ai.telemetry.functionId");
	const person = personOf(metadata);
	const known = new AttributeReader(metadata);
	return {
		...person,
		...present({
			feature: person.feature ?? functionId,
			tags: known.names("tags"),
			agent: type === "agent" ? presentOrNothing({ name: functionId }) : void 0,
			prompt: readPrompt$1(known.value("langfusePrompt"))
		})
	};
}
function readPrompt$1(value) {
	const prompt = value === void 0 ? void 0 : unpackJson(value);
	if (!isObject(prompt)) return void 0;
	const fields = new AttributeReader(prompt);
	return presentOrNothing({
		name: fields.name("name"),
		version: fields.name("version")
	});
}
function readTool$5(from) {
	const input = from.value("ai.toolCall.args");
	const result = from.value("ai.toolCall.result");
	return { tool: present({
		name: from.name("ai.toolCall.name"),
		callId: from.name("ai.toolCall.id"),
		arguments: input === void 0 ? void 0 : unpackJson(input),
		result: result === void 0 ? void 0 : unpackResult(result)
	}) };
}
function readModelCall$7(from, type, scope) {
	const requestModel = from.name("ai.model.id");
	const responseModel = from.name("ai.response.model");
	const finishReason = readFinishReason(from.value("ai.response.finishReason", "ai.finishReason"));
	const output = outputOf$2(from);
	const prompt = promptOf(from);
	from.value("ai.embedding", "ai.embeddings", "ai.value", "ai.values");
	return present({
		provider: readProvider(providerName(from.name("ai.model.provider")), responseModel ?? requestModel),
		requestModel,
		responseModel,
		responseId: from.name("ai.response.id"),
		parameters: readParameters(from),
		systemInstructions: systemOf(prompt, scope),
		inputMessages: scope.messages(from.value("ai.prompt.messages"), "user") ?? scope.messages(userPart(prompt), "user"),
		outputMessages: output === void 0 ? void 0 : scope.messages([output], "assistant"),
		toolDefinitions: scope.toolDefinitions(from.value("ai.prompt.tools")),
		finishReason,
		timeToFirstTokenMs: from.number("ai.response.msToFirstChunk"),
		...readAiSdkUsage(from, type)
	});
}
function providerName(name) {
	if (name === void 0) return void 0;
	if (name.startsWith("google.vertex") || name.startsWith("vertex.")) return "vertex_ai";
	if (name.startsWith("azure")) return "azure";
	if (name.startsWith("amazon-bedrock")) return "bedrock";
	return name.split(".")[0];
}
function readParameters(from) {
	from.value("ai.settings.maxRetries", "ai.response.providerMetadata", "ai.response.timestamp");
	return presentOrNothing({
		temperature: from.number("ai.settings.temperature"),
		topP: from.number("ai.settings.topP"),
		topK: from.number("ai.settings.topK"),
		maxTokens: from.count("ai.settings.maxOutputTokens", "ai.settings.maxTokens"),
		seed: from.number("ai.settings.seed"),
		frequencyPenalty: from.number("ai.settings.frequencyPenalty"),
		presencePenalty: from.number("ai.settings.presencePenalty"),
		stopSequences: from.names("ai.settings.stopSequences")
	});
}
function promptOf(from) {
	const value = from.value("ai.prompt");
	const prompt = value === void 0 ? void 0 : unpackJson(value, 1);
	if (isObject(prompt)) return prompt;
	return prompt === void 0 ? {} : { prompt };
}
function userPart({ messages, prompt }) {
	return messages ?? prompt;
}
function systemOf(prompt, scope) {
	const system = prompt.system ?? prompt.instructions;
	if (system === void 0 || system === null) return void 0;
	return (scope.messages(system, "user")?.flatMap((message) => message.parts))?.flatMap((part) => part.type === "text" ? [part.content] : []).join("\n");
}
function outputOf$2(from) {
	const reasoning = from.text("ai.response.reasoning");
	const text = from.text("ai.response.text", "ai.result.text");
	const object = from.text("ai.response.object", "ai.result.object");
	const calls = from.value("ai.response.toolCalls", "ai.result.toolCalls");
	if (reasoning === void 0 && text === void 0 && object === void 0 && calls === void 0) return;
	const list = calls === void 0 ? [] : unpackJson(calls);
	return {
		role: "assistant",
		content: [
			...reasoning ? [{
				type: "reasoning",
				content: reasoning
			}] : [],
			...[text, object].flatMap((piece) => piece ? [{
				type: "text",
				text: piece
			}] : []),
			...(Array.isArray(list) ? list.filter(isObject) : []).map((call) => ({
				...call,
				type: "tool-call"
			}))
		]
	};
}
// src/conventions/anthropic-sdk.ts
const anthropicSdk = {
	name: "anthropic-sdk",
	prefixes: [],
	owns: (span) => span.scope.name === "com.anthropic.sdk.typescript",
	read(span) {
		if (span.scope.name !== "com.anthropic.sdk.typescript") return void 0;
		const from = new AttributeReader(span.attributes);
		const result = from.value("anthropic.tool_result.content");
		const isCut = from.boolean("anthropic.content.truncated") === true;
		from.value("http.request.method", "http.response.status_code", "http.route");
		from.value("url.scheme", "url.path", "url.full", "gen_ai.request.stream");
		return {
			...present({
				finishReason: readFinishReason(from.value("anthropic.message.stop_reason")),
				sessionId: from.name("anthropic.session.id"),
				contentCut: isCut ? true : void 0,
				tool: result === void 0 ? void 0 : { result: unpackResult(result) }
			}),
			used: from.used
		};
	}
};
// src/conventions/object-of.ts
function objectOf(value) {
	const unpacked = value === void 0 ? void 0 : unpackJson(value);
	return isObject(unpacked) ? unpacked : {};
}
// src/conventions/answer-body.ts
function readAnswerBody(value, scope) {
	if (value === void 0) return {};
	const body = unpackJson(value);
	if (!isObject(body)) return present({ outputMessages: scope.messages(value, "assistant") });
	return {
		...present({
			responseModel: textAt(body, "model", "modelVersion", "model_version", "model_name"),
			responseId: textAt(body, "id", "responseId", "response_id"),
			outputMessages: messagesIn$1(body, scope),
			finishReason: readFinishReason(finishIn(body))
		}),
		...readBodyUsage(body.usage ?? body.usageMetadata ?? body.usage_metadata)
	};
}
function reasonWithCalls(reason, output) {
	const calls = output?.some(({ parts }) => parts.some((part) => part.type === "tool_call")) ?? false;
	return reason === "stop" && calls ? "tool_call" : reason;
}
function messagesIn$1(body, scope) {
	const { content, message, choices, output, generations } = body;
	const candidates = listOf$1(body.candidates).flatMap((candidate) => isObject(candidate) ? candidate.content ?? candidate.message ?? [] : []);
	if (Array.isArray(choices)) return scope.messages(choices, "assistant");
	if (candidates.length > 0) return scope.messages(candidates, "assistant");
	if (Array.isArray(output)) return scope.messages(output, "assistant");
	if (Array.isArray(generations)) return scope.messages(generations.flatMap(generated), "assistant");
	if (isObject(content)) return scope.messages(content, "assistant");
	if ("role" in body) return scope.messages(body, "assistant");
	if (message !== void 0) return scope.messages(message, "assistant");
	const text = content ?? body.text ?? output;
	return text === void 0 ? void 0 : scope.messages(text, "assistant");
}
function generated(batch) {
	return listOf$1(batch).flatMap((generation) => isObject(generation) ? [generation.message ?? generation.text ?? null] : []);
}
function finishIn(body) {
	const [choice] = [...listOf$1(body.choices), ...listOf$1(body.candidates)];
	for (const holder of [body, choice]) {
		if (!isObject(holder)) continue;
		const reason = textAt(holder, "stop_reason", "finish_reason", "finishReason");
		if (reason !== void 0) return reason;
	}
}
function listOf$1(value) {
	return Array.isArray(value) ? value : [];
}
function readBodyUsage(value) {
	const body = objectOf(value);
	const input = objectOf(body.prompt_tokens_details ?? body.input_tokens_details);
	const output = objectOf(body.completion_tokens_details ?? body.output_tokens_details);
	const from = new AttributeReader({
		...body,
		cachedInput: input.cached_tokens ?? null,
		reasoningOutput: output.reasoning_tokens ?? null
	});
	const thoughts = from.count("thoughtsTokenCount", "thoughts_token_count");
	const counts = {
		inputTokens: from.count("input_tokens", "prompt_tokens", "promptTokenCount", "prompt_token_count"),
		outputTokens: from.count("output_tokens", "completion_tokens", "candidatesTokenCount", "candidates_token_count"),
		cacheReadTokens: from.count("cachedInput", "cache_read_input_tokens", "cachedContentTokenCount", "cached_content_token_count"),
		cacheWriteTokens: from.count("cache_creation_input_tokens"),
		reasoningTokens: from.count("reasoningOutput") ?? thoughts
	};
	return "input_tokens" in body && ("cache_read_input_tokens" in body || "cache_creation_input_tokens" in body) ? withCache(counts) : whole(counts, 0, thoughts ?? 0);
}
// src/conventions/request-parameters.ts
function readRequestParameters(request) {
	const from = new AttributeReader(request);
	return presentOrNothing({
		temperature: from.number("temperature"),
		topP: from.number("top_p", "topP"),
		topK: from.number("top_k", "topK"),
		maxTokens: from.count("max_tokens", "max_completion_tokens", "max_output_tokens", "maxTokens", "maxOutputTokens"),
		seed: from.number("seed"),
		frequencyPenalty: from.number("frequency_penalty", "frequencyPenalty"),
		presencePenalty: from.number("presence_penalty", "presencePenalty"),
		stopSequences: from.names("stop", "stop_sequences", "stopSequences"),
		reasoningEffort: from.name("reasoning_effort", "reasoningEffort")
	});
}
// src/conventions/request-body.ts
function readRequestBody(value, scope) {
	if (value === void 0) return {};
	const body = unpackJson(value);
	if (!isObject(body)) return present({ inputMessages: scope.messages(value, "user") });
	const config = {
		...body,
		...objectOf(body.generationConfig),
		...objectOf(body.config)
	};
	return present({
		requestModel: textAt(config, "model", "model_name", "modelName"),
		inputMessages: messagesIn(body, scope),
		systemInstructions: instructionsIn(config, scope),
		toolDefinitions: toolsIn(config, scope),
		parameters: readRequestParameters(config)
	});
}
function messagesIn(body, scope) {
	const list = body.messages ?? body.contents ?? body.input ?? body.prompt;
	if (list !== void 0) return scope.messages(list, "user");
	return "role" in body ? scope.messages(body, "user") : void 0;
}
function instructionsIn(config, scope) {
	const value = config.system ?? config.instructions ?? config.systemInstruction ?? config.system_instruction;
	if (value === void 0 || value === null) return void 0;
	return (scope.messages(value, "user")?.flatMap(({ parts }) => parts.flatMap((part) => part.type === "text" ? [part.content] : [])))?.join("\n") || void 0;
}
function toolsIn(config, scope) {
	const tools = config.tools === void 0 ? void 0 : unpackJson(config.tools);
	if (!Array.isArray(tools) || tools.length === 0) return void 0;
	return scope.toolDefinitions(tools.flatMap((tool) => {
		const grouped = isObject(tool) ? tool.functionDeclarations ?? tool.function_declarations : void 0;
		return Array.isArray(grouped) ? grouped : [tool];
	}));
}
// src/conventions/messages/langchain-dump-shape.ts
const ROLES$1 = {
	human: "user",
	ai: "assistant",
	AIMessageChunk: "assistant",
	system: "system",
	tool: "tool"
};
const langchainDumpShape = {
	name: "langchain-dump",
	message(dump, read) {
		const role = roleOfDump(dump);
		const value = fieldsOfDump(dump);
		if (role === void 0) return void 0;
		if (role === "tool") return {
			role,
			parts: [toolResult$1(textAt(value, "tool_call_id"), textAt(value, "name"), value.content)]
		};
		const calls = Array.isArray(value.tool_calls) ? value.tool_calls : [];
		return {
			role,
			parts: [...read(value.content), ...calls.flatMap((call) => isObject(call) ? [toolCall(textAt(call, "name") ?? "", textAt(call, "id"), call.args)] : [])]
		};
	}
};
function roleOfDump(dump) {
	const { type, role } = dump;
	if (typeof type !== "string" || role !== void 0 || !("content" in fieldsOfDump(dump))) return void 0;
	return ROLES$1[type];
}
function fieldsOfDump(dump) {
	return isObject(dump.data) ? dump.data : dump;
}
// src/conventions/value-text.ts
const NAMES = {
	user: [
		"input",
		"question",
		"query",
		"prompt",
		"message",
		"text",
		"content"
	],
	assistant: [
		"output",
		"answer",
		"response",
		"result",
		"message",
		"text",
		"content"
	]
};
function valueText(value, role, scope) {
	if (value === void 0) return void 0;
	return innerText(unpackJson(value), role, scope, 3) ?? (typeof value === "string" ? value : JSON.stringify(value));
}
function innerText(value, role, scope, depth) {
	if (typeof value === "string") return value;
	if (depth === 0 || typeof value !== "object" || value === null) return void 0;
	if (Array.isArray(value)) {
		if (value.some(looksLikeMessage)) return lastText(scope.messages(value, role) ?? [], role);
		const [first] = value;
		return typeof first === "string" ? first : void 0;
	}
	if (Array.isArray(value.messages)) return innerText(value.messages, role, scope, depth - 1);
	if (looksLikeMessage(value)) return lastText(scope.messages([value], role) ?? [], role);
	return memberText(value, role, scope, depth);
}
function memberText(value, role, scope, depth) {
	for (const name of NAMES[role]) {
		const member = value[name];
		const text = member === void 0 ? void 0 : innerText(member, role, scope, depth - 1);
		if (text !== void 0) return text;
	}
	const members = Object.values(value);
	return members.length === 1 && typeof members[0] === "string" ? members[0] : void 0;
}
function looksLikeMessage(value) {
	return isObject(value) && ("role" in value || value.lc === 1 || roleOfDump(value) !== void 0);
}
function lastText(messages, role) {
	for (let index = messages.length - 1; index >= 0; index--) {
		const message = messages[index];
		if (message?.role !== role) continue;
		const text = textOf$3(message);
		if (text !== "") return text;
	}
}
// src/conventions/braintrust.ts
const TYPES$6 = {
	llm: "llm",
	tool: "tool",
	task: "step",
	function: "step",
	score: "evaluator",
	eval: "workflow"
};
const braintrust = {
	name: "braintrust",
	prefixes: ["braintrust."],
	saysTypes: true,
	owns: (span) => "braintrust.span_attributes" in span.attributes || "braintrust.span_attributes.type" in span.attributes,
	read(span, scope) {
		if (!keyPrefixes(span.attributes).has("braintrust")) return void 0;
		const from = new AttributeReader(span.attributes);
		const attributes = group(from, "span_attributes");
		const metadata = group(from, "metadata");
		const type = TYPES$6[textAt(attributes, "type") ?? ""];
		const input = from.value("braintrust.input_json", "braintrust.input");
		const output = from.value("braintrust.output_json", "braintrust.output");
		const metrics = new AttributeReader(group(from, "metrics"));
		const tags = from.names("braintrust.tags");
		const annotations = readScores(group(from, "scores"));
		from.value("braintrust.parent", "braintrust.org", "braintrust.app_url");
		return {
			...present({ type }),
			...type === "llm" ? readModelCall$6(input, output, metadata, metrics, scope) : {},
			...type === "tool" ? readTool$4(span, attributes, input, output) : {},
			...type === "llm" || type === "tool" ? {} : present({
				input: valueText(input, "user", scope),
				output: valueText(output, "assistant", scope)
			}),
			...personOf(metadata),
			...present({
				tags,
				annotations
			}),
			used: from.used
		};
	}
};
function group(from, name) {
	return {
		...Object.fromEntries(from.below(`braintrust.${name}.`)),
		...objectOf(from.value(`braintrust.${name}`))
	};
}
function readModelCall$6(input, output, metadata, metrics, scope) {
	const { requestModel, parameters, toolDefinitions } = readRequestBody({ ...metadata }, scope);
	const { usage: _, ...response } = readAnswerBody(output, scope);
	const seconds = metrics.number("time_to_first_token");
	const usage = presentOrNothing({
		inputTokens: metrics.count("prompt_tokens"),
		outputTokens: metrics.count("completion_tokens"),
		cacheReadTokens: metrics.count("prompt_cached_tokens"),
		cacheWriteTokens: metrics.count("prompt_cache_creation_tokens"),
		reasoningTokens: metrics.count("completion_reasoning_tokens")
	});
	return {
		...readRequestBody(input, scope),
		...response,
		...present({
			requestModel,
			parameters,
			toolDefinitions,
			provider: readProvider(textAt(metadata, "provider"), response.responseModel ?? requestModel),
			usage,
			cost: metrics.number("estimated_cost", "cost"),
			timeToFirstTokenMs: seconds === void 0 ? void 0 : seconds * 1e3
		})
	};
}
function readTool$4(span, attributes, input, output) {
	return { tool: {
		name: textAt(attributes, "name") ?? span.name,
		...present({
			arguments: input === void 0 ? void 0 : unpackJson(input),
			result: output === void 0 ? void 0 : unpackResult(output)
		})
	} };
}
function readScores(scores) {
	const found = Object.entries(scores).flatMap(([name, value]) => {
		const score = isObject(value) ? value.score : value;
		return typeof score === "number" ? [{
			name,
			value: score
		}] : [];
	});
	return found.length > 0 ? found : void 0;
}
// src/conventions/crewai.ts
const TRACELOOP = "opentelemetry.instrumentation.crewai";
const OPENINFERENCE = "openinference.instrumentation.crewai";
const crewai = {
	name: "crewai",
	prefixes: [
		"crewai.",
		"crew_key",
		"task_key"
	],
	saysTypes: true,
	owns: ({ scope }) => scope.name.startsWith(TRACELOOP) || scope.name === OPENINFERENCE,
	read(span, scope) {
		const prefixes = keyPrefixes(span.attributes);
		if (!prefixes.has("crewai") && !prefixes.has("crew_key") && !prefixes.has("task_key")) return void 0;
		const from = new AttributeReader(span.attributes);
		const tasks = from.value("crewai.crew.tasks", "crew_tasks");
		from.value("crewai.crew.tasks_output", "crewai.crew.token_usage", "crewai.crew.usage_metrics");
		from.value("crew_key", "crew_id", "task_key", "task_id", "crew_agents", "kickoff_id");
		const role = from.name("crewai.agent.role");
		return {
			...present({
				type: typeOf$2(span),
				input: (valueText(from.value("crew_inputs"), "user", scope) || void 0) ?? from.name("crewai.task.description") ?? taskText(tasks),
				output: from.text("crewai.crew.result", "crewai.flow.result") ?? rawOutput(from),
				agent: role === void 0 ? void 0 : { name: role },
				feature: from.name("crewai.crew.name"),
				toolDefinitions: presentTools(from.value("crewai.agent.tools"))
			}),
			used: from.used
		};
	}
};
function typeOf$2(span) {
	if (!span.scope.name.startsWith(TRACELOOP)) return void 0;
	const keys = Object.keys(span.attributes);
	const isAbout = (name) => keys.some((key) => key.startsWith(`crewai.${name}.`));
	if (isAbout("crew") || isAbout("flow")) return "workflow";
	if (isAbout("task")) return "step";
	return isAbout("agent") ? "agent" : void 0;
}
function rawOutput(from) {
	const output = objectOf(from.value("output.value"));
	return "tasks_output" in output || "expected_output" in output ? textAt(output, "raw") : void 0;
}
function taskText(value) {
	const list = value === void 0 ? void 0 : unpackJson(value);
	const [only] = Array.isArray(list) && list.length === 1 ? list : [];
	return isObject(only) ? textAt(only, "description") : void 0;
}
function presentTools(value) {
	const list = value === void 0 ? void 0 : unpackJson(value);
	if (!Array.isArray(list)) return void 0;
	return list.flatMap((item) => {
		const name = isObject(item) ? textAt(item, "name") : void 0;
		const description = isObject(item) ? textAt(item, "description") : void 0;
		return name === void 0 ? [] : [{
			name,
			...presentOrNothing({ description })
		}];
	});
}
// src/conventions/genkit.ts
const TYPES$5 = {
	flow: "workflow",
	agent: "agent",
	model: "llm",
	"background-model": "llm",
	tool: "tool",
	"tool.v2": "tool",
	retriever: "retrieval",
	reranker: "retrieval",
	embedder: "embedding",
	evaluator: "evaluator",
	flowStep: "step",
	prompt: "step",
	"executable-prompt": "step",
	util: "step",
	promptTemplate: "step",
	dotprompt: "step",
	helper: "step"
};
const PROVIDERS = {
	googleai: "gcp.gemini",
	vertexai: "gcp.vertex_ai",
	"model-garden": "gcp.vertex_ai"
};
const genkit = {
	name: "genkit",
	prefixes: ["genkit:"],
	saysTypes: true,
	owns: (span) => "genkit:name" in span.attributes,
	read(span, scope) {
		if (!("genkit:name" in span.attributes || "genkit:type" in span.attributes)) return void 0;
		const from = new AttributeReader(span.attributes);
		const name = from.name("genkit:name") ?? span.name;
		const type = TYPES$5[from.name("genkit:metadata:subtype") ?? ""] ?? TYPES$5[from.name("genkit:type") ?? ""];
		const input = from.value("genkit:input");
		const output = from.value("genkit:output");
		const failed = from.name("genkit:state") === "error";
		const isRoot = from.boolean("genkit:isRoot") === true;
		const context = objectOf(from.value("genkit:metadata:context"));
		return {
			...present({ type }),
			...readKind$3(type, name, input, output, scope),
			...present({
				isRoot: isRoot || void 0,
				sessionId: from.name("genkit:sessionId"),
				userId: textAt(objectOf(context.auth), "uid"),
				feature: from.name("genkit:feature"),
				error: failed ? { type: "_OTHER" } : void 0
			}),
			used: withBookkeeping$1(from, span)
		};
	}
};
function withBookkeeping$1(from, { attributes }) {
	for (const key in attributes) if (key.startsWith("genkit:")) from.value(key);
	return from.used;
}
function readKind$3(type, name, input, output, scope) {
	switch (type) {
		case "llm": return readModelCall$5(name, input, output, scope);
		case "tool": return { tool: {
			name,
			...present({
				arguments: input === void 0 ? void 0 : unpackJson(input),
				result: output === void 0 ? void 0 : unpackResult(output)
			})
		} };
		case "retrieval": return { retrieval: present({
			query: valueText(objectOf(input).query, "user", scope),
			documents: readDocuments(documentsIn(output))
		}) };
		case "agent": return {
			...readTexts$3(input, output, scope),
			agent: { name }
		};
		default: return readTexts$3(input, output, scope);
	}
}
function readTexts$3(input, output, scope) {
	return present({
		input: valueText(input, "user", scope),
		output: valueText(output, "assistant", scope)
	});
}
function documentsIn(output) {
	const { documents } = objectOf(output);
	if (!Array.isArray(documents)) return void 0;
	return documents.map((document) => {
		if (!isObject(document) || !Array.isArray(document.content)) return document;
		const texts = document.content.flatMap((part) => isObject(part) ? textAt(part, "text") ?? [] : []);
		return {
			...document,
			content: texts.join("\n")
		};
	});
}
function readModelCall$5(name, input, output, scope) {
	const slash = name.indexOf("/");
	const [plugin, model] = slash < 0 ? [void 0, name] : [name.slice(0, slash), name.slice(slash + 1)];
	const answer = objectOf(output);
	const { responseModel, responseId, outputMessages, finishReason } = readAnswerBody(answer, scope);
	return {
		...readRequestBody(input, scope),
		...present({
			requestModel: model,
			responseModel,
			responseId,
			outputMessages: output === void 0 ? void 0 : outputMessages,
			finishReason: reasonWithCalls(finishReason, outputMessages),
			provider: readProvider(plugin === void 0 ? void 0 : PROVIDERS[plugin] ?? plugin, model)
		}),
		...readUsage$3(objectOf(answer.usage))
	};
}
function readUsage$3(usage) {
	const from = new AttributeReader(usage);
	const counts = {
		inputTokens: from.count("inputTokens"),
		outputTokens: from.count("outputTokens"),
		cacheReadTokens: from.count("cachedContentTokens"),
		reasoningTokens: from.count("thoughtsTokens")
	};
	const thoughts = counts.reasoningTokens ?? 0;
	const read = whole(counts, 0, from.count("totalTokens") === (counts.inputTokens ?? 0) + (counts.outputTokens ?? 0) + thoughts ? thoughts : 0);
	return presentOrNothing(read.usage ?? {}) ? read : {};
}
// src/conventions/google-adk.ts
const UNKNOWN = "<not specified>";
const googleAdk = {
	name: "google-adk",
	prefixes: ["gcp.vertex.agent."],
	owns: (span) => span.scope.name === "gcp.vertex.agent",
	read(span, scope) {
		if (!carriesAdk(span)) return void 0;
		const from = new AttributeReader(span.attributes);
		const sessionId = from.name("gcp.vertex.agent.session_id");
		from.value("gcp.vertex.agent.invocation_id", "gcp.vertex.agent.event_id");
		return {
			...readKind$2(from, span, scope),
			...present({ sessionId }),
			...readLogged(span, scope),
			used: from.used
		};
	}
};
function readLogged({ events }, scope) {
	const logged = (key) => events.map(({ attributes }) => attributes[key]).find((value) => value);
	const userId = logged("user.id");
	return present({
		userId: typeof userId === "string" ? userId : void 0,
		toolDefinitions: scope.toolDefinitions(logged("gen_ai.tool.definitions"))
	});
}
function carriesAdk({ attributes, scope }) {
	if (scope.name === "gcp.vertex.agent") return true;
	for (const key in attributes) if (key.startsWith("gcp.vertex.agent.")) return true;
	return false;
}
function readKind$2(from, span, scope) {
	const request = from.value("gcp.vertex.agent.llm_request");
	const response = from.value("gcp.vertex.agent.llm_response");
	const input = from.value("gcp.vertex.agent.tool_call_args");
	const output = from.value("gcp.vertex.agent.tool_response");
	if (span.attributes["gen_ai.tool.name"] === "(merged tools)") return {
		type: "step",
		tool: {}
	};
	if (input !== void 0 || span.attributes["gen_ai.operation.name"] === "execute_tool") return {
		type: "tool",
		tool: present({
			arguments: argumentsIn$1(input),
			result: resultIn$1(output)
		})
	};
	if (!isEmpty(request) || span.name === "call_llm") return {
		type: "llm",
		...readRequestBody(filled(request), scope),
		...readAnswer(response, scope)
	};
	const agent = /^agent_run \[(.+)\]$/.exec(span.name)?.[1];
	return agent === void 0 ? {} : {
		type: "agent",
		agent: { name: agent }
	};
}
function readAnswer(response, scope) {
	const value = filled(response);
	const code = objectOf(value);
	const type = code.error_code ?? code.errorCode;
	const message = code.error_message ?? code.errorMessage;
	const failed = typeof type === "string" && typeof message === "string" && code.content === void 0;
	const answer = readAnswerBody(value, scope);
	return {
		...answer,
		...present({ finishReason: reasonWithCalls(answer.finishReason, answer.outputMessages) }),
		...failed ? { error: {
			type,
			message
		} } : {}
	};
}
function filled(value) {
	return isEmpty(value) ? void 0 : value;
}
function argumentsIn$1(value) {
	return value === void 0 || value === "N/A" ? void 0 : unpackJson(value);
}
function resultIn$1(value) {
	if (value === void 0) return void 0;
	const result = unpackJson(value);
	return objectOf(result).result === UNKNOWN ? void 0 : result;
}
// src/conventions/langfuse-usage.ts
const READ = [
	"input_cached_tokens",
	"input_cache_read",
	"input_cached",
	"cache_read_input_tokens"
];
const WRITE = [
	"input_cache_creation",
	"input_cache_write",
	"input_cache_creation_tokens",
	"cache_creation_input_tokens"
];
const REASONING = ["output_reasoning_tokens", "output_reasoning"];
const INPUT_PARTS = new Set(["cache_read_input_tokens", "cache_creation_input_tokens"]);
function readLangfuseUsage(value) {
	const details = value === void 0 ? null : unpackJson(value);
	if (!isObject(details)) return {};
	const from = new AttributeReader(details);
	const [inputs, outputs] = ["prompt_tokens_details", "completion_tokens_details"].map((key) => new AttributeReader(objectOf(details[key])));
	const counts = {
		inputTokens: from.count("input", "prompt_tokens", "promptTokens", "input_tokens"),
		outputTokens: from.count("output", "completion_tokens", "completionTokens", "output_tokens"),
		cacheReadTokens: from.count(...READ) ?? inputs?.count("cached_tokens"),
		cacheWriteTokens: from.count(...WRITE),
		reasoningTokens: from.count(...REASONING) ?? outputs?.count("reasoning_tokens")
	};
	const besideInput = sumOf(from, details, (key) => key.startsWith("input_") || INPUT_PARTS.has(key));
	const besideOutput = sumOf(from, details, (key) => key.startsWith("output_"));
	const total = from.count("total");
	const plain = (counts.inputTokens ?? 0) + (counts.outputTokens ?? 0);
	const overlaps = total !== void 0 && total === plain;
	return details.input === void 0 || overlaps ? whole(counts, 0, 0) : whole(counts, besideInput, besideOutput);
}
function sumOf(from, details, isPart) {
	return Object.keys(details).filter((key) => isPart(key) && !/^(input|output)_tokens$/.test(key)).reduce((sum, key) => sum + (from.count(key) ?? 0), 0);
}
// src/conventions/python-call.ts
function calledWith(value) {
	if (!isObject(value) || !Object.keys(value).every((key) => key === "args" || key === "kwargs")) return value;
	const { args = [], kwargs = {} } = value;
	if (!Array.isArray(args) || !isObject(kwargs) || Object.keys(value).length === 0) return value;
	if (args.length === 0) return kwargs;
	const [only] = args;
	return args.length === 1 && only !== void 0 && Object.keys(kwargs).length === 0 ? only : value;
}
// src/conventions/langfuse.ts
const TYPES$4 = {
	generation: "llm",
	embedding: "embedding",
	agent: "agent",
	tool: "tool",
	chain: "step",
	retriever: "retrieval",
	guardrail: "guardrail",
	evaluator: "evaluator",
	event: "other"
};
const langfuse = {
	name: "langfuse",
	prefixes: ["langfuse."],
	saysTypes: true,
	owns: (span) => span.scope.name.startsWith("langfuse"),
	read(span, scope) {
		if (!keyPrefixes(span.attributes).has("langfuse")) return void 0;
		const from = new AttributeReader(span.attributes);
		const said = from.name("langfuse.observation.type") ?? "";
		const type = TYPES$4[said.toLowerCase()] ?? (said === "span" && isOwn(span) ? "step" : void 0);
		const isRoot = from.boolean("langfuse.internal.is_app_root") === true;
		return {
			...present({ type }),
			...isRoot ? { isRoot } : {},
			...readIdentity$4(from, type, span),
			...readContent$2(from, type, span, scope),
			...type === "llm" || type === "embedding" ? readModelCall$4(from, span) : {},
			...present({ error: readError$1(from) }),
			used: from.used
		};
	}
};
function isOwn(span) {
	const prefixes = keyPrefixes(span.attributes);
	return !prefixes.has("gen_ai") && !prefixes.has("openinference");
}
function readIdentity$4(from, type, span) {
	const person = personOf({
		...metadataAt(from, "langfuse.observation.metadata"),
		...metadataAt(from, "langfuse.metadata"),
		...metadataAt(from, "langfuse.trace.metadata")
	});
	const name = from.name("langfuse.trace.name");
	from.value("langfuse.internal.as_root", "langfuse.trace.public");
	return {
		...person,
		...present({
			sessionId: from.name("session.id", "langfuse.session.id") ?? person.sessionId,
			userId: from.name("user.id", "langfuse.user.id") ?? person.userId,
			feature: person.feature ?? name,
			tags: from.names("langfuse.trace.tags"),
			environment: from.name("langfuse.environment"),
			agent: presentOrNothing({
				version: from.name("langfuse.version", "langfuse.release"),
				fallbackName: type === "agent" ? span.name : void 0
			}),
			prompt: presentOrNothing({
				name: from.name("langfuse.observation.prompt.name", "langfuse.prompt.name"),
				version: from.name("langfuse.observation.prompt.version", "langfuse.prompt.version")
			})
		})
	};
}
function metadataAt(from, key) {
	const whole = from.value(key);
	const parsed = whole === void 0 ? null : unpackJson(whole);
	return {
		...isObject(parsed) ? parsed : {},
		...Object.fromEntries(from.below(`${key}.`))
	};
}
function readContent$2(from, type, span, scope) {
	const input = observedInput(from.value("langfuse.observation.input"));
	const output = from.value("langfuse.observation.output");
	if (type === "llm") return readMessages(input, output, scope);
	if (type === "tool") return { tool: present({
		name: span.name,
		arguments: input === void 0 ? void 0 : unpackJson(input),
		result: output === void 0 ? void 0 : unpackResult(output)
	}) };
	if (type === "retrieval") return { retrieval: present({
		query: valueText(input, "user", scope),
		documents: readDocuments(output)
	}) };
	return present({
		input: valueText(observedInput(from.value("langfuse.trace.input")) ?? input, "user", scope),
		output: valueText(from.value("langfuse.trace.output") ?? output, "assistant", scope)
	});
}
function observedInput(value) {
	if (typeof value !== "string" || !/"args".*"kwargs"/s.test(value)) return value;
	const call = unpackJson(value);
	return isObject(call) && "args" in call && "kwargs" in call ? calledWith(call) : value;
}
function readMessages(input, output, scope) {
	const request = typeof input === "string" ? scope.json(input) : input;
	const body = isObject(request) ? request : {};
	return present({
		inputMessages: scope.messages(body.messages ?? body.input ?? input, "user"),
		outputMessages: scope.messages(output, "assistant"),
		toolDefinitions: scope.toolDefinitions(body.tools),
		systemInstructions: typeof body.system === "string" ? body.system : void 0
	});
}
function readModelCall$4(from, span) {
	const model = from.name("langfuse.observation.model.name");
	const parameters = from.value("langfuse.observation.model.parameters");
	const given = parameters === void 0 ? null : unpackJson(parameters);
	const answered = span.attributes["langfuse.observation.output"] !== void 0 || span.attributes["langfuse.observation.usage_details"] !== void 0;
	const cost = from.value("langfuse.observation.cost_details");
	const costs = cost === void 0 ? null : unpackJson(cost);
	return present({
		provider: model === void 0 ? void 0 : readProvider(void 0, model),
		requestModel: model,
		responseModel: answered ? model : void 0,
		parameters: readRequestParameters(isObject(given) ? given : {}),
		cost: isObject(costs) ? new AttributeReader(costs).number("total") : void 0,
		timeToFirstTokenMs: sinceStart(from.value("langfuse.observation.completion_start_time"), span),
		...readLangfuseUsage(from.value("langfuse.observation.usage_details"))
	});
}
function sinceStart(value, span) {
	const text = value === void 0 ? void 0 : unpackJson(value);
	const time = typeof text === "string" ? Date.parse(text) : NaN;
	return Number.isFinite(time) && time >= Math.floor(span.startTime) ? Math.max(0, time - span.startTime) : void 0;
}
function readError$1(from) {
	const level = from.name("langfuse.observation.level");
	const message = from.name("langfuse.observation.status_message");
	if (level?.toUpperCase() !== "ERROR") return void 0;
	return {
		type: "_OTHER",
		...message ? { message } : {}
	};
}
// src/conventions/messages/langchain-shape.ts
const ROLES = [
	["HumanMessage", "user"],
	["SystemMessage", "system"],
	["ToolMessage", "tool"],
	["AIMessage", "assistant"]
];
const langchainShape = {
	name: "langchain",
	message(value, read) {
		const kwargs = constructorArguments(value);
		if (!kwargs) return void 0;
		const role = roleOf$1(value);
		if (role === "tool") return {
			role,
			parts: [toolResult$1(textAt(kwargs, "tool_call_id"), textAt(kwargs, "name"), kwargs.content)]
		};
		const calls = Array.isArray(kwargs.tool_calls) ? kwargs.tool_calls : [];
		return {
			role,
			parts: [...read(kwargs.content), ...calls.flatMap((call) => isObject(call) ? [toolCall(textAt(call, "name") ?? "", textAt(call, "id"), call.args)] : [])]
		};
	}
};
function constructorArguments(value) {
	const kwargs = value.kwargs;
	return value.lc === 1 && Array.isArray(value.id) && isObject(kwargs) ? kwargs : void 0;
}
function roleOf$1(value) {
	const id = value.id;
	const className = Array.isArray(id) ? String(id.at(-1)) : "";
	return ROLES.find(([prefix]) => className.startsWith(prefix))?.[1] ?? className;
}
// src/conventions/langsmith.ts
const TYPES$3 = {
	llm: "llm",
	chain: "step",
	tool: "tool",
	retriever: "retrieval",
	embedding: "embedding",
	prompt: "other",
	parser: "step"
};
const langsmith = {
	name: "langsmith",
	prefixes: ["langsmith."],
	saysTypes: true,
	owns: (span) => span.scope.name.startsWith("langsmith"),
	read(span, scope) {
		if (!keyPrefixes(span.attributes).has("langsmith")) return void 0;
		const from = new AttributeReader(span.attributes);
		const type = TYPES$3[from.name("langsmith.span.kind") ?? ""];
		const isRoot = from.boolean("langsmith.is_root") === true;
		const metadata = Object.fromEntries(from.below("langsmith.metadata."));
		return {
			...present({ type }),
			...isRoot ? { isRoot } : {},
			...readIdentity$3(from, metadata),
			...type === "llm" ? readModelCall$3(from, metadata, scope) : readContent$1(from, type, span, scope),
			used: from.used
		};
	}
};
function readIdentity$3(from, metadata) {
	const tags = from.text("langsmith.span.tags");
	from.below("langsmith.trace.");
	from.value("langsmith.span.id", "langsmith.span.parent_id", "langsmith.span.dotted_order", "langsmith.traceable", "langsmith.traceable_parent_otel_span_id", "langsmith.request.streaming");
	return {
		...personOf(metadata),
		...present({ tags: tags ? tags.split(",").map((tag) => tag.trim()) : void 0 })
	};
}
function readContent$1(from, type, span, scope) {
	const input = from.value("gen_ai.prompt");
	const output = from.value("gen_ai.completion");
	if (type === "tool") return { tool: present({
		name: span.name,
		arguments: input === void 0 ? void 0 : only(unpackJson(input), "input"),
		result: output === void 0 ? void 0 : unpackResult(toolResult(unpackJson(output)))
	}) };
	if (type === "retrieval") return { retrieval: present({
		query: valueText(input, "user", scope),
		documents: output === void 0 ? void 0 : readDocuments(documentsOf(unpackJson(output)))
	}) };
	return present({
		input: input === "{}" ? "" : valueText(input, "user", scope),
		output: output === void 0 ? void 0 : valueText(only(unpackJson(output), "outputs"), "assistant", scope)
	});
}
function only(value, name) {
	return isObject(value) && Object.keys(value).length === 1 && name in value ? value[name] ?? null : value;
}
function toolResult(value) {
	const inner = only(only(value, "outputs"), "output");
	const message = isObject(inner) ? constructorArguments(inner) ?? inner : void 0;
	return message && "tool_call_id" in message ? message.content ?? null : inner;
}
function documentsOf(value) {
	return only(only(value, "outputs"), "documents");
}
function answerOf(response) {
	if (!isObject(response) || !Array.isArray(response.generations)) return response;
	return response.generations.flat().map((one) => isObject(one) ? one.message ?? one.text ?? one : one);
}
function readModelCall$3(from, metadata, scope) {
	const input = from.value("gen_ai.prompt");
	const output = from.value("gen_ai.completion");
	const request = typeof input === "string" ? scope.json(input) : input;
	const body = isObject(request) ? request : {};
	const known = new AttributeReader(metadata);
	const requestModel = from.name("gen_ai.request.model") ?? known.name("ls_model_name");
	const responseModel = from.name("gen_ai.response.model");
	const provider = known.name("ls_provider") ?? from.name("gen_ai.system");
	return present({
		provider: readProvider(provider, responseModel ?? requestModel),
		requestModel,
		responseModel,
		inputMessages: scope.messages(body.messages ?? body.input ?? input, "user"),
		outputMessages: scope.messages(answerOf(output === void 0 ? void 0 : unpackJson(output, 1)), "assistant"),
		toolDefinitions: scope.toolDefinitions(body.tools),
		parameters: readRequestParameters(present({
			temperature: metadata.ls_temperature,
			...body
		})),
		systemInstructions: typeof body.system === "string" ? body.system : void 0,
		usage: readUsage$2(from, known)
	});
}
function readUsage$2(from, metadata) {
	const usage = {
		...objectAt(metadata, "usage_metadata"),
		...objectAt(from, "langsmith.usage_metadata")
	};
	from.value("gen_ai.usage.input_token_details", "gen_ai.usage.output_token_details");
	const [counts, inputs, outputs] = [
		usage,
		isObject(usage.input_token_details) ? usage.input_token_details : objectAt(from, "gen_ai.usage.input_token_details"),
		isObject(usage.output_token_details) ? usage.output_token_details : objectAt(from, "gen_ai.usage.output_token_details")
	].map((object) => new AttributeReader(object));
	return presentOrNothing({
		inputTokens: counts?.count("input_tokens"),
		outputTokens: counts?.count("output_tokens"),
		cacheReadTokens: inputs?.count("cache_read"),
		cacheWriteTokens: inputs?.count("cache_creation", "cache_write"),
		reasoningTokens: outputs?.count("reasoning")
	});
}
function objectAt(from, key) {
	const value = from.value(key);
	const parsed = value === void 0 ? null : unpackJson(value);
	return isObject(parsed) ? parsed : {};
}
// src/conventions/logfire.ts
const logfire = {
	name: "logfire",
	prefixes: ["logfire."],
	owns: isModelClient,
	read(span, scope) {
		if (!keyPrefixes(span.attributes).has("logfire") && !isModelClient(span)) return void 0;
		const from = new AttributeReader(span.attributes);
		const tags = from.names("logfire.tags");
		from.below("logfire.");
		if (!("request_data" in span.attributes && "response_data" in span.attributes)) return {
			...present({ tags }),
			used: from.used
		};
		const response = readResponse$1(objectOf(from.value("response_data")), scope);
		return {
			...response.outputMessages ? { type: "llm" } : {},
			...present({ tags }),
			...readRequestBody(from.value("request_data"), scope),
			...response,
			used: from.used
		};
	}
};
function isModelClient(span) {
	return /^logfire\.(openai|anthropic)$/.test(span.scope.name);
}
function readResponse$1(response, scope) {
	const { message, combined_chunk_content: streamed } = response;
	if (typeof streamed === "string") return readAnswerBody({
		...response,
		text: streamed
	}, scope);
	if (!isObject(message)) return readAnswerBody(response, scope);
	const { tool_calls: calls } = message;
	const opened = Array.isArray(calls) ? {
		...message,
		tool_calls: calls.map(withOpenArguments)
	} : message;
	return readAnswerBody({
		...response,
		message: opened
	}, scope);
}
function withOpenArguments(call) {
	if (!isObject(call) || !isObject(call.function)) return call;
	const { input, ...others } = objectOf(call.function.arguments);
	if (!isObject(input) || Object.keys(others).length > 0) return call;
	return {
		...call,
		function: {
			...call.function,
			arguments: input
		}
	};
}
// src/conventions/mastra.ts
const TYPES$2 = {
	agent_run: "agent",
	model_step: "step",
	model_inference: "llm",
	tool_call: "tool",
	mcp_tool_call: "tool",
	provider_tool_call: "tool",
	client_tool_call: "tool",
	workflow_run: "workflow",
	workflow_step: "step",
	rag_embedding: "embedding",
	rag_vector_operation: "retrieval",
	processor_run: "guardrail",
	scorer_run: "evaluator",
	scorer_step: "evaluator"
};
const mastra = {
	name: "mastra",
	prefixes: ["mastra."],
	saysTypes: true,
	owns: (span) => "mastra.span.type" in span.attributes,
	read(span, scope) {
		if (!keyPrefixes(span.attributes).has("mastra")) return void 0;
		const from = new AttributeReader(span.attributes);
		const kind = from.name("mastra.span.type") ?? "";
		const type = typeOf$1(kind, span);
		const metadata = Object.fromEntries(from.below("mastra.metadata."));
		from.value("mastra.trace_id", "mastra.span_id", "mastra.parent_span_id", "mastra.start_time");
		from.value("mastra.end_time", "mastra.duration_ms", "span.kind");
		return {
			...present({ type }),
			...readTexts$2(from, kind, type, scope),
			...present({
				usage: presentOrNothing({
					cacheReadTokens: from.count("gen_ai.usage.cached_input_tokens"),
					cacheWriteTokens: from.count("gen_ai.usage.cache_write_tokens")
				}),
				timeToFirstTokenMs: untilFirstToken(from.name("mastra.completion_start_time"), span),
				tags: from.names("mastra.tags"),
				error: span.attributes["gen_ai.tool.success"] === false ? { type: "tool_error" } : void 0
			}),
			...personOf(metadata),
			used: from.used
		};
	}
};
function typeOf$1(kind, span) {
	if (kind === "model_generation") return /^(chat|tool_selection)$/.test(String(span.attributes["gen_ai.operation.name"])) ? "llm" : "step";
	return TYPES$2[kind] ?? (kind.startsWith("workflow_") ? "step" : void 0);
}
function readTexts$2(from, kind, type, scope) {
	const input = from.value(`mastra.${kind}.input`, "gen_ai.tool.input", "input");
	const output = from.value(`mastra.${kind}.output`, "gen_ai.tool.output", "output");
	if (type === "tool") return present({ tool: presentOrNothing({
		arguments: input === void 0 ? void 0 : unpackJson(input),
		result: output === void 0 ? void 0 : unpackResult(output)
	}) });
	if (type === "llm" || kind === "model_step") {
		const { responseModel, responseId } = readAnswerBody(from.value("mastra.metadata.body"), scope);
		return present({
			inputMessages: scope.messages(historyIn(input), "user"),
			outputMessages: scope.messages(answerIn(output), "assistant"),
			responseModel,
			responseId
		});
	}
	return present({
		input: valueText(input, "user", scope),
		output: valueText(output, "assistant", scope)
	});
}
function answerIn(output) {
	const value = output === void 0 ? void 0 : unpackJson(output);
	if (!isObject(value) || !("text" in value)) return value;
	const calls = Array.isArray(value.toolCalls) ? value.toolCalls.filter(isObject) : [];
	return {
		role: "assistant",
		content: value.text ?? null,
		...calls.length === 0 ? {} : { tool_calls: calls.map(toolCallIn) }
	};
}
function toolCallIn({ toolCallId: id, toolName: name, args, input }) {
	return present({
		id,
		name,
		arguments: args ?? input
	});
}
function historyIn(input) {
	const value = input === void 0 ? void 0 : unpackJson(input);
	return Array.isArray(value) ? value.map(withoutStub) : value;
}
function withoutStub(message) {
	const stub = isObject(message) ? /^\[tool(-result)?: (.+)\]$/.exec(String(message.content)) : null;
	const name = stub?.[2];
	if (!isObject(message) || name === void 0) return message;
	if (stub?.[1] === void 0) return {
		role: "assistant",
		content: null,
		tool_calls: [{ name }]
	};
	return {
		role: "tool",
		parts: [{
			type: "tool_call_response",
			name
		}]
	};
}
function untilFirstToken(time, span) {
	const first = time === void 0 ? NaN : Date.parse(time.replaceAll("\"", ""));
	return Number.isFinite(first) && first >= span.startTime ? first - span.startTime : void 0;
}
// src/conventions/mcp.ts
const mcp = {
	name: "mcp",
	prefixes: ["mcp."],
	owns: (span) => "mcp.method.name" in span.attributes || isLogfire(span),
	read(span) {
		if (!keyPrefixes(span.attributes).has("mcp") && !isLogfire(span)) return void 0;
		const from = new AttributeReader(span.attributes);
		from.below("mcp.");
		from.value("jsonrpc.request.id", "rpc.jsonrpc.request_id", "jsonrpc.protocol.version");
		const request = isLogfire(span) ? objectOf(from.value("request")) : {};
		if ((from.name("mcp.method.name", "mcp.method") ?? textAt(request, "method")) !== "tools/call" && !("gen_ai.tool.name" in span.attributes)) return { used: from.used };
		return {
			type: "tool",
			...readCall$2(from, objectOf(request.params), span),
			used: from.used
		};
	}
};
function isLogfire(span) {
	return span.scope.name === "logfire.mcp" && "request" in span.attributes;
}
function readCall$2(from, params, span) {
	const input = from.value("gen_ai.tool.call.arguments", "mcp.request.argument") ?? params.arguments;
	const output = from.value("gen_ai.tool.call.result", "mcp.response.value") ?? (isLogfire(span) ? from.value("response") : void 0);
	const result = output === void 0 ? void 0 : unpackJson(output);
	const name = from.name("gen_ai.tool.name", "mcp.tool.name") ?? textAt(params, "name");
	return {
		tool: present({
			name,
			callId: from.name("gen_ai.tool.call.id"),
			arguments: input === void 0 ? void 0 : argumentsIn(unpackJson(input)),
			result: result === void 0 ? void 0 : unpackResult(result)
		}),
		...isMcpResult(result) && result.isError === true ? { error: { type: "tool_error" } } : {}
	};
}
function argumentsIn(value) {
	if (!isObject(value) || typeof value.name !== "string" || !isObject(value.arguments)) return value;
	return Object.keys(value).every((key) => [
		"name",
		"arguments",
		"_meta",
		"task"
	].includes(key)) ? value.arguments : value;
}
// src/conventions/mlflow.ts
const GENAI_SCOPE = "mlflow.tracing.provider";
const TYPES$1 = {
	LLM: "llm",
	CHAT_MODEL: "llm",
	CHAIN: "step",
	TASK: "step",
	PARSER: "step",
	AGENT: "agent",
	TOOL: "tool",
	RETRIEVER: "retrieval",
	RERANKER: "retrieval",
	EMBEDDING: "embedding",
	MEMORY: "memory",
	WORKFLOW: "workflow",
	GUARDRAIL: "guardrail",
	EVALUATOR: "evaluator"
};
const mlflow = {
	name: "mlflow",
	prefixes: ["mlflow."],
	saysTypes: true,
	owns: (span) => "mlflow.spanType" in span.attributes || span.scope.name === GENAI_SCOPE,
	read(span, scope) {
		if (!keyPrefixes(span.attributes).has("mlflow")) return readGenaiExport(span);
		const from = new AttributeReader(span.attributes);
		const type = TYPES$1[nameIn(from.value("mlflow.spanType")) ?? ""];
		const input = from.value("mlflow.spanInputs");
		const output = from.value("mlflow.spanOutputs");
		const name = nameIn(from.value("mlflow.spanFunctionName"));
		const tags = Object.fromEntries(from.below("mlflow.traceTag."));
		const sessionId = nameIn(from.value("session.id"));
		const userId = nameIn(from.value("user.id"));
		return {
			...present({ type }),
			...type === "llm" ? readModelCall$2(from, input, output, scope) : {},
			...type === "tool" ? readTool$3(name ?? span.name, input, output) : {},
			...type === "retrieval" ? readRetrieval$1(input, output) : {},
			...type === "llm" || type === "tool" ? {} : present({
				input: valueText(input, "user", scope),
				output: valueText(output, "assistant", scope)
			}),
			...type === "agent" ? { agent: { fallbackName: name ?? span.name } } : {},
			...personOf(tags),
			...present({
				sessionId,
				userId,
				prompt: readPrompt(from.value("mlflow.linkedPrompts"))
			}),
			used: withBookkeeping(from)
		};
	}
};
function readGenaiExport(span) {
	if (span.scope.name !== GENAI_SCOPE) return void 0;
	const from = new AttributeReader(span.attributes);
	const requestModel = nameIn(from.value("model"));
	if (requestModel === void 0) return void 0;
	from.value("temperature", "tools");
	return {
		requestModel,
		used: from.used
	};
}
function withBookkeeping(from) {
	from.value("mlflow.traceRequestId", "mlflow.experimentId", "mlflow.message.format");
	from.value("mlflow.chat.messages", "mlflow.spanLogLevel", "mlflow.spanStartTimeNs");
	return from.used;
}
function nameIn(value) {
	const name = value === void 0 ? void 0 : unpackJson(value);
	return typeof name === "string" && name !== "" ? name : void 0;
}
function readModelCall$2(from, input, output, scope) {
	const request = readRequestBody(input, scope);
	const response = readAnswerBody(output, scope);
	const model = nameIn(from.value("mlflow.llm.model"));
	const counted = new AttributeReader(objectOf(from.value("mlflow.chat.tokenUsage")));
	const usage = presentOrNothing({
		inputTokens: counted.count("input_tokens"),
		outputTokens: counted.count("output_tokens"),
		cacheReadTokens: counted.count("cache_read_input_tokens"),
		cacheWriteTokens: counted.count("cache_creation_input_tokens")
	});
	const cost = objectOf(from.value("mlflow.llm.cost")).total_cost;
	const responseModel = response.responseModel ?? model;
	return {
		...request,
		...response,
		...present({
			usage: response.usage ? {
				...usage,
				...response.usage
			} : usage,
			requestModel: request.requestModel ?? model,
			responseModel,
			provider: readProvider(nameIn(from.value("mlflow.llm.provider")), responseModel),
			toolDefinitions: scope.toolDefinitions(from.value("mlflow.chat.tools")) ?? request.toolDefinitions,
			cost: typeof cost === "number" ? cost : void 0
		})
	};
}
function readTool$3(name, input, output) {
	return { tool: {
		name,
		...present({
			arguments: input === void 0 ? void 0 : unpackJson(input),
			result: output === void 0 ? void 0 : resultIn(unpackJson(output))
		})
	} };
}
function resultIn(output) {
	return isObject(output) && output.type === "tool" && "tool_call_id" in output ? unpackResult(output.content ?? null) : unpackResult(output);
}
function readRetrieval$1(input, output) {
	const request = input === void 0 ? void 0 : unpackJson(input);
	const query = isObject(request) ? textAt(request, "query", "question", "input") : request;
	return { retrieval: present({
		query: typeof query === "string" ? query : void 0,
		documents: readDocuments(output)
	}) };
}
function readPrompt(value) {
	const list = value === void 0 ? void 0 : unpackJson(value);
	const first = Array.isArray(list) ? objectOf(list[0]) : {};
	const version = first.version;
	return presentOrNothing({
		name: textAt(first, "name"),
		version: version === void 0 || version === null ? void 0 : String(version)
	});
}
// src/conventions/kept-response.ts
function readKeptResponse(value) {
	if (Array.isArray(value)) return value.length === 1 ? readKeptResponse(value[0]) : void 0;
	if (!isObject(value)) return void 0;
	if (Array.isArray(value.generations)) return readGeneration(value.generations.flat()[0]);
	if (Array.isArray(value.output) && value.object === "response") return readResponse(value, value.output);
	const [choice] = Array.isArray(value.choices) ? value.choices : [];
	return present({
		id: textAt(value, "id", "responseId"),
		model: textAt(value, "model", "modelVersion"),
		finishReason: readFinishReason(value.stop_reason) ?? (isObject(choice) ? readFinishReason(choice.finish_reason) : void 0)
	});
}
function readResponse(body, items) {
	const calls = items.some((item) => isObject(item) && item.type === "function_call");
	const details = isObject(body.incomplete_details) ? body.incomplete_details : {};
	const reason = body.status === "incomplete" ? readFinishReason(details.reason) ?? "other" : body.status === "failed" ? "error" : calls ? "tool_call" : "stop";
	return present({
		id: textAt(body, "id"),
		model: textAt(body, "model"),
		finishReason: reason,
		items,
		instructions: textAt(body, "instructions")
	});
}
function readGeneration(generation) {
	const message = isObject(generation) && isObject(generation.message) ? generation.message : void 0;
	const fields = message && (constructorArguments(message) ?? message);
	if (!fields) return void 0;
	const metadata = isObject(fields.response_metadata) ? fields.response_metadata : {};
	return present({
		id: textAt(metadata, "id") ?? textAt(fields, "id"),
		model: textAt(metadata, "model_name", "model"),
		finishReason: readFinishReason(metadata.finish_reason ?? metadata.stop_reason)
	});
}
// src/conventions/openinference-bodies.ts
const openinferenceBodies = {
	name: "openinference",
	prefixes: ["openinference."],
	owns: (span) => /openinference/.test(span.scope.name),
	read(span, scope) {
		const { attributes } = span;
		if (attributes["openinference.span.kind"] !== "LLM") return void 0;
		const body = responseOf(span, scope) ?? {};
		const inputMessages = unflattenedInput(span, scope);
		if (Object.keys(body).length === 0 && !inputMessages) return void 0;
		return present({
			inputMessages,
			responseId: body.id,
			responseModel: "llm.response.model_name" in attributes ? void 0 : body.model,
			outputMessages: body.items && scope.messages([...body.items], "assistant"),
			finishReason: "llm.finish_reason" in attributes ? void 0 : body.finishReason,
			used: new Set(["output.value"])
		});
	}
};
function unflattenedInput({ attributes }, scope) {
	const text = attributes["input.value"];
	if (typeof text !== "string" || !/^\s*\{/.test(text)) return void 0;
	const members = new Map();
	for (const key of Object.keys(attributes)) {
		const [, index] = /^llm\.input_messages\.(\d+)\.message\./.exec(key) ?? [];
		if (index !== void 0) members.set(index, (members.get(index) ?? 0) + 1);
	}
	const request = [...members].some(([index, count]) => count === 1 && `llm.input_messages.${index}.message.role` in attributes) ? scope.json(text) : void 0;
	const messages = isObject(request) && request.messages ? scope.messages(request.messages, "user") : void 0;
	return messages?.length === members.size ? messages : void 0;
}
function responseOf({ attributes }, scope) {
	const text = attributes["output.value"];
	return typeof text === "string" && /^\s*[[{]/.test(text) ? readKeptResponse(scope.json(text)) : void 0;
}
// src/conventions/openai-agents.ts
const openaiAgents = {
	name: "openai-agents",
	prefixes: ["openinference."],
	owns: isBridge,
	read(span, scope) {
		if (!isBridge(span) || span.attributes["openinference.span.kind"] !== "LLM") return void 0;
		const body = responseOf(span, scope);
		return present({
			inputMessages: inputOf$1(span, body?.instructions, scope),
			finishReason: body?.finishReason,
			used: new Set(["llm.finish_reason"])
		});
	}
};
function isBridge(span) {
	return /openinference.*openai[-_]agents/.test(span.scope.name);
}
function inputOf$1({ attributes }, instructions, scope) {
	const text = attributes["input.value"];
	const items = typeof text === "string" ? scope.json(text) : void 0;
	if (!Array.isArray(items) || !items.every(isItem)) return void 0;
	const system = instructions && !items.some(isSystemItem) ? [{
		role: "system",
		content: instructions
	}] : [];
	return scope.messages([...system, ...items], "user");
}
function isItem(value) {
	return isObject(value) && ("role" in value || "type" in value);
}
function isSystemItem(value) {
	return isObject(value) && (value.role === "system" || value.role === "developer");
}
// src/conventions/openinference-flat.ts
function flatItems(entries) {
	const items = new Map();
	for (const [path, value] of entries) {
		const dot = path.indexOf(".");
		const index = Number(path.slice(0, dot));
		if (dot <= 0 || !Number.isInteger(index)) continue;
		const item = items.get(index) ?? new Map();
		items.set(index, item.set(path.slice(dot + 1), value));
	}
	return [...items].sort(([one], [other]) => one - other).map(([, item]) => item);
}
function innerItems(item, prefix) {
	const entries = [];
	for (const [path, value] of item) if (path.startsWith(prefix)) entries.push([path.slice(prefix.length), value]);
	return flatItems(entries);
}
function readFlatMessages(from, direction, scope) {
	const role = direction === "input" ? "user" : "assistant";
	const items = flatItems(from.below(`llm.${direction}_messages.`));
	if (items.length > 0) return scope.messages(items.map(messageOf$2), role);
	const [prefix, path] = direction === "input" ? ["llm.prompts.", "prompt.text"] : ["llm.choices.", "completion.text"];
	const texts = flatItems(from.below(prefix)).flatMap((item) => item.get(path) ?? []);
	return texts.length > 0 ? scope.messages(texts, role) : void 0;
}
function messageOf$2(item) {
	const blocks = innerItems(item, "message.contents.").map(blockOf);
	const seen = new Set(blocks.map((block) => textAt(block, "id")));
	const calls = innerItems(item, "message.tool_calls.").map(callOf$1).filter((call) => call.id === void 0 || !seen.has(textAt(call, "id")));
	const content = item.get("message.content");
	const functionName = item.get("message.function_call_name");
	return present({
		role: item.get("message.role") ?? "assistant",
		content: blocks.length > 0 ? blocks : content ?? null,
		name: item.get("message.name"),
		tool_call_id: item.get("message.tool_call_id"),
		tool_calls: calls.length > 0 ? calls : void 0,
		function_call: functionName === void 0 ? void 0 : {
			name: functionName,
			arguments: item.get("message.function_call_arguments_json") ?? null
		}
	});
}
function callOf$1(item) {
	return present({
		id: item.get("tool_call.id"),
		name: item.get("tool_call.function.name") ?? "",
		arguments: item.get("tool_call.function.arguments")
	});
}
function blockOf(item) {
	const type = item.get("message_content.type") ?? "text";
	const text = item.get("message_content.text") ?? "";
	const url = item.get("message_content.image.image.url");
	if (type === "tool_use" || item.has("tool_call.function.name")) {
		const { arguments: input, ...call } = callOf$1(item);
		return {
			type: "tool_use",
			...call,
			...input === void 0 ? {} : { input }
		};
	}
	if (type === "reasoning") return {
		type,
		content: text
	};
	if (type === "image" && url !== void 0) return {
		type: "image_url",
		image_url: { url }
	};
	return {
		type,
		text
	};
}
function readFlatTools(from, scope) {
	const items = flatItems(from.below("llm.tools."));
	if (items.length === 0) return void 0;
	return items.flatMap((item) => scope.toolDefinitions(item.get("tool.json_schema")) ?? []);
}
function readFlatDocuments(from, prefix) {
	const items = flatItems(from.below(prefix));
	if (items.length === 0) return void 0;
	return items.map((item) => {
		const [id, content, score, metadata] = [
			"id",
			"content",
			"score",
			"metadata"
		].map((name) => item.get(`document.${name}`));
		return present({
			id: id === void 0 ? void 0 : String(id),
			content: typeof content === "string" ? content : void 0,
			score: typeof score === "number" ? score : void 0,
			metadata: metadata === void 0 ? void 0 : unpackJson(metadata)
		});
	});
}
// src/conventions/openinference-annotations.ts
const PREFIXES = [
	"",
	"trace.",
	"session."
].flatMap((target) => [{
	prefix: `${target}annotations.`,
	item: "annotation"
}, {
	prefix: `${target}evaluations.`,
	item: "evaluation"
}]);
function readFlatAnnotations(from) {
	const found = PREFIXES.flatMap(({ prefix, item }) => flatItems(from.below(prefix)).map((fields) => readAnnotation((name) => fields.get(`${item}.${name}`))));
	return found.length > 0 ? found : void 0;
}
function readAnnotation(field) {
	const score = field("score");
	const text = (name) => {
		const value = field(name);
		return typeof value === "string" && value !== "" ? value : void 0;
	};
	return {
		name: text("name") ?? "",
		...present({
			value: typeof score === "number" ? score : void 0,
			label: text("label"),
			explanation: text("explanation"),
			annotatorKind: text("annotator_kind")
		})
	};
}
// src/conventions/openinference-llama-index.ts
const PREPARES = /\._prepare_chat_with_tools$/;
const PYTHON_REPR = /^[A-Z]\w*\((\w+=|\))/;
const AGENT_NAME = /, current_agent_name='([^'\\]+)'\)$/;
function isLlamaIndex(span) {
	return /^openinference\.instrumentation\.llama_index/.test(span.scope.name);
}
function asLlamaIndex(fields, span) {
	if (fields.type === "llm" && PREPARES.test(span.name)) return {
		type: "step",
		...used(fields)
	};
	if (fields.tool) return {
		...fields,
		...readTool$2(fields.tool)
	};
	const { input, output, ...rest } = fields;
	const call = input === void 0 ? void 0 : workflowCall(input);
	const name = call && AGENT_NAME.exec(textAt(call, "ev") ?? "")?.[1];
	return {
		...rest,
		...name ? { agent: {
			...rest.agent,
			name
		} } : {},
		...input === void 0 || call ? {} : { input },
		...output === void 0 || PYTHON_REPR.test(output) ? {} : { output }
	};
}
function used({ used: keys }) {
	return keys ? { used: keys } : {};
}
function workflowCall(input) {
	if (!/^\s*\{/.test(input)) return void 0;
	const call = unpackJson(input, 1);
	if (!isObject(call)) return void 0;
	return "ctx" in call && "ev" in call || "init_state" in call ? call : void 0;
}
function readTool$2(tool) {
	const { arguments: given, result } = tool;
	const output = isObject(result) && Array.isArray(result.blocks) && "tool_name" in result ? result : null;
	return {
		tool: {
			...tool,
			...given === void 0 ? {} : { arguments: calledWith(given) },
			...output ? { result: unpackResult(output.blocks ?? null) } : {}
		},
		...output?.is_error === true ? { error: errorOf$1(output) } : {}
	};
}
function errorOf$1({ raw_output: message }) {
	return {
		type: "_OTHER",
		...typeof message === "string" ? { message } : {}
	};
}
// src/conventions/openinference.ts
const TYPES = {
	LLM: "llm",
	EMBEDDING: "embedding",
	CHAIN: "step",
	RETRIEVER: "retrieval",
	RERANKER: "retrieval",
	TOOL: "tool",
	AGENT: "agent",
	GUARDRAIL: "guardrail",
	EVALUATOR: "evaluator",
	PROMPT: "other"
};
const openinference = {
	name: "openinference",
	prefixes: [
		"openinference.",
		"input.value",
		"output.value",
		"llm.model_name"
	],
	saysTypes: true,
	owns: (span) => /openinference/.test(span.scope.name),
	read(span, scope) {
		if (typeof span.attributes["openinference.span.kind"] !== "string" && !carriesOpeninference(span)) return void 0;
		const from = new AttributeReader(span.attributes);
		const type = TYPES[(from.name("openinference.span.kind") ?? "").toUpperCase()];
		const fields = {
			...present({ type }),
			...readCommon(from, type, span, scope),
			...type === "llm" || type === "embedding" ? readModelCall$1(from, scope) : {},
			...type === "tool" ? readTool$1(from, span, scope) : {},
			...type === "retrieval" ? readRetrieval(from) : {},
			used: from.used
		};
		return isLlamaIndex(span) ? asLlamaIndex(fields, span) : fields;
	}
};
function carriesOpeninference({ attributes }) {
	return "input.value" in attributes || "output.value" in attributes || "llm.model_name" in attributes;
}
function readCommon(from, type, span, scope) {
	from.value("input.mime_type", "output.mime_type");
	const metadata = readMetadata(from);
	const isAgent = type === "agent";
	const hasTexts = type !== "llm" && type !== "embedding" && type !== "tool";
	return present({
		input: hasTexts ? valueText(from.value("input.value"), "user", scope) : void 0,
		output: hasTexts ? valueText(from.value("output.value"), "assistant", scope) : void 0,
		agent: presentOrNothing({
			name: from.name("agent.name") ?? (isAgent ? from.name("graph.node.id") : void 0),
			fallbackName: isAgent ? span.name : void 0
		}),
		sessionId: from.name("session.id") ?? textAt(metadata, "session_id", "thread_id", "conversation_id"),
		userId: from.name("user.id") ?? textAt(metadata, "user_id"),
		organisationId: textAt(metadata, "org", "org_id", "tenant", "tenant_id"),
		feature: textAt(metadata, "feature"),
		tags: from.names("tag.tags"),
		prompt: presentOrNothing({
			name: from.name("prompt.id"),
			version: from.name("llm.prompt_template.version")
		}),
		annotations: readFlatAnnotations(from)
	});
}
function readMetadata(from) {
	const text = from.text("metadata");
	const parsed = text === void 0 ? void 0 : parseJson(text);
	return isObject(parsed) ? parsed : {};
}
function readModelCall$1(from, scope) {
	const parameters = from.text("llm.invocation_parameters");
	const invocation = (parameters === void 0 ? void 0 : scope.json(parameters)) ?? {};
	const requested = new AttributeReader(isObject(invocation) ? invocation : {});
	const model = from.name("llm.model_name", "embedding.model_name");
	const inputMessages = readFlatMessages(from, "input", scope);
	const systemInstructions = inputMessages?.some((message) => message.role === "system") ? void 0 : systemOfRequest(from);
	from.value("input.value", "output.value");
	from.below("embedding.");
	return {
		...present({
			provider: readProvider(from.name("llm.provider", "llm.system"), model),
			requestModel: from.name("llm.request.model_name") ?? requested.name("model") ?? model,
			responseModel: from.name("llm.response.model_name", "llm.model_name"),
			parameters: presentOrNothing({
				temperature: requested.number("temperature"),
				topP: requested.number("top_p"),
				topK: requested.number("top_k"),
				maxTokens: requested.count("max_tokens", "max_completion_tokens", "max_output_tokens"),
				seed: requested.number("seed"),
				frequencyPenalty: requested.number("frequency_penalty"),
				presencePenalty: requested.number("presence_penalty"),
				stopSequences: requested.names("stop", "stop_sequences"),
				reasoningEffort: requested.name("reasoning_effort")
			}),
			systemInstructions,
			inputMessages,
			outputMessages: readFlatMessages(from, "output", scope),
			toolDefinitions: readFlatTools(from, scope),
			finishReason: readFinishReason(from.value("llm.finish_reason")),
			cost: from.number("llm.cost.total")
		}),
		...readUsage$1(from)
	};
}
function readUsage$1(from) {
	const usage = presentOrNothing({
		inputTokens: from.count("llm.token_count.prompt"),
		outputTokens: from.count("llm.token_count.completion"),
		cacheReadTokens: from.count("llm.token_count.prompt_details.cache_read"),
		cacheWriteTokens: from.count("llm.token_count.prompt_details.cache_write"),
		reasoningTokens: from.count("llm.token_count.completion_details.reasoning")
	});
	from.below("llm.token_count.");
	from.below("llm.cost.");
	return usage ? { usage } : {};
}
function systemOfRequest(from) {
	const text = from.text("input.value");
	if (text === void 0 || !/"(system|instructions)"/.test(text)) return void 0;
	const request = parseJson(text);
	if (!isObject(request)) return void 0;
	const system = unpackResult(request.system ?? request.instructions ?? null);
	return typeof system === "string" ? system : void 0;
}
function readTool$1(from, span, scope) {
	const input = from.value("input.value");
	const output = from.value("output.value");
	const message = output === void 0 ? void 0 : langchainResult(unpackJson(output));
	const name = from.name("tool.name") ?? span.name;
	return {
		...present({ toolDefinitions: readDefinition$1(from, name, scope) }),
		tool: {
			name,
			...present({
				callId: from.name("tool.id") ?? (message ? textAt(message, "tool_call_id") : void 0),
				arguments: input === void 0 ? void 0 : unpackJson(input),
				result: message ? unpackResult(message.content ?? null) : output === void 0 ? void 0 : unpackResult(output)
			})
		}
	};
}
function readDefinition$1(from, name, scope) {
	const description = from.name("tool.description");
	const parameters = from.text("tool.json_schema", "tool.parameters");
	if (description === void 0 && parameters === void 0) return void 0;
	const schema = parameters === void 0 ? void 0 : scope.json(parameters) ?? void 0;
	return scope.toolDefinitions([isObject(schema) && (textAt(schema, "name") !== void 0 || isObject(schema.function)) ? schema : present({
		name,
		description,
		parameters: schema
	})]);
}
function langchainResult(value) {
	if (!isObject(value)) return void 0;
	const inner = isObject(value.output) && Object.keys(value).length === 1 ? value.output : value;
	const dump = roleOfDump(inner) === "tool" ? fieldsOfDump(inner) : {};
	return constructorArguments(inner) ?? ("tool_call_id" in dump ? dump : void 0);
}
function readRetrieval(from) {
	return present({ retrieval: presentOrNothing({
		query: from.text("reranker.query", "input.value"),
		documents: readFlatDocuments(from, "reranker.output_documents.") ?? readFlatDocuments(from, "retrieval.documents.")
	}) });
}
// src/conventions/otel-genai-events.ts
function readGenaiEvents(span, scope) {
	const details = {};
	const input = [];
	const output = [];
	const annotations = [];
	let toolInput;
	let toolResult;
	for (const event of span.events) {
		if (!event.name.startsWith("gen_ai.")) continue;
		if (event.name === "gen_ai.client.inference.operation.details") Object.assign(details, event.attributes);
		else if (event.name === "gen_ai.evaluation.result") annotations.push(readEvaluation(event));
		else if (event.name === "gen_ai.choice") {
			const body = bodyOf(event, scope);
			toolResult = body.message ?? toolResult;
			output.push(choiceOf(body));
		} else if (event.name === "gen_ai.content.prompt") push$1(input, event.attributes["gen_ai.prompt"], scope);
		else if (event.name === "gen_ai.content.completion") push$1(output, event.attributes["gen_ai.completion"], scope);
		else {
			const role = /^gen_ai\.(system|user|assistant|tool)\.message$/.exec(event.name)?.[1];
			if (role === void 0) continue;
			const body = bodyOf(event, scope);
			if (role === "tool") toolInput = body.content ?? toolInput;
			input.push(messageOf$1(body, role));
		}
	}
	return {
		details,
		...present({
			input: scope.messages(details["gen_ai.input.messages"], "user") ?? listOf(input, scope, "user"),
			output: scope.messages(details["gen_ai.output.messages"], "assistant") ?? listOf(output, scope, "assistant"),
			toolInput,
			toolResult,
			annotations: annotations.length > 0 ? annotations : void 0
		})
	};
}
function listOf(list, scope, role) {
	return list.length > 0 ? scope.messages(list, role) : void 0;
}
function push$1(list, value, scope) {
	const parsed = typeof value === "string" ? scope.json(value) ?? value : value;
	if (Array.isArray(parsed)) list.push(...parsed);
	else if (parsed !== void 0) list.push(parsed);
}
function bodyOf(event, scope) {
	const packed = event.attributes["gen_ai.event.content"];
	const body = typeof packed === "string" ? scope.json(packed) : void 0;
	return typeof body === "object" && body !== null && !Array.isArray(body) ? body : event.attributes;
}
function messageOf$1(body, role) {
	const { content, tool_calls, id } = body;
	return {
		role: typeof body.role === "string" && body.role !== "" ? body.role : role,
		content: content ?? null,
		...tool_calls === void 0 ? {} : { tool_calls: parsedList(tool_calls) },
		...role === "tool" && typeof id === "string" ? { tool_call_id: id } : {}
	};
}
function choiceOf(body) {
	const { finish_reason } = body;
	const message = parsedList(body.message ?? body.content ?? null);
	return {
		message: typeof message === "object" && message !== null && !Array.isArray(message) && !("text" in message) ? messageOf$1(message, "assistant") : messageOf$1({
			...body,
			content: message
		}, "assistant"),
		...finish_reason === void 0 ? {} : { finish_reason }
	};
}
function parsedList(value) {
	if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
	try {
		return JSON.parse(value);
	} catch {
		return value;
	}
}
function readEvaluation(event) {
	const from = new AttributeReader(event.attributes);
	return {
		name: from.name("gen_ai.evaluation.name") ?? "",
		...present({
			value: from.number("gen_ai.evaluation.score.value"),
			label: from.name("gen_ai.evaluation.score.label"),
			explanation: from.name("gen_ai.evaluation.explanation"),
			annotatorKind: from.name("gen_ai.evaluation.evaluator.type", "gen_ai.evaluation.evaluator")
		})
	};
}
// src/conventions/otel-genai.ts
const otelGenai = {
	name: "otel-genai",
	read(span, scope) {
		if (!carriesGenai(span)) return void 0;
		const from = new AttributeReader(span.attributes);
		const events = readGenaiEvents(span, scope);
		const operation = from.name("gen_ai.operation.name");
		const type = typeOf(operation, span);
		return {
			...present({
				type,
				operation
			}),
			...readModel(from),
			...readContent(from, type, events, scope),
			...readIdentity$2(from, operation, span),
			...readParts$1(from, type, span, events),
			...present({
				finishReason: readFinishReason(from.value("gen_ai.response.finish_reasons", "gen_ai.response.finish_reason")),
				error: readError(from, span),
				annotations: events.annotations
			}),
			used: from.used
		};
	}
};
function carriesGenai(span) {
	if (span.attributes["gen_ai.operation.name"] !== void 0) return true;
	for (const key in span.attributes) if (key.startsWith("gen_ai.") || key.startsWith("mcp.")) return true;
	return span.events.some((event) => event.name.startsWith("gen_ai."));
}
const OPERATION_TYPES = {
	chat: "llm",
	text_completion: "llm",
	generate_content: "llm",
	completion: "llm",
	generate: "llm",
	llm_request: "llm",
	embeddings: "embedding",
	create_agent: "agent",
	invoke_agent: "agent",
	execute_tool: "tool",
	retrieval: "retrieval",
	vector_db_retrieve: "retrieval",
	invoke_workflow: "workflow",
	plan: "plan",
	agent_step: "step",
	execute_task: "step",
	chain: "step"
};
function typeOf(operation, { attributes }) {
	if (operation !== void 0) {
		const type = OPERATION_TYPES[operation] ?? (isMemory(operation) ? "memory" : void 0);
		if (type) return type;
	}
	if (attributes["mcp.method.name"] === "tools/call") return "tool";
	if ("gen_ai.tool.name" in attributes || "gen_ai.tool.call.id" in attributes) return "tool";
	const hasModel = "gen_ai.request.model" in attributes || "gen_ai.response.model" in attributes;
	const hasUsage = "gen_ai.usage.output_tokens" in attributes || "gen_ai.usage.completion_tokens" in attributes;
	return hasModel && hasUsage && operation === void 0 ? "llm" : void 0;
}
function isMemory(operation) {
	return /^(search|create|update|upsert|delete)_memory(_store)?$/.test(operation);
}
function readModel(from) {
	const requestModel = from.name("gen_ai.request.model");
	const responseModel = from.name("gen_ai.response.model");
	const seconds = from.number("gen_ai.response.time_to_first_chunk", "gen_ai.client.operation.time_to_first_chunk");
	from.value("gen_ai.usage.total_tokens");
	return present({
		provider: readProvider(from.name("gen_ai.provider.name", "gen_ai.system"), responseModel ?? requestModel),
		requestModel,
		responseModel,
		responseId: from.name("gen_ai.response.id"),
		parameters: presentOrNothing({
			temperature: from.number("gen_ai.request.temperature"),
			topP: from.number("gen_ai.request.top_p"),
			topK: from.number("gen_ai.request.top_k"),
			maxTokens: from.count("gen_ai.request.max_tokens"),
			seed: from.number("gen_ai.request.seed", "gen_ai.openai.request.seed"),
			frequencyPenalty: from.number("gen_ai.request.frequency_penalty"),
			presencePenalty: from.number("gen_ai.request.presence_penalty"),
			stopSequences: from.names("gen_ai.request.stop_sequences"),
			reasoningEffort: from.name("gen_ai.request.reasoning.level")
		}),
		usage: presentOrNothing({
			inputTokens: from.count("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"),
			outputTokens: from.count("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"),
			cacheReadTokens: from.count("gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens"),
			cacheWriteTokens: from.count("gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.cache_creation_input_tokens", "gen_ai.usage.cache_write_input_tokens"),
			reasoningTokens: from.count("gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens")
		}),
		cost: from.number("gen_ai.usage.cost", "gen_ai.usage.total_cost"),
		timeToFirstTokenMs: seconds === void 0 ? void 0 : seconds * 1e3
	});
}
function readContent(from, type, events, scope) {
	const { details } = events;
	const input = scope.messages(from.content("gen_ai.input.messages"), "user");
	const output = scope.messages(from.content("gen_ai.output.messages"), "assistant");
	const deprecatedInput = from.value("gen_ai.prompt");
	const deprecatedOutput = from.value("gen_ai.completion");
	const isConversation = type === "llm" || type === "agent";
	return present({
		systemInstructions: instructionsText(from.content("gen_ai.system_instructions") ?? details["gen_ai.system_instructions"], scope),
		inputMessages: firstFilled$1(input, events.input, isConversation ? scope.messages(deprecatedInput, "user") : void 0),
		outputMessages: firstFilled$1(output, events.output, isConversation ? scope.messages(deprecatedOutput, "assistant") : void 0),
		input: isConversation ? void 0 : valueText(deprecatedInput, "user", scope),
		output: isConversation ? void 0 : valueText(deprecatedOutput, "assistant", scope),
		toolDefinitions: scope.toolDefinitions(from.content("gen_ai.tool.definitions") ?? details["gen_ai.tool.definitions"]) ?? describedTool(from)
	});
}
function describedTool(from) {
	const description = from.name("gen_ai.tool.description");
	const name = from.name("gen_ai.tool.name");
	from.value("gen_ai.tool.type");
	return name && description ? [{
		name,
		description
	}] : void 0;
}
function instructionsText(value, scope) {
	return (scope.messages(value, "user")?.flatMap((message) => message.parts.flatMap((part) => part.type === "text" ? [part.content] : [])))?.join("\n");
}
function firstFilled$1(...lists) {
	return lists.find((list) => list !== void 0 && list.length > 0) ?? lists.find((list) => list !== void 0);
}
function readIdentity$2(from, operation, span) {
	const named = operation === "invoke_agent" ? /^invoke_agent\s+(.+)$/.exec(span.name)?.[1] : void 0;
	const model = span.attributes["gen_ai.request.model"];
	return present({
		agent: presentOrNothing({
			name: from.name("gen_ai.agent.name") ?? (named === model ? void 0 : named),
			version: from.name("gen_ai.agent.version"),
			id: from.name("gen_ai.agent.id")
		}),
		sessionId: from.name("gen_ai.conversation.id"),
		userId: from.name("gen_ai.user"),
		prompt: presentOrNothing({
			name: from.name("gen_ai.prompt.name"),
			version: from.name("gen_ai.prompt.version")
		})
	});
}
function readParts$1(from, type, span, events) {
	const input = from.value("gen_ai.tool.call.arguments") ?? (type === "tool" ? events.toolInput : void 0);
	const result = from.value("gen_ai.tool.call.result") ?? (type === "tool" ? events.toolResult : void 0);
	const named = type === "tool" ? /^(?:execute_tool|tools\/call)\s+(.+)$/.exec(span.name)?.[1] : void 0;
	return present({
		tool: presentOrNothing({
			name: from.name("gen_ai.tool.name") ?? named,
			callId: from.name("gen_ai.tool.call.id"),
			arguments: input === void 0 ? void 0 : unpackJson(input),
			result: result === void 0 ? void 0 : unpackResult(result)
		}),
		retrieval: presentOrNothing({
			query: from.text("gen_ai.retrieval.query.text"),
			documents: readDocuments(from.value("gen_ai.retrieval.documents"))
		}),
		memory: presentOrNothing({
			storeId: from.name("gen_ai.memory.store.id"),
			query: from.text("gen_ai.memory.query.text"),
			records: unpack(from.value("gen_ai.memory.records"))
		})
	});
}
function unpack(value) {
	return value === void 0 ? void 0 : unpackJson(value);
}
function readError(from, span) {
	return (from.name("gen_ai.tool.status") === "error" || from.name("gen_ai.response.status") === "failed") && span.attributes["error.type"] === void 0 ? { type: "_OTHER" } : void 0;
}
// src/conventions/otel-general.ts
const KEYS = [
	"session.id",
	"user.id",
	"enduser.id",
	"error.type",
	"http.request.resend_count",
	"deployment.environment.name",
	"deployment.environment"
];
const otelGeneral = {
	name: "otel",
	prefixes: KEYS,
	read(span) {
		if (!KEYS.some((key) => span.attributes[key] !== void 0)) return void 0;
		const from = new AttributeReader(span.attributes);
		const type = from.name("error.type");
		const message = from.name("error.message", "exception.message");
		return {
			...present({
				sessionId: from.name("session.id"),
				userId: from.name("user.id", "enduser.id"),
				retries: from.count("http.request.resend_count"),
				environment: from.name("deployment.environment.name", "deployment.environment"),
				error: type === void 0 ? void 0 : {
					type,
					...message ? { message } : {}
				}
			}),
			used: from.used
		};
	}
};
// src/conventions/pydantic-ai.ts
const pydanticAi = {
	name: "pydantic-ai",
	prefixes: [
		"pydantic_ai.",
		"all_messages_events",
		"events"
	],
	owns: (span) => span.scope.name === "pydantic-ai",
	read(span, scope) {
		if (!carriesPydanticAi(span)) return void 0;
		const from = new AttributeReader(span.attributes);
		from.value("model_request_parameters", "pydantic_ai.new_message_index", "gen_ai.agent.call.id");
		const history = readHistory(from, scope);
		return {
			...history !== void 0 || "final_result" in span.attributes || span.name === "agent run" ? readRun(from, history) : readCall$1(from, scope),
			...personOf(objectOf(from.value("metadata"))),
			used: from.used
		};
	}
};
function carriesPydanticAi({ attributes, scope }) {
	if (scope.name === "pydantic-ai") return true;
	const prefixes = keyPrefixes(attributes);
	if (prefixes.has("pydantic_ai") || prefixes.has("all_messages_events")) return true;
	const { events } = attributes;
	return typeof events === "string" && events.startsWith("[{") && events.includes("\"event.name\"");
}
function readHistory(from, scope) {
	const messages = from.value("pydantic_ai.all_messages");
	if (messages !== void 0) return scope.messages(messages, "user");
	const events = from.value("all_messages_events");
	return events === void 0 ? void 0 : scope.messages(eventsIn(events).map(eventMessage), "user");
}
function readRun(from, history) {
	const result = from.text("final_result");
	const last = history?.at(-1);
	const answer = last?.role === "assistant" ? last : void 0;
	const usage = presentOrNothing({
		inputTokens: from.count("gen_ai.aggregated_usage.input_tokens"),
		outputTokens: from.count("gen_ai.aggregated_usage.output_tokens"),
		cacheReadTokens: from.count("gen_ai.aggregated_usage.cache_read.input_tokens"),
		cacheWriteTokens: from.count("gen_ai.aggregated_usage.cache_creation.input_tokens"),
		reasoningTokens: from.count("gen_ai.aggregated_usage.details.reasoning_tokens")
	});
	from.below("gen_ai.aggregated_usage.");
	from.value("model_name");
	return {
		type: "agent",
		...present({
			inputMessages: answer ? history?.slice(0, -1) : history,
			outputMessages: result === void 0 && answer ? [answer] : void 0,
			output: result,
			agent: presentOrNothing({ name: from.name("gen_ai.agent.name", "agent_name") }),
			usage
		})
	};
}
function readCall$1(from, scope) {
	const events = from.value("events");
	const [input, output] = events === void 0 ? [] : splitEvents(eventsIn(events));
	const toolInput = from.value("tool_arguments");
	const toolResult = from.value("tool_response");
	const usage = presentOrNothing({
		cacheReadTokens: from.count("gen_ai.usage.details.cache_read_tokens"),
		cacheWriteTokens: from.count("gen_ai.usage.details.cache_write_tokens"),
		reasoningTokens: from.count("gen_ai.usage.details.reasoning_tokens")
	});
	from.below("gen_ai.usage.details.");
	return present({
		inputMessages: input === void 0 ? void 0 : scope.messages(input, "user"),
		outputMessages: output === void 0 ? void 0 : scope.messages(output, "assistant"),
		tool: presentOrNothing({
			arguments: toolInput === void 0 ? void 0 : unpackJson(toolInput),
			result: toolResult === void 0 ? void 0 : unpackResult(toolResult)
		}),
		usage,
		cost: from.number("operation.cost")
	});
}
function eventsIn(value) {
	const list = unpackJson(value);
	return Array.isArray(list) ? list : [];
}
function splitEvents(events) {
	const isChoice = (event) => isObject(event) && event["event.name"] === "gen_ai.choice";
	return [events.filter((event) => !isChoice(event)).map(eventMessage), events.filter(isChoice).map(eventMessage)];
}
function eventMessage(event) {
	if (!isObject(event)) return event;
	const { message, content = null, tool_calls, id, name } = event;
	if (isObject(message)) return {
		role: "assistant",
		content: null,
		...message
	};
	const named = /^gen_ai\.(\w+)\.message$/.exec(String(event["event.name"]))?.[1];
	const role = typeof event.role === "string" ? event.role : named ?? "user";
	return {
		role,
		content,
		...tool_calls === void 0 ? {} : { tool_calls },
		...role === "tool" ? present({
			tool_call_id: id,
			name
		}) : {}
	};
}
// src/conventions/strands.ts
const SCOPE = /^strands(-agents|\.)/;
const strands = {
	name: "strands",
	owns: isStrands,
	read(span, scope) {
		if (!isStrands(span)) return void 0;
		const from = new AttributeReader(span.attributes);
		from.value("gen_ai.event.start_time", "gen_ai.event.end_time", "name");
		from.value("agent_loop.cycle_id", "event_loop.cycle_id", "event_loop.parent_cycle_id");
		const prompt = from.value("system_prompt");
		const text = prompt === void 0 ? void 0 : unpackJson(prompt);
		const model = from.name("gen_ai.response.model", "gen_ai.request.model");
		return {
			...readKind$1(from, span),
			...present({
				systemInstructions: typeof text === "string" ? text : void 0,
				toolDefinitions: scope.toolDefinitions(from.value("gen_ai.agent.tools")) ?? calledTool(from),
				provider: readProvider(void 0, model),
				timeToFirstTokenMs: from.number("gen_ai.server.time_to_first_token")
			}),
			...readMemory(from, span, scope),
			...readAgentAnswer(span, scope),
			used: from.used
		};
	}
};
function isStrands({ attributes, scope }) {
	return SCOPE.test(scope.name) || "gen_ai.event.start_time" in attributes || attributes["gen_ai.system"] === "strands-agents" || attributes["gen_ai.provider.name"] === "strands-agents";
}
function readKind$1(from, span) {
	if (/^execute_(agent|event)_loop_cycle/.test(span.name)) return { type: "step" };
	const operation = from.name("gen_ai.operation.name");
	return operation !== void 0 && /^invoke_(swarm|graph)$/.test(operation) ? { type: "workflow" } : {};
}
function calledTool(from) {
	const schema = from.value("gen_ai.tool.json_schema");
	const name = from.name("gen_ai.tool.name");
	if (schema === void 0 || name === void 0) return void 0;
	const description = from.name("gen_ai.tool.description");
	return [{
		name,
		...present({ description }),
		parameters: unpackJson(schema)
	}];
}
function readAgentAnswer(span, scope) {
	if (span.attributes["gen_ai.operation.name"] !== "invoke_agent") return {};
	const output = readGenaiEvents(span, scope).output?.map((message) => ({
		...message,
		parts: message.parts.map((part) => part.type === "text" ? {
			...part,
			content: part.content.replace(/\n$/, "")
		} : part)
	}));
	return present({ outputMessages: output });
}
function readMemory(from, span, scope) {
	const operation = from.name("gen_ai.operation.name") ?? span.name;
	if (!/^memory\.(search|add)$/.test(operation)) return {};
	const stores = from.value("memory.store.names");
	const names = stores === void 0 ? void 0 : unpackJson(stores);
	const contents = new Map(span.events.map((event) => [event.name, event.attributes.content]));
	return {
		type: "memory",
		operation: operation === "memory.search" ? "search_memory" : "create_memory",
		...present({ memory: presentOrNothing({
			storeId: Array.isArray(names) && names.length === 1 ? nameOf$1(names[0]) : void 0,
			query: textOf$2(contents.get("memory.query")),
			records: recordsIn(contents.get("memory.results") ?? contents.get("memory.content"), scope)
		}) })
	};
}
function nameOf$1(value) {
	return typeof value === "string" ? value : textAt(objectOf(value), "name");
}
function textOf$2(value) {
	return typeof value === "string" ? value : void 0;
}
function recordsIn(value, scope) {
	return typeof value === "string" ? scope.json(value) ?? value : value;
}
// src/conventions/traceloop-entity.ts
function argumentsOf(input) {
	if (input === void 0) return void 0;
	const value = unpackJson(input);
	if (!isObject(value)) return value;
	if (isCall(value)) return callArguments(value);
	if (isCallback(value, "inputs")) return unpackJson(value.inputs ?? null);
	if ("input_str" in value) return unpackJson(value.input_str ?? null);
	return value;
}
function inputText(input, scope) {
	const value = argumentsOf(input);
	return value === void 0 || value === null ? void 0 : valueText(value, "user", scope);
}
function outputOf$1(output) {
	if (output === void 0) return void 0;
	const value = unpackJson(output);
	if (!isObject(value)) return value;
	if (isCallback(value, "outputs")) return unpackJson(value.outputs ?? null);
	if (isCallback(value, "output")) {
		const inner = unpackJson(value.output ?? null);
		const message = isObject(inner) ? constructorArguments(inner) ?? inner : void 0;
		return message && "content" in message && "tool_call_id" in message ? message.content : inner;
	}
	return value;
}
function isCall(value) {
	return Array.isArray(value.args) && isObject(value.kwargs) && Object.keys(value).length === 2;
}
function callArguments({ args, kwargs }) {
	const list = Array.isArray(args) ? args : [];
	const named = isObject(kwargs) ? kwargs : {};
	const hasNamed = Object.keys(named).length > 0;
	if (list.length === 0) return hasNamed ? named : void 0;
	if (hasNamed) return {
		args: list,
		kwargs: named
	};
	const [only] = list;
	return list.length === 1 && only !== void 0 ? unpackJson(only) : list;
}
function isCallback(value, name) {
	return name in value && Object.keys(value).every((key) => CALLBACK_KEYS.has(key));
}
const CALLBACK_KEYS = new Set([
	"inputs",
	"input_str",
	"outputs",
	"output",
	"kwargs",
	"tags",
	"metadata"
]);
// src/conventions/traceloop-legacy.ts
function readLegacyMessages(from, prefix, role, scope) {
	const items = flatItems(from.below(prefix));
	return items.length > 0 ? scope.messages(items.map((item) => messageOf(item, role)), role) : void 0;
}
function readLegacyFunctions(from, scope) {
	const items = flatItems(from.below("llm.request.functions."));
	if (items.length === 0) return void 0;
	const definitions = items.map((item) => present({
		name: item.get("name"),
		description: item.get("description"),
		parameters: parsed(item.get("parameters") ?? item.get("arguments") ?? item.get("input_schema"), scope)
	}));
	return scope.toolDefinitions(definitions);
}
function messageOf(item, role) {
	const calls = innerItems(item, "tool_calls.").map(callOf);
	const functionName = item.get("function_call.name");
	const content = item.get("content");
	return present({
		role: item.get("role") ?? role,
		content: content === void 0 || content === "null" ? null : content,
		tool_call_id: item.get("tool_call_id"),
		tool_calls: calls.length > 0 ? calls : void 0,
		function_call: functionName === void 0 ? void 0 : {
			name: functionName,
			arguments: item.get("function_call.arguments") ?? null
		},
		finish_reason: item.get("finish_reason")
	});
}
function callOf(item) {
	return present({
		id: item.get("id"),
		name: item.get("name") ?? "",
		arguments: item.get("arguments")
	});
}
function parsed(value, scope) {
	return typeof value === "string" ? scope.json(value) ?? value : value;
}
// src/conventions/traceloop-retrieval.ts
function readVectorSearch(span, from, scope) {
	const results = span.events.filter(({ name }) => name === "db.query.result" || name === "db.search.result");
	if (!("db.vector.query.top_k" in span.attributes) && results.length === 0) return void 0;
	from.below("db.vector.query.");
	return { documents: results.map((event) => readResult(event, scope)) };
}
function readResult(event, scope) {
	const from = new AttributeReader(event.attributes);
	const at = (name) => `${event.name}.${name}`;
	const metadata = from.value(at("metadata"));
	return present({
		id: from.name(at("id")),
		content: from.text(at("document")),
		score: from.number(at("score")),
		metadata: typeof metadata === "string" ? scope.json(metadata) ?? metadata : metadata
	});
}
// src/conventions/traceloop.ts
const KINDS = {
	workflow: "workflow",
	session: "workflow",
	task: "step",
	agent: "agent",
	tool: "tool"
};
const REQUESTS = {
	chat: "llm",
	completion: "llm",
	embedding: "embedding",
	rerank: "retrieval"
};
const JS_ANTHROPIC = "@traceloop/instrumentation-anthropic";
const traceloop = {
	name: "traceloop",
	prefixes: [
		"traceloop.",
		"llm.request.type",
		"gen_ai.prompt.0.",
		"gen_ai.completion.0.",
		"db."
	],
	saysTypes: true,
	owns: (span) => /traceloop/.test(span.scope.name),
	read(span, scope) {
		if (!carriesTraceloop(span)) return void 0;
		const from = new AttributeReader(span.attributes);
		const kind = from.name("traceloop.span.kind") ?? "";
		const request = from.name("llm.request.type") ?? "";
		const retrieval = readVectorSearch(span, from, scope);
		const type = KINDS[kind] ?? REQUESTS[request] ?? (retrieval ? "retrieval" : void 0);
		return {
			...present({
				type,
				retrieval
			}),
			...type === "tool" ? readTool(from) : readTexts$1(from, type, scope),
			...readIdentity$1(from, kind),
			...readModelCall(from, span, scope),
			used: from.used
		};
	}
};
function carriesTraceloop({ attributes, events, scope }) {
	const prefixes = keyPrefixes(attributes);
	if (prefixes.has("traceloop") || "llm.request.type" in attributes) return true;
	if (scope.name === JS_ANTHROPIC) return true;
	if (prefixes.has("gen_ai") && ("gen_ai.prompt.0.role" in attributes || hasFlatCompletion(attributes))) return true;
	return prefixes.has("db") && (prefixes.has("gen_ai") || events.some(({ name }) => name.startsWith("db.")));
}
function hasFlatCompletion(attributes) {
	return "gen_ai.completion.0.role" in attributes || "gen_ai.completion.0.content" in attributes || "gen_ai.completion.0.finish_reason" in attributes || "gen_ai.prompt.0.content" in attributes;
}
function readTool(from) {
	const output = from.value("traceloop.entity.output");
	return { tool: present({
		name: from.name("traceloop.entity.name"),
		arguments: argumentsOf(from.value("traceloop.entity.input")),
		result: output === void 0 ? void 0 : unpackResult(outputOf$1(output) ?? null)
	}) };
}
function readTexts$1(from, type, scope) {
	if (type === "llm" || type === "embedding" || type === "retrieval") return {};
	return present({
		input: inputText(from.value("traceloop.entity.input"), scope),
		output: valueText(outputOf$1(from.value("traceloop.entity.output")), "assistant", scope)
	});
}
function readIdentity$1(from, kind) {
	const person = personOf(Object.fromEntries(from.below("traceloop.association.properties.")));
	const workflow = from.name("traceloop.workflow.name");
	const name = from.name("traceloop.entity.name");
	from.value("traceloop.entity.path");
	const version = from.name("traceloop.entity.version");
	const isAgent = kind === "agent";
	return {
		...person,
		...present({
			feature: person.feature ?? workflow,
			agent: presentOrNothing({
				name: isAgent ? name : void 0,
				version: isAgent || kind === "workflow" ? version : void 0
			}),
			prompt: presentOrNothing({
				name: from.name("traceloop.prompt.key"),
				version: from.name("traceloop.prompt.version", "traceloop.prompt.version_name")
			})
		})
	};
}
function readModelCall(from, span, scope) {
	const inputMessages = readLegacyMessages(from, "gen_ai.prompt.", "user", scope);
	const outputMessages = readLegacyMessages(from, "gen_ai.completion.", "assistant", scope);
	from.value("llm.usage.total_tokens", "llm.is_streaming");
	return present({
		inputMessages,
		outputMessages,
		toolDefinitions: readLegacyFunctions(from, scope),
		finishReason: readFinishReason(from.value("llm.response.finish_reason", "llm.response.stop_reason")),
		parameters: presentOrNothing({
			topK: from.number("llm.top_k"),
			frequencyPenalty: from.number("llm.frequency_penalty"),
			presencePenalty: from.number("llm.presence_penalty"),
			stopSequences: from.names("llm.chat.stop_sequences")
		}),
		userId: from.name("llm.user"),
		...readUsage(from, span)
	});
}
function readUsage(from, span) {
	const reasoningTokens = from.count("llm.usage.reasoning_tokens");
	const reasoning = presentOrNothing({ reasoningTokens });
	if (span.scope.name !== JS_ANTHROPIC) return present({ usage: reasoning });
	return withCache({
		inputTokens: from.count("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"),
		cacheReadTokens: from.count("gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens"),
		cacheWriteTokens: from.count("gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.cache_creation_input_tokens"),
		reasoningTokens
	});
}
// src/conventions/weave.ts
const weave = {
	name: "weave",
	prefixes: ["weave.", "wandb."],
	owns: (span) => span.scope.name === "weave.export_otel",
	read(span, scope) {
		const prefixes = keyPrefixes(span.attributes);
		if (!prefixes.has("weave") && !prefixes.has("wandb")) return void 0;
		const from = new AttributeReader(span.attributes);
		const own = Object.fromEntries(from.below("weave.attributes."));
		from.value("weave.call_id", "weave.trace_id", "weave.op_name", "weave.summary");
		from.value("wandb.display_name", "wandb.is_turn", "wandb.wb_run_id", "wandb.wb_run_step");
		const sessionId = from.name("wandb.thread_id");
		return {
			...readTexts(from, scope),
			...personOf({
				...objectOf(from.value("wandb.attributes")),
				...own
			}),
			...present({ sessionId }),
			...readKind(from.name("weave.span.kind") ?? from.name("gen_ai.operation.name"), span.name),
			used: from.used
		};
	}
};
function readTexts(from, scope) {
	const input = from.value("weave.observation.input");
	const output = from.value("weave.observation.output");
	return present({
		input: valueText(input, "user", scope),
		output: valueText(output, "assistant", scope),
		tool: input === void 0 && output === void 0 ? void 0 : present({
			arguments: input === void 0 ? void 0 : unpackJson(input),
			result: output === void 0 ? void 0 : unpackJson(output)
		})
	});
}
function readKind(kind, name) {
	switch (kind?.toLowerCase()) {
		case "agent": return {
			type: "agent",
			agent: { fallbackName: name }
		};
		case "llm": return { type: "llm" };
		case "tool": return { type: "tool" };
		case "workflow": return { type: "workflow" };
		default: return {};
	}
}
// src/conventions/index.ts
const dialects = [
	otelGenai,
	crewai,
	openaiAgents,
	openinferenceBodies,
	openinference,
	traceloop,
	aiSdk,
	langfuse,
	langsmith,
	anthropicSdk,
	mcp,
	pydanticAi,
	logfire,
	mlflow,
	googleAdk,
	strands,
	agentFramework,
	mastra,
	braintrust,
	weave,
	genkit,
	otelGeneral,
	handRolled
];
// src/conventions/configured-names.ts
const FIRST = ["organisationId", "feature"];
const lists = new WeakMap();
function dialectsWith(names) {
	const known = lists.get(names);
	if (known) return known;
	const first = Object.fromEntries(FIRST.flatMap((name) => names[name] ? [[name, names[name]]] : []));
	const others = dialects.filter((dialect) => dialect !== handRolled);
	const list = [
		dialectOf(first, true),
		...others,
		dialectOf(names, false),
		handRolled
	];
	lists.set(names, list);
	return list;
}
function dialectOf(names, isFirst) {
	const keys = Object.values(names).flatMap((list) => list ?? []);
	return {
		name: "configured",
		...isFirst ? { owns: () => true } : {},
		read(span, scope) {
			const attributes = attributesAt(span, keys);
			if (!attributes) return void 0;
			const from = new AttributeReader(attributes);
			return {
				...fieldsByName(names, from, scope),
				used: from.used
			};
		}
	};
}
function attributesAt({ attributes, resource }, keys) {
	const found = keys.flatMap((key) => {
		const value = attributes[key] ?? resource[key];
		return value === void 0 ? [] : [[key, value]];
	});
	return found.length === 0 ? void 0 : Object.fromEntries(found);
}
// src/conventions/derive/span-error.ts
function errorOf({ span, fields, readable }) {
	const exception = readable ? span.events.find((event) => event.name === "exception") : void 0;
	if (!(span.status.code === "error" || exception !== void 0 || fields.error !== void 0 || fields.finishReason === "error")) return null;
	const type = named(fields.error?.type) ?? textOf$1(exception?.attributes["exception.type"]) ?? httpFailure(readable ? span.attributes["http.response.status_code"] : void 0) ?? "_OTHER";
	const message = span.status.message || textOf$1(exception?.attributes["exception.message"]) || fields.error?.message;
	return message ? {
		type,
		message
	} : { type };
}
function readErrors(tree) {
	const errors = new Map();
	for (const node of tree.ordered) {
		const error = errorOf(node);
		if (error) errors.set(node, error);
	}
	const isPassedOn = (node, error) => node.children.some((child) => {
		const inner = errors.get(child);
		return inner !== void 0 && isSameMessage(inner, error) && isSameType(inner, error);
	});
	return [...errors].flatMap(([node, error]) => isPassedOn(node, error) ? [] : [{
		spanId: node.span.spanId,
		...error
	}]);
}
function isSameType(inner, outer) {
	return inner.type === outer.type || outer.type === "_OTHER" || inner.type === "_OTHER";
}
function isSameMessage({ message: inner = "" }, { message: outer = "" }) {
	if (inner === "" || outer === "") return inner === outer;
	return outer.includes(inner) || inner.includes(outer);
}
function named(type) {
	return type === "_OTHER" ? void 0 : type;
}
function textOf$1(value) {
	return typeof value === "string" && value !== "" ? value : void 0;
}
function httpFailure(code) {
	return typeof code === "number" && code >= 400 ? String(code) : void 0;
}
// src/conventions/derive/llm-calls.ts
function readLlmCalls(spans, placeOf) {
	const siblings = new Map();
	for (const { node } of spans) siblings.set(node.parent, (siblings.get(node.parent) ?? 0) + 1);
	return withDerivedRetries(spans.map((span) => readLlmCall(span, placeOf(span.node), siblings.get(span.node.parent) === 1)));
}
function readLlmCall({ node, duplicates, fields: recorded }, place, isOnlyCall) {
	const fields = withStep(recorded, isOnlyCall && node.parent?.type === "step" ? node.parent.fields : {});
	const { system, rest } = splitSystem(fields.inputMessages);
	const error = errorOf(node) ?? duplicates.map(errorOf).find((found) => found !== null) ?? null;
	return {
		...place,
		...present({
			provider: fields.provider,
			model: fields.responseModel ?? fields.requestModel,
			requestModel: fields.requestModel,
			responseModel: fields.responseModel,
			responseId: fields.responseId,
			systemInstructions: fields.systemInstructions ?? system,
			input: rest,
			output: fields.outputMessages,
			finishReason: finishReasonOf(fields),
			cost: fields.cost ?? estimatedCost(fields),
			timeToFirstTokenMs: fields.timeToFirstTokenMs,
			promptName: fields.prompt?.name,
			promptVersion: fields.prompt?.version
		}),
		parameters: fields.parameters ?? {},
		usage: fields.usage ?? {},
		retries: fields.retries ?? null,
		error
	};
}
function withStep(fields, step) {
	const isSilent = !fields.outputMessages?.some((message) => message.parts.some(saysSomething));
	return {
		...fields,
		...present({
			inputMessages: fields.inputMessages ?? step.inputMessages,
			outputMessages: (isSilent ? step.outputMessages : void 0) ?? fields.outputMessages,
			responseModel: fields.responseModel ?? step.responseModel,
			responseId: fields.responseId ?? step.responseId
		})
	};
}
function saysSomething(part) {
	return part.type !== "text" || part.content !== "";
}
function estimatedCost({ usage, responseModel, requestModel }) {
	if (!usage) return void 0;
	return (responseModel === void 0 ? void 0 : costOf(responseModel, usage)) ?? (requestModel === void 0 ? void 0 : costOf(requestModel, usage));
}
function finishReasonOf(fields) {
	return fields.finishReason ?? fields.outputMessages?.findLast((message) => message.finishReason)?.finishReason;
}
function splitSystem(messages) {
	const first = messages?.findIndex((message) => !isSystem(message)) ?? -1;
	if (!messages || first === 0 || messages.length === 0) return {
		system: void 0,
		rest: messages
	};
	const count = first < 0 ? messages.length : first;
	return {
		system: messages.slice(0, count).map(textOf$3).join("\n"),
		rest: messages.slice(count)
	};
}
function isSystem(message) {
	return message.role === "system" || message.role === "developer";
}
function withDerivedRetries(calls) {
	const failures = new Map();
	return calls.map((call) => {
		const before = failures.get(call.parentSpanId);
		const count = before !== void 0 && isSameRequest(before.last, call) ? before.count : 0;
		if (call.error !== null) {
			failures.set(call.parentSpanId, {
				last: call,
				count: count + 1
			});
			return call;
		}
		failures.delete(call.parentSpanId);
		return call.retries === null && count > 0 ? {
			...call,
			retries: count
		} : call;
	});
}
function isSameRequest(one, other) {
	const [input, otherInput] = [one.input, other.input];
	if (input === void 0 || otherInput === void 0 || input.length !== otherInput.length) return false;
	return one.requestModel === other.requestModel && input.every((message, index) => message === otherInput[index]);
}
function sumRetries(calls) {
	const known = calls.flatMap((call) => call.retries ?? []);
	return known.length === 0 ? null : known.reduce((sum, retries) => sum + retries, 0);
}
// src/conventions/derive/input-output.ts
function readInput(spans, calls) {
	const recorded = spans.map(({ fields }) => inputOf(fields));
	const first = calls.find((call) => call.input !== void 0);
	return firstFilled([...recorded, first && inputOf({ inputMessages: first.input ?? [] })]);
}
function readOutput(spans, calls) {
	const [root, ...rest] = spans;
	const byEnd = rest.toSorted((one, other) => other.span.endTime - one.span.endTime);
	return firstFilled([...(root ? [root, ...byEnd] : byEnd).map(({ fields }) => outputText(fields)), lastAnswer(calls)]);
}
function readSystemInstructions(spans, calls) {
	return firstFilled([...spans.map(({ fields }) => fields.systemInstructions ?? splitSystem(fields.inputMessages).system), ...calls.map((call) => call.systemInstructions)]);
}
function inputOf(fields) {
	const { inputMessages, input } = fields;
	return firstFilled([inputMessages?.length === 0 ? "" : inputMessages && lastText(inputMessages, "user"), input]);
}
function outputText({ outputMessages, output }) {
	return firstFilled([outputMessages && answerText(outputMessages), output]);
}
function answerText(messages) {
	return lastText(messages, "assistant") ?? messages.map(textOf$3).findLast((text) => text !== "") ?? "";
}
function lastAnswer(calls) {
	let last;
	for (const call of calls) if (call.output !== void 0 && (last === void 0 || (call.endTime ?? 0) >= (last.endTime ?? 0))) last = call;
	return last?.output && answerText(last.output);
}
function firstFilled(texts) {
	return texts.find((text) => text) ?? texts.find((text) => text !== void 0);
}
// src/conventions/derive/agent-calls.ts
function readAgentCalls(tree, llmCalls, placeOf) {
	const nodes = tree.ordered.filter((node) => node.type === "agent" && node.parent);
	if (nodes.length === 0) return [];
	const below = Map.groupBy(llmCalls, (call) => call.parentSpanId);
	return nodes.map((node) => {
		const { span, fields } = node;
		const calls = below.get(span.spanId) ?? [];
		const given = (fields.inputMessages ?? calls[0]?.input)?.map(textOf$3).findLast((text) => text !== "");
		const returned = outputText(fields) ?? calls.at(-1)?.output?.map(textOf$3).join("\n");
		return {
			name: fields.agent?.name ?? fields.agent?.fallbackName ?? span.name,
			...placeOf(node),
			...present({
				given: given ?? fields.input,
				returned
			}),
			error: errorOf(node)
		};
	});
}
// src/conventions/mcp-request.ts
function mcpRequestKey({ attributes }) {
	const session = attributes["mcp.session.id"];
	const request = attributes["jsonrpc.request.id"] ?? attributes["rpc.jsonrpc.request_id"] ?? attributes["mcp.request.id"];
	if (typeof session !== "string" || session === "") return void 0;
	if (typeof request !== "string" && typeof request !== "number") return void 0;
	return request === "" ? void 0 : `${session} ${request}`;
}
// src/conventions/derive/join-spans.ts
function findJoins(nodes) {
	const apart = nodes.filter((node) => node.parent === null && node.readable);
	const joins = new Map();
	if (apart.length < 2) return joins;
	const root = apart.find((node) => node.span.parentSpanId === null);
	const trees = new Trees(nodes);
	const lookUp = indexOf(nodes);
	for (const node of apart) {
		if (node === root) continue;
		const parent = lookUp(node);
		if (parent && trees.unite(node, parent)) joins.set(node, parent);
	}
	return joins;
}
function indexOf(nodes) {
	const byId = new Map();
	const clients = new Map();
	const tools = new Map();
	for (const node of nodes) {
		byId.set(node.span.spanId, node);
		if (!node.readable) continue;
		const request = node.span.kind === "server" ? void 0 : mcpRequestKey(node.span);
		if (request !== void 0) push(clients, request, node);
		const callId = node.type === "tool" ? node.fields.tool?.callId : void 0;
		if (callId !== void 0) push(tools, callId, node);
	}
	return (node) => linked(node, byId) ?? requested(node, clients) ?? called(node, tools);
}
function linked(node, byId) {
	const { traceId, links, spanId } = node.span;
	const link = links.find((other) => other.traceId === traceId && other.spanId !== spanId);
	return link && byId.get(link.spanId);
}
function requested(node, clients) {
	const request = node.span.kind === "server" ? mcpRequestKey(node.span) : void 0;
	const found = request === void 0 ? [] : clients.get(request) ?? [];
	return found.length === 1 ? found[0] : void 0;
}
function called(node, tools) {
	const callId = node.fields.tool?.callId;
	const found = (callId === void 0 ? [] : tools.get(callId) ?? []).filter((other) => other !== node);
	const outer = new Set(found.map((other) => other.parent));
	const innermost = found.filter((other) => !outer.has(other));
	return innermost.length === 1 ? innermost[0] : void 0;
}
var Trees = class {
	above = new Map();
	constructor(nodes) {
		for (const node of nodes) if (node.parent) this.above.set(node, node.parent);
	}
	unite(node, parent) {
		const [one, other] = [this.topOf(node), this.topOf(parent)];
		if (one === void 0 || other === void 0 || one === other) return false;
		this.above.set(one, other);
		return true;
	}
	topOf(node) {
		const passed = new Set();
		let top = node;
		for (let above = this.above.get(top); above; above = this.above.get(top)) {
			if (passed.has(top)) return void 0;
			passed.add(top);
			top = above;
		}
		for (const on of passed) this.above.set(on, top);
		return top;
	}
};
function push(lists, key, node) {
	const list = lists.get(key);
	if (list) list.push(node);
	else lists.set(key, [node]);
}
// src/conventions/derive/span-tree.ts
const REMOTE_PARENT = 512;
function buildTree(spans) {
	const nodes = spans.map((read) => ({
		...read,
		parent: null,
		children: [],
		depth: 0,
		isJoined: false
	}));
	const byId = new Map(nodes.map((node) => [node.span.spanId, node]));
	for (const node of nodes) {
		const { parentSpanId } = node.span;
		node.parent = parentSpanId === null ? null : byId.get(parentSpanId) ?? null;
	}
	const cyclic = cutCycles(nodes);
	const byStart = nodes.toSorted(inOrder);
	for (const [node, parent] of findJoins(byStart)) {
		node.parent = parent;
		node.isJoined = true;
	}
	for (const node of byStart) node.parent?.children.push(node);
	const tops = byStart.filter((node) => node.parent === null);
	const topDown = descend(tops);
	const isRoot = (node) => node.span.parentSpanId === null || isEntry(node);
	const cut = new Set(cyclic);
	return {
		ordered: byStart.toSorted(inOrder),
		topDown,
		tops,
		roots: tops.filter((node) => !cut.has(node) && isRoot(node)),
		orphans: tops.filter((node) => !cut.has(node) && !isRoot(node)),
		cyclic,
		joined: byStart.filter((node) => node.isJoined)
	};
}
function parentIdOf({ span, parent, isJoined }) {
	return isJoined && parent ? parent.span.spanId : span.parentSpanId;
}
function isEntry({ span }) {
	return (span.flags & REMOTE_PARENT) !== 0;
}
function inOrder(one, other) {
	return one.span.startTime - other.span.startTime || one.depth - other.depth || (one.span.spanId < other.span.spanId ? -1 : 1);
}
function cutCycles(nodes) {
	const walkOf = new Map();
	const cyclic = [];
	nodes.forEach((start, walk) => {
		let node = start;
		while (node !== null && !walkOf.has(node)) {
			walkOf.set(node, walk);
			node = node.parent;
		}
		if (node === null || walkOf.get(node) !== walk) return;
		const cycle = [];
		for (let on = node; on !== null && !(on === node && cycle.length > 0); on = on.parent) cycle.push(on);
		cycle.sort(inOrder);
		const [first] = cycle;
		if (first) first.parent = null;
		cyclic.push(...cycle);
	});
	return cyclic;
}
function descend(tops) {
	const reached = [...tops];
	for (let index = 0; index < reached.length; index++) {
		const node = reached[index];
		for (const child of node?.children ?? []) {
			child.depth = (node?.depth ?? 0) + 1;
			reached.push(child);
		}
	}
	return reached;
}
function nearestAncestors(tree, test) {
	const nearest = new Map();
	for (const node of tree.topDown) {
		const { parent } = node;
		if (parent === null) continue;
		const found = test(parent) ? parent : nearest.get(parent);
		if (found) nearest.set(node, found);
	}
	return nearest;
}
// src/conventions/derive/call-place.ts
function placesIn(tree) {
	const agents = nearestAncestors(tree, (node) => node.type === "agent" && nameOf(node) !== void 0);
	return (node) => {
		const { spanId, startTime, endTime } = node.span;
		const inside = agents.get(node);
		const agent = (inside && nameOf(inside)) ?? node.fields.agent?.name;
		return {
			spanId,
			parentSpanId: parentIdOf(node),
			startTime,
			...endTime > 0 ? {
				endTime,
				durationMs: durationOf(startTime, endTime)
			} : {},
			...agent === void 0 ? {} : { agent }
		};
	};
}
function nameOf({ fields }) {
	return fields.agent?.name ?? fields.agent?.fallbackName;
}
function durationOf(startTime, endTime) {
	return endTime > startTime ? Math.round((endTime - startTime) * 1e6) / 1e6 : 0;
}
// src/conventions/derive/conversation.ts
function rebuildConversation(exchanges) {
	const conversation = new Conversation();
	for (const exchange of exchanges) {
		conversation.receive(exchange.spanId, exchange.input);
		conversation.answer(exchange.spanId, exchange.output);
	}
	return conversation.turns;
}
var Conversation = class {
	turns = [];
	keys = new MessageKeys(() => ({
		turns: [],
		exactTurns: [],
		history: 0,
		matched: 0
	}));
	idPlace = new Map();
	threadStarts = new Set();
	histories = 0;
	receive(spanId, input) {
		const said = [];
		for (const message of input) {
			const key = this.keys.of(message);
			if (!key.isEmpty && !isSystem(message)) said.push({
				message,
				key
			});
		}
		const [first] = said;
		if (first === void 0) return;
		const start = first.key.loose;
		if (this.threadStarts.has(start)) this.receiveHistory(spanId, said);
		else {
			const overlap = this.overlap(said);
			const isFollowing = overlap > 0 || this.answersCall(said);
			if (!isFollowing) this.threadStarts.add(start);
			for (const next of said.slice(overlap)) this.append(spanId, next, isFollowing, false);
		}
	}
	answer(spanId, output) {
		for (const message of output) {
			const key = this.keys.of(message);
			const { ids } = key;
			const places = ids.map((id) => this.idPlace.get(`${message.role} ${id}`));
			const [place] = places;
			const known = place === void 0 ? void 0 : this.turns[place];
			if (known && places.every((other) => other === place)) {
				known.isNew = true;
				known.isOutput = true;
			} else if (!this.isShownAlready(key)) this.append(spanId, {
				message,
				key
			}, true, true);
		}
	}
	isShownAlready(key) {
		const last = this.turns.at(-1);
		return last !== void 0 && !last.isOutput && last.key.loose === key.loose;
	}
	receiveHistory(spanId, said) {
		this.histories += 1;
		let last = -1;
		for (const next of said) {
			const place = this.find(next.key);
			if (place !== void 0) last = place;
			else if (next.message.role === "assistant" && this.turns[last + 1]?.isOutput) last += 1;
			else {
				this.append(spanId, next, true, false);
				last = this.turns.length - 1;
			}
		}
	}
	find({ ids, exact, loose }) {
		if (ids.length === 0) return this.take(loose, loose.turns);
		return this.take(exact, exact.exactTurns) ?? this.take(loose, loose.exactTurns);
	}
	take(said, turns) {
		const matched = said.history === this.histories ? said.matched : 0;
		const place = turns[matched];
		if (place === void 0) return void 0;
		said.history = this.histories;
		said.matched = matched + 1;
		return place;
	}
	overlap(said) {
		const pattern = said.map(({ key }) => key.loose);
		const fallback = failureTable(pattern);
		let matched = 0;
		for (const turn of this.turns.slice(-pattern.length)) {
			if (turn.key.isEmpty) continue;
			while (matched > 0 && pattern[matched] !== turn.key.loose) matched = fallback[matched - 1] ?? 0;
			if (pattern[matched] === turn.key.loose) matched += 1;
		}
		return matched;
	}
	answersCall(said) {
		return said.some(({ key }) => key.ids.some((id) => this.idPlace.has(`assistant ${id}`)));
	}
	append(spanId, { message, key }, isNew, isOutput) {
		const place = this.turns.length;
		this.turns.push({
			message,
			spanId,
			isNew,
			isOutput,
			key
		});
		key.loose.turns.push(place);
		key.exact.exactTurns.push(place);
		for (const id of key.ids) this.idPlace.set(`${message.role} ${id}`, place);
	}
};
function failureTable(pattern) {
	const table = [0];
	for (let index = 1, matched = 0; index < pattern.length; index++) {
		while (matched > 0 && pattern[matched] !== pattern[index]) matched = table[matched - 1] ?? 0;
		if (pattern[matched] === pattern[index]) matched += 1;
		table.push(matched);
	}
	return table;
}
// src/conventions/derive/cost.ts
function readCost(tree, calls) {
	let reported = 0;
	let estimated = 0;
	let usd = 0;
	const unpriced = new Set();
	for (const { fields } of calls) {
		const cost = fields.cost ?? estimatedCost(fields);
		if (fields.cost !== void 0) reported += 1;
		else if (cost !== void 0) estimated += 1;
		else if (fields.usage) unpriced.add(fields.responseModel ?? fields.requestModel ?? "unknown");
		usd += cost ?? 0;
	}
	const total = reported > 0 ? void 0 : reportedTotal(tree);
	if (total !== void 0) return {
		usd: total,
		source: "reported",
		unpricedModels: []
	};
	if (reported + estimated === 0) return { unpricedModels: [...unpriced] };
	return {
		usd,
		source: reported === 0 ? "estimated" : estimated === 0 ? "reported" : "mixed",
		...present({ pricesAsOf: estimated > 0 ? PRICES_AS_OF : void 0 }),
		unpricedModels: [...unpriced]
	};
}
function reportedTotal(tree) {
	const covered = new Set();
	let total;
	for (const { span, parent, fields, type } of tree.topDown) if (parent && covered.has(parent.span.spanId)) covered.add(span.spanId);
	else if (fields.cost !== void 0 && type !== "llm") {
		covered.add(span.spanId);
		total = (total ?? 0) + fields.cost;
	}
	return total;
}
// src/conventions/derive/identity.ts
function readIdentity(tree, root, agents) {
	const nodes = root ? [root, ...tree.ordered] : tree.ordered;
	const find = (pick) => {
		for (const { fields } of nodes) {
			const value = pick(fields);
			if (value !== void 0) return value;
		}
	};
	const resource = resourceOf(nodes);
	const serviceVersion = textOf(resource, "service.version");
	const named = [...agents, ...tree.ordered].find(({ fields }) => fields.agent?.name !== void 0);
	return {
		service: present({
			name: textOf(resource, "service.name"),
			version: serviceVersion,
			environment: textOf(resource, "deployment.environment.name") ?? textOf(resource, "deployment.environment") ?? find((fields) => fields.environment)
		}),
		agent: present({
			name: named?.fields.agent?.name ?? find((fields) => fields.agent?.fallbackName),
			version: named?.fields.agent?.version ?? find((fields) => fields.agent?.version) ?? serviceVersion,
			id: named?.fields.agent?.id
		}),
		...present({
			sessionId: find((fields) => fields.sessionId) ?? textOf(resource, "session.id"),
			userId: find((fields) => fields.userId) ?? textOf(resource, "user.id"),
			organisationId: find((fields) => fields.organisationId),
			feature: find((fields) => fields.feature),
			outcome: find((fields) => fields.outcome)
		}),
		tags: find((fields) => fields.tags) ?? []
	};
}
function resourceOf(nodes) {
	return nodes.find(({ readable }) => readable)?.span.resource ?? {};
}
function textOf(resource, key) {
	const value = resource[key];
	return typeof value === "string" && value !== "" ? value : void 0;
}
// src/conventions/merge-fields.ts
const NESTED = new Set([
	"parameters",
	"usage",
	"prompt",
	"tool",
	"retrieval",
	"memory",
	"agent"
]);
function mergeFields(parts) {
	const [first, second] = parts;
	if (second === void 0) return first ?? {};
	const merged = { ...first };
	for (const part of parts.slice(1)) for (const key of keysOf(part)) fill(merged, part, key);
	const used = new Set(parts.flatMap((part) => [...part.used ?? []]));
	const annotations = parts.flatMap((part) => part.annotations ?? []);
	return {
		...merged,
		used,
		...annotations.length > 0 ? { annotations } : {}
	};
}
function keysOf(part) {
	return Object.keys(part);
}
function fill(target, source, key) {
	const before = target[key];
	const value = source[key];
	if (value === void 0) return;
	if (before === void 0 || isEmpty(before) && !isEmpty(value)) target[key] = value;
	else if (NESTED.has(key)) target[key] = fillMembers(before, value);
}
function fillMembers(before, value) {
	const merged = {
		...value,
		...before
	};
	for (const name in value) if (isEmpty(merged[name]) && !isEmpty(value[name])) merged[name] = value[name];
	return merged;
}
// src/conventions/derive/llm-spans.ts
const CLOCK_SLACK = 5;
function findLlmSpans(tree) {
	const outerOf = nearestAncestors(tree, (node) => node.type === "llm");
	const spans = tree.ordered.filter((node) => node.type === "llm");
	const inner = new Map();
	for (const node of spans) {
		const outer = outerOf.get(node);
		if (outer) addTo(inner, outer, node);
	}
	const duplicateOf = new Map();
	const aggregates = new Set();
	for (const [outer, nodes] of inner) {
		const same = nodes.filter((node) => isSameCall(outer, node, nodes.length === 1));
		for (const node of same) duplicateOf.set(node, outer);
		if (same.length === 0 && nodes.length > 1) aggregates.add(outer);
	}
	pairSiblings(spans, duplicateOf);
	const duplicates = new Map();
	for (const node of duplicateOf.keys()) addTo(duplicates, firstOf(node, duplicateOf), node);
	return {
		calls: spans.filter((node) => !duplicateOf.has(node) && !aggregates.has(node)).map((node) => toCall$1(node, duplicates.get(node) ?? [])),
		aggregates: [...aggregates]
	};
}
function addTo(lists, key, node) {
	const list = lists.get(key);
	if (list) list.push(node);
	else lists.set(key, [node]);
}
function firstOf(node, duplicateOf) {
	const passed = [];
	let first = node;
	for (let outer = duplicateOf.get(first); outer; outer = duplicateOf.get(first)) {
		passed.push(first);
		first = outer;
	}
	for (const on of passed) duplicateOf.set(on, first);
	return first;
}
function isSameCall(outer, inner, isOnly) {
	const [one, other] = [outer.fields.responseId, inner.fields.responseId];
	if (one !== void 0 && other !== void 0) return one === other;
	return isOnly && liesWithin(inner, outer) && isSameModel(outer.fields, inner.fields);
}
function liesWithin({ span: inner }, { span: outer }) {
	return inner.startTime >= outer.startTime - CLOCK_SLACK && (outer.endTime === 0 || inner.endTime <= outer.endTime + CLOCK_SLACK);
}
function isSameModel(one, other) {
	const names = [one.requestModel, one.responseModel].filter((name) => name !== void 0);
	const others = [other.requestModel, other.responseModel].filter((name) => name !== void 0);
	return names.length === 0 || others.length === 0 || names.some((name) => others.includes(name));
}
function pairSiblings(spans, duplicateOf) {
	const byResponse = new Map();
	for (const node of spans) {
		const { responseId } = node.fields;
		if (responseId === void 0 || duplicateOf.has(node)) continue;
		const first = byResponse.get(responseId);
		if (first && node.span.startTime < first.span.endTime) duplicateOf.set(node, first);
		else byResponse.set(responseId, node);
	}
}
function toCall$1(node, duplicates) {
	const nearestToWire = duplicates.toSorted((one, other) => other.depth - one.depth);
	const fields = mergeFields([node.fields, ...nearestToWire.map((duplicate) => duplicate.fields)]);
	const counting = nearestToWire.find((duplicate) => duplicate.fields.usage)?.fields;
	if (!counting) return {
		node,
		duplicates,
		fields
	};
	const { usage, tokensEstimated = false, tokensAdjusted = false } = counting;
	return {
		node,
		duplicates,
		fields: {
			...fields,
			usage: {
				...fields.usage,
				...usage
			},
			tokensEstimated,
			tokensAdjusted
		}
	};
}
// src/conventions/derive/memory-operations.ts
function readMemoryOperations(tree, placeOf) {
	return tree.ordered.filter((node) => node.type === "memory").map((node) => ({
		operation: node.fields.operation ?? node.span.name,
		...placeOf(node),
		...present({
			storeId: node.fields.memory?.storeId,
			query: node.fields.memory?.query,
			records: node.fields.memory?.records
		}),
		error: errorOf(node)
	}));
}
// src/conventions/derive/message-tool-calls.ts
function readMessageToolCalls(turns) {
	const calls = [];
	const byId = new Map();
	const unanswered = [];
	let answered = 0;
	for (const { message, spanId, isNew } of turns) for (const part of message.parts) if (part.type === "tool_call") {
		if (part.id !== void 0 && byId.has(part.id)) continue;
		const call = toCall(part, spanId, isNew);
		calls.push(call);
		if (part.id === void 0) unanswered.push(call);
		else byId.set(part.id, call);
	} else if (part.type === "tool_result") {
		const target = (part.id === void 0 ? void 0 : byId.get(part.id)) ?? unanswered[answered++];
		if (target && part.result !== void 0 && target.result === void 0) target.result = part.result;
	}
	return calls;
}
function toCall(part, spanId, isNew) {
	return {
		name: part.name,
		spanId,
		isNew,
		...part.id === void 0 ? {} : { callId: part.id },
		...part.arguments === void 0 ? {} : { arguments: part.arguments }
	};
}
// src/conventions/derive/broken-context.ts
function findCutOff(tree) {
	const [first] = tree.tops;
	return tree.tops.filter((node) => {
		const { parentSpanId } = node.span;
		if (isMcpServer(node) && parentSpanId === null) return true;
		const isBeside = parentSpanId !== null && parentSpanId === first?.span.parentSpanId;
		return node.type === "agent" && node !== first && !isBeside;
	});
}
function isMcpServer({ span, readable }) {
	return readable && span.kind === "server" && typeof span.attributes["mcp.method.name"] === "string";
}
function findUnseenAgents(tree) {
	return tree.ordered.filter((node) => node.type === "agent" && node.span.kind === "client" && node.children.length === 0 && node.fields.operation !== "create_agent" && errorOf(node) === null);
}
const HAND_OFFS = new Set(["transfer_to_agent", "handoff_to_agent"]);
function findLostHandOffs(tree, calls) {
	const handed = calls.filter((call) => HAND_OFFS.has(call.name) && call.error === null);
	if (handed.length === 0) return [];
	const seen = new Set(tree.ordered.flatMap(({ fields }) => fields.agent?.name ?? fields.agent?.fallbackName ?? []));
	return handed.flatMap((call) => {
		const agent = isObject(call.arguments) ? textAt(call.arguments, "agent_name", "agentName") : void 0;
		const spanId = call.spanId ?? call.parentSpanId;
		return agent === void 0 || spanId === null || seen.has(agent) ? [] : [{
			spanId,
			agent
		}];
	});
}
// src/conventions/derive/counted-calls.ts
const ESTIMATES_STREAMS = "@traceloop/instrumentation-openai";
function findEstimated(calls) {
	const isEstimating = (call) => call.duplicates.length === 0 && call.node.span.scope.name === ESTIMATES_STREAMS;
	const streams = calls.some((call) => isEstimating(call) && isUncounted(call));
	return calls.filter((call) => call.fields.tokensEstimated || streams && isEstimating(call) && !isUncounted(call));
}
function findUncounted(calls) {
	const uncounted = calls.filter(isUncounted);
	return calls.some(({ fields }) => isCounted(fields.usage)) ? uncounted : [];
}
function isUncounted({ node, fields }) {
	return !isCounted(fields.usage) && errorOf(node) === null;
}
function isCounted(usage) {
	return usage?.inputTokens !== void 0 || usage?.outputTokens !== void 0;
}
// src/conventions/derive/quality.ts
const SKEW_LIMIT = 100;
function assessQuality(trace, sources) {
	return {
		dialects: [...new Set(sources.tree.ordered.flatMap((node) => node.dialects))].sort(),
		missing: missingFields(trace),
		issues: [...findIssues(sources), ...findContextIssues(trace, sources)]
	};
}
function missingFields(trace) {
	const { llmCalls, toolCalls } = trace;
	const called = llmCalls.length > 0;
	const used = toolCalls.length > 0;
	return [
		["input", trace.input !== void 0],
		["output", trace.output !== void 0],
		["systemInstructions", trace.systemInstructions !== void 0],
		["messages", trace.messages.length > 0],
		["llmCalls", called],
		["llmCalls.model", !called || llmCalls.some((call) => call.model !== void 0)],
		["llmCalls.input", !called || llmCalls.some((call) => call.input !== void 0)],
		["llmCalls.output", !called || llmCalls.some((call) => call.output !== void 0)],
		["llmCalls.finishReason", !called || llmCalls.some((call) => call.finishReason !== void 0)],
		["toolDefinitions", trace.toolDefinitions.length > 0],
		["toolCalls.arguments", !used || toolCalls.some((call) => call.arguments !== void 0)],
		["toolCalls.result", !used || toolCalls.some((call) => call.result !== void 0)],
		["usage", Object.keys(trace.usage).length > 0],
		["cost", trace.cost.usd !== void 0],
		["sessionId", trace.sessionId !== void 0],
		["userId", trace.userId !== void 0],
		["agent.name", trace.agent.name !== void 0],
		["agent.version", trace.agent.version !== void 0]
	].flatMap(([name, isThere]) => isThere ? [] : [name]);
}
function findIssues({ tree, llm, usageAggregates }) {
	const { ordered, roots, orphans, cyclic } = tree;
	const duplicated = llm.calls.filter((call) => call.duplicates.length > 0);
	return [
		roots.length === 0 ? issue("rootless", "No root span arrived", tree.tops) : null,
		roots.length > 1 ? issue("several-roots", "Several spans name no parent", roots) : null,
		issue("parent-missing", "The parent of these spans never arrived", orphans),
		issue("parent-cycle", "These spans are their own ancestors", cyclic),
		issue("unended-span", "These spans have no end time", ordered.filter(({ span }) => span.endTime === 0)),
		issue("clock-skew", "These spans end before they start or start before their parent", ordered.filter(isSkewed)),
		issue("attributes-dropped", "The sender threw attributes away (raise its attribute limit)", ordered.filter(({ span }) => span.droppedAttributes > 0)),
		issue("attributes-unreadable", "The attributes of these spans could not be decoded", ordered.filter((node) => !node.readable)),
		issue("duplicate-llm-span", "Two instrumentations recorded the same model calls; each is counted once", duplicated.flatMap((call) => [call.node, ...call.duplicates])),
		issue("aggregate-usage", "Usage is a sum that these spans report, not the figures of single calls", [...usageAggregates, ...llm.aggregates]),
		issue("estimated-tokens", "Token counts of these calls come from a tokenizer, not from the provider", findEstimated(llm.calls).map((call) => call.node)),
		issue("adjusted-tokens", "Token counts of these calls left cache or reasoning tokens out; those were added", llm.calls.filter((call) => call.fields.tokensAdjusted).map((call) => call.node)),
		issue("partial-usage", "These calls record no token counts although others do, so the sums are too low", findUncounted(llm.calls).map((call) => call.node)),
		issue("content-cut", "The sender cut the messages it recorded", ordered.filter(({ fields }) => fields.contentCut))
	].filter((entry) => entry !== null);
}
function findContextIssues({ toolCalls }, { tree, leftOut }) {
	const lost = findLostHandOffs(tree, toolCalls);
	const agents = [...new Set(lost.map(({ agent }) => agent))].join(", ");
	return [
		issue("joined-spans", "Links, MCP requests or call ids say where these spans belong", tree.joined),
		issue("broken-context", "These MCP servers and agents stand apart from the run that called them", findCutOff(tree)),
		issue("remote-agent-unseen", "No span came from inside these remote agents", findUnseenAgents(tree)),
		lost.length === 0 ? null : {
			code: "lost-hand-off",
			message: `The run was handed to agents of which no span arrived: ${agents}.`,
			spanIds: lost.map(({ spanId }) => spanId)
		},
		issue("placeholders-left-out", "Placeholders and streaming chunks are left out", leftOut)
	].filter((entry) => entry !== null);
}
function isSkewed({ span, parent }) {
	return span.endTime > 0 && span.endTime < span.startTime || parent !== null && span.startTime < parent.span.startTime - SKEW_LIMIT;
}
function issue(code, message, nodes) {
	if (nodes.length === 0) return null;
	return {
		code,
		message: `${message}: ${nodes.length}.`,
		spanIds: nodes.map((node) => node.span.spanId)
	};
}
// src/conventions/derive/rationales.ts
function readRationales(tree, calls) {
	const outputs = new Map(calls.map((call) => [call.spanId, call.output]));
	const rationales = [];
	for (const { span, fields, type } of tree.ordered) {
		const { spanId } = span;
		if (fields.rationale) rationales.push({
			spanId,
			text: fields.rationale
		});
		for (const { parts } of outputs.get(spanId) ?? []) for (const part of parts) if (part.type === "reasoning" && part.content) rationales.push({
			spanId,
			text: part.content
		});
		const plan = type === "plan" ? outputText(fields) : void 0;
		if (plan) rationales.push({
			spanId,
			text: plan
		});
	}
	return rationales;
}
// src/conventions/derive/resolve-placeholders.ts
function resolvePlaceholders(spans) {
	const placeholders = spans.filter((read) => isPending(read) || isChunk(read)).sort(byStart);
	if (placeholders.length === 0) return {
		spans,
		leftOut: []
	};
	const known = new Set(spans.map(({ span }) => span.spanId));
	const parents = new Set(spans.map(({ span }) => span.parentSpanId));
	const leftOut = new Set();
	const standIns = [];
	for (const read of placeholders) {
		if (isChunk(read) && parents.has(read.span.spanId)) continue;
		leftOut.add(read);
		const standIn = isPending(read) ? standInFor(read.span) : null;
		if (!standIn || known.has(standIn.spanId)) continue;
		known.add(standIn.spanId);
		leftOut.delete(read);
		standIns.push({
			...read,
			span: standIn
		});
	}
	const kept = [...spans.filter((read) => !leftOut.has(read) && !isPending(read)), ...standIns];
	return kept.length > 0 ? {
		spans: kept,
		leftOut: [...leftOut]
	} : {
		spans,
		leftOut: []
	};
}
function byStart({ span: one }, { span: other }) {
	return one.startTime - other.startTime || (one.spanId < other.spanId ? -1 : 1);
}
function isPending({ span, readable }) {
	return readable && span.attributes["logfire.span_type"] === "pending_span";
}
function isChunk({ span, readable }) {
	return readable && span.attributes["mastra.span.type"] === "model_chunk";
}
function standInFor(span) {
	if (span.parentSpanId === null) return null;
	const parent = span.attributes["logfire.pending_parent_id"];
	const { traceId, kind, startTime, flags, attributes, events, links, resource, scope } = span;
	return {
		traceId,
		spanId: span.parentSpanId,
		parentSpanId: typeof parent === "string" && /[1-9a-f]/i.test(parent) ? parent.toLowerCase() : null,
		name: span.name.replace(/ \(pending\)$/, ""),
		kind,
		startTime,
		endTime: 0,
		status: { code: "unset" },
		flags,
		attributes,
		events,
		links,
		droppedAttributes: span.droppedAttributes,
		resource,
		scope
	};
}
// src/conventions/derive/retrievals.ts
function readRetrievals(tree, placeOf) {
	return tree.ordered.filter((node) => node.type === "retrieval").map((node) => ({
		...placeOf(node),
		...present({
			query: node.fields.retrieval?.query,
			documents: node.fields.retrieval?.documents
		}),
		error: errorOf(node)
	}));
}
// src/conventions/derive/tool-calls.ts
function readToolCalls(tree, fromMessages, llmCalls, placeOf) {
	const matches = new MatchableCalls(fromMessages);
	const spans = toolSpans(tree);
	const byId = spans.map(({ fields }) => matches.takeById(fields.tool?.callId));
	const sorted = spans.map((span, index) => {
		const match = byId[index] ?? matches.takeByName(span.fields.tool, span.node.span.name);
		return {
			at: span.node.span.startTime,
			call: toToolCall(span, match, placeOf(span.node))
		};
	});
	const callers = new Map(llmCalls.map((call) => [call.spanId, call]));
	for (const rest of matches.untaken()) {
		if (!rest.isNew) continue;
		const caller = callers.get(rest.spanId);
		sorted.push({
			at: caller?.endTime ?? caller?.startTime ?? 0,
			call: withoutSpan(rest, caller)
		});
	}
	return sorted.sort((one, other) => one.at - other.at || rankOf(one.call) - rankOf(other.call)).map(({ call }) => call);
}
function rankOf(call) {
	return call.spanId === null ? 0 : 1;
}
function toolSpans(tree) {
	const outerOf = nearestAncestors(tree, (node) => node.type === "tool");
	const inner = new Map();
	const tools = tree.ordered.filter((node) => node.type === "tool");
	const outermost = new Map();
	for (const node of tree.topDown) {
		if (node.type !== "tool") continue;
		const outer = outerOf.get(node);
		if (!outer || !isSameTool(outer.fields, node.fields)) continue;
		const first = outermost.get(outer) ?? outer;
		outermost.set(node, first);
		const list = inner.get(first);
		if (list) list.push(node);
		else inner.set(first, [node]);
	}
	return tools.filter((node) => !outermost.has(node)).map((node) => {
		const below = inner.get(node) ?? [];
		return {
			node,
			inner: below,
			fields: mergeFields([node.fields, ...below.map(({ fields }) => fields)])
		};
	});
}
function isSameTool({ tool: outer }, { tool: inner }) {
	if (outer?.callId !== void 0 && inner?.callId !== void 0) return outer.callId === inner.callId;
	return outer?.name !== void 0 && outer.name === inner?.name;
}
function toToolCall({ node, inner, fields }, match, place) {
	const error = errorOf(node) ?? inner.map(errorOf).find((found) => found !== null) ?? null;
	const recorded = fields.tool?.result;
	return {
		name: fields.tool?.name ?? match?.name ?? node.span.name,
		...place,
		...present({
			callId: fields.tool?.callId ?? match?.callId,
			arguments: namedArguments(fields.tool?.arguments, match?.arguments),
			result: recorded === void 0 ? match?.result : recorded
		}),
		error
	};
}
function namedArguments(recorded, asked) {
	if (recorded === void 0 || recorded === "") return asked ?? recorded;
	if (isObject(recorded) || !isObject(asked)) return recorded;
	const values = Object.values(asked);
	return values.length === 1 && stableJson(values[0]) === stableJson(recorded) ? asked : recorded;
}
function withoutSpan(call, caller) {
	return {
		name: call.name,
		spanId: null,
		parentSpanId: call.spanId,
		...present({
			agent: caller?.agent,
			callId: call.callId,
			arguments: call.arguments,
			result: call.result
		}),
		error: null
	};
}
var MatchableCalls = class {
	calls;
	taken = new Set();
	byId;
	queues;
	constructor(calls) {
		this.calls = calls;
		this.byId = new Map(calls.flatMap((call) => call.callId === void 0 ? [] : [[call.callId, call]]));
	}
	takeById(callId) {
		const call = callId === void 0 ? void 0 : this.byId.get(callId);
		if (call) this.taken.add(call);
		return call;
	}
	takeByName(tool, spanName) {
		const name = tool?.name ?? spanName;
		const hasOtherId = tool?.callId !== void 0;
		this.queues ??= queuesOf(this.calls);
		const { byArguments, byName } = this.queues;
		const call = this.takeFrom(byArguments.get(keyOf(name, tool?.arguments)), hasOtherId) ?? this.takeFrom(byName.get(name), hasOtherId);
		if (call) this.taken.add(call);
		return call;
	}
	untaken() {
		return this.calls.filter((call) => !this.taken.has(call));
	}
	takeFrom(queued, hasOtherId) {
		for (let call = queued?.at(-1); call; call = queued?.at(-1)) {
			if (hasOtherId && call.callId !== void 0) return void 0;
			queued?.pop();
			if (!this.taken.has(call)) return call;
		}
	}
};
function keyOf(name, value) {
	return `${name} ${stableJson(value ?? null)}`;
}
function queuesOf(calls) {
	const queues = {
		byArguments: new Map(),
		byName: new Map()
	};
	for (const call of calls.toReversed()) {
		if (!call.isNew) continue;
		queue(queues.byName, call.name, call);
		queue(queues.byArguments, keyOf(call.name, call.arguments), call);
	}
	return queues;
}
function queue(queues, key, call) {
	const calls = queues.get(key);
	if (calls) calls.push(call);
	else queues.set(key, [call]);
}
// src/conventions/derive/tool-definitions.ts
function readTraceToolDefinitions(tree) {
	const byName = new Map();
	const seen = new Set();
	for (const { fields } of tree.ordered) {
		const { toolDefinitions } = fields;
		if (toolDefinitions === void 0 || seen.has(toolDefinitions)) continue;
		seen.add(toolDefinitions);
		for (const definition of toolDefinitions) byName.set(definition.name, {
			...definition,
			...byName.get(definition.name)
		});
	}
	return [...byName.values()];
}
// src/conventions/derive/top-agents.ts
function findRoot(tree) {
	return tree.ordered.find((node) => node.fields.isRoot) ?? tree.roots[0] ?? null;
}
function spokesmen(tree, root) {
	const below = new Set();
	const agents = [];
	for (const node of tree.topDown) {
		if (node === root) continue;
		if (node.parent && below.has(node.parent)) below.add(node);
		else if (node.type === "agent") {
			below.add(node);
			agents.push(node);
		}
	}
	agents.sort((one, other) => one.span.startTime - other.span.startTime);
	return root ? [root, ...agents] : agents;
}
// src/conventions/derive/trace-spans.ts
function toTraceSpans(tree) {
	return tree.ordered.map((node) => {
		const { span, type, unread } = node;
		return {
			spanId: span.spanId,
			parentSpanId: parentIdOf(node),
			name: span.name,
			kind: span.kind,
			type,
			startTime: span.startTime,
			endTime: span.endTime,
			durationMs: durationOf(span.startTime, span.endTime),
			status: span.status,
			scope: span.scope.name,
			attributes: unread
		};
	});
}
function readAnnotations(tree) {
	return tree.ordered.flatMap(({ span, fields }) => fields.annotations?.map((annotation) => ({
		spanId: span.spanId,
		...annotation
	})) ?? []);
}
// src/conventions/derive/unique-spans.ts
function uniqueSpans(spans) {
	const kept = new Map();
	for (const span of spans) {
		const before = kept.get(span.spanId);
		if (!before || isFuller(span, before)) kept.set(span.spanId, span);
	}
	return kept.size === spans.length ? spans : [...kept.values()];
}
function isFuller(span, before) {
	if (span.endTime !== before.endTime) return span.endTime > before.endTime;
	return weightOf(span) > weightOf(before);
}
function weightOf(span) {
	try {
		return Object.keys(span.attributes).length + span.events.length;
	} catch {
		return -1;
	}
}
// src/conventions/derive/usage.ts
function totalUsage(tree, calls) {
	if (calls.length > 0) return {
		usage: sumUsage(calls.map((call) => call.usage)),
		aggregates: []
	};
	const covered = new Set();
	const aggregates = [];
	for (const node of tree.topDown) if (node.parent && covered.has(node.parent)) covered.add(node);
	else if (node.fields.usage && node.type !== "embedding") {
		covered.add(node);
		aggregates.push(node);
	}
	return {
		usage: sumUsage(aggregates.map((node) => node.fields.usage ?? {})),
		aggregates
	};
}
// src/conventions/choose-dialects.ts
const MAX_SHAPES = 32;
const MAX_NAMES = 256;
const shapes = new WeakMap();
function chooseDialects(span, names, list) {
	const known = shapes.get(list) ?? [];
	const scope = span.scope.name;
	for (const shape of known) if (shape.scope === scope && isSame(shape.names, names)) return shape.dialects;
	const chosen = list.filter(({ prefixes, owns }) => !prefixes || owns?.(span) || prefixes.some((prefix) => names.some((name) => name.startsWith(prefix))));
	if (names.length <= MAX_NAMES) shapes.set(list, [{
		scope,
		names,
		dialects: chosen
	}, ...known].slice(0, MAX_SHAPES));
	return chosen;
}
function isSame(one, other) {
	return one.length === other.length && one.every((name, index) => name === other[index]);
}
// src/conventions/read-fields.ts
function readFields(span, scope, list = dialects) {
	if (!isReadable(span)) return {
		span,
		type: "other",
		fields: {},
		unread: {},
		dialects: [],
		readable: false
	};
	const found = [];
	const names = Object.keys(span.attributes);
	for (const dialect of chooseDialects(span, names, list)) {
		const fields = dialect.read(span, scope);
		if (fields) found.push({
			dialect,
			fields
		});
	}
	if (found.length > 1) found.sort((one, other) => Number(owns(other.dialect, span)) - Number(owns(one.dialect, span)));
	const fields = mergeFields(found.map((reading) => reading.fields));
	return {
		span,
		type: found.find(({ dialect, fields }) => dialect.saysTypes && fields.type !== void 0)?.fields.type ?? fields.type ?? "other",
		fields,
		unread: unreadOf(span.attributes, names, fields.used),
		dialects: namesOf(found),
		readable: true
	};
}
function namesOf(found) {
	if (found.length <= 1) return found.map(({ dialect }) => dialect.name);
	const seen = new Set();
	return found.flatMap(({ dialect, fields }) => {
		const before = seen.size;
		for (const key of fields.used ?? []) seen.add(key);
		return seen.size > before || !fields.used?.size ? [dialect.name] : [];
	});
}
function owns(dialect, span) {
	return dialect.owns?.(span) ?? false;
}
function isReadable(span) {
	try {
		const { attributes, events, links, resource } = span;
		return Boolean(attributes && events && links && resource);
	} catch (error) {
		if (error instanceof TracegateError && error.code === "bad-input") return false;
		throw error;
	}
}
function unreadOf(attributes, names, used) {
	const unread = {};
	for (const key of names) {
		const value = used?.has(key) ? void 0 : attributes[key];
		if (value === void 0) continue;
		if (key === "__proto__") Object.defineProperty(unread, key, {
			value,
			enumerable: true
		});
		else unread[key] = value;
	}
	return unread;
}
// src/conventions/messages/ai-sdk-shape.ts
const aiSdkShape = {
	name: "ai-sdk",
	part(value) {
		switch (value.type) {
			case "tool-call": return toolCall(textAt(value, "toolName") ?? "", textAt(value, "toolCallId"), value.args ?? value.input);
			case "tool-result": return toolResult$1(textAt(value, "toolCallId"), textAt(value, "toolName"), outputValue(value.output) ?? value.result);
			case "file":
			case "image": {
				const mimeType = textAt(value, "mediaType", "mimeType");
				return mimeType === void 0 ? void 0 : {
					type: "media",
					modality: mimeType.split("/")[0] ?? "other",
					mimeType
				};
			}
			default: return;
		}
	}
};
function outputValue(output) {
	return isObject(output) && "type" in output && "value" in output ? output.value : output;
}
// src/conventions/messages/anthropic-shape.ts
const anthropicShape = {
	name: "anthropic",
	part(value) {
		switch (value.type) {
			case "thinking": return {
				type: "reasoning",
				content: textAt(value, "thinking") ?? ""
			};
			case "redacted_thinking": return {
				type: "reasoning",
				content: ""
			};
			case "tool_use":
			case "server_tool_use": return toolCall(textAt(value, "name") ?? "", textAt(value, "id"), value.input);
			case "tool_result": return toolResult$1(textAt(value, "tool_use_id"), void 0, value.content ?? null);
			case "image":
			case "document": {
				const source = value.source;
				if (!isObject(source)) return void 0;
				const mimeType = textAt(source, "media_type");
				const uri = textAt(source, "url", "file_id");
				return {
					type: "media",
					modality: value.type,
					...mimeType ? { mimeType } : {},
					...uri ? { uri } : {}
				};
			}
			default: return;
		}
	}
};
// src/conventions/messages/bedrock-shape.ts
const bedrockShape = {
	name: "bedrock",
	part(value) {
		if (value.type === "toolUse" || isObject(value.toolUse)) {
			const call = isObject(value.toolUse) ? value.toolUse : value;
			return toolCall(textAt(call, "name") ?? "", textAt(call, "toolUseId"), call.input);
		}
		if (value.type === "toolResult" || isObject(value.toolResult)) {
			const result = isObject(value.toolResult) ? value.toolResult : value;
			return toolResult$1(textAt(result, "toolUseId"), void 0, result.content);
		}
		const reasoning = value.reasoningContent;
		if (isObject(reasoning)) {
			const inner = isObject(reasoning.reasoningText) ? reasoning.reasoningText : reasoning;
			return {
				type: "reasoning",
				content: textAt(inner, "text") ?? ""
			};
		}
	}
};
// src/conventions/messages/gemini-shape.ts
const geminiShape = {
	name: "gemini",
	part(value) {
		const call = value.functionCall ?? value.function_call;
		if (isObject(call)) return toolCall(textAt(call, "name") ?? "", textAt(call, "id"), call.args);
		const response = value.functionResponse ?? value.function_response;
		if (isObject(response)) return toolResult$1(textAt(response, "id"), textAt(response, "name"), response.response);
		const data = value.inlineData ?? value.inline_data ?? value.fileData ?? value.file_data;
		if (isObject(data)) {
			const mimeType = textAt(data, "mimeType", "mime_type");
			const uri = textAt(data, "fileUri", "file_uri");
			return {
				type: "media",
				modality: mimeType?.split("/")[0] ?? "other",
				...mimeType ? { mimeType } : {},
				...uri ? { uri } : {}
			};
		}
		const text = textAt(value, "text");
		if (text === void 0 || "type" in value) return void 0;
		return value.thought === true ? {
			type: "reasoning",
			content: text
		} : {
			type: "text",
			content: text
		};
	}
};
// src/conventions/messages/genai-shape.ts
const genaiShape = {
	name: "genai",
	message(value, read) {
		if (!Array.isArray(value.parts)) return void 0;
		const role = textAt(value, "role");
		const name = textAt(value, "name");
		const finishReason = readFinishReason(value.finish_reason);
		return {
			...role ? { role } : {},
			parts: read(value.parts),
			...name ? { name } : {},
			...finishReason ? { finishReason } : {}
		};
	},
	part: readPart$1
};
function readPart$1(value) {
	switch (value.type) {
		case "text": return {
			type: "text",
			content: textAt(value, "content", "text") ?? ""
		};
		case "reasoning": return "summary" in value ? void 0 : {
			type: "reasoning",
			content: textAt(value, "content", "text") ?? ""
		};
		case "thinking": return "content" in value ? {
			type: "reasoning",
			content: textAt(value, "content") ?? ""
		} : void 0;
		case "tool_call": return toolCall(textAt(value, "name") ?? "", textAt(value, "call_id", "id"), value.arguments);
		case "tool_call_response": return toolResult$1(textAt(value, "call_id", "id"), textAt(value, "name"), value.response ?? value.result);
		case "server_tool_call": return toolCall(textAt(value, "name") ?? "", textAt(value, "id"), value.server_tool_call);
		case "server_tool_call_response": return toolResult$1(textAt(value, "id"), void 0, value.server_tool_call_response);
		case "blob":
		case "file":
		case "uri": return "modality" in value ? readMedia(value) : void 0;
		default: return;
	}
}
function readMedia(value) {
	const mimeType = textAt(value, "mime_type");
	const uri = textAt(value, "uri", "file_id");
	return {
		type: "media",
		modality: textAt(value, "modality") ?? "other",
		...mimeType ? { mimeType } : {},
		...uri ? { uri } : {}
	};
}
// src/conventions/messages/genkit-shape.ts
const genkitShape = {
	name: "genkit",
	part(value) {
		const { toolRequest: call, toolResponse: result, media, reasoning } = value;
		if (isObject(call)) return toolCall(textAt(call, "name") ?? "", textAt(call, "ref"), call.input);
		if (isObject(result)) return toolResult$1(textAt(result, "ref"), textAt(result, "name"), result.output);
		if (isObject(media) && "url" in media) {
			const mimeType = textAt(media, "contentType");
			const uri = textAt(media, "url");
			return {
				type: "media",
				modality: mimeType?.split("/")[0] ?? "other",
				...mimeType ? { mimeType } : {},
				...uri && !uri.startsWith("data:") ? { uri } : {}
			};
		}
		if (typeof reasoning === "string" && !("type" in value)) return {
			type: "reasoning",
			content: reasoning
		};
	}
};
// src/conventions/messages/openai-chat-shape.ts
const openaiChatShape = {
	name: "openai-chat",
	message(value, read) {
		if (isObject(value.message) && !("role" in value)) {
			const inner = readMessage$1(value.message, read);
			const finishReason = readFinishReason(value.finish_reason);
			return inner && finishReason ? {
				...inner,
				finishReason
			} : inner;
		}
		return readMessage$1(value, read);
	},
	part(value) {
		if (value.type === "image_url") {
			const image = value.image_url;
			return media("image", isObject(image) ? textAt(image, "url") : textAt(value, "image_url"));
		}
		if (value.type === "input_audio") return media("audio", void 0);
		if (value.type === "refusal") return {
			type: "text",
			content: textAt(value, "refusal") ?? ""
		};
	}
};
function readMessage$1(value, read) {
	const role = textAt(value, "role");
	const calls = value.tool_calls;
	if (role === void 0 && !Array.isArray(calls)) return void 0;
	if (!("content" in value) && !Array.isArray(calls) && !("function_call" in value)) return role !== void 0 && Object.keys(value).length <= 2 ? {
		role,
		parts: []
	} : void 0;
	const name = textAt(value, "name");
	const callId = textAt(value, "tool_call_id");
	const isResult = callId !== void 0 || role === "tool" || role === "function";
	const content = value.content;
	const finishReason = readFinishReason(value.finish_reason);
	const reasoning = textAt(value, "reasoning_content", "reasoning");
	return {
		...role ? { role: isResult ? "tool" : role } : {},
		parts: [
			...reasoning ? [{
				type: "reasoning",
				content: reasoning
			}] : [],
			...isResult ? resultParts(content, callId, name, read) : read(content),
			...Array.isArray(calls) ? calls.flatMap(readCall) : [],
			...readCall(value.function_call)
		],
		...name && !isResult ? { name } : {},
		...finishReason ? { finishReason } : {}
	};
}
function resultParts(content, callId, name, read) {
	const parts = Array.isArray(content) ? read(content) : [];
	if (parts.length > 0 && parts.every((part) => part.type === "tool_result")) return parts;
	return [toolResult$1(callId, name, content)];
}
function readCall(value) {
	if (!isObject(value)) return [];
	const called = isObject(value.function) ? value.function : value;
	const name = textAt(called, "name");
	if (name === void 0) return [];
	return [toolCall(name, textAt(value, "id"), called.arguments ?? called.args ?? called.input)];
}
function media(modality, uri) {
	return {
		type: "media",
		modality,
		...uri && !uri.startsWith("data:") ? { uri } : {}
	};
}
// src/conventions/messages/openai-responses-shape.ts
const openaiResponsesShape = {
	name: "openai-responses",
	message(value, read) {
		switch (value.type) {
			case "message": {
				const role = textAt(value, "role") ?? "assistant";
				return {
					role,
					parts: read(value.content),
					joins: role === "assistant"
				};
			}
			case "function_call": return {
				role: "assistant",
				parts: [toolCall(textAt(value, "name") ?? "", textAt(value, "call_id", "callId", "id"), value.arguments)],
				joins: true
			};
			case "function_call_output":
			case "function_call_result": return {
				role: "tool",
				parts: [toolResult$1(textAt(value, "call_id", "callId"), textAt(value, "name"), outputOf(value.output))],
				joins: true
			};
			case "reasoning": return "summary" in value || Array.isArray(value.content) ? {
				role: "assistant",
				parts: reasoning(value),
				joins: true
			} : void 0;
			default: return;
		}
	},
	part(value) {
		if (value.type === "input_text" || value.type === "output_text") return {
			type: "text",
			content: textAt(value, "text") ?? ""
		};
		if (value.type === "input_image") return {
			type: "media",
			modality: "image"
		};
	}
};
function outputOf(output) {
	return isObject(output) && output.type === "text" && typeof output.text === "string" ? output.text : output;
}
function reasoning(value) {
	return [value.summary, value.content].flatMap((list) => Array.isArray(list) ? list : []).flatMap((piece) => {
		const content = isObject(piece) ? textAt(piece, "text") : void 0;
		return content === void 0 ? [] : [{
			type: "reasoning",
			content
		}];
	});
}
// src/conventions/messages/index.ts
const messageShapes = [
	langchainShape,
	langchainDumpShape,
	genaiShape,
	openaiResponsesShape,
	anthropicShape,
	aiSdkShape,
	bedrockShape,
	genkitShape,
	geminiShape,
	openaiChatShape
];
// src/conventions/messages/read-message.ts
function readMessage(value) {
	if (typeof value === "string") return { parts: [{
		type: "text",
		content: value
	}] };
	if (!isObject(value)) return { parts: value === null ? [] : [{
		type: "other",
		value
	}] };
	for (const { message } of messageShapes) {
		const draft = message?.(value, readParts);
		if (draft) return draft;
	}
	const role = value.role;
	return {
		parts: [readPart(value)],
		joins: true,
		...typeof role === "string" ? { role } : {}
	};
}
function readParts(content) {
	if (content === void 0 || content === null || content === "") return [];
	if (typeof content === "string") return readText(content);
	if (Array.isArray(content)) return content.flatMap((item) => readItem(item));
	return isObject(content) ? [readPart(content)] : [{
		type: "text",
		content: String(content)
	}];
}
function readText(content) {
	const plain = {
		type: "text",
		content
	};
	if (!content.startsWith("[{")) return [plain];
	const unpacked = unpackJson(content, 1);
	if (!Array.isArray(unpacked)) return [plain];
	const parts = unpacked.flatMap((item) => readItem(item));
	return parts.some((part) => part.type === "other") ? [plain] : parts;
}
function readItem(item) {
	if (typeof item === "string") return [{
		type: "text",
		content: item
	}];
	if (isObject(item)) return [readPart(item)];
	return item === null ? [] : [{
		type: "other",
		value: item
	}];
}
function readPart(value) {
	for (const { part } of messageShapes) {
		const found = part?.(value);
		if (found) return found;
	}
	return {
		type: "other",
		value
	};
}
// src/conventions/messages/recent-lists.ts
const MAX_RECENT$1 = 8;
const COMMA$1 = 44;
const CLOSING_BRACKET = 93;
var RecentLists = class {
	lists = [];
	equalTo(text) {
		return this.lists.find((list) => list.text.equals(text));
	}
	begunIn(text) {
		return this.lists.find(({ text: earlier, bodySize }) => bodySize > 0 && text.byteAt(skipSpace$1(text, bodySize)) === COMMA$1 && text.startsWith(earlier, bodySize));
	}
	add(list, replaced) {
		const others = this.lists.filter((other) => other !== replaced);
		this.lists = [list, ...others].slice(0, MAX_RECENT$1);
	}
};
function bodySizeOf(text) {
	const bracket = endOfText(text, text.size) - 1;
	return text.byteAt(bracket) === CLOSING_BRACKET ? endOfText(text, bracket) : 0;
}
function endOfText(text, end) {
	let index = end;
	while (index > 0 && (text.byteAt(index - 1) ?? 0) <= 32) index -= 1;
	return index;
}
function skipSpace$1(text, from) {
	let index = from;
	while ((text.byteAt(index) ?? COMMA$1) <= 32) index += 1;
	return index;
}
// src/core/json-strings.ts
function endOfJsonString(text, from) {
	let quote = text.indexOf("\"", from);
	while (quote >= 0) {
		let backslashes = 0;
		while (quote - backslashes > from && text.charCodeAt(quote - backslashes - 1) === 92) backslashes += 1;
		if (backslashes % 2 === 0) return quote;
		quote = text.indexOf("\"", quote + 1);
	}
	return -1;
}
// src/conventions/messages/split-array.ts
const QUOTE = 34;
const COMMA = 44;
function splitArray(text) {
	const from = skipSpace(text, 0);
	const items = [];
	const isWhole = text[from] === "[";
	if (!isWhole && text[from] !== ",") return null;
	let index = from + 1;
	let start = index;
	let depth = 1;
	for (; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code === QUOTE) {
			index = endOfJsonString(text, index + 1);
			if (index < 0) return null;
		} else if (code === 91 || code === 123) depth += 1;
		else if (code === 93 || code === 125) {
			depth -= 1;
			if (depth === 0) break;
		} else if (code === COMMA && depth === 1) {
			items.push(text.slice(start, index).trim());
			start = index + 1;
		}
	}
	if (text[index] !== "]" || skipSpace(text, index + 1) !== text.length) return null;
	const last = text.slice(start, index).trim();
	if (last !== "" || items.length > 0 || !isWhole) items.push(last);
	return items;
}
function skipSpace(text, from) {
	let index = from;
	while (index < text.length && text.charCodeAt(index) <= 32) index += 1;
	return index;
}
// src/conventions/messages/text-map.ts
var TextMap = class {
	buckets = new Map();
	get(text) {
		const bucket = this.buckets.get(sketchOf(text));
		return bucket?.text === text ? bucket.value : bucket?.others?.get(text);
	}
	add(text, value) {
		const sketch = sketchOf(text);
		const bucket = this.buckets.get(sketch);
		if (!bucket) this.buckets.set(sketch, {
			text,
			value,
			others: void 0
		});
		else {
			bucket.others ??= new Map();
			bucket.others.set(text, value);
		}
	}
};
function sketchOf(text) {
	return `${text.length} ${text.slice(-24)}`;
}
// src/conventions/messages/message-reader.ts
const MAX_LIST_DEPTH = 4;
var MessageReader = class {
	drafts = new TextMap();
	plain = new Map();
	recent = new RecentLists();
	settled = new Map();
	read(value, defaultRole) {
		if (value === void 0) return void 0;
		if (value instanceof LongText) return this.readLong(value, defaultRole);
		if (typeof value === "string" && value.length >= 1024 && value.isWellFormed()) return this.readLong(LongText.of(value), defaultRole);
		return this.join(this.draftsOf(value, 0), defaultRole);
	}
	readLong(text, defaultRole) {
		const same = this.recent.equalTo(text);
		if (same?.defaultRole === defaultRole) {
			this.recent.add(same, same);
			return same.messages;
		}
		const earlier = same ? void 0 : this.recent.begunIn(text);
		const added = earlier && this.draftsOfItems(text.textFrom(earlier.bodySize), 0);
		if (earlier && added) return this.goOn(earlier, added, text, defaultRole);
		const listed = same || !isOpened(text.toString()) ? null : this.draftsOfItems(text.toString(), 0);
		const drafts = same?.drafts ?? listed ?? this.draftsOfText(text.toString(), 0);
		const messages = this.join(drafts, defaultRole);
		const bodySize = same?.bodySize ?? (listed && listed.length > 0 ? bodySizeOf(text) : 0);
		this.recent.add({
			text,
			bodySize,
			drafts,
			defaultRole,
			messages
		}, same);
		return messages;
	}
	goOn(earlier, added, text, defaultRole) {
		const drafts = [...earlier.drafts, ...added];
		const messages = earlier.defaultRole === defaultRole && !earlier.drafts.at(-1)?.joins ? [...earlier.messages, ...this.join(added, defaultRole)] : this.join(drafts, defaultRole);
		this.recent.add({
			text,
			bodySize: bodySizeOf(text),
			drafts,
			defaultRole,
			messages
		}, earlier);
		return messages;
	}
	draftsOf(value, depth) {
		if (value === null || value === "" || value === "null") return [];
		if (typeof value === "string") return this.draftsOfText(value, depth);
		if (Array.isArray(value)) return depth > MAX_LIST_DEPTH ? [readMessage(value)] : value.flatMap((item) => this.draftsOfItem(JSON.stringify(item), depth));
		if (typeof value === "object") {
			const list = value.messages ?? value.contents ?? value.choices;
			if (Array.isArray(list) && !("role" in value)) return this.draftsOf(list, depth);
		}
		return [readMessage(value)];
	}
	draftsOfText(text, depth) {
		if (isOpened(text) && depth <= MAX_LIST_DEPTH) return this.draftsOfItems(text, depth) ?? [this.plainText(text)];
		const parsed = /^\s*[{"]/.test(text) ? parseJson(text) : void 0;
		return parsed === void 0 ? [this.plainText(text)] : this.draftsOf(parsed, depth + 1);
	}
	draftsOfItems(text, depth) {
		const items = splitArray(text);
		if (items === null) return null;
		const drafts = [];
		for (const item of items) {
			const found = this.draftsOfItem(item, depth);
			if (found.length === 0 && parseJson(item) === void 0) return null;
			for (const draft of found) drafts.push(draft);
		}
		return drafts;
	}
	plainText(content) {
		const known = this.plain.get(content);
		if (known) return known;
		const draft = { parts: [{
			type: "text",
			content
		}] };
		this.plain.set(content, draft);
		return draft;
	}
	draftsOfItem(text, depth) {
		if (text.startsWith("[")) return this.draftsOfText(text, depth + 1);
		const known = this.drafts.get(text);
		if (known !== void 0) return known === null ? [] : [known];
		const value = parseJson(text);
		const draft = value === void 0 || value === null ? null : readMessage(value);
		this.drafts.add(text, draft);
		return draft === null ? [] : [draft];
	}
	join(drafts, defaultRole) {
		const messages = [];
		const open = [];
		for (const draft of drafts) {
			const role = roleOf(draft, defaultRole);
			const [turn] = open;
			if (!draft.joins) {
				open.length = 0;
				messages.push(this.settle(draft, role));
			} else if (turn?.role === role) turn.parts.push(...draft.parts);
			else {
				open[0] = {
					role,
					parts: [...draft.parts]
				};
				messages.push(open[0]);
			}
		}
		return messages;
	}
	settle(draft, role) {
		const byRole = this.settled.get(draft) ?? new Map();
		if (byRole.size === 0) this.settled.set(draft, byRole);
		const known = byRole.get(role);
		if (known) return known;
		const { parts, name, finishReason } = draft;
		const message = {
			role,
			parts,
			...name === void 0 ? {} : { name },
			...finishReason === void 0 ? {} : { finishReason }
		};
		byRole.set(role, message);
		return message;
	}
};
function isOpened(text) {
	return /^\s*\[/.test(text);
}
const ROLE_NAMES = {
	model: "assistant",
	ai: "assistant",
	human: "user",
	function: "tool"
};
function roleOf(draft, defaultRole) {
	const { parts } = draft;
	if (parts.length > 0 && parts.every((part) => part.type === "tool_result")) return "tool";
	if (draft.role !== void 0) return ROLE_NAMES[draft.role.toLowerCase()] ?? draft.role;
	return parts.some((part) => part.type === "tool_call" || part.type === "reasoning") ? "assistant" : defaultRole;
}
// src/conventions/tool-definition.ts
function readToolDefinitions(value) {
	return (Array.isArray(value) ? value : [value]).flatMap((item) => readDefinition(item));
}
function readDefinition(item) {
	if (typeof item === "string") {
		const parsed = item.startsWith("{") ? parseJson(item) : void 0;
		return parsed === void 0 ? [{ name: item }] : readDefinition(parsed);
	}
	if (!isObject(item)) return [];
	const source = isObject(item.function) ? item.function : item;
	const { name, description } = source;
	if (typeof name !== "string" || name === "") return [];
	const parameters = source.parameters ?? source.inputSchema ?? source.input_schema ?? source.arguments;
	return [{
		name,
		...typeof description === "string" ? { description } : {},
		...parameters === void 0 || parameters === null ? {} : { parameters }
	}];
}
// src/conventions/reading-scope.ts
const MAX_RECENT = 4;
var ReadingScope = class {
	messageReader = new MessageReader();
	parsed = new Map();
	recentDefinitions = [];
	definitions = new Map();
	messages(value, defaultRole) {
		return this.messageReader.read(value, defaultRole);
	}
	json(text) {
		if (!this.parsed.has(text)) this.parsed.set(text, parseJson(text));
		return this.parsed.get(text);
	}
	toolDefinitions(value) {
		if (value === void 0) return void 0;
		if (value instanceof LongText) {
			const same = this.recentDefinitions.find((recent) => recent.text.equals(value));
			if (same) return same.definitions;
			const definitions = this.toolDefinitions(value.toString()) ?? [];
			this.recentDefinitions = [{
				text: value,
				definitions
			}, ...this.recentDefinitions].slice(0, MAX_RECENT);
			return definitions;
		}
		const text = typeof value === "string" ? value : JSON.stringify(value);
		const known = this.definitions.get(text) ?? readToolDefinitions(parseJson(text) ?? []);
		this.definitions.set(text, known);
		return known;
	}
};
// src/conventions/read-trace.ts
function readTrace(spans, options = {}) {
	const traceId = traceIdOf(spans);
	const scope = new ReadingScope();
	const dialects = options.names && dialectsWith(options.names);
	const resolved = resolvePlaceholders(uniqueSpans(spans).map((span) => readFields(span, scope, dialects)));
	const tree = buildTree(resolved.spans);
	const root = findRoot(tree);
	const speaking = spokesmen(tree, root);
	const placeOf = placesIn(tree);
	const llm = findLlmSpans(tree);
	const llmCalls = readLlmCalls(llm.calls, placeOf);
	const turns = conversationOf(llmCalls, speaking);
	const agentCalls = readAgentCalls(tree, llmCalls, placeOf);
	const { usage, aggregates } = totalUsage(tree, llmCalls);
	const trace = {
		schema: "tracegate.trace/1",
		traceId,
		revision: options.revision ?? 1,
		...present({ completion: options.completion }),
		rootSpanId: root?.span.spanId ?? null,
		name: (root ?? tree.tops[0])?.span.name ?? "",
		...timesOf(tree),
		...readIdentity(tree, root, speaking),
		...present({
			input: readInput(speaking, llmCalls),
			output: readOutput(speaking, llmCalls),
			systemInstructions: readSystemInstructions(speaking, llmCalls)
		}),
		messages: turns.map((turn) => turn.message),
		toolDefinitions: readTraceToolDefinitions(tree),
		llmCalls,
		toolCalls: readToolCalls(tree, readMessageToolCalls(turns), llmCalls, placeOf),
		retrievals: readRetrievals(tree, placeOf),
		memoryOperations: readMemoryOperations(tree, placeOf),
		...agentCalls.length > 0 && { agentCalls },
		rationales: readRationales(tree, llmCalls),
		usage,
		cost: readCost(tree, llm.calls),
		errors: readErrors(tree),
		retries: sumRetries(llmCalls),
		annotations: readAnnotations(tree),
		spans: toTraceSpans(tree)
	};
	return {
		...trace,
		quality: assessQuality(trace, {
			tree,
			llm,
			usageAggregates: aggregates,
			leftOut: resolved.leftOut
		})
	};
}
function traceIdOf(spans) {
	const [first] = spans;
	if (!first) throw new TracegateError("bad-input", "No spans, so no trace. Give the spans of one trace.");
	const other = spans.find((span) => span.traceId !== first.traceId);
	if (other) {
		const message = `Spans of several traces (${first.traceId}, ${other.traceId}). Split them by trace first.`;
		throw new TracegateError("bad-input", message);
	}
	return first.traceId;
}
function conversationOf(calls, speaking) {
	const turns = rebuildConversation(calls.map(({ spanId, input = [], output = [] }) => ({
		spanId,
		input,
		output
	})));
	if (turns.length > 0) return turns;
	return rebuildConversation(speaking.map(({ span, fields }) => ({
		spanId: span.spanId,
		input: fields.inputMessages ?? [],
		output: fields.outputMessages ?? []
	})));
}
function timesOf(tree) {
	let startTime = Number.POSITIVE_INFINITY;
	let endTime = 0;
	for (const { span } of tree.ordered) {
		if (span.startTime < startTime) startTime = span.startTime;
		endTime = Math.max(endTime, span.endTime, span.startTime);
	}
	return {
		startTime,
		endTime,
		durationMs: durationOf(startTime, endTime)
	};
}
// src/app/trace-reader.ts
function traceReader({ conventions: { names } }) {
	return names ? (spans, options) => readTrace(spans, {
		names,
		...options
	}) : readTrace;
}
export { traceReader };
