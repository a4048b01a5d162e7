import { isObject, type JsonValue } from "../core/json.ts";
import type { Spending, TaskOutput } from "../core/run.ts";
import type { Score } from "../core/score.ts";
import type { LlmCall, Trace, Usage } from "../core/trace.ts";

/** Nothing was paid for. */
export const NOTHING: Spending = { usd: 0, tokens: 0, unpriced: [], untold: 0 };

/** The sum of what several things cost. */
export function addSpending(parts: Iterable<Spending>): Spending {
  let { usd, tokens, untold } = NOTHING;
  const unpriced = new Set<string>();
  for (const part of parts) {
    usd += part.usd;
    tokens += part.tokens;
    untold += part.untold;
    for (const model of part.unpriced) unpriced.add(model);
  }
  return { usd, tokens, unpriced: [...unpriced], untold };
}

/**
 * What the agent paid for in one attempt, as its trace tells it: the trace's own sums, or those of the calls that the task says were paid
 * for. Without a trace nothing is known, which is not the same as nothing.
 */
export function agentSpending(trace: Trace | null, { paidCalls }: Pick<TaskOutput, "paidCalls">): Spending {
  if (!trace) return paidCalls ? NOTHING : { ...NOTHING, untold: 1 };
  if (paidCalls) return callSpending(paidCalls(trace.llmCalls));
  const { usage, cost } = trace;
  return {
    usd: cost.usd ?? 0,
    tokens: tokensOf(usage) ?? 0,
    unpriced: cost.unpricedModels,
    untold: tokensOf(usage) === undefined || callSpending(trace.llmCalls).untold > 0 ? 1 : 0,
  };
}

/** What the judges of one trial were paid, by the metadata of their scores; an answer out of the store was paid for before. */
export function judgeSpending(scores: readonly Score[]): Spending {
  return addSpending(
    scores.flatMap(({ kind, metadata }) => {
      const usage = usageIn(metadata.usage);
      if (kind !== "judge" || usage === undefined || metadata.remembered === true) return [];
      const usd = typeof metadata.costUsd === "number" ? metadata.costUsd : undefined;
      return priced(usd, tokensOf(usage) ?? 0, metadata.judgeModel);
    }),
  );
}

function callSpending(calls: readonly LlmCall[]): Spending {
  const sum = addSpending(
    calls.map(({ cost, usage, model }) => priced(cost, tokensOf(usage) ?? 0, model ?? "unknown")),
  );
  // A call that the provider refused has no tokens to tell.
  const untold = calls.some(({ usage, error }) => error === null && tokensOf(usage) === undefined);
  return { ...sum, untold: untold ? 1 : 0 };
}

function priced(usd: number | undefined, tokens: number, model: JsonValue | undefined): Spending {
  const unpriced = usd === undefined && tokens > 0 ? [typeof model === "string" ? model : "unknown"] : [];
  return { usd: usd ?? 0, tokens, unpriced, untold: 0 };
}

/** Input holds cache reads and writes, output holds reasoning; undefined when neither was reported. */
function tokensOf({ inputTokens, outputTokens }: Usage): number | undefined {
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  return (inputTokens ?? 0) + (outputTokens ?? 0);
}

function usageIn(value: JsonValue | undefined): Usage | undefined {
  if (!isObject(value)) return undefined;
  const tokens = (name: string) => (typeof value[name] === "number" ? value[name] : undefined);
  const inputTokens = tokens("inputTokens");
  const outputTokens = tokens("outputTokens");
  return {
    ...(inputTokens !== undefined && { inputTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
  };
}
