import { systemClock } from "../core/clock.ts";
import type { Answer, NoAnswer, Question } from "../core/judge.ts";
import { costOf } from "../core/prices.ts";
import type { Usage } from "../core/trace.ts";
import { readAnswer } from "./answer-schema.ts";
import { limitsOf } from "./provider-limits.ts";

/** What came back over the wire, before it is an answer: the outcome, and what was paid for it. */
export interface ProviderReply {
  readonly outcome:
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "decided"; readonly label: string; readonly rationale: string }
    | { readonly kind: "refused"; readonly reason: string }
    | { readonly kind: "cut"; readonly reason: string }
    | { readonly kind: "failed"; readonly reason: string };
  readonly model: string;
  readonly usage: Usage;
  /** The tokens as they are billed, where that is not as their kind says. Default: `usage`. */
  readonly billed?: Usage;
  /** Per label 0..1, together 1. */
  readonly probabilities?: { readonly [label: string]: number };
  /** Absent: it came in a batch. */
  readonly headers?: Headers;
}

/** What was asked, for its price and for sentences. */
interface Asked {
  /** E.g. `OpenAI`. */
  readonly title: string;
  readonly model: string;
  /** Of the usual price, 0..1. Default 1. */
  readonly priceShare?: number;
}

/** Most of what a model wrote that is shown to it again. */
const WRITTEN_SHOWN = 4_000;

/** What a reply is worth: an answer, or why there is none, with what to try next. */
export function answerOf(reply: ProviderReply, question: Question, asked: Asked): Answer | NoAnswer {
  const { title } = asked;
  const { outcome } = reply;
  const paid = paidFor(reply, asked);
  const told = reply.probabilities && { probabilities: reply.probabilities };
  switch (outcome.kind) {
    case "refused":
      return { unscored: { code: "refused" }, reason: `${title} refused: ${outcome.reason}`, ...paid };
    case "cut":
      return {
        unscored: { code: "cut" },
        reason: `${title} stopped before the answer was complete (${outcome.reason}). Raise maxOutputTokens of the judge, or lower its effort.`,
        secondTry: { kind: "more-output" },
        ...paid,
      };
    case "failed":
      return { unscored: { code: "provider-down" }, reason: `${title} failed: ${outcome.reason}`, ...paid };
    case "decided": {
      const { label, rationale } = outcome;
      if (question.labels.includes(label))
        return { label, rationale, evidence: [], model: reply.model, ...paid, ...told };
      // The same would come back: this API takes no complaint.
      return {
        unscored: { code: "schema-broken" },
        reason: `${title} chose ${JSON.stringify(label)}, which was not on offer.`,
        ...paid,
      };
    }
    case "text": {
      const written = readAnswer(outcome.text, question.labels);
      if (typeof written !== "string") return { ...written, model: reply.model, ...paid, ...told };
      return {
        unscored: { code: "schema-broken" },
        reason: `${title} broke the schema of the answer: ${written}.`,
        secondTry: { kind: "repair", written: outcome.text.slice(0, WRITTEN_SHOWN), problem: written },
        ...paid,
      };
    }
  }
}

/** A gateway may answer under a name of its own; then the model that was asked for decides the price. */
function paidFor(
  reply: ProviderReply,
  { model, priceShare = 1 }: Asked,
): Pick<Answer, "usage" | "cost" | "limits"> {
  const billed = reply.billed ?? reply.usage;
  const price = costOf(reply.model, billed) ?? costOf(model, billed);
  const cost = price && price * priceShare;
  const limits = limitsOf(reply.headers, systemClock.now());
  return { usage: reply.usage, ...(cost !== undefined && { cost }), ...(limits && { limits }) };
}
