import type { JudgeBatches } from "./judge-batches.ts";
import type { Answer, NoAnswer, Question } from "./question.ts";

export {
  type Answer,
  type Billing,
  CANNOT_JUDGE,
  isAnswer,
  type JudgeTier,
  type NoAnswer,
  type PanelAnswer,
  type ProviderLimits,
  type Question,
  type RateLimit,
  type SecondTry,
} from "./question.ts";

/** The second step of a cascade. */
export interface Stronger {
  readonly judge: Judge;
  /** The first answer stands when its label has at least this probability, 0..1. */
  readonly acceptAbove: number;
}

/** Judges that answer the same question, of other families so that they do not share one blind spot. */
export interface Panel {
  readonly others: readonly Judge[];
  /** Asked where they differ, and what it says counts. Default: then nobody can judge. */
  readonly arbiter?: Judge;
}

/**
 * A model that answers a question with a label out of a closed set. One `ask` is one call of a provider: second tries and
 * fallbacks are the business of who asks (`askThrough` of judges/), so that each call has its own place in the limits and in the store.
 */
export interface Judge {
  /** E.g. `openai`. */
  readonly provider: string;
  /** Model as requested. */
  readonly model: string;
  /** Everything besides the question that may change an answer (model, parameters, schema version), as text. */
  readonly identity: string;
  /**
   * Names the limits its calls count against: calls with one name share them. It may hold no secret. Default: provider and model.
   */
  readonly lane?: string;
  /** For plans of what it will cost. Default: nothing is shared, and output is paid. */
  readonly terms?: JudgeTerms;
  /** The same questions asked in bulk, answered later, at half the price. Absent: its provider has nothing of the kind. */
  readonly batches?: JudgeBatches;
  /** Asked once where this judge refuses; best of another family. Who wraps a judge wraps this one too. */
  readonly fallback?: Judge;
  /** Asked where this judge is not sure enough. Who wraps a judge wraps this one too. */
  readonly stronger?: Stronger;
  /** Asked beside this judge, every time. Who wraps a judge wraps these too. */
  readonly panel?: Panel;
  /**
   * Waits for all that a call needs and does not make it, so that whoever keeps a record of calls begins it with the call. Present where calls
   * have to wait; who wraps `ask` wraps this, too, or leaves it out.
   */
  admit?(question: Question, signal: AbortSignal): Promise<Admission | NoAnswer>;
  /** Never throws for what a provider does; that is a {@link NoAnswer}. */
  ask(question: Question, signal: AbortSignal): Promise<Answer | NoAnswer>;
}

/** What of a call its provider bills, besides the price of the model. */
export interface JudgeTerms {
  /** Questions that begin with the same record pay for it once, and a little for keeping and finding it. */
  readonly sharesRecords: boolean;
  /** False: what the model writes is free. */
  readonly paysOutput: boolean;
}

/** Leave to make one call: its turn, its money. One of the two is to be called, once. */
export interface Admission {
  /** Makes the call. */
  ask(): Promise<Answer | NoAnswer>;
  /** There will be no call; what was taken for it goes back. */
  release(): Promise<void>;
}

/** The judges that a judge brings along, each wrapped as it is. */
export function wrapOthers(
  { fallback, stronger, panel }: Judge,
  wrap: (judge: Judge) => Judge,
): Pick<Judge, "fallback" | "stronger" | "panel"> {
  const arbiter = panel?.arbiter && wrap(panel.arbiter);
  return {
    ...(fallback && { fallback: wrap(fallback) }),
    ...(stronger && { stronger: { ...stronger, judge: wrap(stronger.judge) } }),
    ...(panel && { panel: { others: panel.others.map(wrap), ...(arbiter && { arbiter }) } }),
  };
}
