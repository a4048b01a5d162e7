import { PRICES, type Price } from "./price-table.ts";
import type { Usage } from "./trace.ts";

export { PRICES_AS_OF, type Price } from "./price-table.ts";

/** Share of its price that a model costs in a batch: the same half with OpenAI Batch and Anthropic Message Batches. */
export const BATCH_PRICE = 0.5;

/**
 * The price of a model by its name as providers and gateways report it; undefined when unknown.
 *
 * Understood: dated snapshots (`gpt-4o-2024-11-20`, `claude-sonnet-4-5-20250929`, `claude-opus-4-5@20251101`),
 * `-latest` and `-preview`, gateway prefixes (`openai/`, `azure/`, `openrouter/anthropic/`) and Bedrock names
 * (`us.anthropic.claude-3-7-sonnet-20250219-v1:0`). A fine-tuned model has no price here: its rate differs.
 *
 * @example
 * priceOf("azure/gpt-4o-2024-11-20")?.input // 2.5
 */
export function priceOf(model: string): Price | undefined {
  const exact = PRICES.get(model);
  if (exact !== undefined) return exact;
  for (const name of spellings(model)) {
    const price = PRICES.get(name);
    if (price !== undefined) return price;
  }
  return undefined;
}

/** USD for one call; undefined when the model has no price or the tokens are unknown. */
export function costOf(model: string, usage: Usage): number | undefined {
  const price = priceOf(model);
  if (!price || usage.inputTokens === undefined || usage.outputTokens === undefined) return undefined;
  const read = usage.cacheReadTokens ?? 0;
  const write = usage.cacheWriteTokens ?? 0;
  const uncached = Math.max(0, usage.inputTokens - read - write);
  const long = price.above !== undefined && usage.inputTokens > price.above.tokens ? price.above : undefined;
  const input =
    uncached * price.input +
    read * (price.cacheRead ?? price.input) +
    write * (price.cacheWrite ?? price.input);
  const output = usage.outputTokens * price.output;
  return (input * (long?.input ?? 1) + output * (long?.output ?? 1)) / 1_000_000;
}

/** The ways a name may stand in the table, the most exact one first: a snapshot may have a price of its own. */
function spellings(model: string): readonly string[] {
  const lower = model.trim().toLowerCase();
  const bare = lower
    .slice(lower.lastIndexOf("/") + 1)
    .replace(/^(?:[a-z]{2,6}\.)?(?:anthropic|openai|google|deepseek|xai)\./, "")
    .replace(/-v\d+(?::\d+)?$/, "");
  // Some gateways write claude-sonnet-4.5; the older families are also written claude-4-opus.
  const named = bare.startsWith("claude")
    ? bare.replaceAll(".", "-").replace(/^claude-4-(opus|sonnet)/, "claude-$1-4")
    : bare;
  const undated = named.replace(/(?:-\d{4}-\d{2}-\d{2}|[-@]\d{8}|-\d{4}|-00\d)$/, "");
  const released = undated.replace(/-(?:latest|preview)$/, "");
  return [lower, bare, named, undated, released, released.replace(/^(claude-(?:opus|sonnet)-4)-0$/, "$1")];
}
