import type { JsonObject } from "../core/json.ts";
import { passed, type Score } from "../core/score.ts";
import type { ScoredTrace, StoredTrace, TraceFilter, TraceSummary } from "../core/store.ts";
import { bytesIn, numberIn, textIn } from "./columns.ts";
import type { StateDatabase } from "./state-database.ts";

const DEFAULT_LIMIT = 100;

/** The tables `trace`, `payload` and `score`: of every trace its newest revision. */
export class ScoredTraces {
  readonly #revision;
  readonly #upsertTrace;
  readonly #upsertPayload;
  readonly #deleteOlderScores;
  readonly #upsertScore;
  readonly #scores;
  readonly #trace;
  readonly #list;
  readonly #find;
  readonly #counts;

  constructor(database: StateDatabase) {
    this.#revision = database.prepare("select revision from trace where trace_id = ?");
    this.#upsertTrace = database.prepare(
      `insert into trace (trace_id, revision, start_time, failing, summary, root_attributes)
       values (?, ?, ?, ?, ?, ?)
       on conflict (trace_id) do update set revision = excluded.revision, start_time = excluded.start_time,
         failing = excluded.failing, summary = excluded.summary, root_attributes = excluded.root_attributes`,
    );
    this.#upsertPayload = database.prepare(
      "insert into payload (trace_id, bytes) values (?, ?) on conflict (trace_id) do update set bytes = excluded.bytes",
    );
    this.#deleteOlderScores = database.prepare("delete from score where trace_id = ? and revision < ?");
    this.#upsertScore = database.prepare(
      `insert into score (trace_id, name, revision, body) values (?, ?, ?, ?)
       on conflict (trace_id, name) do update set revision = excluded.revision, body = excluded.body
       where score.body <> excluded.body or score.revision <> excluded.revision`,
    );
    this.#scores = database.prepare("select body from score where trace_id = ? order by name");
    this.#trace = database.prepare(
      "select summary, root_attributes, bytes from trace join payload using (trace_id) where trace_id = ?",
    );
    this.#list = database.prepare(
      "select summary from trace where failing >= ? and start_time >= ? order by start_time, trace_id limit ?",
    );
    this.#find = database.prepare(
      "select trace_id from trace where trace_id >= ? and trace_id < ? order by trace_id limit ?",
    );
    this.#counts = database.prepare(
      "select (select count(*) from trace) as traces, (select count(*) from score) as scores",
    );
  }

  /** Highest revision stored; 0 when none. */
  revision(traceId: string): number {
    const row = this.#revision.get(traceId);
    return row === undefined ? 0 : numberIn(row, "revision");
  }

  /**
   * Writes a trace whose revision is not older than the stored one; scores of the same revision that are
   * not among the new ones stay. Returns whether anything a sink would see has changed.
   */
  save(scored: ScoredTrace): boolean {
    const { summary } = scored;
    const { traceId, revision } = summary;
    const isNewRevision = revision > this.revision(traceId);
    let changed = isNewRevision;
    if (isNewRevision) this.#deleteOlderScores.run(traceId, revision);
    for (const score of scored.scores) {
      const { changes } = this.#upsertScore.run(traceId, score.name, revision, JSON.stringify(score));
      if (changes !== 0) changed = true;
    }
    const before = isNewRevision ? null : this.trace(traceId);
    const attributes = { ...before?.rootAttributes, ...scored.rootAttributes };
    const failing = this.#scoresOf(traceId).some((score) => passed(score) === false);
    this.#upsertTrace.run(
      traceId,
      revision,
      summary.startTime,
      failing ? 1 : 0,
      JSON.stringify(summary),
      JSON.stringify(attributes),
    );
    this.#upsertPayload.run(traceId, scored.payload);
    return changed;
  }

  trace(traceId: string): StoredTrace | null {
    const row = this.#trace.get(traceId);
    if (row === undefined) return null;
    const summary: TraceSummary = JSON.parse(textIn(row, "summary"));
    const rootAttributes: JsonObject = JSON.parse(textIn(row, "root_attributes"));
    return { summary, scores: this.#scoresOf(traceId), rootAttributes, payload: bytesIn(row, "bytes") };
  }

  list(filter: TraceFilter): TraceSummary[] {
    const since = filter.since ?? Number.NEGATIVE_INFINITY;
    const rows = this.#list.all(filter.failing === true ? 1 : 0, since, filter.limit ?? DEFAULT_LIMIT);
    return rows.map((row): TraceSummary => JSON.parse(textIn(row, "summary")));
  }

  find(prefix: string, limit: number): string[] {
    const wanted = prefix.toLowerCase();
    if (!/^[0-9a-f]{0,32}$/.test(wanted)) return [];
    // "g" is the first letter after the hex digits.
    return this.#find.all(wanted, `${wanted}g`, limit).map((row) => textIn(row, "trace_id"));
  }

  counts(): { readonly traces: number; readonly scores: number } {
    const row = this.#counts.get();
    return { traces: numberIn(row, "traces"), scores: numberIn(row, "scores") };
  }

  #scoresOf(traceId: string): Score[] {
    return this.#scores.all(traceId).map((row): Score => JSON.parse(textIn(row, "body")));
  }
}
