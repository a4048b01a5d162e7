import type { Question } from "../core/judge.ts";

/** How one question is put to a model, live or in a batch. */
export interface RequestSetting {
  /** Tokens the judge may write, its reasoning included. */
  readonly maxOutputTokens: number;
  /** Whether the provider is told to keep the instructions, for other questions that begin with them. */
  readonly keepsInstructions: boolean;
  /** For how long it keeps what it is told to, where it can be told. Default: as short as it offers. */
  readonly keepsFor?: "1h";
}

/** What a question may be answered with, tokens: twice the usual where the first answer was cut. */
export function maxOutputOf({ secondTry }: Question, maxOutputTokens: number): number {
  return secondTry?.kind === "more-output" ? 2 * maxOutputTokens : maxOutputTokens;
}
