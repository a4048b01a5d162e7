import type { Batch, SentQuestion, SettledQuestion, Spent } from "../../core/batch-questions.ts";
import type { Answer, NoAnswer } from "../../core/judge.ts";
import type { BatchResult } from "../../core/judge-batches.ts";
import { faultClassOf } from "../../core/ledger-state.ts";
import { settlementOf } from "../remember-answers.ts";
import type { BatchJudge } from "./batch-lanes.ts";
import type { AnsweredCall, LaneTools } from "./batch-tools.ts";
import { firstInTime, UNPAID } from "./put-back.ts";
import { isOfTheKey } from "./take-refusal.ts";

/** So many batches may bring something of a question that is no answer. Each of them may have been paid for. */
const MOST_TRIES = 2;

/** What is kept of a question of a batch. */
export interface QuestionOutcome {
  readonly result: SettledQuestion;
  /** The call that brought it, where one was paid for. */
  readonly call?: AnsweredCall;
  /** Why there is no answer; null: its turn did not come. */
  readonly missing?: NoAnswer | null;
  /** True: another question of the lane may fare as badly for now. */
  readonly isPassing: boolean;
}

/** What comes of a question of a batch that has ended. */
export function questionOutcome(
  judge: BatchJudge,
  batch: Batch,
  asked: SentQuestion,
  result: BatchResult["result"],
  tools: LaneTools,
): QuestionOutcome {
  const { key } = asked;
  const isInTime = asked.deadline >= firstInTime(judge.batches, tools.clock.now());
  if (result === "not-asked") {
    const next = isInTime ? ({ result: "again" } as const) : ({ result: "live", spent: UNPAID } as const);
    return { result: { key, ...next }, missing: null, isPassing: true };
  }
  const { budget, onAnswered = ({ result: kept }) => ({ kept, tell: async () => {} }) } = tools;
  const paid = settlementOf(result);
  if (paid !== null && paid !== "in-doubt") {
    const call = onAnswered({ judge, batch, asked, result: paid });
    const spent = budget?.spent(judge, asked.question, result) ?? null;
    return { result: { key, result: call.kept, ...(spent && { spent }) }, call, isPassing: false };
  }
  const isPassing = mayPass(result);
  const isTry = isPassing && !isUnpaid(result);
  const goesAgain = isPassing && isInTime && !(isTry && asked.tries + 1 >= MOST_TRIES);
  const spent = spentOnNothing(judge, asked, result, tools);
  const more = spent === null ? {} : { spent };
  return {
    result: goesAgain ? { key, result: "again", isTry, ...more } : { key, result: "live", ...more },
    ...(isTold(result) && { call: onAnswered({ judge, batch, asked, result }) }),
    ...("unscored" in result && { missing: result }),
    isPassing,
  };
}

/** What would be the same again is better told by asking at once. */
function mayPass(result: Answer | NoAnswer): boolean {
  if (!("unscored" in result)) return false;
  const { code } = result.unscored;
  return faultClassOf(code) === "passing" || isOfTheKey(code);
}

/** Whether its provider has not even begun with it, so far as the code tells. */
function isUnpaid(result: Answer | NoAnswer): boolean {
  if (!("unscored" in result)) return false;
  const { code } = result.unscored;
  return code === "rate-limited" || faultClassOf(code) !== "passing";
}

function isTold({ usage, cost }: Answer | NoAnswer): boolean {
  return usage !== undefined || cost !== undefined;
}

/** Null: nobody knows. */
function spentOnNothing(
  judge: BatchJudge,
  { question }: SentQuestion,
  result: Answer | NoAnswer,
  { budget }: LaneTools,
): Spent | null {
  if (!isTold(result)) return isUnpaid(result) ? UNPAID : null;
  const { inputTokens, outputTokens } = result.usage ?? {};
  const isKnown = inputTokens !== undefined && outputTokens !== undefined;
  return isKnown ? (budget?.spent(judge, question, result) ?? null) : null;
}
