import { sumUsage } from "../../core/sum-usage.ts";
import type { LlmCall, Usage } from "../../core/trace.ts";
import type { SpanNode, SpanTree } from "./span-tree.ts";

/** The trace's usage, and the spans whose own sums were used for want of model calls. */
export interface UsageTotal {
  readonly usage: Usage;
  readonly aggregates: readonly SpanNode[];
}

/**
 * Sums over the model calls. The figures of an agent or root span are sums already, so they count only where
 * no model call lies below it.
 */
export function totalUsage(tree: SpanTree, calls: readonly LlmCall[]): UsageTotal {
  if (calls.length > 0) return { usage: sumUsage(calls.map((call) => call.usage)), aggregates: [] };
  const covered = new Set<SpanNode>();
  const aggregates: SpanNode[] = [];
  for (const node of tree.topDown) {
    if (node.parent && covered.has(node.parent)) covered.add(node);
    else if (node.fields.usage && node.type !== "embedding") {
      covered.add(node);
      aggregates.push(node);
    }
  }
  return { usage: sumUsage(aggregates.map((node) => node.fields.usage ?? {})), aggregates };
}
