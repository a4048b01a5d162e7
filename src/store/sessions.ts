import { contentHash } from "../core/ids.ts";
import type { IdleFilter, IdleSession } from "../core/store.ts";
import { type Operation, run, send } from "./operation.ts";
import { statement } from "./statement.ts";

// The columns `session_id`, `scored_at` and `in_session` of the table `trace`.

/** An index has its limits, and a trace may say anything. */
const MAX_CHARACTERS = 200;

/** What the column `session_id` holds of a session's id; of its own value the same. */
export function sessionColumn(sessionId: string): string {
  return sessionId.length <= MAX_CHARACTERS ? sessionId : contentHash(sessionId, 64);
}

const selectIdle = statement<{ before: number; after: number; limit: number }>()(({ db, value }) =>
  db
    .selectFrom("trace")
    .select(({ fn }) => ["session_id", fn.max<number>("scored_at").as("last_at")])
    .where("session_id", "is not", null)
    // Written out, because the index over the open ones is used for no other text.
    .where(({ eb, lit }) => eb("in_session", "=", lit(0)))
    .where("scored_at", ">", value("after"))
    .groupBy("session_id")
    .having(({ eb, fn }) => eb(fn.max("scored_at"), "<=", value("before")))
    .orderBy("last_at")
    .orderBy("session_id")
    .limit(value("limit")),
);

const selectTraces = statement<{ sessionId: string; limit: number }>()(({ db, value }) =>
  db
    .selectFrom("trace")
    .select("trace_id")
    .where("session_id", "=", value("sessionId"))
    .orderBy("start_time", "desc")
    .orderBy("trace_id", "desc")
    .limit(value("limit")),
);

const close = statement<{ sessionId: string; lastAt: number }>()(({ db, value }) =>
  db
    .updateTable("trace")
    .set({ in_session: 1 })
    .where("session_id", "=", value("sessionId"))
    .where("scored_at", "<=", value("lastAt"))
    .where(({ eb, lit }) => eb("in_session", "=", lit(0))),
);

const reopen = statement<{ traceId: string }>()(({ db, value }) =>
  db.updateTable("trace").set({ in_session: 0 }).where("trace_id", "=", value("traceId")),
);

/** Sessions none of whose open traces was scored after `before`. */
export function* idleSessions({ before, after, limit }: IdleFilter): Operation<IdleSession[]> {
  const rows = yield* run(selectIdle, { before, after, limit });
  return rows.flatMap(({ session_id, last_at }) =>
    session_id === null ? [] : [{ sessionId: session_id, lastAt: last_at }],
  );
}

/** The newest of a session's traces, oldest first. */
export function* tracesOfSession(sessionId: string, limit: number): Operation<string[]> {
  const rows = yield* run(selectTraces, { sessionId: sessionColumn(sessionId), limit });
  return rows.map((row) => row.trace_id).reverse();
}

export function* closeSession({ sessionId, lastAt }: IdleSession): Operation<void> {
  yield* send(close, { sessionId: sessionColumn(sessionId), lastAt });
}

/** A newer revision is news for its session. */
export function* reopenSession(traceId: string): Operation<void> {
  yield* send(reopen, { traceId });
}
