import type { SettledQuestion } from "../core/batch-questions.ts";
import type { Answer, NoAnswer } from "../core/judge.ts";
import { rememberResults } from "./answers.ts";
import { forgetTexts } from "./forget-questions.ts";
import { type Operation, run, send } from "./operation.ts";
import { type SpentOfReserved, settleReserved } from "./settle-reserved.ts";
import { statement } from "./statement.ts";
import { wakeWaiting } from "./wake-waiting.ts";

// What comes of questions for batches: answers, another batch, or that they are asked at once.

type Key = { readonly key: string };

/**
 * Held until the results are in, so that of two who bring them one is first, and a purge takes the answers, too. Found by key
 * alone: batches are far larger than the few that are settled at once.
 */
const selectResults = statement<Key>()(({ db, value, each, engine }) =>
  db
    .selectFrom("batch_question")
    .select(["key", "scorer", "batch_id", "state", "reserved"])
    .where(
      "key",
      "in",
      each((row) => value("key", row)),
    )
    .orderBy("key")
    .$if(engine === "postgres", (rows) => rows.forUpdate()),
);

const mark = (state: "answered" | "live") =>
  statement<Key>()(({ db, value, each }) =>
    db
      .updateTable("batch_question")
      .set({ state })
      .where(
        "key",
        "in",
        each((row) => value("key", row)),
      ),
  );
const markAnswered = mark("answered");
/** It stays in its batch, if it is in one, until that is closed. */
const markLive = mark("live");

const waitAgain = statement<Key>()(({ db, value, each }) =>
  db
    .updateTable("batch_question")
    .set({ state: "waiting", batch_id: null })
    .where(
      "key",
      "in",
      each((row) => value("key", row)),
    ),
);

const countTry = statement<Key>()(({ db, value, each }) =>
  db
    .updateTable("batch_question")
    .set(({ eb }) => ({ tries: eb("tries", "+", 1) }))
    .where(
      "key",
      "in",
      each((row) => value("key", row)),
    ),
);

/** A question of the batch, and what is to become of it. */
interface Found extends Key {
  readonly scorer: string;
  readonly reserved: string | null;
  readonly result: SettledQuestion;
}

/** `BatchQuestions.settleQuestions`. */
export function* settleQuestions(
  batchId: string,
  results: readonly SettledQuestion[],
  at: number,
): Operation<ReadonlySet<string>> {
  const byKey = new Map(results.toReversed().map((result) => [result.key, result]));
  const keys = [...byKey.keys()].toSorted().map((key) => ({ key }));
  const found = (yield* run(selectResults, ...keys)).flatMap(({ key, scorer, reserved, ...row }): Found[] => {
    const result = byKey.get(key);
    const isSent = row.batch_id === batchId && row.state === "sent";
    return isSent && result !== undefined ? [{ key, scorer, reserved, result }] : [];
  });
  const answered = found.flatMap(answerOf);
  yield* rememberResults(answered, at);
  yield* send(markAnswered, ...answered.map(({ key }) => ({ key })));
  const again = found.filter(({ result }) => result.result === "again");
  yield* send(waitAgain, ...again.map(({ key }) => ({ key })));
  yield* send(
    countTry,
    ...again.flatMap(({ key, result }) => ("isTry" in result && result.isTry ? [{ key }] : [])),
  );
  const live = found.flatMap(({ key, result }) => (result.result === "live" ? [{ key }] : []));
  const over = answered.map(({ key }) => ({ key }));
  yield* forgetTexts(over);
  yield* wakeWaiting([...over, ...live], at);
  yield* settleReserved(found.flatMap(spentOf));
  yield* dropOut(live);
  return new Set(found.map(({ key }) => key));
}

/** They fall out of the lane. */
function* dropOut(keys: readonly Key[]): Operation<void> {
  yield* send(markLive, ...keys);
  yield* forgetTexts(keys);
}

/** They fall out of the lane before they were sent, and what was taken for them goes back. */
export function* dropUnsent(rows: readonly (Key & { readonly reserved: string | null })[]): Operation<void> {
  yield* dropOut(rows.map(({ key }) => ({ key })));
  yield* settleReserved(rows.map(({ reserved }) => ({ reserved, spent: { usd: 0, tokens: 0 } })));
}

function answerOf({ key, scorer, result: { result } }: Found): (Key & {
  readonly scorer: string;
  readonly result: Answer | NoAnswer;
})[] {
  return typeof result === "string" ? [] : [{ key, scorer, result }];
}

/** What nobody knows the cost of stays taken. */
function spentOf({ reserved, result }: Found): SpentOfReserved[] {
  const { spent } = result;
  return spent === undefined ? [] : [{ reserved, spent, isKept: result.result === "again" }];
}
