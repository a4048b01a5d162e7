import type { DatabaseSync, StatementSync } from "node:sqlite";

import { messageOf, TracegateError } from "../core/errors.ts";

/** One requested change, and what to tell its caller. */
interface Change {
  /** Runs the change and returns what resolves its caller after the commit. */
  readonly run: () => () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The state file, open: one connection for reading and group-committed writing.
 *
 * Every `write` of one turn of the event loop shares one transaction, so that the fsync of a durable
 * commit is paid once for all requests that arrived together. Transactions are synchronous from begin to
 * commit: no await ever holds the write lock, and a plain read always sees committed rows.
 */
export class StateDatabase {
  /** Path of the file. */
  readonly path: string;
  readonly connection: DatabaseSync;
  #waiting: Change[] = [];
  #scheduled = false;
  #closed = false;
  readonly #rollbackListeners: (() => void)[] = [];
  readonly #release: () => void;

  /** Use `openDatabase`. `release` is called when the database is closed. */
  constructor(path: string, connection: DatabaseSync, release: () => void) {
    this.path = path;
    this.connection = connection;
    this.#release = release;
  }

  /** Compiles a statement. Do it once, not per call. */
  prepare(sql: string): StatementSync {
    return this.connection.prepare(sql);
  }

  /**
   * Runs `change` inside the next transaction and resolves once that is durable. A change may be run
   * twice (see {@link StateDatabase.onRollback}), so it must touch nothing but the database and indexes over it.
   *
   * @throws TracegateError `unavailable` (retryable) when SQLite cannot write: disk full, file locked, I/O.
   */
  write<T>(change: () => T): Promise<T> {
    if (this.#closed)
      return Promise.reject(new TracegateError("internal", `${this.path} is closed already.`));
    return new Promise((resolve, reject) => {
      const run = () => {
        const value = change();
        return () => resolve(value);
      };
      this.#waiting.push({ run, reject });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => this.#commitWaiting());
    });
  }

  /** `listener` is called after a transaction was taken back: an index in memory must be read again. */
  onRollback(listener: () => void): void {
    this.#rollbackListeners.push(listener);
  }

  /** Commits what is waiting and closes the file. Safe to call twice. */
  close(): void {
    if (this.#closed) return;
    this.#commitWaiting();
    this.#closed = true;
    this.connection.close();
    this.#release();
  }

  #commitWaiting(): void {
    const changes = this.#waiting;
    this.#waiting = [];
    this.#scheduled = false;
    if (changes.length === 0) return;
    const failure = this.#commit(changes);
    if (failure === null) return;
    // One bad change must not fail its neighbours: they are tried again, each by itself.
    for (const change of changes) {
      const error = changes.length === 1 ? failure : this.#commit([change]);
      if (error !== null) change.reject(this.#explain(error));
    }
  }

  /** Null when the changes are durable, else what went wrong, with nothing changed. */
  #commit(changes: readonly Change[]): unknown {
    const resolvers: (() => void)[] = [];
    try {
      this.connection.exec("begin immediate");
      for (const change of changes) resolvers.push(change.run());
      this.connection.exec("commit");
    } catch (error) {
      this.#rollback();
      return error;
    }
    for (const resolve of resolvers) resolve();
    return null;
  }

  #rollback(): void {
    if (this.connection.isTransaction) this.connection.exec("rollback");
    for (const listener of this.#rollbackListeners) listener();
  }

  #explain(error: unknown): unknown {
    if (!mayPass(error)) return error;
    const message = `${this.path}: SQLite could not write (${messageOf(error)}). Check free disk space and that no other program holds the file; it is tried again.`;
    return new TracegateError("unavailable", message, { retryable: true, cause: error });
  }
}

/** SQLite's primary result codes for what may be different later; the others are bugs of ours. */
const PASSING = new Map([
  [5, "busy"],
  [6, "locked"],
  [7, "out of memory"],
  [8, "read-only"],
  [10, "input or output"],
  [13, "disk full"],
  [14, "cannot open"],
]);

function mayPass(error: unknown): boolean {
  if (!(error instanceof Error && "errcode" in error && typeof error.errcode === "number")) return false;
  return PASSING.has(error.errcode & 0xff);
}
