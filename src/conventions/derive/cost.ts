import { PRICES_AS_OF } from "../../core/prices.ts";
import type { Cost } from "../../core/trace.ts";
import { present } from "../present.ts";
import { estimatedCost } from "./llm-calls.ts";
import type { LlmSpan } from "./llm-spans.ts";
import type { SpanTree } from "./span-tree.ts";

/**
 * What the run cost: per model call what the sender reports, else the price table. A total reported on a span
 * above beats a sum in which nothing was reported.
 */
export function readCost(tree: SpanTree, calls: readonly LlmSpan[]): Cost {
  let reported = 0;
  let estimated = 0;
  let usd = 0;
  const unpriced = new Set<string>();
  for (const { fields } of calls) {
    const cost = fields.cost ?? estimatedCost(fields);
    if (fields.cost !== undefined) reported += 1;
    else if (cost !== undefined) estimated += 1;
    else if (fields.usage) unpriced.add(fields.responseModel ?? fields.requestModel ?? "unknown");
    usd += cost ?? 0;
  }
  const total = reported > 0 ? undefined : reportedTotal(tree);
  if (total !== undefined) return { usd: total, source: "reported", unpricedModels: [] };
  if (reported + estimated === 0) return { unpricedModels: [...unpriced] };
  return {
    usd,
    source: reported === 0 ? "estimated" : estimated === 0 ? "reported" : "mixed",
    ...present({ pricesAsOf: estimated > 0 ? PRICES_AS_OF : undefined }),
    unpricedModels: [...unpriced],
  };
}

/** The sum of costs reported on top-most spans that are no model calls. */
function reportedTotal(tree: SpanTree): number | undefined {
  const covered = new Set<string>();
  let total: number | undefined;
  for (const { span, parent, fields, type } of tree.topDown) {
    if (parent && covered.has(parent.span.spanId)) covered.add(span.spanId);
    else if (fields.cost !== undefined && type !== "llm") {
      covered.add(span.spanId);
      total = (total ?? 0) + fields.cost;
    }
  }
  return total;
}
