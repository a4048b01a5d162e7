import { type Operation, run, send } from "./operation.ts";
import { dropUnsent } from "./settle-questions.ts";
import { statement } from "./statement.ts";
import { wakeWaiting } from "./wake-waiting.ts";

// Questions that fall out of their lane before they were in any batch.

/** Those of a lane that no batch can answer in time any more. */
const selectLate = statement<{ lane: string; deadline: number; limit: number }>()(
  ({ db, value, written, engine }) =>
    db
      .selectFrom("batch_question")
      .select(["key", "reserved"])
      .where("lane", "=", value("lane"))
      .where("state", "=", written("waiting"))
      .where("deadline", "<", value("deadline"))
      // In this order the late ones come first, and few others are read.
      .orderBy("at")
      .orderBy("key")
      .limit(value("limit"))
      .$if(engine === "postgres", (rows) => rows.forUpdate().skipLocked()),
);

/** A batch without a provider, over from the start: when it is closed its questions' traces are woken once more. */
const insertEnded = statement<{ id: string; lane: string; at: number; due: number }>()(({ db, value }) =>
  db
    .insertInto("batch")
    .values({ id: value("id"), lane: value("lane"), at: value("at"), due: value("due"), ended: 1 })
    .onConflict((conflict) => conflict.column("id").doNothing()),
);

const putInto = statement<{ id: string; key: string }>()(({ db, value, each }) =>
  db
    .updateTable("batch_question")
    .set({ batch_id: value("id") })
    .where(
      "key",
      "in",
      each((row) => value("key", row)),
    ),
);

/** What `BatchQuestions.dropLate` is told; `id` of the batch they are in until their traces are woken once more. */
export interface DropLate {
  readonly id: string;
  readonly deadline: number;
  readonly at: number;
  readonly due: number;
  readonly limit: number;
}

/** Does what `BatchQuestions.dropLate` does for `limit` questions. Gives how many there were. */
export function* dropSomeLate(lane: string, { id, deadline, at, due, limit }: DropLate): Operation<number> {
  const rows = yield* run(selectLate, { lane, deadline, limit });
  if (rows.length === 0) return 0;
  yield* wakeWaiting(
    rows.map(({ key }) => ({ key })),
    at,
  );
  yield* dropUnsent(rows);
  yield* send(insertEnded, { id, lane, at, due });
  yield* send(putInto, ...rows.map(({ key }) => ({ id, key })));
  return rows.length;
}
