import type { Usage } from "../core/trace.ts";
import { present } from "./present.ts";
import type { SpanFields } from "./span-fields.ts";

/** Token counts as a sender gave them; any may be missing. */
type Counts = { readonly [Name in keyof Usage]: Usage[Name] | undefined };

/** Usage in our meaning from counts whose input leaves the cache out, as the Anthropic API gives them. */
export function withCache(counts: Counts): Pick<SpanFields, "usage" | "tokensAdjusted"> {
  return whole(counts, (counts.cacheReadTokens ?? 0) + (counts.cacheWriteTokens ?? 0), 0);
}

/** Usage in our meaning: what the sender counted apart is added to its input and output. */
export function whole(
  counts: Counts,
  besideInput: number,
  besideOutput: number,
): Pick<SpanFields, "usage" | "tokensAdjusted"> {
  const { inputTokens, outputTokens } = counts;
  const usage = present({
    ...counts,
    inputTokens: inputTokens === undefined ? undefined : inputTokens + besideInput,
    outputTokens: outputTokens === undefined ? undefined : outputTokens + besideOutput,
  });
  const isAdjusted = usage.inputTokens !== inputTokens || usage.outputTokens !== outputTokens;
  return {
    ...(Object.keys(usage).length > 0 ? { usage } : {}),
    ...(isAdjusted ? { tokensAdjusted: true } : {}),
  };
}
