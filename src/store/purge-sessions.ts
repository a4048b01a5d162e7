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

const selectKeys = statement<TraceId>()(({ db, value, each }) =>
  db
    .selectFrom("asked")
    .select(["trace_id", "key"])
    .where(
      "trace_id",
      "in",
      each((row) => value("traceId", row)),
    ),
);

/** The session is to be scored again, without what is gone. */
const updateTrace = statement<{ traceId: string; rootAttributes: string }>()(({ db, value }) =>
  db
    .updateTable("trace")
    .set({ root_attributes: value("rootAttributes"), in_session: 0 })
    .where("trace_id", "=", value("traceId")),
);

/** What was said of a session, which is kept with a trace. */
export interface SessionScores {
  readonly traceId: string;
  readonly rootAttributes: string;
  /** Of the scorers. */
  readonly names: readonly string[];
  /** Of the answers about the trace. */
  readonly keys: readonly { readonly key: string }[];
}

/** What was said of the sessions of some traces, with other traces of them. */
export function* sessionScoresOf(traceIds: readonly string[]): Operation<readonly SessionScores[]> {
  const siblings = yield* run(selectSiblings, ...traceIds.map((traceId) => ({ traceId })));
  const others = new Map(siblings.map((row) => [row.trace_id, row.root_attributes]));
  for (const traceId of traceIds) others.delete(traceId);
  const scores = yield* run(selectScores, ...[...others.keys()].map((traceId) => ({ traceId })));
  const ofSessions = scores.filter(({ body }) => {
    const { metadata }: Score = JSON.parse(body);
    return metadata.sessionTraces !== undefined;
  });
  const byTrace = Map.groupBy(ofSessions, (row) => row.trace_id);
  const asked = yield* run(selectKeys, ...[...byTrace.keys()].map((traceId) => ({ traceId })));
  const keys = Map.groupBy(asked, (row) => row.trace_id);
  return [...byTrace].map(([traceId, rows]) => ({
    traceId,
    rootAttributes: others.get(traceId) ?? "{}",
    names: rows.map(({ name }) => name),
    keys: (keys.get(traceId) ?? []).map(({ key }) => ({ key })),
  }));
}

/** Deletes them; who else waits for such an answer is due at `at`. Gives how many answers went with it. */
export function* forgetSessionScores(scores: readonly SessionScores[], at: number): Operation<number> {
  let answers = 0;
  for (const { traceId, rootAttributes, names, keys } of scores) {
    for (const name of names) {
      yield* send(deleteScore, { traceId, name });
      yield* send(deleteDecision, { traceId, name });
    }
    yield* wakeWaiting(keys, at);
    answers += yield* forgetAnswers(keys);
    yield* send(updateTrace, { traceId, rootAttributes: without(rootAttributes, names) });
  }
  return answers;
}

/** Root attributes without those of some scorers. */
function without(attributes: string, names: readonly string[]): string {
  const all: JsonObject = JSON.parse(attributes);
  const kept = Object.entries(all).filter(([key]) => !names.some((name) => key.endsWith(`.${name}`)));
  return JSON.stringify(Object.fromEntries(kept));
}
