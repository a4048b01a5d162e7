import type { Config } from "../config/schema.ts";
import { TracegateError } from "../core/errors.ts";
import { type Billing, type Judge, wrapOthers } from "../core/judge.ts";
import { priceOf } from "../core/prices.ts";
import type { SamplingDecision, SamplingReason } from "../core/sampling.ts";
import type { SpendLimits } from "../core/store.ts";
import type { Trace } from "../core/trace.ts";
import type { Budget } from "../pipeline/budget-judge.ts";

interface Daily {
  readonly usdPerDay?: number;
  readonly tokensPerDay?: number;
}

/** The budget of judges in a configuration; null: any amount. */
export function judgeBudget({ judging: { budget } }: Pick<Config, "judging">): Budget | null {
  if (budget === undefined) return null;
  const { perScorer, perTenant = {}, ordinaryShare, carryOver } = budget;
  return {
    all: limitsOf(budget),
    perScorer: Object.fromEntries(Object.entries(perScorer).map(([name, daily]) => [name, limitsOf(daily)])),
    perTenant: limitsOf(perTenant),
    ordinaryShare,
    carryOver,
  };
}

function limitsOf({ usdPerDay, tokensPerDay }: Daily): SpendLimits {
  return {
    ...(usdPerDay !== undefined && { usd: usdPerDay }),
    ...(tokensPerDay !== undefined && { tokens: tokensPerDay }),
  };
}

/**
 * Refuses a budget in USD alone for a judge whose model has no price: its calls would count as free.
 *
 * @throws TracegateError `config` that names the model and the key
 */
export function checkBudget(config: Pick<Config, "judging">, judge: Judge): void {
  const { budget } = config.judging;
  if (budget === undefined) return;
  const unpriced = modelsOf(judge).filter((model) => priceOf(model) === undefined);
  if (unpriced.length === 0) return;
  const places: readonly (readonly [string, Daily])[] = [
    ["judging.budget", budget],
    ["judging.budget.perTenant", budget.perTenant ?? {}],
    ...Object.entries(budget.perScorer).map(
      ([name, daily]) => [`judging.budget.perScorer.${name}`, daily] as const,
    ),
  ];
  const [path] =
    places.find(([, daily]) => daily.usdPerDay !== undefined && daily.tokensPerDay === undefined) ?? [];
  if (path === undefined) return;
  throw new TracegateError(
    "config",
    `${path}.usdPerDay: the model ${unpriced.join(", ")} of the judge has no price, so it would cost nothing here. Set ${path}.tokensPerDay as well.`,
  );
}

function modelsOf(judge: Judge): readonly string[] {
  const models = [judge.model];
  wrapOthers(judge, (other) => {
    models.push(...modelsOf(other));
    return other;
  });
  return models;
}

/** Reasons for which a trace comes first when the day's budget runs short. */
const URGENT: ReadonlySet<SamplingReason> = new Set(["error", "failed-rule", "new-version"]);

/** Who pays for the questions about a trace. `sampling` undefined: nobody drew a sample. */
export function billingOf(
  trace: Trace,
  sampling: SamplingDecision | undefined,
  { judging: { budget } }: Pick<Config, "judging">,
): Billing {
  const by = budget?.perTenant?.by;
  const tenant = by === undefined ? undefined : tenantOf(trace, by);
  const isUrgent = trace.errors.length > 0 || (sampling !== undefined && URGENT.has(sampling.reason));
  return { isUrgent, ...(tenant !== undefined && { tenant }) };
}

function tenantOf(trace: Trace, by: string): string | undefined {
  switch (by) {
    case "organisationId":
    case "userId":
    case "feature":
      return trace[by];
    case "service":
      return trace.service.name;
    default: {
      const root = trace.spans.find(({ spanId }) => spanId === trace.rootSpanId) ?? trace.spans[0];
      const value = root?.attributes[by];
      return value === undefined || value === null ? undefined : String(value);
    }
  }
}
