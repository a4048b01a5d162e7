/** What a listener has done since it was opened. */
export interface IngestCounts {
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
