import type { Compilable, Kysely, RawBuilder } from "kysely";

import type { Tables } from "./tables.ts";

/** What both engines can bind. */
export type Value = string | number | Uint8Array | null;
/** The values of one row. */
export type Values = Readonly<Record<string, Value>>;

/** The engine a statement is compiled for, where the text differs. */
export type EngineName = "sqlite" | "postgres";

/** What a statement's text is made of. */
export interface StatementParts<V> {
  readonly db: Kysely<Tables>;
  /** The place of a value; of the first row unless another is named. */
  value<K extends keyof V & string>(name: K, row?: number): RawBuilder<V[K]>;
  /** One entry per row of values, for `insert … values`. */
  each<Entry>(entry: (row: number) => Entry): Entry[];
  /** A word of ours in the text itself: an index over part of the rows is used for no other text. */
  written(word: string): RawBuilder<string>;
  readonly engine: EngineName;
}

/** A query written once with kysely, its values left open. */
export interface Statement<V, Row> {
  build(parts: StatementParts<V>): Compilable<Row>;
}

/** Declares a statement: its values by name and type, and how it is built. */
export function statement<V>() {
  return <Row>(build: (parts: StatementParts<V>) => Compilable<Row>): Statement<V, Row> => ({ build });
}
