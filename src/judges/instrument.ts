import { contentHash } from "../core/ids.ts";
import type { Judge } from "../core/judge.ts";
import { PROMPT_VERSION, type Prompt } from "./judge-question.ts";
import { RENDERER_VERSION, type RenderOptions } from "./render-trace.ts";

/** What is fixed when a judge is defined: what it asks, and how it is shown a trace. */
export interface JudgeDefinition {
  readonly prompt: Prompt;
  readonly rendering: Required<Pick<RenderOptions, "context" | "budgetTokens">>;
  /** Steps it may ask to see in full. */
  readonly reads: number;
}

/** What a judge's answers to a question come from; see `Scorer.instrument`. */
export function instrumentOf(
  judge: Pick<Judge, "identity"> | undefined,
  definition: JudgeDefinition,
): string | null {
  return judge === undefined ? null : contentHash([judge.identity, promptHash(definition), RENDERER_VERSION]);
}

/** What is asked, and what of a trace is shown, in short: for the metadata of a score. */
export function promptHash({ prompt, rendering, reads }: JudgeDefinition): string {
  return contentHash([PROMPT_VERSION, prompt, rendering, reads]);
}

/** What the attacks were tried on: the same, whatever was asked. */
export function judgeVersion(judge: Pick<Judge, "identity">): string {
  return contentHash([judge.identity, PROMPT_VERSION, RENDERER_VERSION]);
}
