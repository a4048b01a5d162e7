import type { Case } from "../core/case.ts";
import type { CaseCounts } from "../core/verdict.ts";

/** How tags of cases tell their severity. */
export interface Severity {
  /** Share of the error rate by tag; a case with several of these tags gets the largest, with none 1. */
  readonly weights: { readonly [tag: string]: number };
  /** Tags of cases without which there is no release. */
  readonly mustFix: readonly string[];
}

/** Puts weight and must-fix on the counts, by the tags of their cases; a scorer's own weight is multiplied. */
export function withSeverity(
  counts: readonly CaseCounts[],
  cases: readonly Case[],
  severity: Severity,
): readonly CaseCounts[] {
  const byId = new Map(cases.map((one) => [one.id, one]));
  return counts.map((one) => weigh(one, severityOf(byId.get(one.caseId), severity)));
}

/** The counts with the severity of their case. */
export function weigh(
  one: CaseCounts,
  { weight, mustFix }: Pick<CaseCounts, "weight" | "mustFix">,
): CaseCounts {
  return {
    ...one,
    ...(weight !== undefined && { weight: weight * (one.weight ?? 1) }),
    ...(mustFix !== undefined && { mustFix }),
  };
}

/** Weight and must-fix of a case, by its tags. */
export function severityOf(
  one: Pick<Case, "tags"> | undefined,
  { weights, mustFix }: Severity,
): Pick<CaseCounts, "weight" | "mustFix"> {
  const own = one?.tags ?? [];
  const found = own.flatMap((tag) => weights[tag] ?? []);
  return {
    ...(found.length > 0 && { weight: Math.max(...found) }),
    ...(own.some((tag) => mustFix.includes(tag)) && { mustFix: true }),
  };
}
