import type { Pause } from "../core/store.ts";
import { type Operation, run, send } from "./operation.ts";
import { statement } from "./statement.ts";

// The table `pause`: scorers that are held back.

const insert = statement<{ scorer: string; reason: string; at: number }>()(({ db, value }) =>
  db
    .insertInto("pause")
    .values({ scorer: value("scorer"), reason: value("reason"), at: value("at") })
    .onConflict((conflict) => conflict.column("scorer").doNothing()),
);

const remove = statement<{ scorer: string }>()(({ db, value }) =>
  db.deleteFrom("pause").where("scorer", "=", value("scorer")),
);

const selectAll = statement<Record<never, never>>()(({ db }) =>
  db.selectFrom("pause").selectAll().orderBy("scorer"),
);

/** The first reason stays. */
export function* pauseScorer({ scorer, reason, at }: Pause): Operation<void> {
  yield* send(insert, { scorer, reason, at });
}

export function* unpauseScorer(scorer: string): Operation<void> {
  yield* send(remove, { scorer });
}

export function* pausedScorers(): Operation<Pause[]> {
  return (yield* run(selectAll, {})).map((row) => ({ ...row }));
}
