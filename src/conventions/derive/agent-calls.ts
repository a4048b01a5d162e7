import { textOf } from "../../core/message.ts";
import type { AgentCall, LlmCall } from "../../core/trace.ts";
import { present } from "../present.ts";
import type { SpanPlace } from "./call-place.ts";
import { outputText } from "./input-output.ts";
import { errorOf } from "./span-error.ts";
import type { SpanNode, SpanTree } from "./span-tree.ts";

/**
 * The calls of one agent by another, in order: what was passed on, and what came back. Where an agent's span has no texts, those of the
 * model calls right below it tell.
 */
export function readAgentCalls(
  tree: SpanTree,
  llmCalls: readonly LlmCall[],
  placeOf: (node: SpanNode) => SpanPlace,
): readonly AgentCall[] {
  const nodes = tree.ordered.filter((node) => node.type === "agent" && node.parent);
  if (nodes.length === 0) return [];
  const below = Map.groupBy(llmCalls, (call) => call.parentSpanId);
  return nodes.map((node) => {
    const { span, fields } = node;
    const calls = below.get(span.spanId) ?? [];
    const given = (fields.inputMessages ?? calls[0]?.input)?.map(textOf).findLast((text) => text !== "");
    const returned = outputText(fields) ?? calls.at(-1)?.output?.map(textOf).join("\n");
    return {
      name: fields.agent?.name ?? fields.agent?.fallbackName ?? span.name,
      ...placeOf(node),
      ...present({ given: given ?? fields.input, returned }),
      error: errorOf(node),
    };
  });
}
