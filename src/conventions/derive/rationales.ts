import type { LlmCall, Rationale } from "../../core/trace.ts";
import { outputText } from "./input-output.ts";
import type { SpanTree } from "./span-tree.ts";

/**
 * Why the agent decided as it did: rationales the application recorded, reasoning in the models' outputs, and
 * the text of planning spans; in span order.
 */
export function readRationales(tree: SpanTree, calls: readonly LlmCall[]): readonly Rationale[] {
  const outputs = new Map(calls.map((call) => [call.spanId, call.output]));
  const rationales: Rationale[] = [];
  for (const { span, fields, type } of tree.ordered) {
    const { spanId } = span;
    if (fields.rationale) rationales.push({ spanId, text: fields.rationale });
    for (const { parts } of outputs.get(spanId) ?? []) {
      for (const part of parts) {
        if (part.type === "reasoning" && part.content) rationales.push({ spanId, text: part.content });
      }
    }
    const plan = type === "plan" ? outputText(fields) : undefined;
    if (plan) rationales.push({ spanId, text: plan });
  }
  return rationales;
}
