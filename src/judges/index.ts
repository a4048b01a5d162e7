import { anthropic } from "./anthropic.ts";
import { openai } from "./openai.ts";

/** Judge providers. A new one is one file and one line here; the contract suite runs over them. */
export const judgeProviders = { openai, anthropic } as const;

export { anthropic } from "./anthropic.ts";
export type { BuiltInJudgeOptions } from "./built-in/built-in-judge.ts";
export {
  builtInJudges,
  contextRetention,
  correctness,
  defaultJudges,
  goalDrift,
  groundedness,
  handOff,
  instructionFollowing,
  policyAdherence,
  safety,
  taskCompletion,
  tone,
  toolUse,
} from "./built-in/index.ts";
export type { PolicyAdherenceOptions } from "./built-in/policy-adherence.ts";
export { type CascadeOptions, cascade } from "./cascade.ts";
export { judgeFromEnvironment } from "./default-judge.ts";
export { defineJudge } from "./define-judge.ts";
export type { ContextPart, JudgeContext } from "./judge-context.ts";
export type { JudgeDocumentSource } from "./judge-document.ts";
export type { JudgeOptions } from "./judge-options.ts";
export { type OpenAiOptions, openai } from "./openai.ts";
export { type PanelOptions, panel } from "./panel.ts";
export type { ProviderOptions } from "./provider-call.ts";
