import type { TraceFragment } from "../core/span.ts";
import { jsonToProtobuf } from "../otlp/json-to-protobuf.ts";
import { logsJsonToProtobuf } from "../otlp/logs-json-to-protobuf.ts";
import type { RejectedField } from "../otlp/responses.ts";
import { splitByTrace } from "../otlp/split-by-trace.ts";
import { splitLogsByTrace } from "../otlp/split-logs-by-trace.ts";
import type { Tally } from "./tally.ts";

/** A request taken apart. */
export interface SplitExport {
  readonly fragments: readonly TraceFragment[];
  readonly rejected: number;
  /** Null when nothing was rejected. */
  readonly reason: string | null;
  /** Counts what was in it, once it has been taken. */
  count(tally: Tally): void;
}

/** What an export request can hold, and what is particular to it. */
export interface ExportKind {
  /** OTLP/JSON of such a request as protobuf. Throws `bad-input`. */
  readonly fromJson: (text: string) => Uint8Array;
  /** Throws `bad-input`. */
  readonly split: (bytes: Uint8Array) => SplitExport;
  /** What the answer calls the number of rejected items. */
  readonly rejectedField: RejectedField;
}

/** `ExportTraceServiceRequest`. */
export const TRACES: ExportKind = {
  fromJson: jsonToProtobuf,
  rejectedField: "rejectedSpans",
  split(bytes) {
    const { fragments, accepted, rejected, reason } = splitByTrace(bytes);
    const spans = fragments.reduce((sum, fragment) => sum + fragment.heads.length, 0);
    return {
      fragments,
      rejected,
      reason,
      count(tally) {
        tally.spans += spans;
        tally.ownSpans += accepted - spans;
        tally.rejectedSpans += rejected;
      },
    };
  },
};

/** `ExportLogsServiceRequest`. */
export const LOGS: ExportKind = {
  fromJson: logsJsonToProtobuf,
  rejectedField: "rejectedLogRecords",
  split(bytes) {
    const { fragments, rejected, reason, withoutSpan, withoutName, ours } = splitLogsByTrace(bytes);
    const taken = fragments.reduce((sum, fragment) => sum + (fragment.records?.length ?? 0), 0);
    return {
      fragments,
      rejected,
      reason,
      count(tally) {
        tally.logRecords += taken;
        tally.rejectedLogRecords += rejected;
        tally.logRecordsWithoutSpan += withoutSpan;
        tally.logRecordsWithoutName += withoutName;
        tally.ownLogRecords += ours;
      },
    };
  },
};
