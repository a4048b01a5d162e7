import type { Question, SecondTry } from "../core/judge.ts";

/** One turn of what a model is sent after its instructions. */
export interface QuestionTurn {
  readonly role: "user" | "assistant";
  /** Text in one or two parts; what comes before the last part may be shared with other questions. */
  readonly parts: readonly string[];
}

/**
 * The turns of a question: the record, and for a repair also what the model wrote and what is wrong with it. What it
 * wrote may repeat the record, so it comes back as its own turn and never as a word of ours.
 */
export function turnsOf(question: Question): readonly QuestionTurn[] {
  const { content, sharedLength = 0, secondTry } = question;
  const parts = [content.slice(0, sharedLength), content.slice(sharedLength)].filter((part) => part !== "");
  const record: QuestionTurn = { role: "user", parts };
  return secondTry?.kind === "repair" ? [record, ...repairTurns(question, secondTry)] : [record];
}

/** No API takes an empty turn. */
function repairTurns(
  { labels }: Question,
  { written, problem }: SecondTry & { readonly kind: "repair" },
): readonly QuestionTurn[] {
  const complaint = `That answer cannot be read: ${problem}. Answer the same question again, as one JSON object and nothing else, with the fields rationale (text), evidence (list of span ids) and label (one of ${labels.join(", ")}).`;
  const before: readonly QuestionTurn[] =
    written.trim() === "" ? [] : [{ role: "assistant", parts: [written] }];
  return [...before, { role: "user", parts: [complaint] }];
}
