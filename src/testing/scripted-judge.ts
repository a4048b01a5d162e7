import { TracegateError } from "../core/errors.ts";
import type { Answer, Judge, NoAnswer, Question } from "../core/judge.ts";

/** One scripted reply: a label, parts of an answer, or a reason for none. */
export type ScriptedReply = string | (Partial<Answer> & { readonly label: string }) | NoAnswer;

/** A judge that also tells what it was asked. */
export interface ScriptedJudge extends Judge {
  /** The questions so far, in order. */
  questions(): readonly Question[];
}

/**
 * A small real judge for tests: it answers from a list, one reply per question, or from a function.
 *
 * A list that is used up is a fault of the test and throws `internal`.
 *
 * @example
 * const judge = scriptedJudge(["yes", { label: "no", rationale: "It made up the price." }]);
 */
export function scriptedJudge(
  script: readonly ScriptedReply[] | ((question: Question) => ScriptedReply | Promise<ScriptedReply>),
): ScriptedJudge {
  const questions: Question[] = [];
  return {
    provider: "scripted",
    model: "scripted",
    identity: "scripted",
    questions: () => [...questions],
    async ask(question, _signal) {
      questions.push(question);
      const reply = typeof script === "function" ? await script(question) : script[questions.length - 1];
      if (reply === undefined) {
        throw new TracegateError(
          "internal",
          `scriptedJudge has ${script.length} answer(s) and was asked ${questions.length} time(s). Give it more.`,
        );
      }
      if (typeof reply === "object" && "unscored" in reply) return reply;
      return {
        rationale: "scripted",
        evidence: [],
        model: "scripted",
        usage: {},
        ...(typeof reply === "string" ? { label: reply } : reply),
      };
    },
  };
}
