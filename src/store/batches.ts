import type { Batch, BatchSize, SentQuestion } from "../core/batch-questions.ts";
import { forgetQuestions, forgetTexts } from "./forget-questions.ts";
import { type Operation, run, send } from "./operation.ts";
import { statement } from "./statement.ts";
import type { Tables } from "./tables.ts";
import { wakeWaiting } from "./wake-waiting.ts";

// The table `batch`: questions that were sent together.

type Id = { readonly id: string };
const BATCH = ["id", "lane", "provider_id", "at", "due", "size", "ended"] as const;

const insertBatch = statement<{ id: string; lane: string; at: number; due: number }>()(({ db, value }) =>
  db
    .insertInto("batch")
    .values({ id: value("id"), lane: value("lane"), at: value("at"), due: value("due") })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .returning("id"),
);

/** The oldest as far as there is room, and the very oldest in any case. */
const fill = statement<{ id: string; lane: string; maxQuestions: number; maxBytes: number }>()(
  ({ db, value, written, engine }) =>
    db
      .with(
        (name) => name("oldest").materialized(),
        (query) =>
          query
            .selectFrom("batch_question")
            .select(["key", "at", "bytes"])
            .where("lane", "=", value("lane"))
            .where("state", "=", written("waiting"))
            .orderBy("at")
            .orderBy("key")
            .limit(value("maxQuestions"))
            // Those that a purge deletes at this moment.
            .$if(engine === "postgres", (rows) => rows.forUpdate().skipLocked()),
      )
      .with(
        (name) => name("summed").materialized(),
        (query) =>
          query.selectFrom("oldest").select(({ fn }) => [
            "key",
            "bytes",
            fn
              .sum<number>("bytes")
              .over((over) => over.orderBy("at").orderBy("key"))
              .as("total"),
          ]),
      )
      .updateTable("batch_question")
      .set({ state: "sent", batch_id: value("id") })
      .where("key", "in", ({ selectFrom }) =>
        selectFrom("summed")
          .select("key")
          .where(({ eb, or, ref }) =>
            or([eb("total", "<=", value("maxBytes")), eb("total", "=", ref("bytes"))]),
          ),
      )
      .returning("key"),
);

const noteSize = statement<{ id: string; size: number }>()(({ db, value }) =>
  db
    .updateTable("batch")
    .set({ size: value("size") })
    .where("id", "=", value("id")),
);

const selectBatch = statement<Id>()(({ db, value }) =>
  db.selectFrom("batch").select(BATCH).where("id", "=", value("id")),
);

const selectQuestions = statement<Id>()(({ db, value }) =>
  db
    .selectFrom("batch_question")
    .innerJoin("batch_question_text", "batch_question_text.key", "batch_question.key")
    .select([
      "batch_question.key",
      "batch_question.lane",
      "batch_question.at",
      "batch_question.deadline",
      "batch_question.reserved",
      "batch_question.tries",
      "batch_question_text.body",
    ])
    .where("batch_question.batch_id", "=", value("id"))
    .where("batch_question.state", "=", "sent")
    .orderBy("batch_question.at")
    .orderBy("batch_question.key"),
);

const claim = statement<{ now: number; until: number; limit: number }>()(({ db, value, engine }) =>
  db
    .with(
      (name) => name("due_now").materialized(),
      (query) =>
        query
          .selectFrom("batch")
          .select("id")
          .where("due", "<=", value("now"))
          .orderBy("due")
          .orderBy("at")
          .limit(value("limit"))
          .$if(engine === "postgres", (rows) => rows.forUpdate().skipLocked()),
    )
    .updateTable("batch")
    .set({ due: value("until") })
    .where("id", "in", ({ selectFrom }) => selectFrom("due_now").select("id"))
    .returning(BATCH),
);

const noteSent = statement<{ id: string; providerId: string; due: number }>()(({ db, value }) =>
  db
    .updateTable("batch")
    .set({ provider_id: value("providerId"), due: value("due") })
    .where("id", "=", value("id")),
);

const setDue = statement<{ id: string; due: number }>()(({ db, value }) =>
  db
    .updateTable("batch")
    .set({ due: value("due") })
    .where("id", "=", value("id")),
);

const noteEnded = statement<{ id: string; due: number }>()(({ db, value }) =>
  db
    .updateTable("batch")
    .set({ ended: 1, due: value("due") })
    .where("id", "=", value("id")),
);

const selectProviderIds = statement<Record<never, never>>()(({ db }) =>
  db.selectFrom("batch").select("provider_id").where("provider_id", "is not", null),
);

const selectSome = statement<{ id: string; limit: number }>()(({ db, value, engine }) =>
  db
    .selectFrom("batch_question")
    .select(["key", "state"])
    .where("batch_id", "=", value("id"))
    .orderBy("key")
    .limit(value("limit"))
    .$if(engine === "postgres", (rows) => rows.forUpdate()),
);

const leaveLive = statement<{ key: string }>()(({ db, value, each }) =>
  db
    .updateTable("batch_question")
    .set({ state: "live", batch_id: null })
    .where(
      "key",
      "in",
      each((row) => value("key", row)),
    ),
);

const deleteBatch = statement<Id>()(({ db, value }) => db.deleteFrom("batch").where("id", "=", value("id")));

const countBatches = statement<Record<never, never>>()(({ db }) =>
  db.selectFrom("batch").select(({ fn }) => fn.countAll<number>().as("rows")),
);

/** `BatchQuestions.formBatch`; of one lane one at a time. Run again after a lost reply it finds what it has formed. */
export function* formBatch(
  lane: string,
  { id, at, until, maxQuestions, maxBytes }: Id & BatchSize & { readonly at: number; readonly until: number },
): Operation<Batch | null> {
  if ((yield* run(insertBatch, { id, lane, at, due: until })).length > 0) {
    const taken = yield* run(fill, { id, lane, maxQuestions, maxBytes });
    if (taken.length === 0) {
      yield* send(deleteBatch, { id });
      return null;
    }
    yield* send(noteSize, { id, size: taken.length });
  }
  const [row] = yield* run(selectBatch, { id });
  return row === undefined ? null : batchOf(row);
}

export function* batchSent(id: string, providerId: string, due: number): Operation<void> {
  yield* send(noteSent, { id, providerId, due });
}

/** `BatchQuestions.claimBatches`. */
export function* claimBatches(
  now: number,
  { until, limit }: { readonly until: number; readonly limit: number },
): Operation<readonly Batch[]> {
  const rows = yield* run(claim, { now, until, limit });
  return rows.toSorted((a, b) => a.at - b.at).map(batchOf);
}

/** `BatchQuestions.batchQuestions`. */
export function* batchQuestions(id: string): Operation<readonly SentQuestion[]> {
  return (yield* run(selectQuestions, { id })).map(questionOf);
}

export function* lookAgain(id: string, due: number): Operation<void> {
  yield* send(setDue, { id, due });
}

export function* providerIds(): Operation<ReadonlySet<string>> {
  return new Set((yield* run(selectProviderIds, {})).flatMap((row) => row.provider_id ?? []));
}

export function* batchEnded(id: string, due: number): Operation<void> {
  yield* send(noteEnded, { id, due });
}

/** Does what is to be done when a batch is closed for `limit` of its questions. True: for all. */
export function* closeSome(id: string, at: number, limit: number): Operation<boolean> {
  const rows = yield* run(selectSome, { id, limit });
  const keys = rows.map(({ key }) => ({ key }));
  yield* wakeWaiting(keys, at);
  const open = rows.flatMap(({ key, state }) => (state === "answered" ? [] : [{ key }]));
  yield* send(leaveLive, ...open);
  yield* forgetTexts(open);
  yield* forgetQuestions(rows.flatMap(({ key, state }) => (state === "answered" ? [{ key }] : [])));
  if (rows.length === limit) return false;
  yield* send(deleteBatch, { id });
  return true;
}

/** Batches that are under way. */
export function* countUnderWay(): Operation<number> {
  return (yield* run(countBatches, {}))[0]?.rows ?? 0;
}

function batchOf(
  row: Omit<Tables["batch"], "ended" | "size"> & { readonly ended: number; readonly size: number },
): Batch {
  const { id, lane, provider_id: providerId, at, size } = row;
  return { id, lane, providerId, at, size, hasEnded: row.ended === 1 };
}

function questionOf({
  body,
  reserved,
  ...row
}: Pick<SentQuestion, "key" | "lane" | "at" | "deadline" | "tries"> & {
  readonly body: string;
  readonly reserved: string | null;
}): SentQuestion {
  return {
    ...row,
    question: JSON.parse(body),
    reserved: reserved === null ? null : JSON.parse(reserved),
  };
}
