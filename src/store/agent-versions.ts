import { contentHash } from "../core/ids.ts";
import type { AgentVersion, FirstOfVersion } from "../core/sampling.ts";
import { type Operation, run, runLast } from "./operation.ts";
import { statement } from "./statement.ts";

// The table `agent_version`: how many traces of each version of an agent have come first.

const DAY_MS = 86_400_000;

/** Characters of a service's name that are kept; an index has its limits, and a trace may say anything. */
const SERVICE_LENGTH = 200;

const selectTaken = statement<{ key: string }>()(({ db, value }) =>
  db.selectFrom("agent_version").select("traces").where("key", "=", value("key")),
);

const countNew = statement<{ service: string; since: number }>()(({ db, value }) =>
  db
    .selectFrom("agent_version")
    .select(({ fn }) => fn.countAll<number>().as("rows"))
    .where("service", "=", value("service"))
    .where("first_at", ">", value("since")),
);

/** Gives no row when no place is left. */
const take = statement<{ key: string; service: string; at: number; limit: number }>()(({ db, value }) =>
  db
    .insertInto("agent_version")
    .values({ key: value("key"), service: value("service"), traces: 1, first_at: value("at") })
    .onConflict((conflict) =>
      conflict
        .column("key")
        .doUpdateSet(({ eb }) => ({ traces: eb("agent_version.traces", "+", 1) }))
        .where("agent_version.traces", "<", value("limit")),
    )
    .returning("traces"),
);

/** How many places were taken before; `limit` when there is none left, or none for one more version today. */
export function* countVersion(version: AgentVersion, first: FirstOfVersion): Operation<number> {
  const { limit, versionsPerDay, at } = first;
  const key = contentHash([version.service, version.agent, version.version], 32);
  const service = (version.service ?? "").slice(0, SERVICE_LENGTH);
  const [known] = yield* run(selectTaken, { key });
  if (known === undefined) {
    const [lately] = yield* run(countNew, { service, since: at - DAY_MS });
    if ((lately?.rows ?? 0) >= versionsPerDay) return limit;
  } else if (known.traces >= limit) return limit;
  const [taken] = yield* runLast(take, { key, service, at, limit });
  return taken === undefined ? limit : taken.traces - 1;
}
