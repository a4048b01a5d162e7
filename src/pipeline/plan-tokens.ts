import { recordKey } from "../judges/share-records.ts";
import { estimateTokens } from "./estimate-tokens.ts";
import type { PlannedCall } from "./plan-cost.ts";
import type { PlannedQuestion } from "./plan-judge.ts";

/** Answer schema and the turns around the texts; OpenAI and Anthropic count them as input. */
const AROUND = 120;

/**
 * A planned question in tokens.
 *
 * @param options.factor by which stored answers show the estimate of input tokens to be off; 1: nothing is known.
 * @param options.withinMs how soon an answer is needed where the question does not say, ms. Default: at once.
 */
export function plannedCall(
  { question, judge, role }: PlannedQuestion,
  options: { readonly outputTokens: number; readonly factor: number; readonly withinMs?: number },
): PlannedCall {
  const { outputTokens, factor } = options;
  const { instructions, content, sharedLength = 0, scorer, withinMs = options.withinMs ?? 0 } = question;
  const { model, terms, batches } = judge;
  const beginning = estimateTokens(instructions + content.slice(0, sharedLength), model);
  const rest = estimateTokens(content.slice(sharedLength), model);
  return {
    scorer,
    model,
    role,
    inputTokens: Math.round(factor * (beginning + rest + AROUND)),
    outputTokens: terms?.paysOutput === false ? 0 : Math.round(outputTokens),
    sharedKey: terms?.sharesRecords === true ? recordKey(question) : null,
    sharedTokens: Math.round(factor * beginning),
    inBatch: batches !== undefined && withinMs >= batches.windowMs,
  };
}
