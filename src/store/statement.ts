import { type Compilable, type Kysely, type RawBuilder, sql } from "kysely";

import type { Tables } from "./tables.ts";

/** What both engines can bind. */
export type Value = string | number | Uint8Array | null;
/** The values of one row. */
export type Values = Readonly<Record<string, Value>>;

/** The engine a statement is compiled for, where the text differs. */
export type EngineName = "sqlite" | "postgres";

/** Stands for a value while a statement is compiled, once for all its calls. */
class Slot {
  readonly name: string;
  readonly row: number;

  constructor(name: string, row: number) {
    this.name = name;
    this.row = row;
  }
}

/** What a statement's text is made of. */
export interface StatementParts<V> {
  readonly db: Kysely<Tables>;
  /** The place of a value; of the first row unless another is named. */
  value<K extends keyof V & string>(name: K, row?: number): RawBuilder<V[K]>;
  /** One entry per row of values, for `insert … values`. */
  each<Entry>(entry: (row: number) => Entry): Entry[];
  readonly engine: EngineName;
}

/** A query written once with kysely, its values left open. */
export interface Statement<V, Row> {
  build(parts: StatementParts<V>): Compilable<Row>;
}

/** Text of a statement for one engine and number of rows. */
export interface CompiledStatement {
  readonly sql: string;
  /** The values to bind, in order. */
  bind(rows: readonly Values[]): Value[];
}

/** Declares a statement: its values by name and type, and how it is built. */
export function statement<V>() {
  return <Row>(build: (parts: StatementParts<V>) => Compilable<Row>): Statement<V, Row> => ({ build });
}

/** Compiles a statement for a number of rows. */
export function compile(
  statement: Statement<never, unknown>,
  rows: number,
  db: Kysely<Tables>,
  engine: EngineName,
): CompiledStatement {
  const { sql: text, parameters } = statement
    .build({
      db,
      engine,
      value: (name: string, row = 0) => sql`${new Slot(name, row)}`,
      each: (entry) => Array.from({ length: rows }, (_, row) => entry(row)),
    })
    .compile();
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
