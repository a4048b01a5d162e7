import { TracegateError } from "../core/errors.ts";
import type { RecordHead, TraceFragment } from "../core/span.ts";
import { readKeyValue } from "./any-value.ts";
import { copySpans, type Envelope, placesIn, readEnvelope, type SpanPlace } from "./envelope.ts";
import { logEventKey } from "./log-event.ts";
import { type LogRecord, logEventOf, readLogRecord } from "./log-record.ts";
import { isOwnResource, reasonOf } from "./split-by-trace.ts";
import { asBuffer, WireReader } from "./wire-reader.ts";
import { WireWriter } from "./wire-writer.ts";

/** A request of log records taken apart. */
export interface SplitLogs {
  /** One per trace, in the order in which the traces first occur; each with `records` and no `heads`. */
  readonly fragments: readonly TraceFragment[];
  readonly rejected: number;
  /** Why records were rejected, in one sentence; null when none was. */
  readonly reason: string | null;
  /** Records left out, because they belong to no span. */
  readonly withoutSpan: number;
  /** Records left out, because they have no event name: plain lines of a log. */
  readonly withoutName: number;
  /** Records of tracegate itself, left out. */
  readonly ours: number;
}

/** The records of one trace, still in the request. */
interface OpenFragment {
  readonly records: RecordHead[];
  readonly places: SpanPlace[];
}

/**
 * Groups the records of an OTLP `ExportLogsServiceRequest` by trace and turns each into an event of its span.
 * The bytes of a fragment are `TracesData` with, for each record, a span that has nothing but the two ids and
 * that event: `readSpans` passes over it, `mergeTraces` unites it with the span.
 *
 * Only events are taken: records with a trace id, a span id and an event name. Most records of an application
 * are plain lines, which no dialect reads and which would make traces large. Ids of a wrong length are rejected.
 *
 * @throws TracegateError `bad-input` when the bytes are not a request at all.
 */
export function splitLogsByTrace(bytes: Uint8Array): SplitLogs {
  // Resource and scope lie in a request of log records as they do in one of spans.
  const envelope = readEnvelope(bytes);
  const own = new Set(envelope.resourceSpans.filter((resource) => isOwnResource(envelope.bytes, resource)));
  const traces = new Map<string, OpenFragment>();
  const events = new Map<SpanPlace, { readonly record: LogRecord; readonly event: Uint8Array }>();
  const defects = new Map<string, number>();
  const left = { withoutSpan: 0, withoutName: 0, ours: 0 };
  let rejected = 0;
  const reject = (defect: string) => {
    defects.set(defect, (defects.get(defect) ?? 0) + 1);
    rejected += 1;
  };
  for (const place of placesIn(envelope)) {
    const { resource, span } = place;
    const record = readLogRecord(envelope.bytes, span.valueStart, span.end);
    if (record.defect !== null) reject(record.defect);
    else if (record.traceId === "" || record.spanId === "") left.withoutSpan += 1;
    else if (record.eventName === "") left.withoutName += 1;
    else if (own.has(resource)) left.ours += 1;
    else {
      const event = logEventOf(record);
      if (!isReadable(event)) {
        reject("a value that cannot be decoded");
        continue;
      }
      const trace = traces.get(record.traceId) ?? { records: [], places: [] };
      if (trace.records.length === 0) traces.set(record.traceId, trace);
      trace.records.push({ spanId: record.spanId, key: logEventKey(record.spanId, event) });
      trace.places.push(place);
      events.set(place, { record, event });
    }
  }
  const fragments = [...traces].map(([traceId, { records, places }]) => ({
    traceId,
    heads: [],
    records,
    bytes: fragmentBytes(envelope, places, events),
  }));
  return { fragments, rejected, reason: reasonOf(defects, "record"), ...left };
}

/** One value that cannot be decoded would cost its span all of its content, so it must not get there. */
function isReadable(event: Uint8Array): boolean {
  const reader = new WireReader(asBuffer(event));
  try {
    while (reader.next()) if (reader.isLengthDelimited(3)) readKeyValue(reader.nested(), {});
    return true;
  } catch (error) {
    if (error instanceof TracegateError && error.code === "bad-input") return false;
    throw error;
  }
}

function fragmentBytes(
  envelope: Envelope,
  places: readonly SpanPlace[],
  events: ReadonlyMap<SpanPlace, { readonly record: LogRecord; readonly event: Uint8Array }>,
): Uint8Array {
  const writer = new WireWriter();
  copySpans(writer, envelope.bytes, places, (place) => {
    const found = events.get(place);
    if (!found) return;
    writer.message(2, () => {
      writer.bytes(1, Buffer.from(found.record.traceId, "hex"));
      writer.bytes(2, Buffer.from(found.record.spanId, "hex"));
      writer.bytes(11, found.event);
    });
  });
  return writer.finish();
}
