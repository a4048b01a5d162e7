/**
 * What a person said of one trace and one scorer's question: the truth that judges are held against.
 *
 * The same object is one line of a label file.
 */
export interface Label {
  readonly v: 1;
  /** 32 hex digits. */
  readonly traceId: string;
  /** Name of the scorer whose question was answered. */
  readonly scorer: string;
  /** Null: the person could not tell either. */
  readonly passed: boolean | null;
  /** Who labelled; two people about one trace tell how far people agree. */
  readonly reviewer: string;
  /** Where it came from: our own review, the application's users, a human annotation in a trace, a file. */
  readonly source: "review" | "feedback" | "annotation" | "file";
  /** Unix ms. */
  readonly at: number;
  /**
   * The chance, up to a common factor, with which the trace was picked to be labelled, (0, 1]. Absent: nobody picked at random, so
   * the label says how good a judge is, but not how often things fail.
   */
  readonly probability?: number;
  readonly note?: string;
}

/** Which labels to read: so many after the last one read. */
export interface LabelPage {
  readonly after: Pick<Label, "traceId" | "scorer" | "reviewer"> | null;
  readonly limit: number;
}

/** What people said of traces. Part of the store. */
export interface Labels {
  /** Keeps what people said. Of one person about one trace and question the last word counts, by `at`. */
  saveLabels(labels: readonly Label[]): Promise<void>;
  /** Labels by trace, scorer and reviewer, a page at a time. */
  labels(page: LabelPage): Promise<readonly Label[]>;
}
