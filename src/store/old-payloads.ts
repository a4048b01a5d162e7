import { type Operation, run, send } from "./operation.ts";
import { statement } from "./statement.ts";

// Letting go of spans: the table `payload` has them, with the time until which they are kept.

/** How long spans stay at a time when a sink still waits for them, ms. */
const HELD_MS = 3_600_000;

type TraceId = { readonly traceId: string };

const selectOld = statement<{ now: number; limit: number }>()(({ db, value, engine }) =>
  db
    .selectFrom("payload")
    .select("trace_id")
    .where("keep_until", "<", value("now"))
    .orderBy("keep_until")
    .limit(value("limit"))
    // Of two workers that look at the same time each gets other ones.
    .$if(engine === "postgres", (rows) => rows.forUpdate().skipLocked()),
);

const selectAwaited = statement<TraceId>()(({ db, value, each, written }) =>
  db
    .selectFrom("outbox")
    .select("trace_id")
    .distinct()
    .where(
      "trace_id",
      "in",
      each((row) => value("traceId", row)),
    )
    .where("state", "=", written("waiting")),
);

const keep = statement<{ traceId: string; until: number }>()(({ db, value, each }) =>
  db
    .updateTable("payload")
    .set({ keep_until: value("until") })
    .where(
      "trace_id",
      "in",
      each((row) => value("traceId", row)),
    ),
);

const remove = statement<TraceId>()(({ db, value, each }) =>
  db.deleteFrom("payload").where(
    "trace_id",
    "in",
    each((row) => value("traceId", row)),
  ),
);

/** Looks at `limit` traces whose time is over. How many went. */
export function* dropPayloads(now: number, limit: number): Operation<number> {
  const old = (yield* run(selectOld, { now, limit })).map((row) => ({ traceId: row.trace_id }));
  const awaited = new Set((yield* run(selectAwaited, ...old)).map((row) => row.trace_id));
  const held = old.filter(({ traceId }) => awaited.has(traceId));
  const over = old.filter(({ traceId }) => !awaited.has(traceId));
  yield* send(keep, ...held.map((row) => ({ ...row, until: now + HELD_MS })));
  yield* run(remove, ...over);
  return over.length;
}
