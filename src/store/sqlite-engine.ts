import type { StatementSync } from "node:sqlite";

import type { Compile, CompiledStatement } from "./compile.ts";
import { isGone } from "./lease-holder.ts";
import type { Engine, Operation, WriteOptions } from "./operation.ts";
import type { StateDatabase } from "./state-database.ts";

/**
 * Operations on the state file. They run from begin to commit in one go, on the connection that queue and
 * trace buffer use too, so that all writes of a turn share one commit and no lock is held over a wait.
 */
export class SqliteEngine implements Engine {
  /** Processes that share a file share a machine, so a pid tells. */
  readonly isGone = isGone;
  readonly #database: StateDatabase;
  #compile: Compile | undefined;
  readonly #prepared = new Map<CompiledStatement, StatementSync>();

  constructor(database: StateDatabase) {
    this.#database = database;
  }

  async read<Result>(operation: () => Operation<Result>): Promise<Result> {
    const compile = this.#compile ?? (await this.#load());
    return this.#run(operation(), compile);
  }

  /** Nothing can come between two statements of one turn. */
  snapshot<Result>(operation: () => Operation<Result>): Promise<Result> {
    return this.read(operation);
  }

  /** Needs no lock: SQLite has one writer at a time. */
  async write<Result>(operation: () => Operation<Result>, options?: WriteOptions): Promise<Result> {
    const compile = this.#compile ?? (await this.#load());
    return this.#database.write(() => this.#run(operation(), compile), options?.survives);
  }

  /** Nothing to stop: the database belongs to whoever opened it. */
  async close(): Promise<void> {}

  async #load(): Promise<Compile> {
    const { newCompiler } = await import("./compile.ts");
    this.#compile ??= newCompiler("sqlite");
    return this.#compile;
  }

  #run<Result>(operation: Operation<Result>, compile: Compile): Result {
    let next = operation.next([]);
    while (!next.done) {
      const { statement, rows } = next.value;
      const compiled = compile(statement, rows.length);
      next = operation.next(this.#prepare(compiled).all(...compiled.bind(rows)));
    }
    return next.value;
  }

  #prepare(compiled: CompiledStatement): StatementSync {
    const known = this.#prepared.get(compiled);
    if (known !== undefined) return known;
    const prepared = this.#database.prepare(compiled.sql);
    this.#prepared.set(compiled, prepared);
    return prepared;
  }
}
