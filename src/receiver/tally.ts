import type { IngestCounts } from "../core/ingest-counts.ts";

/** The counts as they are kept. */
export class Tally {
  requests = 0;
  bytes = 0;
  spans = 0;
  rejectedSpans = 0;
  ownSpans = 0;
  logRecords = 0;
  rejectedLogRecords = 0;
  logRecordsWithoutSpan = 0;
  logRecordsWithoutName = 0;
  ownLogRecords = 0;
  readonly refused: Record<number, number> = {};

  /** Notes a refusal. */
  refuse(status: number): void {
    this.refused[status] = (this.refused[status] ?? 0) + 1;
  }

  /** The counts now. */
  read(inflightBytes: number): IngestCounts {
    return { ...this, refused: { ...this.refused }, inflightBytes };
  }
}
