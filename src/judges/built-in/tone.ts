import type { Scorer, Subject } from "../../core/scorer.ts";
import { type BuiltInJudgeOptions, builtInJudge } from "./built-in-judge.ts";
import { hasWords } from "./has-words.ts";

/** The rubric, as the judge reads it. */
const RUBRIC = `Is the tone of the agent right for this conversation?

- The measure is what the instructions of the agent prescribe; where they say nothing: polite, matter-of-fact, in the user's language, and neither shorter nor longer than the matter needs.
- Wrong: rude, mocking, lecturing or blaming words; jokes about a serious matter; flattery or excuses in place of an answer; urging a user who has declined; a language the user did not use and nobody prescribed.
- To a user who is upset: taking the matter seriously is right, repeating set phrases is wrong.
- Saying no in a friendly way is right. Plain words are not rude.
- Whether the content is true, complete or allowed is another question; do not judge it here.
- One answer with a wrong tone is enough for "no".`;

/** Is the tone right, by the agent's instructions or else polite and matter-of-fact? Not applicable without an answer. */
export function tone(options: BuiltInJudgeOptions = {}): Scorer {
  const rubric = {
    question: RUBRIC,
    description: "The tone of the agent is right for the conversation.",
    context: "evidence",
    applies,
  } as const;
  return builtInJudge("tone", rubric, options);
}

function applies({ trace }: Subject): boolean | string {
  return hasWords(trace.output) || "There is no final answer to check.";
}
