import type { JsonObject } from "../core/json.ts";
import type { Score } from "../core/score.ts";
import { forgetAnswers } from "./answers.ts";
import { type Operation, run, send } from "./operation.ts";
import { statement } from "./statement.ts";
import { wakeWaiting } from "./wake-waiting.ts";

// Scores of whole sessions are kept with the last trace of each, and may quote any of its traces.

type TraceId = { readonly traceId: string };

const selectSiblings = statement<TraceId>()(({ db, value, each }) =>
  db
    .selectFrom("trace as one")
    .innerJoin("trace as other", "other.session_id", "one.session_id")
    .select(["other.trace_id", "other.root_attributes"])
    .distinct()
    .where(
      "one.trace_id",
      "in",
      each((row) => value("traceId", row)),
    ),
);

const selectScores = statement<TraceId>()(({ db, value, each }) =>
  db
    .selectFrom("score")
    .select(["trace_id", "name", "body"])
    .where(
      "trace_id",
      "in",
      each((row) => value("traceId", row)),
    ),
);

const deleteScore = statement<{ traceId: string; name: string }>()(({ db, value }) =>
  db.deleteFrom("score").where("trace_id", "=", value("traceId")).where("name", "=", value("name")),
);

const deleteDecision = statement<{ traceId: string; name: string }>()(({ db, value }) =>
  db.deleteFrom("ledger").where("subject", "=", value("traceId")).where("scorer", "=", value("name")),
);

const selectKeys = statement<TraceId>()(({ db, value }) =>
  db.selectFrom("asked").select("key").where("trace_id", "=", value("traceId")),
);

/** The session is to be scored again, without what is gone. */
const updateTrace = statement<{ traceId: string; rootAttributes: string }>()(({ db, value }) =>
  db
    .updateTable("trace")
    .set({ root_attributes: value("rootAttributes"), in_session: 0 })
    .where("trace_id", "=", value("traceId")),
);

/**
 * Deletes what was said of the sessions of some traces, with other traces of them; who else waits for such an answer is due at `at`. Gives
 * how many answers went with it.
 */
export function* forgetSessionScores(traceIds: readonly string[], at: number): Operation<number> {
  const siblings = yield* run(selectSiblings, ...traceIds.map((traceId) => ({ traceId })));
  const others = new Map(siblings.map((row) => [row.trace_id, row.root_attributes]));
  for (const traceId of traceIds) others.delete(traceId);
  const scores = yield* run(selectScores, ...[...others.keys()].map((traceId) => ({ traceId })));
  const ofSessions = scores.filter(({ body }) => {
    const { metadata }: Score = JSON.parse(body);
    return metadata.sessionTraces !== undefined;
  });
  let answers = 0;
  for (const [traceId, rows] of Map.groupBy(ofSessions, (row) => row.trace_id)) {
    for (const { name } of rows) {
      yield* send(deleteScore, { traceId, name });
      yield* send(deleteDecision, { traceId, name });
    }
    const keys = yield* run(selectKeys, { traceId });
    yield* wakeWaiting(keys, at);
    answers += yield* forgetAnswers(keys);
    const names = rows.map(({ name }) => name);
    yield* send(updateTrace, { traceId, rootAttributes: without(others.get(traceId) ?? "{}", names) });
  }
  return answers;
}

/** Root attributes without those of some scorers. */
function without(attributes: string, names: readonly string[]): string {
  const all: JsonObject = JSON.parse(attributes);
  const kept = Object.entries(all).filter(([key]) => !names.some((name) => key.endsWith(`.${name}`)));
  return JSON.stringify(Object.fromEntries(kept));
}
