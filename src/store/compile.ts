import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from "kysely";

import type { EngineName, Statement, Value, Values } from "./statement.ts";
import type { Tables } from "./tables.ts";

/** Text of a statement for one engine and number of rows. */
export interface CompiledStatement {
  readonly sql: string;
  /** The values to bind, in order. */
  bind(rows: readonly Values[]): Value[];
}

/** Gives the text of a statement for a number of rows; the same object for the same ones. */
export type Compile = (statement: Statement<never, unknown>, rows: number) => CompiledStatement;

/** Stands for a value while a statement is compiled, once for all its calls. */
class Slot {
  readonly name: string;
  readonly row: number;

  constructor(name: string, row: number) {
    this.name = name;
    this.row = row;
  }
}

/**
 * A compiler that remembers. The only file that loads kysely, which takes a tenth of a second, so engines load
 * it with their first statement.
 *
 * @param schema Of the tables, where the engine has schemas.
 */
export function newCompiler(engine: EngineName, schema?: string): Compile {
  const text = engine === "sqlite" ? sqliteText() : postgresText();
  const db = schema === undefined ? text : text.withSchema(schema);
  const compiled = new Map<Statement<never, unknown>, CompiledStatement[]>();
  return (statement, rows) => {
    const byRows = compiled.get(statement) ?? [];
    compiled.set(statement, byRows);
    byRows[rows] ??= compileFor(statement, rows, db, engine);
    return byRows[rows];
  };
}

function compileFor(
  statement: Statement<never, unknown>,
  rows: number,
  db: Kysely<Tables>,
  engine: EngineName,
): CompiledStatement {
  const query = statement.build({
    db,
    engine,
    value: (name: string, row = 0) => sql`${new Slot(name, row)}`,
    each: (entry) => Array.from({ length: rows }, (_, row) => entry(row)),
    written: (word) => sql.lit(word),
  });
  const { sql: text, parameters } = query.compile();
  return { sql: text, bind: (given) => parameters.map((parameter) => valueAt(parameter, given)) };
}

function valueAt(parameter: unknown, rows: readonly Values[]): Value {
  if (parameter instanceof Slot) {
    const value = rows[parameter.row]?.[parameter.name];
    if (value === undefined) throw new Error(`No value for "${parameter.name}".`);
    // PostgreSQL's text cannot hold it, and traces may hold anything.
    return typeof value === "string" && value.includes("\0") ? value.replaceAll("\0", "\uFFFD") : value;
  }
  if (typeof parameter === "string" || typeof parameter === "number" || parameter === null) return parameter;
  throw new Error(`A statement holds a value of type ${typeof parameter}.`);
}

/** Only writes SQL. A connection of kysely's own waits between statements and would hold SQLite's write lock. */
function sqliteText(): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
}

/** Only writes SQL; connections are ours, for the sake of retries and of one set of faults. */
function postgresText(): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}
