import { isObject, type JsonValue } from "../core/json.ts";
import { AttributeReader } from "./attribute-reader.ts";
import { unpackJson } from "./messages/shape.ts";
import { objectOf } from "./object-of.ts";
import type { SpanFields } from "./span-fields.ts";
import { whole } from "./whole-usage.ts";

const READ = ["input_cached_tokens", "input_cache_read", "input_cached", "cache_read_input_tokens"];
const WRITE = [
  "input_cache_creation",
  "input_cache_write",
  "input_cache_creation_tokens",
  "cache_creation_input_tokens",
];
const REASONING = ["output_reasoning_tokens", "output_reasoning"];

/** Parts of the input that do not carry `input_` in front. */
const INPUT_PARTS = new Set(["cache_read_input_tokens", "cache_creation_input_tokens"]);

/**
 * Langfuse's `usage_details`: kinds of tokens that do not overlap, so cached input stands beside `input` and
 * reasoning beside `output`. Where the `total` shows that somebody filled in overlapping figures, or the
 * names are the provider's own, they are taken as they are.
 */
export function readLangfuseUsage(
  value: JsonValue | undefined,
): Pick<SpanFields, "usage" | "tokensAdjusted"> {
  const details = value === undefined ? null : unpackJson(value);
  if (!isObject(details)) return {};
  const from = new AttributeReader(details);
  const [inputs, outputs] = ["prompt_tokens_details", "completion_tokens_details"].map(
    (key) => new AttributeReader(objectOf(details[key])),
  );
  const counts = {
    inputTokens: from.count("input", "prompt_tokens", "promptTokens", "input_tokens"),
    outputTokens: from.count("output", "completion_tokens", "completionTokens", "output_tokens"),
    cacheReadTokens: from.count(...READ) ?? inputs?.count("cached_tokens"),
    cacheWriteTokens: from.count(...WRITE),
    reasoningTokens: from.count(...REASONING) ?? outputs?.count("reasoning_tokens"),
  };
  const besideInput = sumOf(from, details, (key) => key.startsWith("input_") || INPUT_PARTS.has(key));
  const besideOutput = sumOf(from, details, (key) => key.startsWith("output_"));
  const total = from.count("total");
  const plain = (counts.inputTokens ?? 0) + (counts.outputTokens ?? 0);
  const overlaps = total !== undefined && total === plain;
  return details.input === undefined || overlaps
    ? whole(counts, 0, 0)
    : whole(counts, besideInput, besideOutput);
}

function sumOf(from: AttributeReader, details: object, isPart: (key: string) => boolean): number {
  const parts = Object.keys(details).filter((key) => isPart(key) && !/^(input|output)_tokens$/.test(key));
  return parts.reduce((sum, key) => sum + (from.count(key) ?? 0), 0);
}
