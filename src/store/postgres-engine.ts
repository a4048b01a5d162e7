import { setTimeout as sleep } from "node:timers/promises";
import type { Pool, PoolClient } from "pg";

import { backoffMs } from "../core/backoff.ts";
import { type Compile, newCompiler } from "./compile.ts";
import type { Engine, Operation, WriteOptions } from "./operation.ts";
import { exchange, type SentStatement } from "./postgres-exchange.ts";
import { mayPass, postgresFault } from "./postgres-fault.ts";

/** What a {@link PostgresEngine} works with. */
export interface PostgresEngineOptions {
  readonly pool: Pool;
  readonly schema: string;
  /** For messages, without secrets. */
  readonly address: string;
  /** How long work is tried again while PostgreSQL is away, ms. */
  readonly patienceMs: number;
  /** Longest time one statement may take, ms. */
  readonly statementMs: number;
}

const BACKOFF = { baseMs: 50, maxMs: 1_000 };

const COMMIT: SentStatement = unread("commit");
const BEGIN_SNAPSHOT = [unread("begin isolation level repeatable read read only")];

/**
 * Operations on PostgreSQL, each on one connection of a pool. All of them may be run again, also when nobody
 * knows whether their commit arrived, so what fails because the server is away, restarts or resolves a
 * deadlock is run again for a while, and then fails as `unavailable` (retryable).
 *
 * What begins a transaction goes along with its first statement, and the commit with the last ones where nobody reads
 * between them: a round trip costs a worker more than a statement does.
 *
 * Settings are made inside transactions, not at the connection, so that a pooler in between may share it.
 */
export class PostgresEngine implements Engine {
  readonly #options: PostgresEngineOptions;
  readonly #compile: Compile;
  /** Workers are on several machines, where pids tell nothing; leases end by themselves. */
  readonly isGone = (): boolean => false;

  constructor(options: PostgresEngineOptions) {
    this.#options = options;
    this.#compile = newCompiler("postgres", options.schema);
  }

  read<Result>(operation: () => Operation<Result>): Promise<Result> {
    return this.#patiently((client) => this.#run(operation(), client, { begin: [], end: [] }));
  }

  snapshot<Result>(operation: () => Operation<Result>): Promise<Result> {
    return this.#inTransaction(BEGIN_SNAPSHOT, operation);
  }

  write<Result>(operation: () => Operation<Result>, { lock = [] }: WriteOptions = {}): Promise<Result> {
    // In one order, so that two writers with several traces each do not wait for each other.
    const locks = [...new Set(lock)].toSorted().map((id) => unread(TAKE_LOCK, id));
    const limit = String(this.#options.statementMs);
    return this.#inTransaction([unread("begin"), unread(SET_LIMITS, limit), ...locks], operation);
  }

  close(): Promise<void> {
    return this.#options.pool.end();
  }

  #inTransaction<Result>(
    begin: readonly SentStatement[],
    operation: () => Operation<Result>,
  ): Promise<Result> {
    return this.#patiently(async (client) => {
      try {
        return await this.#run(operation(), client, { begin, end: [COMMIT] });
      } catch (error) {
        // After a fault that may pass the connection is thrown away, and its transaction with it.
        if (!mayPass(error)) await client.query("rollback").catch(() => {});
        throw error;
      }
    });
  }

  async #patiently<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    const giveUpAt = performance.now() + this.#options.patienceMs;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#once(work);
      } catch (error) {
        const pause = backoffMs(attempt, BACKOFF);
        const isOver = performance.now() + pause > giveUpAt || this.#options.pool.ending;
        if (isOver || !mayPass(error)) throw postgresFault(this.#options.address, error);
        await sleep(pause);
      }
    }
  }

  async #once<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    const client = await this.#options.pool.connect();
    let broken = false;
    try {
      return await work(client);
    } catch (error) {
      broken = mayPass(error);
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async #run<Result>(
    operation: Operation<Result>,
    client: PoolClient,
    { begin, end }: { readonly begin: readonly SentStatement[]; readonly end: readonly SentStatement[] },
  ): Promise<Result> {
    let unsent = [...begin];
    let isOver = false;
    let next = operation.next([]);
    // Nothing is asked, so there is nothing to begin.
    if (next.done) return next.value;
    while (!next.done) {
      const { statement, rows, neededBy } = next.value;
      if (isOver) throw new Error("A statement came after the last one of its operation.");
      const { sql, bind } = this.#compile(statement, rows.length);
      unsent.push({ text: sql, values: bind(rows), isRead: neededBy !== "nobody" });
      isOver = neededBy === "result";
      let found: readonly unknown[] = [];
      if (neededBy !== "nobody") {
        found = await exchange(client, isOver ? [...unsent, ...end] : unsent);
        unsent = [];
      }
      next = operation.next(found);
    }
    if (!isOver && unsent.length + end.length > 0) await exchange(client, [...unsent, ...end]);
    return next.value;
  }
}

function unread(text: string, ...values: readonly string[]): SentStatement {
  return { text, values, isRead: false };
}

/** Until the end of the transaction. */
const SET_LIMITS =
  "select set_config('statement_timeout', $1, true), set_config('idle_in_transaction_session_timeout', $1, true)";

/** The number sets our locks apart from other programs' ("trcg"). */
const TAKE_LOCK = `select pg_advisory_xact_lock(hashtextextended($1, ${0x74726367}))`;
