import type { LlmSpan } from "./llm-spans.ts";
import { errorOf } from "./span-error.ts";

/**
 * Traceloop's instrumentation of OpenAI for JavaScript does not read the usage of streamed chats: it runs a
 * tokenizer over the texts, and records nothing where there is no text, as in a turn that only calls tools.
 */
const ESTIMATES_STREAMS = "@traceloop/instrumentation-openai";

/**
 * Calls whose token counts come, or are likely to come, from a tokenizer: the dialect says so, or another
 * call of the same estimating instrumentation ended well without counts, so this client streams.
 */
export function findEstimated(calls: readonly LlmSpan[]): readonly LlmSpan[] {
  const isEstimating = (call: LlmSpan) =>
    call.duplicates.length === 0 && call.node.span.scope.name === ESTIMATES_STREAMS;
  const streams = calls.some((call) => isEstimating(call) && isUncounted(call));
  return calls.filter(
    (call) => call.fields.tokensEstimated || (streams && isEstimating(call) && !isUncounted(call)),
  );
}

/** Calls that ended well without counts while others have some. */
export function findUncounted(calls: readonly LlmSpan[]): readonly LlmSpan[] {
  const uncounted = calls.filter(isUncounted);
  return calls.some(({ fields }) => isCounted(fields.usage)) ? uncounted : [];
}

function isUncounted({ node, fields }: LlmSpan): boolean {
  return !isCounted(fields.usage) && errorOf(node) === null;
}

function isCounted(usage: LlmSpan["fields"]["usage"]): boolean {
  return usage?.inputTokens !== undefined || usage?.outputTokens !== undefined;
}
