import { AttributeReader } from "./attribute-reader.ts";
import type { Dialect } from "./dialect.ts";
import { fieldsByName, type NameTable } from "./named-fields.ts";

/** Attribute names met in hand-instrumented code; too general to override anything. */
const NAMES = {
  model: ["llm.model"],
  inputTokens: ["llm.prompt_tokens", "llm.usage.prompt_tokens", "llm.input_tokens", "llm.usage.input_tokens"],
  outputTokens: [
    "llm.completion_tokens",
    "llm.usage.completion_tokens",
    "llm.output_tokens",
    "llm.usage.output_tokens",
  ],
  temperature: ["llm.temperature"],
  maxTokens: ["llm.max_tokens"],
  finishReason: ["llm.stop_reason"],
  systemInstructions: ["llm.system_prompt"],
  input: ["input", "prompt", "llm.prompt", "agent.input"],
  output: ["output", "completion", "llm.completion", "llm.response", "agent.output"],
  toolName: ["tool.name"],
  toolCallId: ["tool.call_id"],
  toolArguments: ["tool.arguments", "tool.input"],
  toolResult: ["tool.result", "tool.output"],
  toolStatus: ["tool.execution_status"],
  cost: ["cost", "cost_usd", "llm.cost", "llm.cost_usd"],
  retries: ["retry_count", "llm.retry_count"],
  agentName: ["agent.name"],
  agentVersion: ["agent.version"],
  sessionId: ["agent.session_id", "session_id", "conversation_id"],
  userId: ["agent.user_id", "user_id"],
  organisationId: ["org.id", "tenant.id", "org_id", "tenant_id"],
  feature: ["feature"],
  outcome: ["agent.outcome"],
  rationale: ["agent.decision_rationale"],
} as const satisfies NameTable;

const ALL = Object.values(NAMES).flat();

/** Spans instrumented by hand. Lowest precedence. */
export const handRolled: Dialect = {
  name: "hand-rolled",
  prefixes: ALL,
  read(span, scope) {
    const { attributes } = span;
    if (!ALL.some((key) => attributes[key] !== undefined)) return undefined;
    const from = new AttributeReader(attributes);
    return { ...fieldsByName(NAMES, from, scope), used: from.used };
  },
};
