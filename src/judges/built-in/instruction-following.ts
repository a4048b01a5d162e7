import type { Scorer, Subject } from "../../core/scorer.ts";
import { type BuiltInJudgeOptions, builtInJudge } from "./built-in-judge.ts";
import { hasWords } from "./has-words.ts";

/** The rubric, as the judge reads it. */
const RUBRIC = `Does the final answer follow the instructions of the agent and do what the user asked?

- Look at each instruction that applies to this request: what must be done, what must not, form, language, length, tone where they were prescribed.
- The user's request counts as a whole: every part of it is answered, or declined for a reason that the instructions give.
- Where the user asks for something that the instructions forbid, following the instructions is right.
- Asking back is right when the record shows that something needed was missing.
- Whether facts are true is another question; do not judge it here.
- One broken instruction, or one part of the request left out without a word, is enough for "no".`;

/**
 * Does the final answer follow the agent's instructions and do what the user asked? Not applicable without an
 * answer, or when neither instructions nor a request were recorded.
 */
export function instructionFollowing(options: BuiltInJudgeOptions = {}): Scorer {
  const rubric = {
    question: RUBRIC,
    description: "The final answer follows the agent's instructions and does what the user asked.",
    context: "evidence",
    applies,
  } as const;
  return builtInJudge("instruction-following", rubric, options);
}

function applies({ trace }: Subject): boolean | string {
  if (!hasWords(trace.output)) return "There is no final answer to check.";
  if (hasWords(trace.systemInstructions) || hasWords(trace.input)) return true;
  return "Neither the agent's instructions nor the user's request were recorded.";
}
