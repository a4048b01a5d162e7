import type { JsonObject } from "../core/json.ts";
import type { CompleteReply } from "./complete-reply.ts";

/**
 * The tokens of a reply as OpenAI's APIs tell them when they are asked for: the text before the label, the label with its rivals, and the
 * rest. Real tokens are shorter. Empty when the reply says nothing of probabilities.
 */
export function tokenLogprobs({ text, probabilities }: CompleteReply): readonly JsonObject[] {
  const match = /"label"\s*:\s*"([^"]*)/u.exec(text ?? "");
  if (text === null || probabilities === null || match === null) return [];
  const label = match[1] ?? "";
  const start = match.index + match[0].length - label.length;
  const sure = { bytes: null, logprob: 0, top_logprobs: [] };
  const rivals = Object.entries(probabilities).map(([token, probability]) => ({
    token,
    bytes: null,
    logprob: Math.log(probability),
  }));
  return [
    { ...sure, token: text.slice(0, start) },
    { token: label, bytes: null, logprob: Math.log(probabilities[label] ?? 0), top_logprobs: rivals },
    { ...sure, token: text.slice(start + label.length) },
  ];
}
