import { AttributeReader } from "./attribute-reader.ts";
import type { Dialect } from "./dialect.ts";
import { unpackJson, unpackResult } from "./messages/shape.ts";
import { present, presentOrNothing } from "./present.ts";
import { readProvider } from "./provider.ts";

/** Attribute names met in hand-instrumented code; too general to override anything. */
const KEYS = [
  "llm.model",
  "llm.prompt_tokens",
  "llm.completion_tokens",
  "llm.usage.prompt_tokens",
  "llm.usage.completion_tokens",
  "llm.temperature",
  "agent.decision_rationale",
  "agent.outcome",
  "agent.user_id",
  "agent.name",
  "agent.version",
  "tool.name",
  "tool.execution_status",
  "input",
  "output",
  "prompt",
  "completion",
  "cost",
  "feature",
  "org.id",
  "tenant.id",
  "retry_count",
  "llm.retry_count",
];

const FAILED = new Set(["error", "failed", "failure"]);

/** Spans instrumented by hand. Lowest precedence. */
export const handRolled: Dialect = {
  name: "hand-rolled",
  read(span, scope) {
    if (!KEYS.some((key) => span.attributes[key] !== undefined)) return undefined;
    const from = new AttributeReader(span.attributes);
    const toolName = from.name("tool.name");
    const model = from.name("llm.model");
    const type = toolName ? "tool" : model ? "llm" : undefined;
    const input = from.value("input", "prompt");
    const output = from.value("output", "completion");
    const status = from.name("tool.execution_status");
    const isLlm = type === "llm";
    return {
      ...present({
        type,
        requestModel: model,
        provider: model === undefined ? undefined : readProvider(undefined, model),
        parameters: presentOrNothing({ temperature: from.number("llm.temperature") }),
        usage: presentOrNothing({
          inputTokens: from.count("llm.prompt_tokens", "llm.usage.prompt_tokens"),
          outputTokens: from.count("llm.completion_tokens", "llm.usage.completion_tokens"),
        }),
        inputMessages: isLlm ? scope.messages(input, "user") : undefined,
        outputMessages: isLlm ? scope.messages(output, "assistant") : undefined,
        input: isLlm ? undefined : from.text("input", "prompt"),
        output: isLlm ? undefined : from.text("output", "completion"),
        tool: toolName
          ? {
              name: toolName,
              ...(input === undefined ? {} : { arguments: unpackJson(input) }),
              ...(output === undefined ? {} : { result: unpackResult(output) }),
            }
          : undefined,
        error: status !== undefined && FAILED.has(status.toLowerCase()) ? { type: "_OTHER" } : undefined,
        cost: from.number("cost"),
        retries: from.count("retry_count", "llm.retry_count"),
        agent: presentOrNothing({ name: from.name("agent.name"), version: from.name("agent.version") }),
        userId: from.name("agent.user_id"),
        organisationId: from.name("org.id", "tenant.id"),
        feature: from.name("feature"),
        outcome: from.name("agent.outcome"),
        rationale: from.name("agent.decision_rationale"),
      }),
      used: from.used,
    };
  },
};
