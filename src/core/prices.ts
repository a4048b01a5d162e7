import type { Usage } from "./trace.ts";

/** Date of the table below, `YYYY-MM-DD`. */
export const PRICES_AS_OF = "2026-11-20";

/** USD per million tokens. Cache prices default to the input price. */
export interface Price {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
}

const PRICES: { readonly [model: string]: Price } = {};

/** The price of a model by its name as providers report it (dated names too); undefined when unknown. */
export function priceOf(model: string): Price | undefined {
  return PRICES[model];
}

/** USD for one call; undefined when the model has no price or the tokens are unknown. */
export function costOf(model: string, usage: Usage): number | undefined {
  const price = priceOf(model);
  if (!price || usage.inputTokens === undefined || usage.outputTokens === undefined) return undefined;
  const read = usage.cacheReadTokens ?? 0;
  const write = usage.cacheWriteTokens ?? 0;
  const uncached = Math.max(0, usage.inputTokens - read - write);
  const micro =
    uncached * price.input +
    read * (price.cacheRead ?? price.input) +
    write * (price.cacheWrite ?? price.input) +
    usage.outputTokens * price.output;
  return micro / 1_000_000;
}
