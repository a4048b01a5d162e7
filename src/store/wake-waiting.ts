import { type Operation, run, send } from "./operation.ts";
import { statement } from "./statement.ts";

type Key = { readonly key: string };

const selectWaitingFor = statement<Key>()(({ db, value, each }) =>
  db
    .selectFrom("batch_question")
    .innerJoin("asked", "asked.key", "batch_question.key")
    .select(["asked.trace_id as subject", "batch_question.scorer"])
    .distinct()
    .where(
      "batch_question.key",
      "in",
      each((row) => value("key", row)),
    ),
);

const wakeRows = statement<{ subject: string; scorer: string; at: number }>()(
  ({ db, value, each, written }) =>
    db
      .updateTable("ledger")
      .set({ retry_at: value("at") })
      .where(({ or, and, eb }) =>
        or(
          each((row) =>
            and([eb("subject", "=", value("subject", row)), eb("scorer", "=", value("scorer", row))]),
          ),
        ),
      )
      .where("state", "=", written("waiting"))
      .where("retry_at", ">", value("at")),
);

/** Makes those due at `at` who wait for what comes of some questions for batches. */
export function* wakeWaiting(keys: readonly Key[], at: number): Operation<void> {
  const waiting = yield* run(selectWaitingFor, ...keys);
  yield* send(wakeRows, ...waiting.map((row) => ({ ...row, at })));
}
