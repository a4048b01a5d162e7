import type { BatchQuestion, BatchQuestionState, WaitingLane } from "../core/batch-questions.ts";
import { isAnswered, tieToSubject } from "./answers.ts";
import { forgetQuestions } from "./forget-questions.ts";
import { type Operation, run, send } from "./operation.ts";
import { dropUnsent } from "./settle-questions.ts";
import { statement } from "./statement.ts";

// The tables `batch_question` and `batch_question_text`: questions on their way into a batch. Batches are in `batches.ts`, what comes of
// questions in `settle-questions.ts`.

type Key = { readonly key: string };
type Standing = { readonly state: string; readonly deadline: number; readonly token: string };

const insertQuestion = statement<{
  key: string;
  lane: string;
  scorer: string;
  bytes: number;
  at: number;
  deadline: number;
  reserved: string | null;
  token: string;
}>()(({ db, value }) =>
  db
    .insertInto("batch_question")
    .values({
      key: value("key"),
      lane: value("lane"),
      scorer: value("scorer"),
      bytes: value("bytes"),
      at: value("at"),
      deadline: value("deadline"),
      reserved: value("reserved"),
      token: value("token"),
      state: "waiting",
    })
    .onConflict((conflict) => conflict.column("key").doNothing())
    .returning("key"),
);

const insertText = statement<{ key: string; body: string }>()(({ db, value }) =>
  db.insertInto("batch_question_text").values({ key: value("key"), body: value("body") }),
);

const selectState = statement<Key>()(({ db, value }) =>
  db.selectFrom("batch_question").select(["state", "deadline", "token"]).where("key", "=", value("key")),
);

const selectOutOfBatch = statement<Key>()(({ db, value, engine }) =>
  db
    .selectFrom("batch_question")
    .select(["key", "state", "reserved"])
    .where("key", "=", value("key"))
    .where("state", "in", ["waiting", "live"])
    .$if(engine === "postgres", (rows) => rows.forUpdate()),
);

const selectOverdue = (state: "waiting" | "live") =>
  statement<{ deadline: number; limit: number }>()(({ db, value, written, engine }) =>
    db
      .selectFrom("batch_question")
      .select("key")
      .where("state", "=", written(state))
      .where("deadline", "<", value("deadline"))
      .limit(value("limit"))
      .$if(engine === "postgres", (rows) => rows.forUpdate().skipLocked()),
  );
const selectOverdueWaiting = selectOverdue("waiting");
const selectOverdueLive = selectOverdue("live");

const selectLanes = statement<Record<never, never>>()(({ db, written }) =>
  db
    .selectFrom("batch_question")
    .select(({ fn }) => [
      "lane",
      fn.countAll<number>().as("questions"),
      fn.sum<number>("bytes").as("bytes"),
      fn.min("at").as("oldestAt"),
      fn.min("deadline").as("firstDeadline"),
    ])
    .where("state", "=", written("waiting"))
    .groupBy("lane")
    .orderBy("lane"),
);

const countWaiting = statement<Record<never, never>>()(({ db, written }) =>
  db
    .selectFrom("batch_question")
    .select(({ fn }) => fn.countAll<number>().as("rows"))
    .where("state", "=", written("waiting")),
);

const countSent = statement<Record<never, never>>()(({ db }) =>
  db
    .selectFrom("batch_question")
    .select(({ fn }) => fn.countAll<number>().as("rows"))
    .where("batch_id", "is not", null)
    .where("state", "=", "sent"),
);

/** `BatchQuestions.leaveForBatch`. `token` is one per call: the same operation run again after a lost reply knows what it added. */
export function* leaveForBatch(left: BatchQuestion, token: string): Operation<BatchQuestionState> {
  const { key, lane, question, at, deadline } = left;
  const { billing: _who, ...kept } = question;
  const { subject, scorer } = kept;
  if (subject !== undefined) yield* tieToSubject(key, subject);
  const [known] = yield* run(selectState, { key });
  if (known !== undefined && (yield* isOverdue(key, known, left, token))) return { state: "live" };
  if (known !== undefined) return stateOf(known, token);
  // Another subject's question was the same, and its batch is closed.
  if (yield* isAnswered(key)) return { state: "live" };
  const body = JSON.stringify(kept);
  const reserved = left.reserved === null ? null : JSON.stringify(left.reserved);
  const row = { key, lane, scorer, bytes: Buffer.byteLength(body), at, deadline, reserved, token };
  if ((yield* run(insertQuestion, row)).length > 0) {
    yield* send(insertText, { key, body });
    return { state: "added" };
  }
  const [first] = yield* run(selectState, { key });
  return first === undefined ? { state: "waiting", deadline, isSent: false } : stateOf(first, token);
}

/** In no batch at its deadline: it falls out, so that it is asked at once also when the first try at that fails. */
function* isOverdue(key: string, known: Standing, { at }: BatchQuestion, token: string): Operation<boolean> {
  if (known.token === token || known.state !== "waiting" || known.deadline > at) return false;
  const rows = yield* run(selectOutOfBatch, { key });
  yield* dropUnsent(rows.filter(({ state }) => state === "waiting"));
  return rows.length > 0;
}

/** `BatchQuestions.isLeft`. */
export function* isLeft(key: string): Operation<boolean> {
  return (yield* run(selectState, { key })).length > 0;
}

/** `BatchQuestions.askedLive`. */
export function* askedLive(key: string): Operation<void> {
  yield* forgetQuestions((yield* run(selectOutOfBatch, { key })).map((row) => ({ key: row.key })));
}

/** Does what `BatchQuestions.forgetOverdue` does for up to twice `limit` questions. Gives how many there were. */
export function* forgetSomeOverdue(
  deadlines: { readonly waiting: number; readonly live: number },
  limit: number,
): Operation<number> {
  const waiting = yield* run(selectOverdueWaiting, { deadline: deadlines.waiting, limit });
  const live = yield* run(selectOverdueLive, { deadline: deadlines.live, limit });
  yield* forgetQuestions([...waiting, ...live]);
  return waiting.length + live.length;
}

export function* waitingLanes(): Operation<readonly WaitingLane[]> {
  return yield* run(selectLanes, {});
}

/** Questions in no batch, and in one that is under way. */
export function* countQuestions(): Operation<{ readonly waiting: number; readonly sent: number }> {
  const waiting = (yield* run(countWaiting, {}))[0]?.rows ?? 0;
  return { waiting, sent: (yield* run(countSent, {}))[0]?.rows ?? 0 };
}

function stateOf(row: Standing, token: string): BatchQuestionState {
  if (row.token === token) return { state: "added" };
  if (row.state === "live") return { state: "live" };
  // What is answered wakes whoever waits for it once more when its batch is closed.
  return { state: "waiting", deadline: row.deadline, isSent: row.state !== "waiting" };
}
