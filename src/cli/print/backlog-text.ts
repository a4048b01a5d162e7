import type { BudgetLeft } from "../../app/budget-left.ts";
import type { BackfillEstimate, LeftTraces } from "../../app/paused-scorers.ts";
import { count, dollars } from "./plain.ts";

/** How much waits, and what it will cost. */
export function backlog({ traces, estimate }: LeftTraces): string {
  if (traces === 0) return "no trace waits, so going on costs nothing now";
  return `${count(traces, "trace")} ${traces === 1 ? "waits" : "wait"}; judging ${traces === 1 ? "it" : "them"} will cost ${costOf(estimate)}`;
}

function costOf({ usd, inputTokens, outputTokens, answers }: BackfillEstimate): string {
  if (inputTokens === null || outputTokens === null)
    return "an unknown amount: this scorer has not answered yet, so there is nothing to go by";
  const tokens = `${inputTokens.toLocaleString("en")} input and ${outputTokens.toLocaleString("en")} output tokens`;
  const money =
    usd === null ? "an unknown amount of money (the model has no price here)" : `about ${dollars(usd)}`;
  return `${money}, ${tokens}, going by ${count(answers, "answer")} so far`;
}

/** What today's budget pays of it; empty: all of it, as there is no budget, or nothing waits. */
export function budgetSentence({
  traces,
  budget,
}: LeftTraces & { readonly budget: BudgetLeft | null }): string {
  if (budget === null || traces === 0) return "";
  const { usd, tokens } = budget;
  const amounts = [
    ...(usd === null ? [] : [dollars(usd)]),
    ...(tokens === null ? [] : [`${Math.round(tokens).toLocaleString("en")} tokens`]),
  ];
  if (amounts.length === 0) return "";
  const rest = budget.carryOver ? "is asked the next day (UTC)" : "falls off it again";
  return `Today's budget has ${amounts.join(" and ")} left for ordinary traces; ${enoughFor(budget.traces, traces)}${budget.traces === traces ? "" : `, what it does not pay for ${rest}`}`;
}

function enoughFor(paid: number | null, traces: number): string {
  if (paid === null) return "for how many that is enough is not known yet";
  if (paid >= traces) return traces === 1 ? "that pays for it" : "that pays for all of them";
  return paid === 0 ? "that pays for none of them" : `that pays for about ${paid} of them`;
}
