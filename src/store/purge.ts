import type { Purged, PurgeWhom, TraceSummary } from "../core/store.ts";
import { forgetAnswers } from "./answers.ts";
import { lockQuestions } from "./lock-questions.ts";
import { type Operation, run } from "./operation.ts";
import { forgetSessionScores, sessionScoresOf } from "./purge-sessions.ts";
import { statement } from "./statement.ts";
import { userIdColumn } from "./user-id-column.ts";
import { wakeWaiting } from "./wake-waiting.ts";

// Deleting everything of some traces.

const selectOfUser = statement<{ userId: string }>()(({ db, value }) =>
  db
    .selectFrom("trace")
    .select(["trace_id", "summary"])
    .where("user_id", "=", value("userId"))
    .orderBy("trace_id"),
);

type TraceId = { readonly traceId: string };

/** Also those that are under way now: they may still arrive. */
const selectDelivered = statement<TraceId>()(({ db, value, each }) =>
  db
    .selectFrom("outbox")
    .select(["trace_id", "sink"])
    .distinct()
    .where(
      "trace_id",
      "in",
      each((row) => value("traceId", row)),
    )
    .where(({ eb, or }) => or([eb("delivered_at", "is not", null), eb("lease_until", "is not", null)]))
    .orderBy("sink"),
);

const selectKeys = statement<TraceId>()(({ db, value, each }) =>
  db
    .selectFrom("asked")
    .select("key")
    .distinct()
    .where(
      "trace_id",
      "in",
      each((row) => value("traceId", row)),
    ),
);

/** A question that waits for a batch has none. */
const selectAnswers = statement<TraceId>()(({ db, value, each }) =>
  db
    .selectFrom("asked")
    .innerJoin("answer", "answer.key", "asked.key")
    .select("asked.key")
    .distinct()
    .where(
      "asked.trace_id",
      "in",
      each((row) => value("traceId", row)),
    ),
);

const TABLES = ["payload", "score", "outbox", "label", "trace"] as const;

const selectRows = TABLES.map((table) =>
  statement<TraceId>()(({ db, value, each }) =>
    db
      .selectFrom(table)
      .select("trace_id")
      .distinct()
      .where(
        "trace_id",
        "in",
        each((row) => value("traceId", row)),
      ),
  ),
);

const selectLedger = statement<TraceId>()(({ db, value, each }) =>
  db
    .selectFrom("ledger")
    .select("subject as trace_id")
    .distinct()
    .where(
      "subject",
      "in",
      each((row) => value("traceId", row)),
    ),
);

const deleteRows = TABLES.map((table) =>
  statement<TraceId>()(({ db, value, each }) =>
    db
      .deleteFrom(table)
      .where(
        "trace_id",
        "in",
        each((row) => value("traceId", row)),
      )
      .returning("trace_id"),
  ),
);

const deleteLedger = statement<TraceId>()(({ db, value, each }) =>
  db
    .deleteFrom("ledger")
    .where(
      "subject",
      "in",
      each((row) => value("traceId", row)),
    )
    .returning("subject as trace_id"),
);

/** Ids of the traces to purge. */
export function* tracesOf(whom: PurgeWhom): Operation<string[]> {
  if ("traceId" in whom) return [whom.traceId];
  if ("traceIds" in whom) return [...whom.traceIds];
  const rows = yield* run(selectOfUser, { userId: userIdColumn(whom.userId) });
  return rows.flatMap((row) => {
    const { userId }: TraceSummary = JSON.parse(row.summary);
    return userId === whom.userId ? [row.trace_id] : [];
  });
}

/** Where the traces have been delivered: sinks by trace. Ask before purging. */
export function* deliveredSinks(traceIds: readonly string[]): Operation<ReadonlyMap<string, string[]>> {
  const sinks = new Map<string, string[]>();
  for (const row of yield* run(selectDelivered, ...traceIds.map((traceId) => ({ traceId })))) {
    sinks.set(row.trace_id, [...(sinks.get(row.trace_id) ?? []), row.sink]);
  }
  return sinks;
}

/** What a purge of the traces would delete. */
export function* whatToPurge(traceIds: readonly string[]): Operation<Purged> {
  const rows = traceIds.map((traceId) => ({ traceId }));
  const sinks = yield* deliveredSinks(traceIds);
  const there = new Set<string>();
  for (const one of [...selectRows, selectLedger]) {
    for (const row of yield* run(one, ...rows)) there.add(row.trace_id);
  }
  return {
    traces: traceIds
      .filter((traceId) => there.has(traceId))
      .map((traceId) => ({ traceId, deliveredTo: sinks.get(traceId) ?? [] })),
    answers: new Set((yield* run(selectAnswers, ...rows)).map(({ key }) => key)).size,
  };
}

/**
 * Deletes all rows of the traces, and the answers to questions about them. Other traces that wait for such an answer are due
 * at `at`, and ask for themselves; one that asked before and notes its waiting after that does so at the time it noted. Whoever calls
 * holds the traces' locks.
 */
export function* purgeTraces(
  traceIds: readonly string[],
  sinks: ReadonlyMap<string, string[]>,
  at: number,
): Operation<Purged> {
  const rows = traceIds.map((traceId) => ({ traceId }));
  const keys = yield* run(selectKeys, ...rows);
  const sessions = yield* sessionScoresOf(traceIds);
  yield* lockQuestions([...keys, ...sessions.flatMap((session) => session.keys)]);
  yield* wakeWaiting(keys, at);
  const shared = yield* forgetSessionScores(sessions, at);
  const answers = shared + (yield* forgetAnswers(keys.map(({ key }) => ({ key }))));
  const gone = new Set<string>();
  for (const one of [...deleteRows, deleteLedger]) {
    for (const row of yield* run(one, ...rows)) gone.add(row.trace_id);
  }
  return {
    traces: traceIds
      .filter((traceId) => gone.has(traceId))
      .map((traceId) => ({ traceId, deliveredTo: sinks.get(traceId) ?? [] })),
    answers,
  };
}
