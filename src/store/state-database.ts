import type { DatabaseSync, StatementSync } from "node:sqlite";

import { messageOf, TracegateError } from "../core/errors.ts";

/** One requested change, and what to tell its caller. */
interface Change {
  /** Runs the change and returns what resolves its caller after the commit. */
  readonly run: () => () => void;
  readonly reject: (error: unknown) => void;
  readonly survives: Survives;
}

/**
 * What a resolved write outlives. `power-cut`: it has reached the disk. `kill`: the system has it, so that
 * SIGKILL loses nothing; a power cut may take it back together with all that was written after it, never
 * with a gap. For what is found out or done again from earlier rows.
 *
 * Measured: one commit of 2 kB takes 0.16 ms synced and 0.02 ms not, on an idle disk. Small traces through
 * the whole pipeline on a busy two-core machine: 700/s with every commit synced, 1,850/s with those that
 * carry a promise (spans, seals, scores, paid answers), 2,500/s with none. So promises are synced.
 */
export type Survives = "power-cut" | "kill";

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
  /** What the connection's commits survive now. */
  #survives: Survives = "kill";

  /** Use `openDatabase`: it gives a connection with `synchronous = normal`. `release` is called at the end. */
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
   * Runs `change` inside the next transaction and resolves once that is committed. A change may be run
   * twice (see {@link StateDatabase.onRollback}), so it must touch nothing but the database and indexes over it.
   *
   * @throws TracegateError `unavailable` (retryable) when SQLite cannot write: disk full, file locked, I/O.
   */
  write<T>(change: () => T, survives: Survives = "power-cut"): Promise<T> {
    if (this.#closed)
      return Promise.reject(new TracegateError("internal", `${this.path} is closed already.`));
    return new Promise((resolve, reject) => {
      const run = () => {
        const value = change();
        return () => resolve(value);
      };
      this.#waiting.push({ run, reject, survives });
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
      this.#follow(changes.some(({ survives }) => survives === "power-cut") ? "power-cut" : "kill");
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

  /** In WAL mode `full` syncs the log at each commit, those before it included; `normal` leaves that to the system. */
  #follow(survives: Survives): void {
    if (this.#survives === survives) return;
    this.connection.exec(`pragma synchronous = ${survives === "power-cut" ? "full" : "normal"}`);
    this.#survives = survives;
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
