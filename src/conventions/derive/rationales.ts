import type { LlmCall, Rationale } from "../../core/trace.ts";
import { outputText } from "./input-output.ts";
import type { SpanTree } from "./span-tree.ts";

/**
 * Why the agent decided as it did: rationales the application recorded, reasoning in the models' outputs, and
 * the text of planning spans; in span order.
 */
export function readRationales(tree: SpanTree, calls: readonly LlmCall[]): readonly Rationale[] {
  const outputs = new Map(calls.map((call) => [call.spanId, call.output]));
  return tree.ordered.flatMap(({ span, fields, type }) => {
    const reasoning = outputs.get(span.spanId)?.flatMap((message) => message.parts) ?? [];
    const texts = [
      fields.rationale,
      ...reasoning.map((part) => (part.type === "reasoning" ? part.content : undefined)),
      type === "plan" ? outputText(fields) : undefined,
    ];
    return texts.flatMap((text) => (text ? [{ spanId: span.spanId, text }] : []));
  });
}
