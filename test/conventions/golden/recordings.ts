import { join } from "node:path";

import type { Recording, ToldStory } from "./recording.ts";

/** Reasons that many lists give. */
const NOT_SET = "this agent sets none";
const NO_ONE = "nobody is told who asks";
const NO_CACHE = "the instrumentation records no cached tokens";
const NO_REASONING = "the instrumentation records no reasoning tokens";
const NO_TOOLS = "the instrumentation records no tool definitions";
const INVISIBLE = "the SDK tries again below the span";

const nobody = { userId: NO_ONE, sessionId: NO_ONE, organisationId: NO_ONE };
const noDefinitions = {
  "toolDefinitions.name": NO_TOOLS,
  "toolDefinitions.description": NO_TOOLS,
  "toolDefinitions.parameters": NO_TOOLS,
};
const noDetails = { "usage.cacheReadTokens": NO_CACHE, "usage.reasoningTokens": NO_REASONING };

const twice = (value: unknown) => [value, value];

const traceloop: readonly ToldStory[] = [
  {
    story: "tool-loop",
    trace: "support_workflow.workflow",
    values: { "agent.version": "3", feature: "support_workflow", "llmCalls.maxTokens": twice(200) },
    gaps: noDetails,
  },
  {
    story: "stream",
    trace: "conversation.conv-1.workflow",
    values: { sessionId: "conv-1", "quality.issues": ["estimated-tokens", "partial-usage"] },
    gaps: noDetails,
    misreports: {
      "usage.inputTokens": { value: 32, why: "counted by a tokenizer over the texts of one call" },
      "usage.outputTokens": { value: 19, why: "counted by a tokenizer over the texts of one call" },
    },
  },
  {
    story: "tool-loop",
    shape: "anthropic",
    trace: "claude_workflow.workflow",
    values: { "quality.issues": ["duplicate-llm-span"], "llmCalls.maxTokens": twice(300) },
    gaps: {
      ...nobody,
      ...noDefinitions,
      "agent.name": "a workflow without an agent",
      "llmCalls.temperature": NOT_SET,
    },
  },
  {
    story: "answer",
    trace: "responses_workflow.workflow",
    gaps: noDetails,
    // The workflow returns the whole response, which is the application's own output.
    outside: "traceloop.entity.output",
  },
  { story: "embedding", trace: "embed_workflow.workflow", gaps: { span: "embeddings are not instrumented" } },
];

const aiSdk5: readonly ToldStory[] = [
  {
    story: "tool-loop",
    trace: "ai.generateText",
    holding: "support-agent",
    values: { "agent.name": "support-agent", feature: "support-agent" },
    gaps: noDetails,
  },
  {
    story: "stream",
    trace: "ai.streamText",
    values: { "agent.name": "support-stream", userId: "u-1", sessionId: "s-1", organisationId: "o-1" },
    gaps: { systemInstructions: NOT_SET },
  },
  { story: "refused", trace: "ai.generateText", holding: "fail-400" },
  { story: "retried", trace: "ai.generateText", holding: "flaky-1" },
];

const aiSdk7Legacy: readonly ToldStory[] = [
  {
    story: "tool-loop",
    trace: "ai.generateText",
    holding: "ai.generateText support-agent",
    values: { "agent.name": "support-agent" },
    gaps: { organisationId: NO_ONE },
  },
  {
    story: "stream",
    trace: "ai.streamText",
    values: { "agent.name": "support-agent-stream", userId: "u-1", sessionId: "s-1" },
  },
  { story: "refused", trace: "ai.generateText", holding: "fail-400" },
  { story: "retried", trace: "ai.generateText", holding: "flaky-1", gaps: { retries: INVISIBLE } },
  { story: "tool-error", trace: "ai.generateText", holding: "db down" },
  { story: "embedding", trace: "ai.embed" },
];

const noPeople = "the integration does not hand metadata on";
const aiSdk7Otel: readonly ToldStory[] = [
  {
    story: "tool-loop",
    trace: "invoke_agent gpt-4o-mini",
    holding: "chatcmpl-2",
    values: { "agent.name": "support-agent" },
    gaps: {
      userId: noPeople,
      sessionId: noPeople,
      organisationId: noPeople,
      "usage.reasoningTokens": NO_REASONING,
    },
  },
  {
    story: "stream",
    trace: "invoke_agent gpt-4o-mini",
    holding: "resp_3",
    values: { "agent.name": "support-agent-stream" },
    gaps: { "usage.reasoningTokens": NO_REASONING },
  },
  { story: "refused", trace: "invoke_agent fail-400" },
  { story: "retried", trace: "invoke_agent flaky-1", gaps: { retries: INVISIBLE } },
  { story: "tool-error", trace: "invoke_agent gpt-4o-mini", holding: "db down" },
  { story: "embedding", trace: "embeddings text-embedding-3-small" },
];

const langfuse: readonly ToldStory[] = [
  {
    story: "tool-loop",
    trace: "support_agent",
    values: {
      feature: "returns",
      tags: ["beta", "eu"],
      "agent.version": "v3",
      "llmCalls.promptName": twice("support"),
      "llmCalls.promptVersion": twice("3"),
      "quality.issues": ["adjusted-tokens"],
    },
    gaps: { "llmCalls.responseId": "no field for it", "llmCalls.finishReasons": "no field for it" },
    misreports: {
      "llmCalls.requestModel": {
        value: twice("gpt-4o-mini-2024-07-18"),
        why: "one field for the model, and the answering one is in it",
      },
    },
  },
  { story: "refused", trace: "err" },
  { story: "retrieval", trace: "rag" },
  {
    story: "answer",
    trace: "stream",
    values: { "quality.issues": ["adjusted-tokens"] },
    gaps: { "llmCalls.responseId": "no field for it", "llmCalls.finishReasons": "no field for it" },
    misreports: {
      "llmCalls.responseModel": {
        value: ["gpt-4o-mini"],
        why: "of a stream only the requested model is known",
      },
    },
  },
];

const langsmith: readonly ToldStory[] = [
  {
    story: "tool-loop",
    trace: "support_agent",
    values: { feature: "returns", tags: ["beta", "eu"] },
    gaps: { "agent.name": "there are no agents, only chains" },
  },
  { story: "refused", trace: "err" },
  { story: "retrieval", trace: "policy_search" },
  { story: "answer", trace: "stream" },
];

const agents: readonly ToldStory[] = [
  {
    story: "tool-loop",
    trace: "support-workflow",
    values: { "agent.name": "Support Agent" },
    gaps: {
      userId: "the bridge drops group and metadata",
      sessionId: "the same",
      organisationId: "the same",
    },
    misreports: {
      "llmCalls.requestModel": {
        value: twice("gpt-4o-mini-2024-07-18"),
        why: "the bridge takes the parameters from the response",
      },
      "llmCalls.temperature": { value: [1, 1], why: "not set; the response gives the default" },
    },
  },
  {
    story: "tool-loop",
    trace: "Agent workflow",
    holding: "chatcmpl-3",
    values: { "agent.name": "Support Agent" },
    gaps: {
      ...noDefinitions,
      userId: "the bridge drops group and metadata",
      sessionId: "the same",
      organisationId: "the same",
      "llmCalls.temperature": NOT_SET,
    },
  },
  { story: "refused", trace: "Agent workflow", holding: "fail-400" },
];

const langchain: readonly ToldStory[] = [
  {
    story: "tool-loop",
    trace: "support_agent",
    gaps: { "agent.name": "a chain, not an agent", "llmCalls.temperature": NOT_SET },
  },
];

const NO_STREAM_USAGE = "of a stream no usage is recorded";
const openinference: readonly ToldStory[] = [
  {
    story: "tool-loop",
    trace: "support_agent",
    holding: "chatcmpl-1",
    values: { feature: "returns", tags: ["beta", "eu"], "llmCalls.promptVersion": twice("v3") },
  },
  {
    story: "stream",
    trace: "support_agent",
    holding: '"stream":true',
    gaps: {
      "llmCalls.responseId": "of a stream only the text is kept",
      "usage.inputTokens": NO_STREAM_USAGE,
      "usage.outputTokens": NO_STREAM_USAGE,
      "usage.cacheReadTokens": NO_STREAM_USAGE,
      "usage.reasoningTokens": NO_STREAM_USAGE,
    },
    misreports: {
      "llmCalls.responseModel": { value: twice("gpt-4o-mini"), why: "the requested model" },
    },
  },
  {
    story: "tool-loop",
    shape: "anthropic",
    trace: "claude_agent",
    values: {
      "agent.name": "claude_agent",
      "toolDefinitions.description": ["Look up"],
      "quality.issues": ["duplicate-llm-span"],
    },
    gaps: { ...nobody, "llmCalls.temperature": NOT_SET },
  },
  { story: "first-call", trace: "OpenAI Responses" },
  { story: "embedding", trace: "OpenAI Embeddings" },
  { story: "retrieval", trace: "policy_search" },
  {
    story: "refused",
    trace: "err",
    gaps: {
      "llmCalls.error": "the span of the failed call is dropped",
      "llmCalls.requestModel": "the span of the failed call is dropped",
    },
  },
];

const NO_CONTENT = "content is off by default";
const NO_AGENT = "the tool runner has no name";
const claude5 = { "llmCalls.requestModel": twice("claude-sonnet-5") };
const anthropicGaps = {
  ...nobody,
  "toolDefinitions.parameters": NO_TOOLS,
  "agent.name": NO_AGENT,
  "llmCalls.temperature": NOT_SET,
};
const noMessage = { "errors.message": "only the type of the error is recorded" };
const anthropicContent: readonly ToldStory[] = [
  {
    story: "tool-loop",
    shape: "anthropic",
    trace: "handle_request",
    values: { ...claude5, "llmCalls.maxTokens": twice(300) },
    gaps: anthropicGaps,
  },
  {
    story: "answer",
    shape: "anthropic",
    trace: "anthropic.messages.create",
    holding: "msg_3",
    values: { "llmCalls.requestModel": ["claude-sonnet-5"] },
  },
  {
    story: "refused",
    shape: "anthropic",
    trace: "anthropic.messages.create",
    holding: "fail-400",
    gaps: noMessage,
  },
  { story: "retried", shape: "anthropic", trace: "anthropic.messages.create", holding: "flaky-a" },
];
const anthropicDefault: readonly ToldStory[] = [
  {
    story: "tool-loop",
    shape: "anthropic",
    trace: "handle_request",
    values: claude5,
    gaps: {
      ...anthropicGaps,
      input: NO_CONTENT,
      output: NO_CONTENT,
      systemInstructions: NO_CONTENT,
      messages: NO_CONTENT,
      "toolCalls.arguments": NO_CONTENT,
      "toolCalls.result": NO_CONTENT,
    },
  },
  {
    story: "refused",
    shape: "anthropic",
    trace: "anthropic.messages.create",
    holding: "fail-400",
    gaps: noMessage,
  },
  {
    story: "retried",
    shape: "anthropic",
    trace: "anthropic.messages.create",
    holding: "flaky-a",
    gaps: { output: NO_CONTENT },
  },
];

const otelOpenaiGaps = { ...noDefinitions, ...noDetails };
const otelOpenai: readonly ToldStory[] = [
  {
    story: "tool-loop",
    trace: "handle_request",
    values: { "agent.version": "1.4.2", "llmCalls.maxTokens": twice(200) },
    gaps: { ...otelOpenaiGaps, ...nobody, "agent.name": "a plain application span above" },
  },
  { story: "stream", trace: "handle_request_stream", gaps: otelOpenaiGaps },
  { story: "first-call", trace: "responses_api", gaps: noDetails },
  { story: "retried", trace: "flaky", gaps: { retries: INVISIBLE } },
  { story: "refused", trace: "error" },
  { story: "embedding", trace: "embed" },
];

const strands: readonly ToldStory[] = [
  {
    story: "tool-loop",
    trace: "invoke_agent support_agent",
    gaps: {
      "toolDefinitions.description": "tools are listed by name",
      "toolDefinitions.parameters": "tools are listed by name",
      "llmCalls.responseModel": "not recorded",
      "llmCalls.responseId": "not recorded",
      "usage.reasoningTokens": NO_REASONING,
      organisationId: NO_ONE,
      "llmCalls.temperature": NOT_SET,
    },
  },
  { story: "refused", trace: "invoke_agent bad" },
];

/** The recordings that lie beside the project, with what each is known to lack. */
export function captureRecordings(captures: string): readonly Recording[] {
  const recordings: readonly (readonly [string, readonly ToldStory[]])[] = [
    ["@traceloop/node-server-sdk@0.27.0/proto", traceloop],
    ["ai@5.0.277/proto", aiSdk5],
    ["ai@7.0.173/legacy-proto", aiSdk7Legacy],
    ["ai@7.0.173/ai-sdk-otel-1.0.173-proto", aiSdk7Otel],
    ["ai@7.0.173/ai-sdk-otel-1.0.173-json", aiSdk7Otel],
    ["@langfuse/otel+openai@5.11.1/proto", langfuse],
    ["langsmith@0.10.5/proto", langsmith],
    ["@anthropic-ai/sdk@1.10.0/native-content-proto", anthropicContent],
    ["@anthropic-ai/sdk@1.10.0/native-content-json", anthropicContent],
    ["@anthropic-ai/sdk@1.10.0/native-default-proto", anthropicDefault],
    ["@openai/agents@0.20.0/openinference-openai-agents-0.2.15-proto", agents],
    ["@arizeai/openinference-instrumentation-langchain@4.1.1/proto", langchain],
    ["@arizeai/openinference@openai-4.2.7_anthropic-0.2.8_core-2.7.1/proto", openinference],
    ["@arizeai/openinference@openai-4.2.7_anthropic-0.2.8_core-2.7.1/json", openinference],
    ["@opentelemetry/instrumentation-openai@0.22.0/proto", otelOpenai],
    ["@opentelemetry/instrumentation-openai@0.22.0/json", otelOpenai],
    ["@strands-agents/sdk@1.19.0/json-stable", strands],
    ["@strands-agents/sdk@1.19.0/json-latest-experimental", strands],
  ];
  return recordings.map(([name, stories]) => ({ client: name, folder: join(captures, name), stories }));
}
