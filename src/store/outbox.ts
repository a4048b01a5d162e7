import type { Delivery, OutboxLease, OutboxRow } from "../core/outbox.ts";
import { type Operation, run, runLast, send } from "./operation.ts";
import { statement } from "./statement.ts";

// The table `outbox`: one row per trace, revision and sink.

/** A new edition where the sink is to be told again; a delivery under way keeps its lease. */
const insertOf = (changed: boolean) =>
  statement<{ sink: string; traceId: string; revision: number; at: number }>()(({ db, value, each }) =>
    db
      .insertInto("outbox")
      .values(
        each((row) => ({
          sink: value("sink", row),
          trace_id: value("traceId", row),
          revision: value("revision", row),
          state: "waiting",
          attempts: 0,
          at: value("at", row),
          due: value("at", row),
        })),
      )
      .onConflict((conflict) => {
        const same = conflict.columns(["trace_id", "sink", "revision"]);
        if (!changed) return same.doNothing();
        return same.doUpdateSet(({ eb, ref }) => ({
          state: "waiting",
          attempts: 0,
          reason: null,
          at: ref("excluded.at"),
          due: ref("excluded.due"),
          edition: eb("outbox.edition", "+", 1),
        }));
      }),
  );
const insertOnce = insertOf(false);
const insertAgain = insertOf(true);

interface Older {
  traceId: string;
  revision: number;
  at: number;
}

const dropOlder = statement<Older>()(({ db, value }) =>
  db
    .deleteFrom("outbox")
    .where("trace_id", "=", value("traceId"))
    .where("revision", "<", value("revision"))
    .where("state", "=", "waiting")
    .where("delivered_at", "is", null)
    .where(({ eb, or }) => or([eb("lease_until", "is", null), eb("lease_until", "<=", value("at"))])),
);

/** Some content of the older revision had arrived; that is not to be forgotten. */
const endOlder = statement<Older>()(({ db, value }) =>
  db
    .updateTable("outbox")
    .set({ state: "delivered", due: null, holder: null, lease_until: null })
    .where("trace_id", "=", value("traceId"))
    .where("revision", "<", value("revision"))
    .where("state", "=", "waiting")
    .where("delivered_at", "is not", null)
    .where(({ eb, or }) => or([eb("lease_until", "is", null), eb("lease_until", "<=", value("at"))])),
);

/** Never two of one trace and sink: neither beside one under way nor before an older one. */
const leaseOf = (which: "of one sink" | "of other sinks" | "of all") =>
  statement<{ now: number; limit: number; until: number; holder: string; sink: string }>()(
    ({ db, value, each, written, engine }) =>
      db
        .with(
          (name) => name("due_now").materialized(),
          (query) =>
            query
              .selectFrom("outbox")
              .select("outbox.id")
              .where("outbox.state", "=", written("waiting"))
              .where("outbox.due", "<=", value("now"))
              .$if(which === "of one sink", (rows) => rows.where("outbox.sink", "=", value("sink")))
              .$if(which === "of other sinks", (rows) =>
                rows.where(
                  "outbox.sink",
                  "not in",
                  each((row) => value("sink", row)),
                ),
              )
              .where(({ eb, or }) =>
                or([eb("outbox.lease_until", "is", null), eb("outbox.lease_until", "<=", value("now"))]),
              )
              .where(({ not, exists, selectFrom }) =>
                not(
                  exists(
                    selectFrom("outbox as other")
                      .select("other.id")
                      .whereRef("other.trace_id", "=", "outbox.trace_id")
                      .whereRef("other.sink", "=", "outbox.sink")
                      .whereRef("other.id", "<>", "outbox.id")
                      .where(({ eb, and, or, ref }) =>
                        or([
                          eb("other.lease_until", ">", value("now")),
                          and([
                            eb("other.state", "=", "waiting"),
                            eb("other.due", "<=", value("now")),
                            eb("other.revision", "<", ref("outbox.revision")),
                          ]),
                        ]),
                      ),
                  ),
                ),
              )
              .orderBy("outbox.due")
              .orderBy("outbox.id")
              .limit(value("limit"))
              .$if(engine === "postgres", (rows) => rows.forUpdate().skipLocked()),
        )
        .updateTable("outbox")
        .set(({ eb }) => ({
          holder: value("holder"),
          lease: eb("lease", "+", 1),
          lease_until: value("until"),
        }))
        .where("id", "in", ({ selectFrom }) => selectFrom("due_now").select("id"))
        .returning(["id", "sink", "trace_id", "revision", "attempts", "lease", "edition", "due"]),
  );
const leaseOfSink = leaseOf("of one sink");
const leaseOfOthers = leaseOf("of other sinks");
const leaseAll = leaseOf("of all");

/** What ends a delivery; the row must still be leased, and for the content that is stored. */
const end = statement<{
  id: number;
  lease: number;
  edition: number;
  state: string;
  reason: string | null;
  at: number;
  due: number | null;
  deliveredAt: number | null;
}>()(({ db, value }) =>
  db
    .updateTable("outbox")
    .set(({ eb, fn, ref }) => ({
      state: value("state"),
      attempts: eb("attempts", "+", 1),
      reason: value("reason"),
      at: value("at"),
      due: value("due"),
      holder: null,
      lease_until: null,
      delivered_at: fn.coalesce(value("deliveredAt"), ref("delivered_at")),
    }))
    .where("id", "=", value("id"))
    .where("lease", "=", value("lease"))
    .where("edition", "=", value("edition"))
    .where("lease_until", "is not", null)
    .returning("id"),
);

/** The content has changed meanwhile: it is still to be told. */
const giveBack = statement<{ id: number; lease: number; deliveredAt: number | null }>()(({ db, value }) =>
  db
    .updateTable("outbox")
    .set(({ fn, ref }) => ({
      holder: null,
      lease_until: null,
      delivered_at: fn.coalesce(value("deliveredAt"), ref("delivered_at")),
    }))
    .where("id", "=", value("id"))
    .where("lease", "=", value("lease")),
);

const selectEdition = statement<{ id: number; lease: number }>()(({ db, value }) =>
  db.selectFrom("outbox").select("edition").where("id", "=", value("id")).where("lease", "=", value("lease")),
);

const release = statement<{ holder: string }>()(({ db, value }) =>
  db
    .updateTable("outbox")
    .set({ holder: null, lease_until: null })
    .where("holder", "=", value("holder"))
    .where("lease_until", "is not", null),
);

const selectHolders = statement<Record<never, never>>()(({ db }) =>
  db.selectFrom("outbox").select("holder").distinct().where("lease_until", "is not", null),
);

const selectOf = statement<{ traceId: string }>()(({ db, value }) =>
  db
    .selectFrom("outbox")
    .select(["sink", "revision", "state", "attempts", "reason", "at"])
    .where("trace_id", "=", value("traceId"))
    .orderBy("revision")
    .orderBy("sink"),
);

const countWaiting = statement<Record<never, never>>()(({ db, written }) =>
  db
    .selectFrom("outbox")
    .select(({ fn }) => fn.countAll<number>().as("rows"))
    .where("state", "=", written("waiting")),
);

/** Which deliveries a saved trace needs. */
export interface DeliveryPlan {
  readonly traceId: string;
  readonly revision: number;
  readonly sinks: readonly string[];
  /** Unix ms. */
  readonly at: number;
  /** The sinks must be told again, even if they were before. */
  readonly changed: boolean;
  /** An older revision was stored. */
  readonly replaces: boolean;
}

/** Plans deliveries; those of older revisions that still wait are dropped, because a sink is always given the newest. */
export function* planDeliveries(plan: DeliveryPlan): Operation<void> {
  const { traceId, revision, at, changed } = plan;
  if (plan.replaces) {
    yield* send(dropOlder, { traceId, revision, at });
    yield* send(endOlder, { traceId, revision, at });
  }
  const rows = [...new Set(plan.sinks)].map((sink) => ({ sink, traceId, revision, at }));
  yield* send(changed ? insertAgain : insertOnce, ...rows);
}

/** Leases deliveries that are due, oldest first. */
export function* leaseDeliveries(now: number, limit: number, lease: OutboxLease): Operation<OutboxRow[]> {
  const { sink, otherThan = [] } = lease;
  const leaseUntil = now + lease.leaseMs;
  const values = { now, limit, until: leaseUntil, holder: lease.holder };
  const statement = sink === undefined ? (otherThan.length > 0 ? leaseOfOthers : leaseAll) : leaseOfSink;
  const sinks = sink === undefined ? (otherThan.length > 0 ? otherThan : [""]) : [sink];
  const rows = yield* runLast(statement, ...sinks.map((name) => ({ ...values, sink: name })));
  return rows
    .toSorted((a, b) => (a.due ?? 0) - (b.due ?? 0) || a.id - b.id)
    .map(({ trace_id: traceId, due: _, ...row }) => ({ ...row, traceId, leaseUntil }));
}

/** A leased row with the edition that is stored now. As it was when the lease is lost. */
export function* asOfNow(row: OutboxRow): Operation<OutboxRow> {
  const [now] = yield* run(selectEdition, { id: row.id, lease: row.lease });
  return now === undefined ? row : { ...row, edition: now.edition };
}

export function* acknowledge(rows: readonly OutboxRow[], at: number): Operation<void> {
  for (const { id, lease, edition } of rows) {
    const values = { id, lease, edition, state: "delivered", reason: null, at, due: null, deliveredAt: at };
    const [ended] = yield* run(end, values);
    if (ended === undefined) yield* send(giveBack, { id, lease, deliveredAt: at });
  }
}

export function* failDelivery(
  { id, lease, edition }: OutboxRow,
  reason: string,
  at: number,
  due: number | null,
): Operation<void> {
  const state = due === null ? "failed" : "waiting";
  const [ended] = yield* run(end, { id, lease, edition, state, reason, at, due, deliveredAt: null });
  if (ended === undefined) yield* send(giveBack, { id, lease, deliveredAt: null });
}

export function* releaseDeliveries(holder: string): Operation<void> {
  yield* send(release, { holder });
}

/** Who has leased deliveries. */
export function* deliveryHolders(): Operation<string[]> {
  return (yield* run(selectHolders, {})).flatMap(({ holder }) => holder ?? []);
}

export function* deliveriesOf(traceId: string): Operation<Delivery[]> {
  return (yield* run(selectOf, { traceId })).map(({ state, ...row }) => ({
    ...row,
    // These are the states this file writes.
    state: state as Delivery["state"],
  }));
}

/** How many deliveries wait. */
export function* countDeliveries(): Operation<number> {
  return (yield* run(countWaiting, {}))[0]?.rows ?? 0;
}
