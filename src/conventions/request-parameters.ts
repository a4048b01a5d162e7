import type { JsonObject } from "../core/json.ts";
import type { SamplingParameters } from "../core/trace.ts";
import { AttributeReader } from "./attribute-reader.ts";
import { presentOrNothing } from "./present.ts";

/** Sampling parameters by the names that the providers' requests give them. */
export function readRequestParameters(request: JsonObject): SamplingParameters | undefined {
  const from = new AttributeReader(request);
  return presentOrNothing({
    temperature: from.number("temperature"),
    topP: from.number("top_p", "topP"),
    topK: from.number("top_k", "topK"),
    maxTokens: from.count(
      "max_tokens",
      "max_completion_tokens",
      "max_output_tokens",
      "maxTokens",
      "maxOutputTokens",
    ),
    seed: from.number("seed"),
    frequencyPenalty: from.number("frequency_penalty", "frequencyPenalty"),
    presencePenalty: from.number("presence_penalty", "presencePenalty"),
    stopSequences: from.names("stop", "stop_sequences", "stopSequences"),
    reasoningEffort: from.name("reasoning_effort", "reasoningEffort"),
  });
}
