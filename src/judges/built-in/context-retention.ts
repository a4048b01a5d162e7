import { textOf } from "../../core/message.ts";
import type { Scorer, Subject } from "../../core/scorer.ts";
import { type BuiltInJudgeOptions, builtInJudge } from "./built-in-judge.ts";
import { hasWords } from "./has-words.ts";

/** The rubric, as the judge reads it. */
const RUBRIC = `Did the agent keep in mind what had been said in the conversation?

- Look at each answer of the agent with everything that had been said before it, by the user and by the agent itself.
- Lost: it asks for something that the user has already given; it ignores a wish, a limit or a correction that still holds; it mixes up people, objects or numbers named before; it contradicts what it said earlier without saying that it was wrong; it treats a follow-up as if it were a first question.
- Asking once more to confirm something before a change that cannot be undone is not a loss. Neither is asking for what was given unclearly.
- What the user has corrected or taken back no longer counts.
- Whether facts are true is another question; do not judge it here.
- One loss is enough for "no". The rationale names what was said and what was lost.`;

/** Did the agent keep in mind what had been said? Not applicable to a conversation in which the user spoke only once. */
export function contextRetention(options: BuiltInJudgeOptions = {}): Scorer {
  const rubric = {
    question: RUBRIC,
    description: "The agent kept in mind what had been said in the conversation.",
    context: "evidence",
    emptyAnswer: null,
    applies,
  } as const;
  return builtInJudge("context-retention", rubric, options);
}

function applies({ trace }: Subject): boolean | string {
  const turns = trace.messages.filter(({ role }) => role === "user").filter((turn) => hasWords(textOf(turn)));
  return turns.length > 1 || "The user spoke only once, so there was nothing to keep in mind.";
}
