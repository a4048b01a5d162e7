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
  /** Refused requests by HTTP status. */
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
  readonly refused: Record<number, number> = {};

  /** Notes a refusal. */
  refuse(status: number): void {
    this.refused[status] = (this.refused[status] ?? 0) + 1;
  }

  /** The counts now. */
  read(inflightBytes: number): ReceiverCounts {
    const { requests, bytes, spans, rejectedSpans, ownSpans, refused } = this;
    return { requests, bytes, spans, rejectedSpans, ownSpans, refused: { ...refused }, inflightBytes };
  }
}
