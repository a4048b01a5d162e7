import type { Delivery, OutboxRow } from "../core/store.ts";
import { numberIn, oneOfIn, type Row, textIn, textOrNullIn } from "./columns.ts";
import type { StateDatabase } from "./state-database.ts";

const STATES = ["waiting", "delivered", "failed"] as const;

/** The `outbox` table: one row per trace, revision and sink. */
export class Outbox {
  readonly #insert;
  readonly #dropRevision;
  readonly #dropOlder;
  readonly #due;
  readonly #delivered;
  readonly #failed;
  readonly #deliveries;
  readonly #waiting;

  constructor(database: StateDatabase) {
    this.#insert = database.prepare(
      `insert into outbox (sink, trace_id, revision, state, attempts, at, due) values (?, ?, ?, 'waiting', 0, ?, ?)
       on conflict (trace_id, sink, revision) do nothing`,
    );
    this.#dropRevision = database.prepare(
      "delete from outbox where trace_id = ? and revision = ? and sink = ?",
    );
    this.#dropOlder = database.prepare(
      "delete from outbox where trace_id = ? and revision < ? and state = 'waiting'",
    );
    this.#due = database.prepare(
      "select * from outbox where state = 'waiting' and due <= ? order by due, id limit ?",
    );
    this.#delivered = database.prepare(
      "update outbox set state = 'delivered', attempts = attempts + 1, reason = null, at = ?, due = null where id = ?",
    );
    this.#failed = database.prepare(
      "update outbox set state = ?, attempts = attempts + 1, reason = ?, at = ?, due = ? where id = ?",
    );
    this.#deliveries = database.prepare("select * from outbox where trace_id = ? order by revision, sink");
    this.#waiting = database.prepare("select count(*) as rows from outbox where state = 'waiting'");
  }

  /**
   * Plans the deliveries of a saved trace; those of older revisions that still wait are dropped, because a
   * sink is always given the newest. `changed`: the sinks must be told again even if they were before.
   */
  plan(traceId: string, revision: number, sinks: readonly string[], at: number, changed: boolean): void {
    this.#dropOlder.run(traceId, revision);
    for (const sink of sinks) {
      // A new row, not an update: a delivery under way must not mark the newer content as delivered.
      if (changed) this.#dropRevision.run(traceId, revision, sink);
      this.#insert.run(sink, traceId, revision, at, at);
    }
  }

  due(now: number, limit: number): OutboxRow[] {
    return this.#due.all(now, limit).map((row) => ({
      id: numberIn(row, "id"),
      sink: textIn(row, "sink"),
      traceId: textIn(row, "trace_id"),
      revision: numberIn(row, "revision"),
      attempts: numberIn(row, "attempts"),
    }));
  }

  delivered(rows: readonly OutboxRow[], at: number): void {
    for (const { id } of rows) this.#delivered.run(at, id);
  }

  failed(row: OutboxRow, reason: string, at: number, retryAt: number | null): void {
    this.#failed.run(retryAt === null ? "failed" : "waiting", reason, at, retryAt, row.id);
  }

  deliveries(traceId: string): Delivery[] {
    return this.#deliveries.all(traceId).map(delivery);
  }

  /** How many deliveries wait. */
  waiting(): number {
    return numberIn(this.#waiting.get(), "rows");
  }
}

function delivery(row: Row): Delivery {
  return {
    sink: textIn(row, "sink"),
    revision: numberIn(row, "revision"),
    state: oneOfIn(row, "state", STATES),
    attempts: numberIn(row, "attempts"),
    reason: textOrNullIn(row, "reason"),
    at: numberIn(row, "at"),
  };
}
