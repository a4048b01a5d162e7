import type { Judge } from "../core/judge.ts";
import { anthropic } from "./anthropic.ts";
import { openai } from "./openai.ts";

/**
 * Cheap models for judging, by provider; named in README and `--help`. Chosen 2026-11-20: 0.10 USD per million
 * input and 0.50 per million output tokens, structured output, both recommended by their makers for
 * high volumes.
 */
export const DEFAULT_MODELS = { openai: "gpt-6-luna", anthropic: "claude-haiku-5-5" } as const;

/**
 * The judge that the environment offers when the configuration names none: `OPENAI_API_KEY` first (with
 * `OPENAI_BASE_URL`, and the model of `TRACEGATE_JUDGE_MODEL`, if set), then `ANTHROPIC_API_KEY`; undefined
 * without a key.
 */
export function judgeFromEnvironment(env: {
  readonly [name: string]: string | undefined;
}): Judge | undefined {
  const model = env.TRACEGATE_JUDGE_MODEL;
  if (env.OPENAI_API_KEY) return openai({ model: model || DEFAULT_MODELS.openai, env });
  if (env.ANTHROPIC_API_KEY) return anthropic({ model: model || DEFAULT_MODELS.anthropic, env });
  return undefined;
}
