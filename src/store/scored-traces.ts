import type { JsonObject } from "../core/json.ts";
import { passed, type Score } from "../core/score.ts";
import type {
  LaterScores,
  ScoredTrace,
  ScorePage,
  StoredScore,
  StoredTrace,
  TraceFilter,
  TraceSummary,
} from "../core/store.ts";
import { saveDecisions, supersede } from "./ledger.ts";
import { mergeAttributes } from "./merge-attributes.ts";
import { type Operation, run, send } from "./operation.ts";
import { planDeliveries } from "./outbox.ts";
import { reopenSession, sessionColumn } from "./sessions.ts";
import { standingOf } from "./standing.ts";
import { statement } from "./statement.ts";
import { userIdColumn } from "./user-id-column.ts";

// The tables `trace`, `payload` and `score`: of every trace its newest revision. Whoever writes holds the
// lock of the trace.

const DEFAULT_LIMIT = 100;

/** The last time that JavaScript knows. */
const FOR_EVER = 8_640_000_000_000_000;

const selectHead = statement<{ traceId: string }>()(({ db, value }) =>
  db.selectFrom("trace").select(["revision", "root_attributes"]).where("trace_id", "=", value("traceId")),
);

const upsertTrace = statement<{
  traceId: string;
  revision: number;
  startTime: number;
  failing: number;
  summary: string;
  rootAttributes: string;
  userId: string | null;
  sessionId: string | null;
  scoredAt: number;
}>()(({ db, value }) =>
  db
    .insertInto("trace")
    .values({
      trace_id: value("traceId"),
      revision: value("revision"),
      start_time: value("startTime"),
      failing: value("failing"),
      summary: value("summary"),
      root_attributes: value("rootAttributes"),
      user_id: value("userId"),
      session_id: value("sessionId"),
      scored_at: value("scoredAt"),
    })
    .onConflict((conflict) =>
      conflict.column("trace_id").doUpdateSet(({ ref }) => ({
        revision: ref("excluded.revision"),
        start_time: ref("excluded.start_time"),
        failing: ref("excluded.failing"),
        summary: ref("excluded.summary"),
        root_attributes: ref("excluded.root_attributes"),
        user_id: ref("excluded.user_id"),
        session_id: ref("excluded.session_id"),
        scored_at: ref("excluded.scored_at"),
      })),
    ),
);

const updateTrace = statement<{ traceId: string; failing: number; rootAttributes: string }>()(
  ({ db, value }) =>
    db
      .updateTable("trace")
      .set({ failing: value("failing"), root_attributes: value("rootAttributes") })
      .where("trace_id", "=", value("traceId")),
);

const upsertPayload = statement<{ traceId: string; bytes: Uint8Array; keepUntil: number }>()(
  ({ db, value }) =>
    db
      .insertInto("payload")
      .values({ trace_id: value("traceId"), bytes: value("bytes"), keep_until: value("keepUntil") })
      .onConflict((conflict) =>
        conflict.column("trace_id").doUpdateSet(({ ref }) => ({
          bytes: ref("excluded.bytes"),
          keep_until: ref("excluded.keep_until"),
        })),
      ),
);

const deletePayload = statement<{ traceId: string }>()(({ db, value }) =>
  db.deleteFrom("payload").where("trace_id", "=", value("traceId")),
);

const deleteOlderScores = statement<{ traceId: string; revision: number }>()(({ db, value }) =>
  db.deleteFrom("score").where("trace_id", "=", value("traceId")).where("revision", "<", value("revision")),
);

/** Gives the names of those that are new or say something else than before. */
const upsertScores = statement<{ traceId: string; name: string; revision: number; body: string }>()(
  ({ db, value, each }) =>
    db
      .insertInto("score")
      .values(
        each((row) => ({
          trace_id: value("traceId", row),
          name: value("name", row),
          revision: value("revision", row),
          body: value("body", row),
        })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(["trace_id", "name"])
          .doUpdateSet(({ ref }) => ({ revision: ref("excluded.revision"), body: ref("excluded.body") }))
          .where(({ eb, or, ref }) =>
            or([
              eb("score.body", "<>", ref("excluded.body")),
              eb("score.revision", "<>", ref("excluded.revision")),
            ]),
          ),
      )
      .returning("name"),
);

const selectScores = statement<{ traceId: string }>()(({ db, value }) =>
  db.selectFrom("score").select("body").where("trace_id", "=", value("traceId")).orderBy("name"),
);

const selectPage = statement<{ since: number; traceId: string; name: string; limit: number }>()(
  ({ db, value }) =>
    db
      .selectFrom("score")
      .innerJoin("trace", "trace.trace_id", "score.trace_id")
      .select(["score.trace_id", "score.body"])
      .where("trace.start_time", ">=", value("since"))
      .where(({ eb, refTuple, tuple }) =>
        eb(refTuple("score.trace_id", "score.name"), ">", tuple(value("traceId"), value("name"))),
      )
      .orderBy("score.trace_id")
      .orderBy("score.name")
      .limit(value("limit")),
);

const selectTrace = statement<{ traceId: string }>()(({ db, value }) =>
  db
    .selectFrom("trace")
    .leftJoin("payload", "payload.trace_id", "trace.trace_id")
    .select(["trace.summary", "trace.root_attributes", "payload.bytes"])
    .where("trace.trace_id", "=", value("traceId")),
);

const listOf = (onlyFailing: boolean) =>
  statement<{ since: number; limit: number }>()(({ db, value }) =>
    db
      .selectFrom("trace")
      .select("summary")
      .where("start_time", ">=", value("since"))
      // Written out, because an index over the failing ones is used for no other text.
      .$if(onlyFailing, (query) => query.where(({ eb, lit }) => eb("failing", "=", lit(1))))
      .orderBy("start_time")
      .orderBy("trace_id")
      .limit(value("limit")),
  );
const listAll = listOf(false);
const listFailing = listOf(true);

const selectIds = statement<{ from: string; below: string; limit: number }>()(({ db, value }) =>
  db
    .selectFrom("trace")
    .select("trace_id")
    .where("trace_id", ">=", value("from"))
    .where("trace_id", "<", value("below"))
    .orderBy("trace_id")
    .limit(value("limit")),
);

const count = statement<Record<never, never>>()(({ db }) =>
  db.selectNoFrom(({ selectFrom, fn }) => [
    selectFrom("trace").select(fn.countAll<number>().as("rows")).as("traces"),
    selectFrom("score").select(fn.countAll<number>().as("rows")).as("scores"),
  ]),
);

/** Highest revision stored; 0 when none. */
export function* revisionOf(traceId: string): Operation<number> {
  const [head] = yield* run(selectHead, { traceId });
  return head?.revision ?? 0;
}

/**
 * Writes a scored trace, its decisions and its deliveries, unless a newer revision is stored. False, and nothing is written,
 * when the trace was purged.
 */
export function* saveScored(scored: ScoredTrace): Operation<boolean> {
  const { summary, payload } = scored;
  const { traceId, revision, scoredAt } = summary;
  const { revision: before, rootAttributes, tombstone } = yield* standingOf(traceId, scoredAt);
  if (tombstone !== null) return false;
  if (revision < before) return true;
  const isNew = revision > before;
  const replaces = isNew && before > 0;
  if (replaces) {
    yield* send(deleteOlderScores, { traceId, revision });
    yield* supersede(traceId, revision);
  }
  const written = yield* writeScores(traceId, revision, scored.scores, isNew);
  const earlier = isNew ? {} : parse<JsonObject>(rootAttributes ?? "{}");
  const attributes = mergeAttributes(earlier, scored.rootAttributes, written.scores);
  yield* send(upsertTrace, {
    traceId,
    revision,
    startTime: summary.startTime,
    failing: written.failing,
    summary: JSON.stringify(summary),
    rootAttributes: JSON.stringify(attributes),
    userId: summary.userId === null ? null : userIdColumn(summary.userId),
    sessionId: summary.sessionId === null ? null : sessionColumn(summary.sessionId),
    scoredAt,
  });
  if (replaces) yield* reopenSession(traceId);
  if (payload) {
    const keepUntil = summary.spansUntil ?? FOR_EVER;
    yield* send(upsertPayload, { traceId, bytes: payload, keepUntil });
  } else if (replaces) yield* send(deletePayload, { traceId });
  yield* saveDecisions({ subject: traceId, revision, scores: written.scores, at: scoredAt });
  yield* planDeliveries({
    traceId,
    revision,
    sinks: scored.sinks,
    at: scoredAt,
    changed: written.changed,
    replaces,
  });
  return true;
}

/** False when another revision is stored, or none; what still waited for an older one is then over. */
export function* addScores(later: LaterScores): Operation<boolean> {
  const { traceId, revision, at, sinks } = later;
  const [head] = yield* run(selectHead, { traceId });
  if (head?.revision !== revision) {
    if (head) yield* supersede(traceId, head.revision);
    return false;
  }
  const { changed, failing, scores } = yield* writeScores(traceId, revision, later.scores, false);
  const attributes = mergeAttributes(parse(head.root_attributes), later.rootAttributes, scores);
  yield* send(updateTrace, { traceId, failing, rootAttributes: JSON.stringify(attributes) });
  yield* saveDecisions({ subject: traceId, revision, scores, at });
  yield* planDeliveries({ traceId, revision, sinks: changed ? sinks : [], at, changed, replaces: false });
  return true;
}

/**
 * Writes scores; those of the same revision that are not among them stay, and none without a value takes
 * the place of one with a value. `changed`: a sink would see a difference.
 */
function* writeScores(
  traceId: string,
  revision: number,
  given: readonly Score[],
  isNew: boolean,
): Operation<{ readonly scores: readonly Score[]; readonly changed: boolean; readonly failing: number }> {
  const known = new Map(isNew ? [] : (yield* scoresOf(traceId)).map((score) => [score.name, score]));
  const scores = [...new Map(given.map((score) => [score.name, score])).values()].filter((score) => {
    const old = known.get(score.name);
    return score.value !== null || old === undefined || old.value === null || old.version !== score.version;
  });
  const rows = scores.map((score) => ({ traceId, name: score.name, revision, body: JSON.stringify(score) }));
  let changed = isNew;
  if (isNew) yield* send(upsertScores, ...rows);
  else changed = (yield* run(upsertScores, ...rows)).length > 0;
  for (const score of scores) known.set(score.name, score);
  const failing = [...known.values()].some((score) => passed(score) === false) ? 1 : 0;
  return { scores, changed, failing };
}

function* scoresOf(traceId: string): Operation<Score[]> {
  return (yield* run(selectScores, { traceId })).map(({ body }) => parse<Score>(body));
}

export function* traceOf(traceId: string): Operation<StoredTrace | null> {
  const [row] = yield* run(selectTrace, { traceId });
  if (row === undefined) return null;
  return {
    summary: parse<TraceSummary>(row.summary),
    scores: yield* scoresOf(traceId),
    rootAttributes: parse<JsonObject>(row.root_attributes),
    payload: row.bytes,
  };
}

export function* listTraces({ failing, since, limit }: TraceFilter): Operation<TraceSummary[]> {
  const values = { since: since ?? Number.NEGATIVE_INFINITY, limit: limit ?? DEFAULT_LIMIT };
  const rows = yield* run(failing === true ? listFailing : listAll, values);
  return rows.map(({ summary }) => parse<TraceSummary>(summary));
}

export function* scoresOn({ since, after, limit }: ScorePage): Operation<StoredScore[]> {
  const { traceId, name } = after ?? { traceId: "", name: "" };
  const rows = yield* run(selectPage, { since, traceId, name, limit });
  return rows.map((row) => ({ traceId: row.trace_id, ...parse<Score>(row.body) }));
}

export function* findTraces(prefix: string, limit: number): Operation<string[]> {
  const from = prefix.toLowerCase();
  if (!/^[0-9a-f]{0,32}$/.test(from)) return [];
  // "g" is the first letter after the hex digits.
  return (yield* run(selectIds, { from, below: `${from}g`, limit })).map((row) => row.trace_id);
}

export function* countTraces(): Operation<{ readonly traces: number; readonly scores: number }> {
  const [row] = yield* run(count, {});
  return { traces: row?.traces ?? 0, scores: row?.scores ?? 0 };
}

/** Text of a column that only this room writes. */
function parse<T>(text: string): T {
  return JSON.parse(text);
}
