import type { Span } from "../core/span.ts";
import type { SpanType } from "../core/trace.ts";
import { AttributeReader } from "./attribute-reader.ts";
import type { Dialect } from "./dialect.ts";
import { keyPrefixes } from "./key-prefixes.ts";
import { present, presentOrNothing } from "./present.ts";
import type { SpanFields } from "./span-fields.ts";

/** First word of the span name, which is an operation name of its own. */
const WORKFLOW_TYPES: { readonly [operation: string]: SpanType } = {
  "workflow.build": "other",
  "workflow.run": "workflow",
  "workflow.session": "workflow",
  "executor.process": "step",
  "edge_group.process": "step",
  "message.send": "other",
};

/**
 * Microsoft Agent Framework and its forerunner Semantic Kernel. Agents, model calls and tools follow the
 * GenAI conventions; what is their own are the workflow spans of the one and the operation and token names of
 * the other.
 *
 * Sources: agent_framework/observability.py (2026-08-07); decision record 0044-OTel-semantic-convention of
 * microsoft/semantic-kernel for `chat.completions` and `gen_ai.response.{prompt,completion}_tokens`.
 */
export const agentFramework: Dialect = {
  name: "agent-framework",
  owns: (span) => /^(agent_framework|Microsoft\.SemanticKernel|semantic_kernel)/.test(span.scope.name),
  read(span) {
    const workflow = WORKFLOW_TYPES[span.name.split(" ")[0] ?? ""];
    const isWorkflow = workflow !== undefined && OWN.some((word) => keyPrefixes(span.attributes).has(word));
    const kernel = readKernelCall(span);
    if (!isWorkflow && kernel === undefined) return undefined;
    return isWorkflow ? readWorkflow(span, workflow) : kernel;
  },
};

const OWN = ["workflow", "workflow_builder", "executor", "edge_group", "message"];

function readWorkflow(span: Span, type: SpanType): SpanFields {
  const from = new AttributeReader(span.attributes);
  from.below("executor.");
  from.below("edge_group.");
  from.below("message.");
  from.value("workflow.id", "workflow.definition", "workflow.description");
  const failure = span.events.find((event) => /^(workflow|build)\.error$/.test(event.name));
  const failed = failure ? new AttributeReader(failure.attributes) : undefined;
  return {
    type,
    ...present({
      feature: from.name("workflow.name", "workflow_builder.name"),
      error: failed && {
        type: failed.name("error.type", "build.error.type") ?? "_OTHER",
        ...presentOrNothing({ message: failed.name("error.message", "build.error.message") }),
      },
    }),
    used: from.used,
  };
}

function readKernelCall(span: Span): SpanFields | undefined {
  const operation = span.attributes["gen_ai.operation.name"];
  const isKernel = typeof operation === "string" && /^(chat|text)\.(streaming_)?completions$/.test(operation);
  const hasCounts =
    "gen_ai.response.prompt_tokens" in span.attributes ||
    "gen_ai.response.completion_tokens" in span.attributes;
  if (!isKernel && !hasCounts) return undefined;
  const from = new AttributeReader(span.attributes);
  return {
    ...(isKernel ? { type: "llm" } : {}),
    ...present({
      usage: presentOrNothing({
        inputTokens: from.count("gen_ai.response.prompt_tokens"),
        outputTokens: from.count("gen_ai.response.completion_tokens"),
      }),
      parameters: presentOrNothing({ maxTokens: from.count("gen_ai.request.max_token") }),
    }),
    used: from.used,
  };
}
