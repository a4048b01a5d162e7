import type { Statement, Values } from "./statement.ts";

/** One statement of an operation and its rows of values. */
export interface Step {
  readonly statement: Statement<never, unknown>;
  readonly rows: readonly Values[];
  /**
   * Who needs its rows: the statements after it; nobody, so that it may wait for the next one that is needed, or for the commit; or
   * only the operation's result, so that the commit may go with it.
   */
  readonly neededBy: "next" | "nobody" | "result";
}

/**
 * Something done to the store: statements, and what happens between them. It yields each statement and is
 * given its rows, so that SQLite runs it without ever waiting, inside the one transaction that all writes
 * of a turn of the event loop share, and PostgreSQL runs the same code over a network.
 *
 * Nothing but the store may be touched: an operation whose transaction was taken back is run again.
 */
export type Operation<Result> = Generator<Step, Result, readonly unknown[]>;

/** How an operation is written. */
export interface WriteOptions {
  /** What the commit outlives, where the engine has the choice; see `StateDatabase.write`. Default `power-cut`. */
  readonly survives?: "power-cut" | "kill";
  /** Trace ids that no other write with the same lock may touch meanwhile. */
  readonly lock?: readonly string[];
}

/** Runs operations on an engine. */
export interface Engine {
  /** Outside a transaction: for operations of one statement. */
  read<Result>(operation: () => Operation<Result>): Promise<Result>;
  /** All statements see the same state of the database. */
  snapshot<Result>(operation: () => Operation<Result>): Promise<Result>;
  /** In one transaction, committed when it resolves. */
  write<Result>(operation: () => Operation<Result>, options?: WriteOptions): Promise<Result>;
  /** True when a lease's holder certainly runs no more. */
  readonly isGone: (holder: string) => boolean;
  close(): Promise<void>;
}

/** Rows of values in one statement; each number of rows is compiled by itself. */
const MAX_ROWS = 32;

/** Runs a statement, once for all rows of values if it makes use of them, and gives the rows found. */
export function run<V extends Values, Row>(
  statement: Statement<V, Row>,
  ...rows: readonly V[]
): Operation<readonly Row[]> {
  return steps(statement, rows, "next");
}

/** {@link run} for the last statement of an operation: over a network the commit goes along with it. */
export function runLast<V extends Values, Row>(
  statement: Statement<V, Row>,
  ...rows: readonly V[]
): Operation<readonly Row[]> {
  return steps(statement, rows, "result");
}

/** {@link run} for a statement whose rows nobody reads: over a network it goes along with the next one, or with the commit. */
export function* send<V extends Values>(
  statement: Statement<V, unknown>,
  ...rows: readonly V[]
): Operation<void> {
  yield* steps(statement, rows, "nobody");
}

function* steps<V extends Values, Row>(
  statement: Statement<V, Row>,
  rows: readonly V[],
  neededBy: Step["neededBy"],
): Operation<readonly Row[]> {
  let found: readonly Row[] = [];
  for (let start = 0; start < rows.length; start += MAX_ROWS) {
    const isLast = start + MAX_ROWS >= rows.length;
    const some = yield {
      statement,
      rows: rows.slice(start, start + MAX_ROWS),
      neededBy: neededBy === "result" && !isLast ? "next" : neededBy,
    };
    // An engine answers a step with the rows of its statement, whose type kysely derived from the tables.
    found = found.concat(some as readonly Row[]);
  }
  return found;
}
