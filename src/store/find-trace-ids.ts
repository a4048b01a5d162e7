import { textIn } from "./columns.ts";
import type { StateDatabase } from "./state-database.ts";

/** Where a trace id may stand that somebody asks for. */
const PLACES = ["fragment", "sealed", "trace"] as const;

/**
 * Ids of all traces in the state file that start with a prefix of lower-case hex digits: those that are
 * still collecting, that wait to be scored, and that are scored. In order, at most `limit`.
 */
export function findTraceIds(database: StateDatabase, prefix: string, limit: number): readonly string[] {
  // "g" is the first letter after the hex digits.
  const range = [prefix, `${prefix}g`];
  const selects = PLACES.map((table) => `select trace_id from ${table} where trace_id >= ? and trace_id < ?`);
  return database
    .prepare(`${selects.join(" union ")} order by trace_id limit ?`)
    .all(...PLACES.flatMap(() => range), limit)
    .map((row) => textIn(row, "trace_id"));
}
