import type { IngestCounts } from "../core/ingest-counts.ts";
import type { MetricSet } from "./metric-set.ts";

/** Why a request was refused, by its HTTP status. */
const REASONS: { readonly [status: number]: string } = {
  400: "malformed",
  401: "token",
  404: "unknown-path",
  405: "method",
  413: "too-large",
  415: "unsupported-type",
  429: "overloaded",
  500: "fault",
  503: "unavailable",
};

/** What of a request was left out, and why, by the count of it. */
const LEFT_OUT = {
  rejectedSpans: { item: "span", reason: "unusable-ids" },
  ownSpans: { item: "span", reason: "own" },
  rejectedLogRecords: { item: "log-record", reason: "unusable-ids" },
  logRecordsWithoutSpan: { item: "log-record", reason: "no-span" },
  logRecordsWithoutName: { item: "log-record", reason: "no-event-name" },
  ownLogRecords: { item: "log-record", reason: "own" },
} as const;

/** Brings the counters of ingest to what the receiver has counted; the library knows increments only. */
export class IngestMetrics {
  readonly #metrics: MetricSet;
  readonly #read: () => IngestCounts;
  readonly #told = new Map<string, number>();

  constructor(metrics: MetricSet, read: () => IngestCounts) {
    this.#metrics = metrics;
    this.#read = read;
  }

  /** Call it before the metrics are printed. */
  update(): void {
    const counts = this.#read();
    const metrics = this.#metrics;
    metrics.receiverInflight.set(counts.inflightBytes);
    metrics.receiverRequests.inc(this.#news("requests", counts.requests));
    metrics.receiverSpans.inc(this.#news("spans", counts.spans));
    metrics.receiverLogRecords.inc(this.#news("logRecords", counts.logRecords));
    metrics.receiverBytes.inc(this.#news("bytes", counts.bytes));
    for (const [status, count] of Object.entries(counts.refused)) {
      const reason = REASONS[Number(status)] ?? "other";
      metrics.receiverRefused.inc({ reason }, this.#news(`refused ${status}`, count));
    }
    for (const key of [
      "rejectedSpans",
      "ownSpans",
      "rejectedLogRecords",
      "logRecordsWithoutSpan",
      "logRecordsWithoutName",
      "ownLogRecords",
    ] as const)
      metrics.receiverLeftOut.inc(LEFT_OUT[key], this.#news(key, counts[key]));
  }

  #news(name: string, count: number): number {
    const before = this.#told.get(name) ?? 0;
    this.#told.set(name, count);
    return count - before;
  }
}
