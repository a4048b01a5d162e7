import type { JsonValue } from "../core/json.ts";
import type { Judge } from "../core/judge.ts";
import type { Score } from "../core/score.ts";
import type { Scorer } from "../core/scorer.ts";
import type { PlannedQuestion } from "./plan-judge.ts";
import { plannedCall } from "./plan-tokens.ts";

/** Tokens that a call writes, and how many answers they are the mean of. */
export interface OutputTokens {
  readonly tokens: number;
  readonly answers: number;
}

/**
 * Where no answer is stored: two sentences, some span ids and a label are 60 to 250 tokens, as 548 recorded answers of GPT-4o are. A model that
 * reasons first may write several times that.
 */
export const ASSUMED_OUTPUT: OutputTokens = { tokens: 300, answers: 0 };

/** Answers from which on their tokens say more than an estimate. */
const ENOUGH = 20;

/** What stored answers of one scorer have shown. */
interface Shown {
  answers: number;
  estimated: number;
  recorded: number;
  decided: number;
  escalated: number;
}

/** What the answers to the very questions that are planned have cost before, where they are stored. */
export class Experience {
  readonly #instruments: ReadonlyMap<string, string | null>;
  readonly #shown = new Map<string, Shown>();

  /** @param judge that of the configuration. */
  constructor(scorers: readonly Scorer[], judge: Judge | undefined) {
    this.#instruments = new Map(scorers.map((scorer) => [scorer.name, scorer.instrument?.(judge) ?? null]));
  }

  /** The questions about one trace, and its scores. Those that came from another instrument say nothing. */
  add(questions: readonly PlannedQuestion[], scores: readonly Score[] | null): void {
    for (const { name, metadata } of scores ?? []) {
      const instrument = this.#instruments.get(name) ?? null;
      if (instrument === null || metadata.instrument !== instrument) continue;
      const shown = this.#shown.get(name) ?? {
        answers: 0,
        estimated: 0,
        recorded: 0,
        decided: 0,
        escalated: 0,
      };
      this.#shown.set(name, shown);
      const recorded = numberIn(metadata.usage, "inputTokens");
      const asked = questions.filter(({ question }) => question.scorer === name);
      const [first] = asked;
      // Of several calls only the sum is known.
      if (recorded !== null && first !== undefined && asked.length === 1 && (metadata.calls ?? 1) === 1) {
        shown.answers += 1;
        shown.recorded += recorded;
        shown.estimated += plannedCall(first, { outputTokens: 0, factor: 1 }).inputTokens;
      }
      if (metadata.tier !== undefined || metadata.panelAgrees !== undefined) {
        shown.decided += 1;
        if (metadata.tier === "strong" || metadata.panelAgrees === false) shown.escalated += 1;
      }
    }
  }

  /** By how much input tokens were estimated too low (above 1) or too high; null: fewer than 20 answers tell. */
  correction(scorer: string): { readonly answers: number; readonly factor: number } | null {
    const { answers, recorded, estimated } = this.#shown.get(scorer) ?? {
      answers: 0,
      recorded: 0,
      estimated: 0,
    };
    return answers < ENOUGH || estimated === 0 ? null : { answers, factor: recorded / estimated };
  }

  /** How often a second step was asked; null: no stored answer tells. */
  escalated(scorer: string): { readonly answers: number; readonly share: number } | null {
    const { decided, escalated } = this.#shown.get(scorer) ?? { decided: 0, escalated: 0 };
    return decided === 0 ? null : { answers: decided, share: escalated / decided };
  }
}

function numberIn(value: JsonValue | undefined, key: string): number | null {
  if (typeof value !== "object" || value === null) return null;
  const found: unknown = Reflect.get(value, key);
  return typeof found === "number" ? found : null;
}
