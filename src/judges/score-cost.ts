import type { Score } from "../core/score.ts";

/** What asking for a score cost, USD: 0 where no model answered; null where one did and has no price. */
export function costOfScore({ metadata, unscored }: Score): number | null {
  const { costUsd, usage, judgeModel } = metadata;
  if (typeof costUsd === "number") return costUsd;
  const wasAnswered = judgeModel !== undefined && (unscored === null || usage !== undefined);
  return wasAnswered ? null : 0;
}
