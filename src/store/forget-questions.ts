import { type Operation, run, send } from "./operation.ts";
import { settleReserved } from "./settle-reserved.ts";
import { statement } from "./statement.ts";

type Key = { readonly key: string };

const deleteQuestions = statement<Key>()(({ db, value, each }) =>
  db
    .deleteFrom("batch_question")
    .where(
      "key",
      "in",
      each((row) => value("key", row)),
    )
    .returning(["state", "reserved"]),
);

const deleteTexts = statement<Key>()(({ db, value, each }) =>
  db.deleteFrom("batch_question_text").where(
    "key",
    "in",
    each((row) => value("key", row)),
  ),
);

/**
 * Deletes questions that were left for a batch. What was taken for those that are in none goes back; of those that were sent
 * nobody will learn what they cost.
 */
export function* forgetQuestions(keys: readonly Key[]): Operation<void> {
  const rows = yield* run(deleteQuestions, ...keys);
  yield* forgetTexts(keys);
  const unsent = rows.filter(({ state }) => state === "waiting");
  yield* settleReserved(unsent.map(({ reserved }) => ({ reserved, spent: { usd: 0, tokens: 0 } })));
}

/** Deletes the texts of questions that nobody sends any more. */
export function* forgetTexts(keys: readonly Key[]): Operation<void> {
  yield* send(deleteTexts, ...keys);
}
