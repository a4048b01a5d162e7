import { COMPLETION_REASONS } from "../core/trace.ts";
import type { BufferedTrace, SealedSpans, SealedTrace } from "../core/trace-buffer.ts";
import { isFrame, unpack } from "../otlp/pack.ts";
import { bytesIn, numberIn, oneOfIn, type Row, textIn } from "./columns.ts";
import type { OpenTrace } from "./open-trace.ts";
import type { StateDatabase } from "./state-database.ts";

/** The `sealed` table: per revision the spans that are new in it, packed as one. */
export class SealedTraces {
  /** How many sealed revisions wait for their release, and the bytes of their frames. */
  count = 0;
  bytes = 0;
  readonly #stored: (traceId: string) => Promise<Uint8Array | null>;
  readonly #insert;
  readonly #toEnqueue;
  readonly #markEnqueued;
  readonly #upTo;
  readonly #latest;
  readonly #delete;
  readonly #totals;
  readonly #ids;

  constructor(database: StateDatabase, stored: (traceId: string) => Promise<Uint8Array | null>) {
    this.#stored = stored;
    this.#insert = database.prepare(
      `insert into sealed (trace_id, revision, reason, sealed_at, enqueued, base_revision, spans, size,
         first_seen, last_seen, root_ended, missing_parents, frame_size, frame)
       values (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#toEnqueue = database.prepare(
      "select trace_id, revision, reason, sealed_at from sealed where enqueued = 0 order by sealed_at",
    );
    this.#markEnqueued = database.prepare(
      "update sealed set enqueued = 1 where trace_id = ? and revision = ?",
    );
    this.#upTo = database.prepare(
      "select * from sealed where trace_id = ? and revision <= ? order by revision",
    );
    this.#latest = database.prepare("select * from sealed where trace_id = ? order by revision desc limit 1");
    this.#delete = database.prepare(
      "delete from sealed where trace_id = ? and revision <= ? returning frame_size",
    );
    this.#ids = database.prepare("select distinct trace_id from sealed");
    this.#totals = database.prepare(
      "select count(*) as count, coalesce(sum(frame_size), 0) as bytes from sealed",
    );
  }

  insert(sealed: SealedTrace, trace: OpenTrace, frame: Uint8Array): void {
    this.#insert.run(
      sealed.traceId,
      sealed.revision,
      sealed.reason,
      sealed.sealedAt,
      trace.past.baseRevision,
      trace.spans,
      trace.bytes,
      trace.firstSeen,
      trace.lastSeen,
      trace.rootEnded ? 1 : 0,
      trace.missingParents,
      frame.length,
      frame,
    );
    this.count += 1;
    this.bytes += frame.length;
  }

  toEnqueue(): SealedTrace[] {
    return this.#toEnqueue.all().map(sealedTrace);
  }

  markEnqueued(traces: readonly SealedTrace[]): void {
    for (const { traceId, revision } of traces) this.#markEnqueued.run(traceId, revision);
  }

  /** The frames of a revision and of the earlier ones it contains; released ones come from the store. */
  async read(traceId: string, revision: number): Promise<SealedSpans | null> {
    const rows = this.#upTo.all(traceId, revision);
    const last = rows.at(-1);
    if (last === undefined || numberIn(last, "revision") !== revision) return null;
    const baseRevision = numberIn(last, "base_revision");
    const contained = rows.filter((row) => numberIn(row, "revision") >= baseRevision);
    const frames = contained.map((row) => bytesIn(row, "frame"));
    const chunks = frames.map((frame, index) => unpack(frame, numberIn(contained[index], "size")));
    if (numberIn(contained[0], "revision") === baseRevision) {
      const [only, another] = frames;
      return { ...sealedTrace(last), chunks, ...(only && !another && isFrame(only) && { frame: only }) };
    }
    const stored = await this.#stored(traceId);
    const earlier = stored === null ? [] : [unpack(stored)];
    return { ...sealedTrace(last), chunks: [...earlier, ...chunks] };
  }

  release(traceId: string, revision: number): void {
    for (const row of this.#delete.all(traceId, revision)) {
      this.count -= 1;
      this.bytes -= numberIn(row, "frame_size");
    }
  }

  /** Deletes all revisions of a trace. Returns how many. */
  purge(traceId: string): number {
    const before = this.count;
    this.release(traceId, Number.MAX_SAFE_INTEGER);
    return before - this.count;
  }

  /** Of traces that wait for their release. */
  ids(): readonly string[] {
    return this.#ids.all().map((row) => textIn(row, "trace_id"));
  }

  /** What all sealed revisions of a trace hold here. */
  chunksOf(traceId: string): readonly Uint8Array[] {
    const rows = this.#upTo.all(traceId, Number.MAX_SAFE_INTEGER);
    return rows.map((row) => unpack(bytesIn(row, "frame"), numberIn(row, "size")));
  }

  describe(traceId: string): BufferedTrace | null {
    const row = this.#latest.get(traceId);
    if (row === undefined) return null;
    return {
      traceId,
      state: "sealed",
      spans: numberIn(row, "spans"),
      bytes: numberIn(row, "size"),
      firstSeen: numberIn(row, "first_seen"),
      lastSeen: numberIn(row, "last_seen"),
      rootEnded: numberIn(row, "root_ended") === 1,
      missingParents: numberIn(row, "missing_parents"),
    };
  }

  /** Counts the table again. */
  reload(): void {
    const row = this.#totals.get();
    this.count = numberIn(row, "count");
    this.bytes = numberIn(row, "bytes");
  }
}

function sealedTrace(row: Row): SealedTrace {
  return {
    traceId: textIn(row, "trace_id"),
    revision: numberIn(row, "revision"),
    reason: oneOfIn(row, "reason", COMPLETION_REASONS),
    sealedAt: numberIn(row, "sealed_at"),
  };
}
