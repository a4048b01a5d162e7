import { type Answer, isAnswer, type NoAnswer, type Question } from "../core/judge.ts";
import type { CallTokens } from "../core/limiter.ts";

type Asked = Answer | NoAnswer;

/** The provider took nothing of the call. */
export function isRefusedForNow(result: Asked): boolean {
  return !isAnswer(result) && result.unscored.code === "rate-limited";
}

/** How many characters a token has where nothing is known yet. */
const CHARACTERS_PER_TOKEN = 4;
const FIRST_OUTPUT = 300;
/** Weight of the newest call in the means. */
const NEWEST = 0.1;

/** Tokens that a question will take, learned from those before it. */
export class TokenGuess {
  #perCharacter = 1 / CHARACTERS_PER_TOKEN;
  #output = FIRST_OUTPUT;

  of(question: Question): CallTokens {
    return { input: Math.ceil(charactersOf(question) * this.#perCharacter), output: Math.ceil(this.#output) };
  }

  /** What a call has taken: what was guessed, where its reply does not say. A refused one has taken no tokens. */
  after(question: Question, result: Asked): CallTokens {
    const { inputTokens, outputTokens } = result.usage ?? {};
    if (inputTokens === undefined || outputTokens === undefined) {
      return isRefusedForNow(result) ? { input: 0, output: 0 } : this.of(question);
    }
    const perCharacter = inputTokens / Math.max(1, charactersOf(question));
    this.#perCharacter += NEWEST * (perCharacter - this.#perCharacter);
    this.#output += NEWEST * (outputTokens - this.#output);
    return { input: inputTokens, output: outputTokens };
  }
}

function charactersOf({ instructions, content }: Question): number {
  return instructions.length + content.length;
}
