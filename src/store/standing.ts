import { tombstoneKey } from "../core/ids.ts";
import type { Tombstone } from "../core/store.ts";
import { type Operation, run } from "./operation.ts";
import { statement } from "./statement.ts";

/** What the store knows of a trace, for those who are about to write it. */
export interface Standing {
  /** Highest revision stored; 0 when none. */
  readonly revision: number;
  /** JSON; null when no revision is stored. */
  readonly rootAttributes: string | null;
  /** Null: none, or it has ended. */
  readonly tombstone: Tombstone | null;
}

const select = statement<{ traceId: string; key: string }>()(({ db, value }) =>
  db.selectNoFrom(({ selectFrom }) => [
    selectFrom("trace").select("revision").where("trace_id", "=", value("traceId")).as("revision"),
    selectFrom("trace")
      .select("root_attributes")
      .where("trace_id", "=", value("traceId"))
      .as("root_attributes"),
    selectFrom("tombstone").select("at").where("key", "=", value("key")).as("at"),
    selectFrom("tombstone").select("until").where("key", "=", value("key")).as("until"),
  ]),
);

/** One look at all of it: whoever scores a trace asks at the beginning and again under its lock. */
export function* standingOf(traceId: string, now: number): Operation<Standing> {
  const [row] = yield* run(select, { traceId, key: tombstoneKey(traceId) });
  const { revision = null, root_attributes: rootAttributes = null, at = null, until = null } = row ?? {};
  return {
    revision: revision ?? 0,
    rootAttributes,
    tombstone: at === null || until === null || until < now ? null : { at, until },
  };
}
