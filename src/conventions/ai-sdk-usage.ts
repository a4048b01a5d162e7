import { isObject, type JsonObject, type JsonValue } from "../core/json.ts";
import type { SpanType } from "../core/trace.ts";
import { AttributeReader } from "./attribute-reader.ts";
import { unpackJson } from "./messages/shape.ts";
import { present } from "./present.ts";
import type { SpanFields } from "./span-fields.ts";
import { withCache } from "./whole-usage.ts";

/**
 * Token counts of the AI SDK: `promptTokens` in version 4 and on some spans of 5, `inputTokens` since, with
 * what the provider says beside it. `type` is that of the span.
 *
 * Until version 5 the input of Anthropic models leaves the cache out, from 6 on it is in. The provider's own
 * figures tell which it is; without them `promptTokens` is the old meaning.
 */
export function readAiSdkUsage(
  from: AttributeReader,
  type: SpanType | undefined,
): Pick<SpanFields, "usage" | "tokensAdjusted"> {
  from.below("ai.usage.");
  const metadata = metadataOf(from);
  const { openai, anthropic } = metadata;
  const provider = readers(openai, anthropic);
  const counts = {
    inputTokens: from.count("ai.usage.inputTokens", "ai.usage.promptTokens", "ai.usage.tokens"),
    outputTokens: from.count("ai.usage.outputTokens", "ai.usage.completionTokens"),
    cacheReadTokens:
      from.count("ai.usage.cachedInputTokens", "ai.usage.inputTokenDetails.cacheReadTokens") ??
      provider.count("cachedPromptTokens", "cacheReadInputTokens", "cache_read_input_tokens"),
    cacheWriteTokens:
      from.count("ai.usage.inputTokenDetails.cacheWriteTokens") ??
      provider.count("cacheCreationInputTokens", "cache_creation_input_tokens"),
    reasoningTokens:
      from.count("ai.usage.reasoningTokens", "ai.usage.outputTokenDetails.reasoningTokens") ??
      provider.count("reasoningTokens"),
  };
  const isCall = type === "llm" && anthropic !== undefined;
  if (isCall && leavesCacheOut(from, provider, counts.inputTokens)) return withCache(counts);
  const usage = present(counts);
  return Object.keys(usage).length > 0 ? { usage } : {};
}

function leavesCacheOut(
  from: AttributeReader,
  provider: AttributeReader,
  input: number | undefined,
): boolean {
  const raw = provider.count("input_tokens");
  if (raw !== undefined) return raw === input;
  return from.value("ai.usage.inputTokens") === undefined;
}

function metadataOf(from: AttributeReader): {
  readonly openai: JsonObject | undefined;
  readonly anthropic: JsonObject | undefined;
} {
  const value = from.value("ai.response.providerMetadata", "ai.result.providerMetadata");
  const metadata: JsonValue = value === undefined ? null : unpackJson(value, 1);
  const at = (name: string) => {
    const inner = isObject(metadata) ? metadata[name] : undefined;
    return isObject(inner) ? inner : undefined;
  };
  return { openai: at("openai"), anthropic: at("anthropic") };
}

/** One reader over what the provider reports, its `usage` included. */
function readers(...sources: readonly (JsonObject | undefined)[]): AttributeReader {
  const entries = sources.flatMap((source = {}) => [
    ...Object.entries(isObject(source.usage) ? source.usage : {}),
    ...Object.entries(source),
  ]);
  return new AttributeReader(Object.fromEntries(entries));
}
