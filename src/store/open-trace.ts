import type { CompletionState } from "../core/completion-of.ts";
import type { ArrivedHeads, ArrivedRecord, ArrivedSpan } from "../core/span-heads.ts";
import { ARRIVED, ENDED, NAMED, RECORD, ROOT, SpanTable } from "./span-table.ts";

/** What is known of a trace from the revisions already sealed. */
export interface TracePast {
  /** Highest sealed revision; 0: none. */
  readonly revision: number;
  /** The revision that reading starts with, and the spans and bytes sealed since then. */
  readonly baseRevision: number;
  readonly baseSpans: number;
  readonly baseSize: number;
  readonly signalled: boolean;
  /** Ids of the earlier spans. */
  readonly table: SpanTable;
}

/** The past of a trace never sealed. */
export function noPast(signalled: boolean): TracePast {
  return { revision: 0, baseRevision: 1, baseSpans: 0, baseSize: 0, signalled, table: new SpanTable() };
}

/** A trace that collects spans for its next revision: the index over its rows in the `fragment` table. */
export class OpenTrace implements CompletionState {
  readonly traceId: string;
  readonly past: TracePast;
  /** Row numbers of its fragments, in order of arrival. */
  readonly rows: number[] = [];
  /** When the first thing arrived that will be scored: log records that wait for their span do not count. */
  firstSeen: number;
  lastSeen: number;
  spans = 0;
  /** New log records, and those of them whose span had arrived before. */
  records = 0;
  joinedRecords = 0;
  bytes = 0;
  rootEnded: boolean;
  missingParents: number;
  signalled: boolean;
  service: string | null = null;
  #hasRootService = false;
  /** Its earliest entry in the due order. */
  queuedFor = Number.POSITIVE_INFINITY;

  constructor(traceId: string, past: TracePast, at: number) {
    this.traceId = traceId;
    this.past = past;
    this.firstSeen = at;
    this.lastSeen = at;
    this.signalled = past.signalled;
    this.rootEnded = past.table.count(ROOT, ROOT) > 0;
    this.missingParents = past.table.count(NAMED | ARRIVED, NAMED);
  }

  /** The revision being collected. */
  get revision(): number {
    return this.past.revision + 1;
  }

  /**
   * Counts spans and log records in and returns how many were new. A span that arrives ended after it arrived
   * un-ended is new.
   */
  absorb({ arrived, service }: ArrivedHeads, size: number, at: number): number {
    const before = this.spans + this.records;
    const wasWaiting = this.spans + this.joinedRecords === 0;
    for (const one of arrived) {
      if (one.kind === "record") this.#absorbRecord(one);
      else if (this.#absorb(one)) this.spans += 1;
    }
    const added = this.spans + this.records - before;
    if (added === 0) return 0;
    if (service !== null && !this.#hasRootService) this.#serve(service, arrived);
    this.bytes += size;
    if (wasWaiting && this.spans + this.joinedRecords > 0) this.firstSeen = at;
    this.lastSeen = Math.max(this.lastSeen, at);
    return added;
  }

  /** The service of the root span counts; until that arrives, of the first span. */
  #serve(service: string, arrived: ArrivedHeads["arrived"]): void {
    this.#hasRootService = arrived.some((one) => one.kind === "span" && one.parentSpanId === null);
    if (this.#hasRootService || this.service === null) this.service = service;
  }

  #absorbRecord({ key, spanId }: ArrivedRecord): void {
    const { table, baseSpans } = this.past;
    if ((table.mark(key, RECORD) & RECORD) !== 0) return;
    this.records += 1;
    // A trace that started afresh knows the ids of earlier spans but no longer has them.
    const hasSpan = this.spans + baseSpans > 0 && (table.flags(spanId) & ARRIVED) !== 0;
    if (hasSpan) this.joinedRecords += 1;
  }

  #absorb(span: ArrivedSpan): boolean {
    const table = this.past.table;
    const isRoot = span.ended && span.parentSpanId === null;
    const before = table.mark(span.spanId, ARRIVED | (span.ended ? ENDED : 0) | (isRoot ? ROOT : 0));
    const repeats = (before & ARRIVED) !== 0 && (!span.ended || (before & ENDED) !== 0);
    if (repeats) return false;
    if ((before & (ARRIVED | NAMED)) === NAMED) this.missingParents -= 1;
    if (span.parentSpanId !== null && table.mark(span.parentSpanId, NAMED) === 0) this.missingParents += 1;
    if (isRoot) this.rootEnded = true;
    if (span.completes) this.signalled = true;
    return true;
  }
}
