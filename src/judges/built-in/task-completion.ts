import type { Scorer, Subject } from "../../core/scorer.ts";
import { type BuiltInJudgeOptions, builtInJudge } from "./built-in-judge.ts";
import { hasWords } from "./has-words.ts";

/** The rubric, as the judge reads it. */
const RUBRIC = `At the end of the run, is done what the user wanted?

- Write down for yourself what the user wanted: every part of the first request, and what they added or changed on the way. What they took back no longer counts.
- A change is done only if a step of the record did it, with the right object, amount and options, and did not fail. What the agent says it did is not enough.
- A question is answered only if the answer states what was asked for.
- Done also: the agent rightly declined, because its instructions forbid what was asked or it is not possible, said so, and did whatever else was wanted; or it handed over to a person where its instructions say so.
- Not done: something wanted is missing, something was changed that nobody wanted, or the run ended before the last needed step.
- One missing or wrong part is enough for "no".`;

/** Is done at the end what the user wanted? Not applicable when no request was recorded. */
export function taskCompletion(options: BuiltInJudgeOptions = {}): Scorer {
  const rubric = {
    question: RUBRIC,
    description: "What the user wanted is done at the end of the run.",
    context: "evidence",
    applies,
  } as const;
  return builtInJudge("task-completion", rubric, options);
}

function applies({ trace }: Subject): boolean | string {
  return hasWords(trace.input) || "The user's request was not recorded.";
}
