import { bytesOrNullIn, numberIn, numberOrNullIn } from "./columns.ts";
import { noPast, type OpenTrace, type TracePast } from "./open-trace.ts";
import { SpanTable } from "./span-table.ts";
import type { StateDatabase } from "./state-database.ts";

/** Above this many the ids of an over-long trace are forgotten at its next seal, so that memory stays bounded. */
const MAX_REMEMBERED_SPANS = 1_000_000;
const FORGOTTEN_AT_ONCE = 5_000;

/** The `known` table: what outlives a trace's stay in the buffer, so that repeats and late spans are recognised. */
export class KnownTraces {
  readonly #select;
  readonly #upsert;
  readonly #signal;
  readonly #forgetIds;
  readonly #forgetSignals;
  readonly #delete;

  constructor(database: StateDatabase) {
    this.#select = database.prepare("select * from known where trace_id = ?");
    this.#upsert = database.prepare(
      `insert into known (trace_id, revision, base_revision, base_spans, base_size, signalled_at, seen_at, spans)
       values (?, ?, ?, ?, ?, null, ?, ?)
       on conflict (trace_id) do update set revision = excluded.revision, base_revision = excluded.base_revision,
         base_spans = excluded.base_spans, base_size = excluded.base_size, signalled_at = null,
         seen_at = excluded.seen_at, spans = excluded.spans`,
    );
    this.#signal = database.prepare(
      `insert into known (trace_id, revision, base_revision, base_spans, base_size, signalled_at, seen_at)
       values (?, 0, 1, 0, 0, ?, ?)
       on conflict (trace_id) do update set signalled_at = excluded.signalled_at`,
    );
    this.#forgetIds = database.prepare(
      `update known set spans = null where trace_id in
         (select trace_id from known where spans is not null and seen_at < ? limit ${FORGOTTEN_AT_ONCE})`,
    );
    this.#forgetSignals = database.prepare("delete from known where revision = 0 and seen_at < ?");
    this.#delete = database.prepare("delete from known where trace_id = ?");
  }

  /** The past of a trace; that of a new one when it is unknown. */
  past(traceId: string): TracePast {
    const row = this.#select.get(traceId);
    if (row === undefined) return noPast(false);
    const spans = bytesOrNullIn(row, "spans");
    return {
      revision: numberIn(row, "revision"),
      baseRevision: numberIn(row, "base_revision"),
      baseSpans: numberIn(row, "base_spans"),
      baseSize: numberIn(row, "base_size"),
      signalled: numberOrNullIn(row, "signalled_at") !== null,
      table: spans === null ? new SpanTable() : SpanTable.parse(spans),
    };
  }

  /** Remembers a trace at its seal. `startsAfresh`: the next revision will not contain the ones up to now. */
  remember(trace: OpenTrace, sealedAt: number, startsAfresh: boolean): void {
    const { past } = trace;
    const tooMany = startsAfresh && past.table.size > MAX_REMEMBERED_SPANS;
    this.#upsert.run(
      trace.traceId,
      trace.revision,
      startsAfresh ? trace.revision + 1 : past.baseRevision,
      startsAfresh ? 0 : past.baseSpans + trace.spans,
      startsAfresh ? 0 : past.baseSize + trace.bytes,
      sealedAt,
      tooMany ? null : past.table.serialize(),
    );
  }

  purge(traceId: string): void {
    this.#delete.run(traceId);
  }

  signal(traceId: string, at: number): void {
    this.#signal.run(traceId, at, at);
  }

  /** True when nothing of the trace has been sealed yet. */
  isNew(traceId: string): boolean {
    const row = this.#select.get(traceId);
    return row === undefined || numberIn(row, "revision") === 0;
  }

  /** Drops span ids last needed before `before`; revisions stay, so that a later span still gets the next one. */
  forget(before: number): void {
    this.#forgetIds.run(before);
    this.#forgetSignals.run(before);
  }
}
