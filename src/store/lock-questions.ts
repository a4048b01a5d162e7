import { type Operation, run } from "./operation.ts";
import { statement } from "./statement.ts";

const lockQuestionsOf = statement<{ key: string }>()(({ db, value, each, engine }) =>
  db
    .selectFrom("batch_question")
    .select("key")
    .where(
      "key",
      "in",
      each((row) => value("key", row)),
    )
    .orderBy("key")
    .$if(engine === "postgres", (rows) => rows.forUpdate()),
);

/**
 * Holds questions for batches until the transaction ends. Whoever writes to the ledger because of questions holds them first, and all of
 * them in the order of their keys, so that of two neither waits for the other.
 */
export function* lockQuestions(keys: readonly { readonly key: string }[]): Operation<void> {
  const sorted = [...new Set(keys.map(({ key }) => key))].toSorted();
  yield* run(lockQuestionsOf, ...sorted.map((key) => ({ key })));
}
