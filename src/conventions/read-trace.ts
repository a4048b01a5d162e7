import { TracegateError } from "../core/errors.ts";
import type { Span } from "../core/span.ts";
import type { CompletionReason, LlmCall, Trace } from "../core/trace.ts";
import { dialectsWith } from "./configured-names.ts";
import { readAgentCalls } from "./derive/agent-calls.ts";
import { durationOf, placesIn } from "./derive/call-place.ts";
import { rebuildConversation, type Turn } from "./derive/conversation.ts";
import { readCost } from "./derive/cost.ts";
import { readIdentity } from "./derive/identity.ts";
import { readInput, readOutput, readSystemInstructions } from "./derive/input-output.ts";
import { readLlmCalls, sumRetries } from "./derive/llm-calls.ts";
import { findLlmSpans } from "./derive/llm-spans.ts";
import { readMemoryOperations } from "./derive/memory-operations.ts";
import { readMessageToolCalls } from "./derive/message-tool-calls.ts";
import { assessQuality } from "./derive/quality.ts";
import { readRationales } from "./derive/rationales.ts";
import { resolvePlaceholders } from "./derive/resolve-placeholders.ts";
import { readRetrievals } from "./derive/retrievals.ts";
import { readErrors } from "./derive/span-error.ts";
import { buildTree, type SpanNode, type SpanTree } from "./derive/span-tree.ts";
import { readToolCalls } from "./derive/tool-calls.ts";
import { readTraceToolDefinitions } from "./derive/tool-definitions.ts";
import { findRoot, spokesmen } from "./derive/top-agents.ts";
import { readAnnotations, toTraceSpans } from "./derive/trace-spans.ts";
import { uniqueSpans } from "./derive/unique-spans.ts";
import { totalUsage } from "./derive/usage.ts";
import type { NameTable } from "./named-fields.ts";
import { present } from "./present.ts";
import { readFields } from "./read-fields.ts";
import { ReadingScope } from "./reading-scope.ts";

/** Options of {@link readTrace}. */
export interface ReadTraceOptions {
  /** Default 1. */
  readonly revision?: number;
  /** Absent for traces read from files. */
  readonly completion?: CompletionReason;
  /** Attribute names of the user's own, by canonical field; see {@link dialectsWith}. */
  readonly names?: NameTable;
}

/**
 * The canonical trace of some spans, whatever dialects they speak. The order of the spans does not matter, and
 * repeats count once. Attributes that cannot be decoded cost only their span's content and are reported in
 * `quality`. The cost is linear in the size of the spans.
 *
 * @throws TracegateError `bad-input` when there are no spans, or spans of several traces.
 */
export function readTrace(spans: readonly Span[], options: ReadTraceOptions = {}): Trace {
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
      systemInstructions: readSystemInstructions(speaking, llmCalls),
    }),
    messages: turns.map((turn) => turn.message),
    toolDefinitions: readTraceToolDefinitions(tree),
    llmCalls,
    toolCalls: readToolCalls(tree, readMessageToolCalls(turns), llmCalls, placeOf),
    retrievals: readRetrievals(tree, placeOf),
    memoryOperations: readMemoryOperations(tree, placeOf),
    ...(agentCalls.length > 0 && { agentCalls }),
    rationales: readRationales(tree, llmCalls),
    usage,
    cost: readCost(tree, llm.calls),
    errors: readErrors(tree),
    retries: sumRetries(llmCalls),
    annotations: readAnnotations(tree),
    spans: toTraceSpans(tree),
  } as const;
  return {
    ...trace,
    quality: assessQuality(trace, { tree, llm, usageAggregates: aggregates, leftOut: resolved.leftOut }),
  };
}

function traceIdOf(spans: readonly Span[]): string {
  const [first] = spans;
  if (!first) throw new TracegateError("bad-input", "No spans, so no trace. Give the spans of one trace.");
  const other = spans.find((span) => span.traceId !== first.traceId);
  if (other) {
    const message = `Spans of several traces (${first.traceId}, ${other.traceId}). Split them by trace first.`;
    throw new TracegateError("bad-input", message);
  }
  return first.traceId;
}

/** The conversation of the model calls; without any text in them that of the top-most spans. */
function conversationOf(calls: readonly LlmCall[], speaking: readonly SpanNode[]): readonly Turn[] {
  const turns = rebuildConversation(
    calls.map(({ spanId, input = [], output = [] }) => ({ spanId, input, output })),
  );
  if (turns.length > 0) return turns;
  return rebuildConversation(
    speaking.map(({ span, fields }) => ({
      spanId: span.spanId,
      input: fields.inputMessages ?? [],
      output: fields.outputMessages ?? [],
    })),
  );
}

function timesOf(tree: SpanTree): Pick<Trace, "startTime" | "endTime" | "durationMs"> {
  let startTime = Number.POSITIVE_INFINITY;
  let endTime = 0;
  for (const { span } of tree.ordered) {
    if (span.startTime < startTime) startTime = span.startTime;
    endTime = Math.max(endTime, span.endTime, span.startTime);
  }
  return { startTime, endTime, durationMs: durationOf(startTime, endTime) };
}
