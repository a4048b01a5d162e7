/** What a listener has done since it was opened. */
export interface ReceiverCounts {
  /** Export requests answered, refused ones included. */
  readonly requests: number;
  /** Inflated bytes of the requests that were taken. */
  readonly bytes: number;
  /** Spans taken. */
  readonly spans: number;
  /** Spans left out of requests that were taken, e.g. for ids of the wrong length. */
  readonly rejectedSpans: number;
  /** Our own spans, dropped so that evaluation does not evaluate itself. */
  readonly ownSpans: number;
  /** Log records taken, to become events of their spans. */
  readonly logRecords: number;
  readonly rejectedLogRecords: number;
  /** Log records dropped because they name no trace and span. */
  readonly logRecordsWithoutSpan: number;
  /** Log records dropped because they have no event name: plain lines of a log. */
  readonly logRecordsWithoutName: number;
  readonly ownLogRecords: number;
  /** Refused requests by HTTP status; refused gRPC calls by the status HTTP has for the same reason. */
  readonly refused: Readonly<Record<number, number>>;
  /** Bytes of requests under way now. */
  readonly inflightBytes: number;
}

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
  read(inflightBytes: number): ReceiverCounts {
    return { ...this, refused: { ...this.refused }, inflightBytes };
  }
}
