import { type Answer, isAnswer, type NoAnswer } from "../core/judge.ts";
import type { AnswerClaim, AnswerState, MeanCost } from "../core/store.ts";
import { forgetQuestions } from "./forget-questions.ts";
import { type Operation, run, send } from "./operation.ts";
import { statement } from "./statement.ts";

// The tables `answer` and `asked`: what judges answered, and the questions somebody is asking.

const MEAN_OVER = 1_000;

const selectKnown = statement<{ key: string; subject: string }>()(({ db, value }) =>
  db
    .selectFrom("answer")
    .leftJoin("asked", (join) =>
      join.onRef("asked.key", "=", "answer.key").on("asked.trace_id", "=", value("subject")),
    )
    .select(["answer.body", "answer.in_doubt", "asked.trace_id"])
    .where("answer.key", "=", value("key"))
    .where("answer.body", "is not", null),
);

const insertClaim = statement<{
  key: string;
  at: number;
  holder: string;
  until: number;
  claim: string;
  scorer: string;
}>()(({ db, value }) =>
  db
    .insertInto("answer")
    .values({
      key: value("key"),
      at: value("at"),
      holder: value("holder"),
      lease_until: value("until"),
      claim: value("claim"),
      scorer: value("scorer"),
    })
    .onConflict((conflict) => conflict.column("key").doNothing())
    .returning("key"),
);

const selectClaim = statement<{ key: string }>()(({ db, value, engine }) =>
  db
    .selectFrom("answer")
    .select(["body", "in_doubt", "holder", "lease_until", "claim"])
    .where("key", "=", value("key"))
    .$if(engine === "postgres", (row) => row.forUpdate()),
);

const takeOver = statement<{
  key: string;
  at: number;
  holder: string;
  until: number;
  claim: string;
  scorer: string;
}>()(({ db, value }) =>
  db
    .updateTable("answer")
    .set({
      at: value("at"),
      holder: value("holder"),
      lease_until: value("until"),
      claim: value("claim"),
      scorer: value("scorer"),
      in_doubt: 1,
    })
    .where("key", "=", value("key")),
);

const insertAsked = statement<{ subject: string; key: string }>()(({ db, value }) =>
  db
    .insertInto("asked")
    .values({ trace_id: value("subject"), key: value("key") })
    .onConflict((conflict) => conflict.columns(["trace_id", "key"]).doNothing()),
);

const renew = statement<{ holder: string; until: number }>()(({ db, value }) =>
  db
    .updateTable("answer")
    .set({ lease_until: value("until") })
    .where("holder", "=", value("holder"))
    .where("body", "is", null),
);

const answerIt = statement<{ key: string; body: string; at: number }>()(({ db, value }) =>
  db
    .updateTable("answer")
    .set({ body: value("body"), at: value("at"), holder: null, lease_until: null, claim: null })
    .where("key", "=", value("key"))
    .where("body", "is", null),
);

/** Of a question that nobody claimed, because it was asked in a batch. Whose it is now and what is doubted of it stays. */
const answerUnclaimed = statement<{ key: string; body: string; at: number; scorer: string }>()(
  ({ db, value, each }) =>
    db
      .insertInto("answer")
      .values(
        each((row) => ({
          key: value("key", row),
          body: value("body", row),
          at: value("at", row),
          scorer: value("scorer", row),
        })),
      )
      .onConflict((conflict) =>
        conflict
          .column("key")
          .doUpdateSet(({ ref }) => ({
            body: ref("excluded.body"),
            at: ref("excluded.at"),
            holder: null,
            lease_until: null,
            claim: null,
          }))
          .where("answer.body", "is", null),
      ),
);

const selectAnswered = statement<{ key: string }>()(({ db, value }) =>
  db.selectFrom("answer").select("key").where("key", "=", value("key")).where("body", "is not", null),
);

/** An earlier doubt stays: only who knows that nothing was ever paid may forget the claim. */
const forgetClaim = statement<{ key: string; holder: string }>()(({ db, value }) =>
  db
    .deleteFrom("answer")
    .where("key", "=", value("key"))
    .where("holder", "=", value("holder"))
    .where("body", "is", null)
    .where("in_doubt", "=", 0),
);

const leaveInDoubt = statement<{ key: string; holder: string }>()(({ db, value }) =>
  db
    .updateTable("answer")
    .set({ in_doubt: 1, holder: null, lease_until: null, claim: null })
    .where("key", "=", value("key"))
    .where("holder", "=", value("holder"))
    .where("body", "is", null),
);

const selectBodies = statement<{ scorer: string }>()(({ db, value }) =>
  db
    .selectFrom("answer")
    .select("body")
    .where("scorer", "=", value("scorer"))
    .where("body", "is not", null)
    .orderBy("at", "desc")
    .limit(MEAN_OVER),
);

const selectAbout = statement<{ subject: string; scorer: string }>()(({ db, value }) =>
  db
    .selectFrom("answer")
    .innerJoin("asked", "asked.key", "answer.key")
    .select(["answer.key", "answer.body"])
    .where("asked.trace_id", "=", value("subject"))
    .where("answer.scorer", "=", value("scorer"))
    .where("answer.body", "is not", null),
);

const deleteAnswers = statement<{ key: string }>()(({ db, value, each }) =>
  db
    .deleteFrom("answer")
    .where(
      "key",
      "in",
      each((row) => value("key", row)),
    )
    .returning("key"),
);

const deleteAsked = statement<{ key: string }>()(({ db, value, each }) =>
  db.deleteFrom("asked").where(
    "key",
    "in",
    each((row) => value("key", row)),
  ),
);

/** The remembered result, without a transaction; null when the question has to be claimed first. */
export function* knownAnswer(key: string, subject: string | null): Operation<AnswerState | null> {
  const [row] = yield* run(selectKnown, { key, subject: subject ?? "" });
  // An answer that another trace asked for has yet to be tied to this one.
  if (row === undefined || (subject !== null && row.trace_id === null)) return null;
  return answered(row);
}

/**
 * Claims a question. `token` is one per claim: the same operation run again after a lost reply knows itself.
 * `isGone`: whether a holder is known to run no more.
 */
export function* claimAnswer(
  key: string,
  claim: AnswerClaim,
  token: string,
  isGone: (holder: string) => boolean,
): Operation<AnswerState> {
  const { holder, now, leaseMs, scorer, subject } = claim;
  const values = { key, at: Math.floor(now), holder, until: now + leaseMs, claim: token, scorer };
  if (subject !== null) yield* send(insertAsked, { subject, key });
  if ((yield* run(insertClaim, values)).length > 0) return { state: "claimed", inDoubt: false };
  const [row] = yield* run(selectClaim, { key });
  // It was taken back between the two statements. Nobody holds it, and the next call finds it so.
  if (row === undefined) return { state: "busy", until: now };
  if (row.body !== null) return answered(row);
  if (row.claim === token) return { state: "claimed", inDoubt: row.in_doubt === 1 };
  const until = row.lease_until ?? 0;
  if (row.holder !== null && until > now && !isGone(row.holder)) return { state: "busy", until };
  yield* send(takeOver, values);
  return { state: "claimed", inDoubt: true };
}

export function* renewClaims(holder: string, until: number): Operation<void> {
  yield* send(renew, { holder, until });
}

export function* settleAnswer(
  key: string,
  result: Answer | NoAnswer | "in-doubt" | null,
  { holder, at }: { readonly holder: string; readonly at: number },
): Operation<void> {
  if (result !== null && result !== "in-doubt") {
    yield* send(answerIt, { key, body: JSON.stringify(result), at: Math.floor(at) });
    return;
  }
  if (result === null) yield* send(forgetClaim, { key, holder });
  yield* send(leaveInDoubt, { key, holder });
}

/** Ties a question to its subject. */
export function* tieToSubject(key: string, subject: string): Operation<void> {
  yield* send(insertAsked, { subject, key });
}

/** Remembers results of questions that nobody claimed, of one key at most one. Of two results of one question the first stays. */
export function* rememberResults(
  results: readonly { readonly key: string; readonly scorer: string; readonly result: Answer | NoAnswer }[],
  at: number,
): Operation<void> {
  const rows = results.map(({ key, scorer, result }) => ({ key, scorer, body: JSON.stringify(result) }));
  yield* send(answerUnclaimed, ...rows.map((row) => ({ ...row, at: Math.floor(at) })));
}

/** Whether a result is remembered, whoever asked. */
export function* isAnswered(key: string): Operation<boolean> {
  return (yield* run(selectAnswered, { key })).length > 0;
}

export function* meanCostOf(scorer: string): Operation<MeanCost | null> {
  const rows = yield* run(selectBodies, { scorer });
  const results = rows.flatMap(({ body }) => (body === null ? [] : [parse(body)]));
  if (results.length === 0) return null;
  const mean = (values: readonly number[]) =>
    values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    usd: mean(results.flatMap(({ cost }) => cost ?? [])),
    inputTokens: mean(results.map(({ usage }) => usage?.inputTokens ?? 0)) ?? 0,
    outputTokens: mean(results.map(({ usage }) => usage?.outputTokens ?? 0)) ?? 0,
    answers: results.length,
  };
}

/** Forgets what was asked about a subject and brought no answer. Gives how many. */
export function* forgetMissing(subject: string, scorer: string): Operation<number> {
  const rows = yield* run(selectAbout, { subject, scorer });
  const keys = rows.flatMap(({ key, body }) => (body !== null && !isAnswer(parse(body)) ? [{ key }] : []));
  return yield* forgetAnswers(keys);
}

/** Deletes answers, what ties them to traces, and questions that wait for theirs. Gives how many answers. */
export function* forgetAnswers(keys: readonly { readonly key: string }[]): Operation<number> {
  yield* send(deleteAsked, ...keys);
  // Before the answers: who writes an answer down holds its question.
  yield* forgetQuestions(keys);
  return (yield* run(deleteAnswers, ...keys)).length;
}

function answered(row: { readonly body: string | null; readonly in_doubt: number }): AnswerState {
  const result = parse(row.body ?? "");
  return { state: "answered", result: row.in_doubt === 1 ? { ...result, inDoubt: true } : result };
}

function parse(body: string): Answer | NoAnswer {
  return JSON.parse(body);
}
