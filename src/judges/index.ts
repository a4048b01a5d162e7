import type { Scorer } from "../core/scorer.ts";
import { anthropic } from "./anthropic.ts";
import { groundedness } from "./groundedness.ts";
import { instructionFollowing } from "./instruction-following.ts";
import { openai } from "./openai.ts";

/** Judge providers. A new one is one file and one line here; the contract suite runs over them. */
export const judgeProviders = { openai, anthropic } as const;

/** The judges that come with tracegate, with their defaults. A new one is a file and a line here. */
export const builtInJudges: readonly Scorer[] = [groundedness(), instructionFollowing()];

export { anthropic } from "./anthropic.ts";
export { judgeFromEnvironment } from "./default-judge.ts";
export { defineJudge, type JudgeOptions } from "./define-judge.ts";
export { type GroundednessOptions, groundedness } from "./groundedness.ts";
export { type InstructionFollowingOptions, instructionFollowing } from "./instruction-following.ts";
export { type OpenAiOptions, openai } from "./openai.ts";
export type { ProviderOptions } from "./provider-call.ts";
