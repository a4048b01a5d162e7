import { isOversized, limitsOf } from "../core/completion-of.ts";
import type { TraceFragment } from "../core/span.ts";
import { decodeHeads, encodeHeads } from "../core/span-heads.ts";
import type { Tombstone } from "../core/store.ts";
import type { CompletionReason } from "../core/trace.ts";
import type {
  BufferedTrace,
  CompletionPolicy,
  SealedSpans,
  SealedTrace,
  TraceBuffer,
} from "../core/trace-buffer.ts";
import { pack, unpack } from "../otlp/pack.ts";
import { bytesIn, numberIn, type Row, textIn } from "./columns.ts";
import { KnownTraces } from "./known-traces.ts";
import { OpenTrace } from "./open-trace.ts";
import { RefusedTraces } from "./refused-traces.ts";
import { SealedTraces } from "./sealed-traces.ts";
import type { StateDatabase } from "./state-database.ts";
import { TraceIndex } from "./trace-index.ts";

const PURGE_EVERY_MS = 60_000;

/** Options of {@link SqliteTraceBuffer}. */
export interface SqliteTraceBufferOptions {
  /**
   * The stored spans of a released trace (`StoredTrace.payload`: zstd of OTLP `TracesData`), for late spans:
   * the buffer keeps no second copy of what the store holds. Absent: a late revision has the late spans only.
   */
  readonly stored?: (traceId: string) => Promise<Uint8Array | null>;
  /** How long span ids stay known after the last seal, ms. Default 7 days. */
  readonly rememberMs?: number;
}

/**
 * {@link TraceBuffer} in the state file. Fragments are rows; in memory there is only an
 * index over them, rebuilt at start. One process owns a buffer (`openDatabase` with `exclusive`).
 *
 * The caps of the policy hold for what arrived since the last seal. Once all that a revision contains is
 * over them, the next revision starts afresh: a trace without end must not be read whole again and again.
 */
export class SqliteTraceBuffer implements TraceBuffer {
  readonly #database: StateDatabase;
  readonly #index = new TraceIndex();
  readonly #known: KnownTraces;
  readonly #sealed: SealedTraces;
  readonly #refused: RefusedTraces;
  readonly #rememberMs: number;
  readonly #insertFragment;
  readonly #fragmentBytes;
  readonly #deleteFragment;
  readonly #fragmentHeads;
  readonly #deleteFragments;
  #lastPurge = 0;

  constructor(database: StateDatabase, options: SqliteTraceBufferOptions = {}) {
    this.#database = database;
    this.#known = new KnownTraces(database);
    this.#sealed = new SealedTraces(database, options.stored ?? (async () => null));
    this.#rememberMs = options.rememberMs ?? 7 * 24 * 3_600_000;
    this.#insertFragment = database.prepare(
      "insert into fragment (trace_id, received_at, size, heads, bytes) values (?, ?, ?, ?, ?)",
    );
    this.#fragmentBytes = database.prepare("select size, bytes from fragment where seq = ?");
    this.#deleteFragment = database.prepare("delete from fragment where seq = ?");
    this.#fragmentHeads = database.prepare(
      "select seq, trace_id, received_at, size, heads from fragment order by seq",
    );
    this.#refused = new RefusedTraces(database);
    this.#deleteFragments = database.prepare("delete from fragment where trace_id = ? returning seq");
    this.#rebuild();
    database.onRollback(() => this.#rebuild());
  }

  append(fragments: readonly TraceFragment[], receivedAt: number): Promise<{ readonly added: number }> {
    return this.#database.write(() => {
      this.#follow();
      let added = 0;
      for (const fragment of fragments) added += this.#append(fragment, Math.floor(receivedAt));
      return { added };
    });
  }

  signal(traceId: string, at: number): Promise<void> {
    return this.#database.write(() => {
      this.#follow();
      if (this.#refused.has(traceId, at)) return;
      const trace = this.#index.get(traceId);
      // A trace that is sealed already needs no signal; kept, it would seal the first late span by itself.
      if (trace === undefined && !this.#known.isNew(traceId)) return;
      this.#known.signal(traceId, Math.floor(at));
      if (trace === undefined) return;
      trace.signalled = true;
      this.#index.touch(trace, 0);
    });
  }

  seal(now: number, policy: CompletionPolicy, limit: number): Promise<readonly SealedTrace[]> {
    return this.#database.write(() => {
      this.#follow();
      const taken = this.#index.takeComplete(now, policy, limit);
      this.#purge(now);
      return taken.flatMap(({ trace, reason }) => {
        if (reason !== null) return [this.#seal(trace, reason, now, policy)];
        this.#remove(trace);
        return [];
      });
    });
  }

  async sealed(): Promise<readonly SealedTrace[]> {
    return this.#sealed.toEnqueue();
  }

  enqueued(traces: readonly SealedTrace[]): Promise<void> {
    return this.#database.write(() => this.#sealed.markEnqueued(traces), "kill");
  }

  read(traceId: string, revision: number): Promise<SealedSpans | null> {
    return this.#sealed.read(traceId, revision);
  }

  release(traceId: string, revision: number): Promise<void> {
    return this.#database.write(() => this.#sealed.release(traceId, revision), "kill");
  }

  async describe(traceId: string): Promise<BufferedTrace | null> {
    const trace = this.#index.get(traceId);
    if (trace === undefined) return this.#sealed.describe(traceId);
    const { spans, bytes, firstSeen, lastSeen, rootEnded, missingParents } = trace;
    return { traceId, state: "open", spans, bytes, firstSeen, lastSeen, rootEnded, missingParents };
  }

  purge(traceIds: readonly string[], { until }: Tombstone): Promise<number> {
    return this.#database.write(() => {
      this.#follow();
      let waited = 0;
      for (const traceId of traceIds) {
        this.#refused.refuse(traceId, until);
        const open = this.#deleteFragments.all(traceId).length;
        const sealed = this.#sealed.purge(traceId);
        this.#known.purge(traceId);
        if (open + sealed > 0) waited += 1;
        const trace = this.#index.get(traceId);
        if (trace !== undefined) this.#index.remove(trace);
      }
      this.#refused.reload();
      return waited;
    });
  }

  async search(
    finds: (traceId: string, chunks: readonly Uint8Array[]) => boolean,
  ): Promise<readonly string[]> {
    const ids = new Set([...this.#index.ids(), ...this.#sealed.ids()]);
    return [...ids].filter((traceId) => {
      const open = this.#index.get(traceId)?.rows.map((seq) => this.#fragmentBytes.get(seq)) ?? [];
      const chunks = open.flatMap((row) =>
        row === undefined ? [] : [unpack(bytesIn(row, "bytes"), numberIn(row, "size"))],
      );
      return finds(traceId, [...chunks, ...this.#sealed.chunksOf(traceId)]);
    });
  }

  async counts(): Promise<{ readonly open: number; readonly sealed: number; readonly bytes: number }> {
    return {
      open: this.#index.size,
      sealed: this.#sealed.count,
      bytes: this.#index.bytes + this.#sealed.bytes,
    };
  }

  async nextDue(policy: CompletionPolicy): Promise<number | null> {
    return this.#index.nextDue(policy);
  }

  /** Nothing to stop: the database belongs to whoever opened it. */
  async close(): Promise<void> {}

  /** Another process may have purged: its rows are gone already. */
  #follow(): void {
    if (!this.#refused.follow()) return;
    for (const traceId of this.#index.ids()) {
      const trace = this.#index.get(traceId);
      if (trace !== undefined && this.#refused.has(traceId, trace.lastSeen)) this.#index.remove(trace);
    }
    this.#sealed.reload();
  }

  #append(fragment: TraceFragment, at: number): number {
    if (this.#refused.has(fragment.traceId, at)) return 0;
    const heads = encodeHeads(fragment);
    const trace =
      this.#index.get(fragment.traceId) ??
      new OpenTrace(fragment.traceId, this.#known.past(fragment.traceId), at);
    const added = trace.absorb(decodeHeads(heads), fragment.bytes.length, at);
    if (added === 0) return 0;
    const { lastInsertRowid } = this.#insertFragment.run(
      fragment.traceId,
      at,
      fragment.bytes.length,
      heads,
      pack(fragment.bytes),
    );
    trace.rows.push(Number(lastInsertRowid));
    this.#index.touch(trace, fragment.bytes.length);
    return added;
  }

  #seal(trace: OpenTrace, reason: CompletionReason, now: number, policy: CompletionPolicy): SealedTrace {
    const sealed = { traceId: trace.traceId, revision: trace.revision, reason, sealedAt: Math.floor(now) };
    const frame = frameOf(trace.rows.map((seq) => this.#fragmentBytes.get(seq)));
    this.#sealed.insert(sealed, trace, frame);
    const whole = { spans: trace.past.baseSpans + trace.spans, bytes: trace.past.baseSize + trace.bytes };
    this.#known.remember(trace, sealed.sealedAt, isOversized(whole, limitsOf(policy, trace.service)));
    this.#remove(trace);
    return sealed;
  }

  #remove(trace: OpenTrace): void {
    for (const seq of trace.rows) this.#deleteFragment.run(seq);
    this.#index.remove(trace);
  }

  #purge(now: number): void {
    if (now - this.#lastPurge < PURGE_EVERY_MS) return;
    this.#lastPurge = now;
    this.#known.forget(Math.floor(now - this.#rememberMs));
    this.#refused.forget(now);
  }

  /** Reads the index from the rows again: at start, and when a transaction was taken back. */
  #rebuild(): void {
    this.#index.clear();
    this.#sealed.reload();
    this.#refused.reload();
    for (const row of this.#fragmentHeads.iterate()) {
      const traceId = textIn(row, "trace_id");
      const at = numberIn(row, "received_at");
      const size = numberIn(row, "size");
      const trace = this.#index.get(traceId) ?? new OpenTrace(traceId, this.#known.past(traceId), at);
      const added = trace.absorb(decodeHeads(bytesIn(row, "heads")), size, at);
      trace.rows.push(numberIn(row, "seq"));
      this.#index.touch(trace, added > 0 ? size : 0);
    }
  }
}

/** One frame over the whole trace: every chat span repeats the history, which compresses 48:1 together. */
function frameOf(rows: readonly (Row | undefined)[]): Uint8Array {
  const [only] = rows;
  if (rows.length === 1) return bytesIn(only, "bytes");
  return pack(Buffer.concat(rows.map((row) => unpack(bytesIn(row, "bytes"), numberIn(row, "size")))));
}
