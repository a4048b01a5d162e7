import type { StatementSync } from "node:sqlite";
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";

import { isGone } from "./lease-holder.ts";
import type { Engine, Operation, Step, WriteOptions } from "./operation.ts";
import type { StateDatabase } from "./state-database.ts";
import { type CompiledStatement, compile } from "./statement.ts";
import type { Tables } from "./tables.ts";

/** Only writes SQL: statements run on the state file's own connection, between other parts' changes. */
const sqliteText = () =>
  new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });

interface Prepared {
  readonly statement: StatementSync;
  readonly bind: CompiledStatement["bind"];
}

/**
 * Operations on the state file. They run from begin to commit in one go, so kysely's own connection, which
 * waits between statements, is of no use here: it would hold the write lock over turns of the event loop.
 */
export class SqliteEngine implements Engine {
  /** Processes that share a file share a machine, so a pid tells. */
  readonly isGone = isGone;
  readonly #database: StateDatabase;
  readonly #text = sqliteText();
  /** By statement, then by number of rows. */
  readonly #prepared = new Map<Step["statement"], Prepared[]>();

  constructor(database: StateDatabase) {
    this.#database = database;
  }

  async read<Result>(operation: () => Operation<Result>): Promise<Result> {
    return this.#run(operation());
  }

  /** Nothing can come between two statements of one turn. */
  snapshot<Result>(operation: () => Operation<Result>): Promise<Result> {
    return this.read(operation);
  }

  /** Needs no lock: SQLite has one writer at a time. */
  write<Result>(operation: () => Operation<Result>, options?: WriteOptions): Promise<Result> {
    return this.#database.write(() => this.#run(operation()), options?.survives);
  }

  /** Nothing to stop: the database belongs to whoever opened it. */
  async close(): Promise<void> {}

  #run<Result>(operation: Operation<Result>): Result {
    let next = operation.next([]);
    while (!next.done) {
      const { statement, rows } = next.value;
      const prepared = this.#prepare(statement, rows.length);
      next = operation.next(prepared.statement.all(...prepared.bind(rows)));
    }
    return next.value;
  }

  #prepare(statement: Step["statement"], rows: number): Prepared {
    let byRows = this.#prepared.get(statement);
    if (byRows === undefined) {
      byRows = [];
      this.#prepared.set(statement, byRows);
    }
    const known = byRows[rows];
    if (known !== undefined) return known;
    const { sql, bind } = compile(statement, rows, this.#text, "sqlite");
    const prepared = { statement: this.#database.prepare(sql), bind };
    byRows[rows] = prepared;
    return prepared;
  }
}
