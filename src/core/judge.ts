import type { Unscored } from "./score.ts";
import type { Usage } from "./trace.ts";

/** The label every judge may always give: "the evidence does not settle it". */
export const CANNOT_JUDGE = "cannot_judge";

/** A question with a closed set of answers. */
export interface Question {
  /** The scorer that asks, and its version; part of the answer's key. */
  readonly scorer: string;
  readonly version: string;
  /** Static text first: rubric and rules of answering. Ours, trusted. */
  readonly instructions: string;
  /** The rendered trace inside its fence, and the reminder after it. Untrusted. */
  readonly content: string;
  /** The labels on offer, `cannot_judge` among them. */
  readonly labels: readonly string[];
  /** Id of the trace it is about. Not shown to the judge and no part of the answer's key. */
  readonly subject?: string;
}

/** What a judge answered. */
export interface Answer {
  readonly label: string;
  /** One or two sentences. */
  readonly rationale: string;
  /** Span ids the judge cited, as it gave them. */
  readonly evidence: readonly string[];
  /** The model that answered, as the provider names it. */
  readonly model: string;
  readonly usage: Usage;
  /** USD; absent when the model has no price. */
  readonly cost?: number;
  /** The answer came from the store: usage and cost are those of the first time, nothing was paid now. */
  readonly remembered?: boolean;
  /** The same call was under way when an earlier process died, so it may have been paid twice. */
  readonly inDoubt?: boolean;
}

/** Why a judge gave no answer. Never a score. */
export interface NoAnswer {
  readonly unscored: Unscored;
  /** What happened and what to do, in a sentence. */
  readonly reason: string;
  /** What it cost all the same. */
  readonly usage?: Usage;
  readonly cost?: number;
  /** It came from the store: usage and cost are those of the first time, nothing was paid now. */
  readonly remembered?: boolean;
}

/** A model that answers a question with a label out of a closed set. */
export interface Judge {
  /** E.g. `openai`. */
  readonly provider: string;
  /** Model as requested. */
  readonly model: string;
  /** Everything besides the question that may change an answer (model, parameters, schema version), as text. */
  readonly identity: string;
  /** Never throws for what a provider does; that is a {@link NoAnswer}. */
  ask(question: Question, signal: AbortSignal): Promise<Answer | NoAnswer>;
}

/** Narrows what {@link Judge.ask} returned. */
export function isAnswer(result: Answer | NoAnswer): result is Answer {
  return !("unscored" in result);
}
