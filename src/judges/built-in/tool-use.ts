import type { Scorer, Subject } from "../../core/scorer.ts";
import { type BuiltInJudgeOptions, builtInJudge, STEPS } from "./built-in-judge.ts";

/** The rubric, as the judge reads it. */
const RUBRIC = `Did the agent choose the right tools, with the right arguments?

- The tools it could choose from stand under their own heading, if they were recorded. Judge each call at the moment it was made, by what the agent knew then.
- Right tool: what it does is needed for the request, and no tool on offer fits clearly better.
- Right arguments: every value comes from the user, the instructions or an earlier result, or is a sensible default for something nobody specified; ids belong to the object that is meant; amounts, dates and units are right.
- Wrong: a value that nobody gave and nothing returned; the same failing call repeated without a change; a call that changes something before what has to be checked was checked; a needed call that was never made.
- A call that turned out useless is not wrong if it was a sensible thing to look at. A call that failed for reasons outside the agent is not wrong either.
- One wrong or missing call is enough for "no". Cite the spans of the calls.`;

/**
 * Did the agent choose the right tools, with the right arguments? Not applicable where it called none and none is known to have
 * been on offer.
 */
export function toolUse(options: BuiltInJudgeOptions = {}): Scorer {
  const rubric = {
    question: RUBRIC,
    description: "The agent chose the right tools, with the right arguments.",
    context: STEPS,
    // It is about the calls, whatever was said at the end.
    emptyAnswer: null,
    applies,
  } as const;
  return builtInJudge("tool-use", rubric, options);
}

function applies({ trace }: Subject): boolean | string {
  if (trace.toolCalls.length > 0 || trace.toolDefinitions.length > 0) return true;
  return "The agent called no tool, and none is known to have been on offer.";
}
