import { contentHash } from "../core/ids.ts";
import type { Judge, Question } from "../core/judge.ts";
import { promptOf } from "./judge-question.ts";
import { RENDERER_VERSION } from "./render-trace.ts";

/** What a judge's answers to a question come from; see `Scorer.instrument`. */
export function instrumentOf(
  judge: Pick<Judge, "identity"> | undefined,
  question: Pick<Question, "instructions" | "labels">,
): string | null {
  return judge === undefined ? null : contentHash([judge.identity, promptOf(question), RENDERER_VERSION]);
}

/** What the attacks were tried on: the same, whatever was asked. */
export function judgeVersion(judge: Pick<Judge, "identity">): string {
  return contentHash([judge.identity, RENDERER_VERSION]);
}
