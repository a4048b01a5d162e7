import type { Spent } from "../core/verdict.ts";
import { count, dollars, duration } from "./numbers.ts";

/**
 * What a gate run cost, for people: `$0.12 and 45,210 tokens in 3.2 s`. A model without a price is named, for then the USD are not all of it. Model
 * names come from traces: escape the text.
 */
export function spentText({ usd, tokens, ms, unpriced }: Spent): string {
  const time = duration(ms);
  if (tokens === 0 && usd === 0) return `no tokens that the traces tell of, in ${time}`;
  const rest = unpriced.length > 0 ? ` (USD unknown for ${unpriced.join(", ")})` : "";
  const money = usd === 0 && unpriced.length > 0 ? "" : `${dollars(usd)} and `;
  return `${money}${count(tokens, "token")}${rest} in ${time}`;
}
