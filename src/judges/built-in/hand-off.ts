import type { Scorer, Subject } from "../../core/scorer.ts";
import { type BuiltInJudgeOptions, builtInJudge, STEPS } from "./built-in-judge.ts";

/** The rubric, as the judge reads it. */
const RUBRIC = `Was everything that mattered passed on from agent to agent, and was it used?

- Take each call of an agent ("agent called", what it was given) with what was known before it, and each return ("agent returned") with what was done next.
- Lost on the way in: the next agent was not told something it needed: a part of the request, a limit, an id, a result that was already there.
- Lost on the way back: what an agent returned was ignored, replaced by something else, or changed in meaning by the one that used it.
- Wrong address: the task went to an agent that cannot do it, or back and forth without anything new.
- An error that was passed on as an error and handled is no loss. An error that was passed on as a result is one.
- What the next agent did not need need not be passed on.
- One loss that changed what happened next is enough for "no". Cite the spans of the two agents.`;

/** Was what mattered passed on between agents, and used? Not applicable to a run of one agent, or when nothing of what was passed on was recorded. */
export function handOff(options: BuiltInJudgeOptions = {}): Scorer {
  const rubric = {
    question: RUBRIC,
    description: "What mattered was passed on from agent to agent, and used.",
    context: STEPS,
    // It is about what went before the end.
    emptyAnswer: null,
    applies,
  } as const;
  return builtInJudge("hand-off", rubric, options);
}

function applies({ trace: { agentCalls = [] } }: Subject): boolean | string {
  if (agentCalls.length === 0) return "Only one agent was at work.";
  const recorded = agentCalls.some(({ given, returned }) => given !== undefined || returned !== undefined);
  return recorded || "What the agents passed on was not recorded. Record input and output of agent spans.";
}
