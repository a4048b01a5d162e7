import { type Message, textOf } from "../core/message.ts";
import type {
  Annotation,
  LlmCall,
  MemoryOperation,
  Rationale,
  Retrieval,
  ToolCall,
  Trace,
  TraceError,
} from "../core/trace.ts";
import { count } from "./numbers.ts";
import { inTreeOrder, type PlacedSpan } from "./tree-order.ts";

/** A span with all that the trace says of it. */
export interface Step extends PlacedSpan {
  readonly llmCall: LlmCall | undefined;
  /** Those of this span, and those without a span of their own that this one asked for. */
  readonly toolCalls: readonly ToolCall[];
  readonly retrievals: readonly Retrieval[];
  readonly memoryOperations: readonly MemoryOperation[];
  readonly errors: readonly TraceError[];
  readonly rationales: readonly Rationale[];
  readonly annotations: readonly Annotation[];
}

/** The spans in tree order, each with its calls, faults and reasons. */
export function stepsOf(trace: Trace): readonly Step[] {
  const place = (call: { readonly spanId: string | null; readonly parentSpanId?: string | null }) =>
    call.spanId ?? call.parentSpanId ?? "";
  const llmCalls = Map.groupBy(trace.llmCalls, place);
  const toolCalls = Map.groupBy(trace.toolCalls, place);
  const retrievals = Map.groupBy(trace.retrievals, place);
  const memoryOperations = Map.groupBy(trace.memoryOperations, place);
  const errors = Map.groupBy(trace.errors, place);
  const rationales = Map.groupBy(trace.rationales, place);
  const annotations = Map.groupBy(trace.annotations, place);
  return inTreeOrder(trace).map(({ span, depth }) => ({
    span,
    depth,
    llmCall: llmCalls.get(span.spanId)?.[0],
    toolCalls: toolCalls.get(span.spanId) ?? [],
    retrievals: retrievals.get(span.spanId) ?? [],
    memoryOperations: memoryOperations.get(span.spanId) ?? [],
    errors: errors.get(span.spanId) ?? [],
    rationales: rationales.get(span.spanId) ?? [],
    annotations: annotations.get(span.spanId) ?? [],
  }));
}

/** What a step did, on one line; empty for a step that only holds others. Not cut, not escaped. */
export function digestOf(step: Step): string {
  const [error] = step.errors;
  if (error) return error.message ? `${error.type}: ${error.message}` : error.type;
  const [tool] = step.toolCalls;
  if (tool && !step.llmCall) {
    return `${JSON.stringify(tool.arguments) ?? ""} → ${JSON.stringify(tool.result) ?? "(no result recorded)"}`;
  }
  if (step.llmCall) return [step.llmCall.model, step.llmCall.finishReason].filter(Boolean).join(" ");
  const [retrieval] = step.retrievals;
  if (retrieval) {
    const found = retrieval.documents
      ? count(retrieval.documents.length, "document")
      : "(no documents recorded)";
    return `${retrieval.query ?? ""} → ${found}`;
  }
  const [memory] = step.memoryOperations;
  if (memory) return [memory.operation, memory.query].filter(Boolean).join(" ");
  return "";
}

/** What the model said: its text, else the tools it asked for. */
export function saidBy(call: LlmCall): string {
  const output = call.output ?? [];
  return output.map(textOf).join(" ").trim() || asked(output);
}

function asked(output: readonly Message[]): string {
  return output
    .flatMap((message) => message.parts)
    .flatMap((part) =>
      part.type === "tool_call" ? [`${part.name}(${JSON.stringify(part.arguments) ?? ""})`] : [],
    )
    .join(", ");
}
