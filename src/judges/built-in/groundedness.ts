import type { Scorer, Subject } from "../../core/scorer.ts";
import type { JudgeOptions } from "../judge-options.ts";
import { type BuiltInJudgeOptions, builtInJudge, YES_NO } from "./built-in-judge.ts";
import { hasWords } from "./has-words.ts";

/** The rubric, as the judge reads it. */
const RUBRIC = `Is every checkable statement in the final answer supported by the record: by what tools, retrievals or memory returned, by what the user said, or by the instructions of the agent?

- Checkable: facts, numbers, names, ids, dates, amounts, states of things, and claims that an action was done.
- A statement that an action was done ("I have cancelled the order") is supported only by a step that did it and did not fail.
- Supported also: what follows from the record by plain arithmetic or restating, and common knowledge that no decision hangs on.
- Not checkable, so no reason for "no": greetings, questions, offers, opinions, and advice marked as such.
- One unsupported or contradicted statement is enough for "no".`;

/**
 * Is everything in the final answer supported by what tools, retrievals, the user and the instructions said?
 * Not applicable without an answer, or when nothing the agent looked up was recorded: then every fact would
 * count as made up.
 */
export function groundedness(options: BuiltInJudgeOptions = {}): Scorer {
  return builtInJudge("groundedness", GROUNDEDNESS, options);
}

/** What is asked, also by the check that tries attacks on a judge. */
export const GROUNDEDNESS: JudgeOptions = {
  question: RUBRIC,
  labels: YES_NO,
  description: "Everything in the final answer is supported by what the agent saw.",
  context: "evidence",
  applies,
};

function applies({ trace }: Subject): boolean | string {
  if (!hasWords(trace.output)) return "There is no final answer to check.";
  const sources = [
    ...trace.toolCalls.map((call) => call.result ?? call.error),
    ...trace.retrievals.map((retrieval) => retrieval.documents ?? retrieval.error),
    ...trace.memoryOperations.map((operation) => operation.records ?? operation.error),
  ];
  if (sources.length === 0)
    return "The agent looked nothing up, so there is nothing to check the answer against.";
  if (sources.every((source) => source === undefined || source === null)) {
    return "The results of the agent's tools were not recorded. Record tool results to have the answer checked.";
  }
  return true;
}
