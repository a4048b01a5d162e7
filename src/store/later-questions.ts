import type { Answer, NoAnswer } from "../core/judge.ts";
import type { LaterQuestion, LaterResult, LaterState, WaitingLane } from "../core/later-questions.ts";
import { isAnswered, rememberResults, tieToSubject } from "./answers.ts";
import { forgetQuestions, forgetTexts } from "./forget-questions.ts";
import { type Operation, run, send } from "./operation.ts";
import { statement } from "./statement.ts";

// The tables `later_question` and `later_text`: questions on their way through a batch. Batches themselves are in `batches.ts`.

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
    .insertInto("later_question")
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
  db.insertInto("later_text").values({ key: value("key"), body: value("body") }),
);

const selectState = statement<Key>()(({ db, value }) =>
  db.selectFrom("later_question").select(["state", "deadline", "token"]).where("key", "=", value("key")),
);

const selectOutOfBatch = statement<Key>()(({ db, value, engine }) =>
  db
    .selectFrom("later_question")
    .select("key")
    .where("key", "=", value("key"))
    .where("state", "in", ["waiting", "live"])
    .$if(engine === "postgres", (rows) => rows.forUpdate()),
);

const selectLanes = statement<Record<never, never>>()(({ db, written }) =>
  db
    .selectFrom("later_question")
    .select(({ fn }) => [
      "lane",
      fn.countAll<number>().as("questions"),
      fn.sum<number>("bytes").as("bytes"),
      fn.min("at").as("oldestAt"),
    ])
    .where("state", "=", written("waiting"))
    .groupBy("lane")
    .orderBy("lane"),
);

const countWaiting = statement<Record<never, never>>()(({ db, written }) =>
  db
    .selectFrom("later_question")
    .select(({ fn }) => fn.countAll<number>().as("rows"))
    .where("state", "=", written("waiting")),
);

const countSent = statement<Record<never, never>>()(({ db }) =>
  db
    .selectFrom("later_question")
    .select(({ fn }) => fn.countAll<number>().as("rows"))
    .where("batch_id", "is not", null)
    .where("state", "=", "sent"),
);

/**
 * Held until the results are in, so that of two who bring them one is first, and a purge takes the answers, too. Found by key
 * alone: batches are far larger than the few that are settled at once.
 */
const selectResults = statement<Key>()(({ db, value, each, engine }) =>
  db
    .selectFrom("later_question")
    .select(["key", "scorer", "batch_id", "state"])
    .where(
      "key",
      "in",
      each((row) => value("key", row)),
    )
    .orderBy("key")
    .$if(engine === "postgres", (rows) => rows.forUpdate()),
);

const markAnswered = statement<Key>()(({ db, value, each }) =>
  db
    .updateTable("later_question")
    .set({ state: "answered" })
    .where(
      "key",
      "in",
      each((row) => value("key", row)),
    ),
);

const takeOut = (state: "waiting" | "live") =>
  statement<Key>()(({ db, value, each }) =>
    db
      .updateTable("later_question")
      .set({ state, batch_id: null })
      .where(
        "key",
        "in",
        each((row) => value("key", row)),
      ),
  );
const waitAgain = takeOut("waiting");
const fallOut = takeOut("live");

const selectWaitingFor = statement<Key>()(({ db, value, each }) =>
  db
    .selectFrom("later_question")
    .innerJoin("asked", "asked.key", "later_question.key")
    .select(["asked.trace_id as subject", "later_question.scorer"])
    .distinct()
    .where(
      "later_question.key",
      "in",
      each((row) => value("key", row)),
    ),
);

const wakeRows = statement<{ subject: string; scorer: string; at: number }>()(
  ({ db, value, each, written }) =>
    db
      .updateTable("ledger")
      .set({ retry_at: value("at") })
      .where(({ or, and, eb }) =>
        or(
          each((row) =>
            and([eb("subject", "=", value("subject", row)), eb("scorer", "=", value("scorer", row))]),
          ),
        ),
      )
      .where("state", "=", written("waiting"))
      .where("retry_at", ">", value("at")),
);

/** `LaterQuestions.askLater`. `token` is one per call: the same operation run again after a lost reply knows what it added. */
export function* askLater(later: LaterQuestion, token: string): Operation<LaterState> {
  const { key, lane, question, at, deadline } = later;
  const { subject, scorer } = question;
  if (subject !== undefined) yield* tieToSubject(key, subject);
  const [known] = yield* run(selectState, { key });
  if (known !== undefined && (yield* isOverdue(key, known, later, token))) return { state: "live" };
  if (known !== undefined) return stateOf(known, token);
  // Another subject's question was the same, and its batch is closed.
  if (yield* isAnswered(key)) return { state: "live" };
  const body = JSON.stringify(question);
  const reserved = later.reserved === null ? null : JSON.stringify(later.reserved);
  const row = { key, lane, scorer, bytes: Buffer.byteLength(body), at, deadline, reserved, token };
  if ((yield* run(insertQuestion, row)).length > 0) {
    yield* send(insertText, { key, body });
    return { state: "added" };
  }
  const [first] = yield* run(selectState, { key });
  return first === undefined ? { state: "waiting", deadline, isSent: false } : stateOf(first, token);
}

/** In no batch at its deadline, and now forgotten: no batch can take what is asked at once. */
function* isOverdue(key: string, known: Standing, { at }: LaterQuestion, token: string): Operation<boolean> {
  if (known.token === token || known.state !== "waiting" || known.deadline > at) return false;
  const rows = yield* run(selectOutOfBatch, { key });
  yield* forgetQuestions(rows);
  return rows.length > 0;
}

/** `LaterQuestions.isLeft`. */
export function* isLeft(key: string): Operation<boolean> {
  return (yield* run(selectState, { key })).length > 0;
}

/** `LaterQuestions.askedLive`. */
export function* askedLive(key: string): Operation<void> {
  yield* forgetQuestions(yield* run(selectOutOfBatch, { key }));
}

export function* waitingLanes(): Operation<readonly WaitingLane[]> {
  return yield* run(selectLanes, {});
}

/** Questions in no batch, and in one that is under way. */
export function* countLater(): Operation<{ readonly waiting: number; readonly sent: number }> {
  const waiting = (yield* run(countWaiting, {}))[0]?.rows ?? 0;
  return { waiting, sent: (yield* run(countSent, {}))[0]?.rows ?? 0 };
}

/** `LaterQuestions.settleLater`. */
export function* settleLater(batchId: string, results: readonly LaterResult[], at: number): Operation<void> {
  const byKey = new Map(results.toReversed().map(({ key, result }) => [key, result]));
  const keys = [...byKey.keys()].toSorted().map((key) => ({ key }));
  const found = (yield* run(selectResults, ...keys)).flatMap(({ key, scorer, ...row }) => {
    const result = byKey.get(key);
    const isSent = row.batch_id === batchId && row.state === "sent";
    return isSent && result !== undefined ? [{ key, scorer, result }] : [];
  });
  const answered = found.flatMap(({ result, ...row }) =>
    typeof result === "string" ? [] : [{ ...row, result }],
  );
  yield* rememberResults(answered, at);
  yield* send(markAnswered, ...answered.map(({ key }) => ({ key })));
  yield* send(waitAgain, ...keysWith(found, "again"));
  const live = keysWith(found, "live");
  yield* send(fallOut, ...live);
  const over = [...answered.map(({ key }) => ({ key })), ...live];
  yield* forgetTexts(over);
  yield* wake(over, at);
}

/** Makes those due who wait for the answers to some questions. */
export function* wake(keys: readonly Key[], at: number): Operation<void> {
  const waiting = yield* run(selectWaitingFor, ...keys);
  yield* send(wakeRows, ...waiting.map((row) => ({ ...row, at })));
}

/** They fall out of the lane. */
export function* dropOut(keys: readonly Key[]): Operation<void> {
  yield* send(fallOut, ...keys);
  yield* forgetTexts(keys);
}

function keysWith(
  found: readonly { readonly key: string; readonly result: Answer | NoAnswer | "again" | "live" }[],
  what: "again" | "live",
): Key[] {
  return found.flatMap(({ key, result }) => (result === what ? [{ key }] : []));
}

function stateOf(row: Standing, token: string): LaterState {
  if (row.token === token) return { state: "added" };
  if (row.state === "live") return { state: "live" };
  // What is answered wakes whoever waits for it once more when its batch is closed.
  return { state: "waiting", deadline: row.deadline, isSent: row.state !== "waiting" };
}
