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

/** One of several answers to a question. */
export interface PanelAnswer {
  readonly provider: string;
  readonly model: string;
  /** Null: it gave none. */
  readonly label: string | null;
}

/** Narrows what `Judge.ask` returned. */
export function isAnswer(result: Answer | NoAnswer): result is Answer {
  return !("unscored" in result);
}
