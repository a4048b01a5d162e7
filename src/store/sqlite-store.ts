import type { Answer } from "../core/judge.ts";
import type {
  Delivery,
  LedgerRow,
  OutboxRow,
  ScoredTrace,
  Store,
  StoredTrace,
  TraceFilter,
  TraceSummary,
} from "../core/store.ts";
import { Answers } from "./answers.ts";
import { Ledger } from "./ledger.ts";
import { Outbox } from "./outbox.ts";
import { ScoredTraces } from "./scored-traces.ts";
import type { StateDatabase } from "./state-database.ts";

/**
 * {@link Store} in the state file. `saveScored` writes summary, spans, scores, their ledger rows and the
 * outbox rows in one transaction. `list` gives at most 100 traces unless `limit` says otherwise.
 */
export class SqliteStore implements Store {
  readonly #database: StateDatabase;
  readonly #traces: ScoredTraces;
  readonly #ledger: Ledger;
  readonly #outbox: Outbox;
  readonly #answers: Answers;

  constructor(database: StateDatabase) {
    this.#database = database;
    this.#traces = new ScoredTraces(database);
    this.#ledger = new Ledger(database);
    this.#outbox = new Outbox(database);
    this.#answers = new Answers(database);
  }

  saveScored(scored: ScoredTrace): Promise<void> {
    const { traceId, revision, scoredAt } = scored.summary;
    return this.#database.write(() => {
      if (revision < this.#traces.revision(traceId)) return;
      const changed = this.#traces.save(scored);
      this.#ledger.save(scored.summary, scored.scores);
      this.#outbox.plan(traceId, revision, scored.sinks, scoredAt, changed);
    });
  }

  record(rows: readonly LedgerRow[]): Promise<void> {
    return this.#database.write(() => this.#ledger.record(rows));
  }

  async revision(traceId: string): Promise<number> {
    return this.#traces.revision(traceId);
  }

  async trace(traceId: string): Promise<StoredTrace | null> {
    return this.#traces.trace(traceId);
  }

  async list(filter: TraceFilter): Promise<readonly TraceSummary[]> {
    return this.#traces.list(filter);
  }

  async find(prefix: string, limit: number): Promise<readonly string[]> {
    return this.#traces.find(prefix, limit);
  }

  async ledger(traceId: string): Promise<readonly LedgerRow[]> {
    return this.#ledger.of(traceId);
  }

  async deliveries(traceId: string): Promise<readonly Delivery[]> {
    return this.#outbox.deliveries(traceId);
  }

  async outbox(now: number, limit: number): Promise<readonly OutboxRow[]> {
    return this.#outbox.due(now, limit);
  }

  delivered(rows: readonly OutboxRow[], at: number): Promise<void> {
    return this.#database.write(() => this.#outbox.delivered(rows, at), "kill");
  }

  deliveryFailed(row: OutboxRow, reason: string, at: number, retryAt: number | null): Promise<void> {
    return this.#database.write(() => this.#outbox.failed(row, reason, at, retryAt), "kill");
  }

  async answer(key: string): Promise<Answer | "in-doubt" | null> {
    return this.#answers.get(key);
  }

  intend(key: string, at: number): Promise<void> {
    return this.#database.write(() => this.#answers.intend(key, at));
  }

  settle(key: string, answer: Answer | null): Promise<void> {
    return this.#database.write(() => this.#answers.settle(key, answer));
  }

  async counts(): Promise<{ readonly traces: number; readonly scores: number; readonly outbox: number }> {
    return { ...this.#traces.counts(), outbox: this.#outbox.waiting() };
  }

  /** Nothing to stop: the database belongs to whoever opened it. */
  async close(): Promise<void> {}
}
