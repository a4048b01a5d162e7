import type { Scorer } from "../../core/scorer.ts";
import { defineJudge } from "../define-judge.ts";
import type { JudgeContext } from "../judge-context.ts";
import type { JudgeOptions } from "../judge-options.ts";

/** What can be changed about a built-in judge. */
export interface BuiltInJudgeOptions
  extends Pick<
    JudgeOptions,
    "judge" | "tier" | "weight" | "withinMs" | "passAt" | "budgetTokens" | "reads" | "documents"
  > {
  /** Name of the scorer, when two variants run side by side. Default: that of the judge. */
  readonly name?: string;
}

/**
 * All built-in judges answer `yes` (good) or `no`, and most are shown the same: providers keep the beginning of a prompt only for prompts
 * with the same answer schema, so further judges of a trace cost a tenth of the first.
 */
export const YES_NO = { yes: 1, no: 0 } as const;

/** What the judges of single steps are shown, all the same: every step with its reasons, and what there was to choose from. */
export const STEPS: JudgeContext = ["tools", "retrievals", "memory", "reasons", "agents", "definitions"];

/** A built-in judge, with the user's changes. */
export function builtInJudge(
  name: string,
  rubric: Omit<JudgeOptions, "labels">,
  { name: ownName = name, ...changes }: BuiltInJudgeOptions,
): Scorer {
  return defineJudge(ownName, { labels: YES_NO, ...rubric, ...changes });
}
