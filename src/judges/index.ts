import { anthropic } from "./anthropic.ts";
import { groundedness } from "./groundedness.ts";
import { instructionFollowing } from "./instruction-following.ts";
import { openai } from "./openai.ts";

/** Judge providers. A new one is one file and one line here; the contract suite runs over them. */
export const judgeProviders = { openai, anthropic } as const;

/** The judges that come with tracegate, ready to be put into `scorers`. */
export const builtInJudges = [groundedness, instructionFollowing] as const;

export { anthropic } from "./anthropic.ts";
export { DEFAULT_MODELS, judgeFromEnvironment } from "./default-judge.ts";
export { defineJudge, type JudgeOptions } from "./define-judge.ts";
export { type GroundednessOptions, groundedness, groundednessWith } from "./groundedness.ts";
export {
  type InstructionFollowingOptions,
  instructionFollowing,
  instructionFollowingWith,
} from "./instruction-following.ts";
export { type OpenAiOptions, openai } from "./openai.ts";
export type { ProviderOptions } from "./provider-call.ts";
export type { JudgeContext } from "./trace-entries.ts";
