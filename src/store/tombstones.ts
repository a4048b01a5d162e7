import { tombstoneKey } from "../core/ids.ts";
import type { Tombstone } from "../core/store.ts";
import { type Operation, run, send } from "./operation.ts";
import { statement } from "./statement.ts";

// The table `tombstone`: traces that were purged, by a hash of their id.

const upsert = statement<{ key: string; at: number; until: number }>()(({ db, value, each }) =>
  db
    .insertInto("tombstone")
    .values(each((row) => ({ key: value("key", row), at: value("at", row), until: value("until", row) })))
    .onConflict((conflict) =>
      conflict
        .column("key")
        .doUpdateSet(({ ref }) => ({ at: ref("excluded.at"), until: ref("excluded.until") })),
    ),
);

const deleteEnded = statement<{ now: number }>()(({ db, value }) =>
  db.deleteFrom("tombstone").where("until", "<", value("now")),
);

const select = statement<{ key: string }>()(({ db, value, each }) =>
  db
    .selectFrom("tombstone")
    .select(["key", "at", "until"])
    .where(
      "key",
      "in",
      each((row) => value("key", row)),
    ),
);

/** Sets tombstones, and lets go of those that have ended. */
export function* setTombstones(traceIds: readonly string[], { at, until }: Tombstone): Operation<void> {
  yield* send(deleteEnded, { now: at });
  yield* send(
    upsert,
    ...[...new Set(traceIds)].map((traceId) => ({ key: tombstoneKey(traceId), at, until })),
  );
}

/** The tombstone of a trace; null: none, or it ended before `now`. */
export function* tombstoneOf(traceId: string, now: number): Operation<Tombstone | null> {
  const [row] = yield* run(select, { key: tombstoneKey(traceId) });
  return row === undefined || row.until < now ? null : { at: row.at, until: row.until };
}

/** Those whose trace has no tombstone at their time. */
export function* withoutPurged<Item extends { readonly at: number }>(
  items: readonly Item[],
  traceIdOf: (item: Item) => string,
): Operation<readonly Item[]> {
  const keys = new Map(items.map((item) => [traceIdOf(item), tombstoneKey(traceIdOf(item))]));
  const rows = yield* run(select, ...[...new Set(keys.values())].map((key) => ({ key })));
  if (rows.length === 0) return items;
  const until = new Map(rows.map((row) => [row.key, row.until]));
  return items.filter(
    (item) => item.at > (until.get(keys.get(traceIdOf(item)) ?? "") ?? Number.NEGATIVE_INFINITY),
  );
}
