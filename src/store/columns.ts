import type { SQLOutputValue } from "node:sqlite";

import { TracegateError } from "../core/errors.ts";

/** A row as node:sqlite returns it. */
export type Row = Record<string, SQLOutputValue>;

/** The number in a column. Throws `internal` on anything else: the schema says otherwise. */
export function numberIn(row: Row | undefined, column: string): number {
  const value = row?.[column];
  if (typeof value !== "number") throw unexpected(column, "number", value);
  return value;
}

/** The number in a column that may be null. */
export function numberOrNullIn(row: Row | undefined, column: string): number | null {
  return row?.[column] === null ? null : numberIn(row, column);
}

/** The text in a column. */
export function textIn(row: Row | undefined, column: string): string {
  const value = row?.[column];
  if (typeof value !== "string") throw unexpected(column, "text", value);
  return value;
}

/** The bytes in a column. */
export function bytesIn(row: Row | undefined, column: string): Uint8Array {
  const value = row?.[column];
  if (!(value instanceof Uint8Array)) throw unexpected(column, "bytes", value);
  return value;
}

/** The bytes in a column that may be null. */
export function bytesOrNullIn(row: Row | undefined, column: string): Uint8Array | null {
  return row?.[column] === null ? null : bytesIn(row, column);
}

/** The text in a column, which must be one of a closed list. */
export function oneOfIn<const T extends string>(
  row: Row | undefined,
  column: string,
  words: readonly T[],
): T {
  const value = textIn(row, column);
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) throw unexpected(column, words.join(" or "), value);
  return word;
}

function unexpected(column: string, wanted: string, value: unknown): TracegateError {
  const got = value === undefined ? "nothing" : typeof value;
  return new TracegateError(
    "internal",
    `The state file's column ${column} should hold ${wanted}, got ${got}. The file may be damaged: restore it from a copy, or choose another state directory.`,
  );
}
