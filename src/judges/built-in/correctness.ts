import type { Scorer, Subject } from "../../core/scorer.ts";
import { type BuiltInJudgeOptions, builtInJudge } from "./built-in-judge.ts";
import { hasWords } from "./has-words.ts";

/** The rubric, as the judge reads it. */
const RUBRIC = `Does the final answer agree with what was expected?

- What was expected stands under its own heading in the record. It is the measure, also where you would have expected something else.
- Agree means: the same facts, values and decisions. Wording, order, form and language are free, unless the expectation prescribes them.
- Numbers agree when they are equal after plain conversion or the rounding that the answer announces. Names and ids agree when they mean the same thing.
- If the expectation describes actions or states instead of a text, look for the steps that bring them about; what is only announced does not count.
- More than was expected is fine as long as it contradicts nothing in the expectation.
- One expected point that is missing or contradicted is enough for "no".`;

/** Does the final answer agree with the case's `expected`? Not applicable without that, so never on live traffic. */
export function correctness(options: BuiltInJudgeOptions = {}): Scorer {
  const rubric = {
    question: RUBRIC,
    description: "The final answer agrees with what the case expects.",
    context: "evidence",
    expected: true,
    applies,
  } as const;
  return builtInJudge("correctness", rubric, options);
}

function applies({ trace }: Subject): boolean | string {
  if (hasWords(trace.output) || trace.toolCalls.length > 0) return true;
  return "The run has neither an answer nor a step to compare with what was expected.";
}
