import { setTimeout as sleep } from "node:timers/promises";
import { escapeLiteral, type Pool, type PoolClient } from "pg";

import { backoffMs } from "../core/backoff.ts";
import { type Compile, newCompiler } from "./compile.ts";
import type { Engine, Operation, WriteOptions } from "./operation.ts";
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

/**
 * Operations on PostgreSQL, each on one connection of a pool. All of them may be run again, also when nobody
 * knows whether their commit arrived, so what fails because the server is away, restarts or resolves a
 * deadlock is run again for a while, and then fails as `unavailable` (retryable).
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
    return this.#patiently((client) => this.#run(operation(), client));
  }

  snapshot<Result>(operation: () => Operation<Result>): Promise<Result> {
    return this.#inTransaction("begin isolation level repeatable read read only", operation);
  }

  write<Result>(operation: () => Operation<Result>, { lock = [] }: WriteOptions = {}): Promise<Result> {
    // In one order, so that two writers with several traces each do not wait for each other.
    const locks = [...new Set(lock)]
      .toSorted()
      .map((id) => `select pg_advisory_xact_lock(hashtextextended(${escapeLiteral(id)}, ${LOCK_SEED}));`);
    const { statementMs } = this.#options;
    const limits = `set local statement_timeout = ${statementMs}; set local idle_in_transaction_session_timeout = ${statementMs};`;
    return this.#inTransaction(`begin; ${limits} ${locks.join(" ")}`, operation);
  }

  close(): Promise<void> {
    return this.#options.pool.end();
  }

  #inTransaction<Result>(begin: string, operation: () => Operation<Result>): Promise<Result> {
    return this.#patiently(async (client) => {
      try {
        await client.query(begin);
        const result = await this.#run(operation(), client);
        await client.query("commit");
        return result;
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

  async #run<Result>(operation: Operation<Result>, client: PoolClient): Promise<Result> {
    let next = operation.next([]);
    while (!next.done) {
      const { statement, rows } = next.value;
      const { sql, bind } = this.#compile(statement, rows.length);
      const found = await client.query<Record<string, unknown>>(sql, bind(rows));
      next = operation.next(found.rows);
    }
    return next.value;
  }
}

/** Sets our locks apart from other programs' ("trcg"). */
const LOCK_SEED = 0x74726367;
