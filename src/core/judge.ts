import type { JudgeBatches } from "./judge-batches.ts";
import type { Unscored } from "./score.ts";
import type { Usage } from "./trace.ts";

/** The label every judge may always give: "the evidence does not settle it". */
export const CANNOT_JUDGE = "cannot_judge";

/** One limit of a provider, as the headers of a reply tell it. What no header said is absent. */
export interface RateLimit {
  /** In one window, a minute with most providers. */
  readonly limit?: number;
  /** Still free when the reply was sent. */
  readonly remaining?: number;
  /** Unix ms at which all of it is free again. */
  readonly resetAt?: number;
}

/** What a provider says of its limits, for the key and the model of one call. */
export interface ProviderLimits {
  readonly requests?: RateLimit;
  /** Input and output together. */
  readonly tokens?: RateLimit;
  readonly inputTokens?: RateLimit;
  readonly outputTokens?: RateLimit;
  /** Unix ms: nothing should be sent before (`retry-after`). */
  readonly retryAt?: number;
}

/** How to ask once more where the first reply was of no use, but paid for. */
export type SecondTry =
  | { readonly kind: "more-output" }
  | {
      readonly kind: "repair";
      /** What the model wrote, at most 4,000 characters. */
      readonly written: string;
      /** How it breaks the schema, in a sentence. */
      readonly problem: string;
    };

/** Which of several models should answer, where the judge asked has several. `strong`: no cheaper one. */
export type JudgeTier = "cheap" | "strong";

/** Who pays for a question. */
export interface Billing {
  /** It comes first when the day's budget runs short: an error, a new version. */
  readonly isUrgent: boolean;
  /** Whose traces these are, where tenants have budgets of their own. */
  readonly tenant?: string;
}

/** A question with a closed set of answers. */
export interface Question {
  /** The scorer that asks, and its version; part of the answer's key. */
  readonly scorer: string;
  readonly version: string;
  /** Rules of reading and answering, and documents to judge by: the same for all traces. Ours, trusted. */
  readonly instructions: string;
  /** The rendered trace inside its fence, which is untrusted; after it, from {@link sharedLength} on, what is asked. */
  readonly content: string;
  /** The labels on offer, `cannot_judge` among them. */
  readonly labels: readonly string[];
  /** Id of the trace it is about. Not shown to the judge and no part of the answer's key. */
  readonly subject?: string;
  /** Id of its root span, for a link to it. Not shown to the judge and no part of the answer's key. */
  readonly subjectSpanId?: string;
  /**
   * So many characters at the start of `content` are the same for every question about this trace: providers are told to
   * keep what was read up to there. Default 0. No part of the answer's key.
   */
  readonly sharedLength?: number;
  /** Default: the judge chooses. */
  readonly tier?: JudgeTier;
  /** Whose budget pays. Not shown to the judge and no part of the answer's key. */
  readonly billing?: Billing;
  /**
   * How soon the answer is needed, ms after the question. Enough for a batch of the provider, and it goes into one, at half the price,
   * where somebody collects answers. Default: at once. No part of the answer's key.
   */
  readonly withinMs?: number;
  /** Set when the question is asked again, as the {@link NoAnswer} of the first time proposed. */
  readonly secondTry?: SecondTry;
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
  /** The provider that answered, where it is not that of the judge asked. */
  readonly provider?: string;
  /** Per label 0..1, together 1; from judges that tell them. */
  readonly probabilities?: { readonly [label: string]: number };
  /** The step of a cascade that answered. */
  readonly tier?: JudgeTier;
  /** What each judge of a panel said; one entry per judge. */
  readonly panel?: readonly PanelAnswer[];
  readonly usage: Usage;
  /** USD; absent when the model has no price. */
  readonly cost?: number;
  /** Calls that usage and cost are the sum of. Default 1. */
  readonly calls?: number;
  /** Of the one call made. Never kept in the store. */
  readonly limits?: ProviderLimits;
  /** Trace id under which the call that brought it was reported; see `pipeline/audit-judge.ts`. */
  readonly callTraceId?: string;
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
  /** Calls that usage and cost are the sum of. Default 1. */
  readonly calls?: number;
  /** Of the one call made. Never kept in the store. */
  readonly limits?: ProviderLimits;
  /** What may help if the question is asked once more at once. */
  readonly secondTry?: SecondTry;
  /** It came from the store: usage and cost are those of the first time, nothing was paid now. */
  readonly remembered?: boolean;
  /** The same call was under way when an earlier process died, so it may have been paid twice. */
  readonly inDoubt?: boolean;
}

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

/** One of several answers to a question. */
export interface PanelAnswer {
  readonly provider: string;
  readonly model: string;
  /** Null: it gave none. */
  readonly label: string | null;
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

/** Narrows what {@link Judge.ask} returned. */
export function isAnswer(result: Answer | NoAnswer): result is Answer {
  return !("unscored" in result);
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
