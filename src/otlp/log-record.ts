import { markLogEvent } from "./log-event.ts";
import { WireReader, wireTypes } from "./wire-reader.ts";
import { WireWriter } from "./wire-writer.ts";

/** What decides the way of a log record, and what is copied into its event. Ids are lower-case hex. */
export interface LogRecord {
  readonly traceId: string;
  readonly spanId: string;
  /** Its field `event_name`, else its attribute `event.name`; empty for a plain line of a log. */
  readonly eventName: string;
  /** Why the record has to be rejected; null when its ids are usable or absent. */
  readonly defect: string | null;
  /** The record's fields again, for {@link logEventOf}. */
  readonly fields: WireReader;
}

const ALL_ZERO = /^0*$/;

/**
 * Reads a log record between two offsets. Ids of zeros are taken as absent.
 *
 * @throws TracegateError `bad-input` when the record is broken.
 */
export function readLogRecord(bytes: Buffer, start: number, end: number): LogRecord {
  let traceId = "";
  let spanId = "";
  let fieldName = "";
  let attributeName = "";
  const reader = new WireReader(bytes, start, end);
  while (reader.next()) {
    if (reader.isLengthDelimited(9)) traceId = reader.hex();
    else if (reader.isLengthDelimited(10)) spanId = reader.hex();
    else if (reader.isLengthDelimited(12)) fieldName = reader.text();
    else if (reader.isLengthDelimited(6)) attributeName = nameIn(reader.nested()) ?? attributeName;
  }
  if (ALL_ZERO.test(traceId)) traceId = "";
  if (ALL_ZERO.test(spanId)) spanId = "";
  const defect =
    traceId !== "" && traceId.length !== 32
      ? "a trace id that is not 16 bytes long"
      : spanId !== "" && spanId.length !== 16
        ? "a span id that is not 8 bytes long"
        : null;
  const fields = new WireReader(bytes, start, end);
  return { traceId, spanId, eventName: fieldName || attributeName, defect, fields };
}

/**
 * The span event of a log record: its time, else the time it was observed; its attributes; and its body, the
 * entries of a map as attributes beside the others, as dialects read them from span events. A body that is
 * the JSON of an object goes where they expect that, into `gen_ai.event.content`; any other into `body`.
 */
export function logEventOf(record: LogRecord): Uint8Array {
  const { bytes, position, end } = record.fields;
  const event = new WireWriter();
  const attributes = new WireWriter();
  const body = new WireWriter();
  let time = 0n;
  let observed = 0n;
  const reader = new WireReader(bytes, position, end);
  while (reader.next()) {
    const value = () => bytes.subarray(reader.valueStart, reader.valueEnd);
    if (reader.isLengthDelimited(6)) attributes.bytes(3, value());
    else if (reader.isLengthDelimited(5)) writeBody(body, reader.nested(), value());
    else if (reader.wireType === wireTypes.fixed64) {
      if (reader.field === 1) time = bytes.readBigUInt64LE(reader.valueStart);
      else if (reader.field === 11) observed = bytes.readBigUInt64LE(reader.valueStart);
    }
  }
  markLogEvent(event);
  event.fixed64(1, time === 0n ? observed : time);
  event.string(2, record.eventName);
  event.raw(attributes.finish());
  // Last, because of two attributes of one key the later one is read.
  event.raw(body.finish());
  return event.finish();
}

function writeBody(event: WireWriter, body: WireReader, value: Uint8Array): void {
  const { bytes } = body;
  let key: string | null = null;
  while (body.next()) {
    if (body.isLengthDelimited(6)) {
      const entries = body.nested();
      while (entries.next()) {
        if (entries.isLengthDelimited(1))
          event.bytes(3, bytes.subarray(entries.valueStart, entries.valueEnd));
      }
    } else if (body.isLengthDelimited(1)) key = /^\s*\{/.test(body.text()) ? "gen_ai.event.content" : "body";
    else key = "body";
  }
  if (key === null) return;
  const name = key;
  event.message(3, () => {
    event.string(1, name);
    event.bytes(2, value);
  });
}

/** The text of an attribute `event.name`. */
function nameIn(attribute: WireReader): string | undefined {
  let isName = false;
  let text: string | undefined;
  while (attribute.next()) {
    if (attribute.isLengthDelimited(1)) isName = attribute.text() === "event.name";
    else if (attribute.isLengthDelimited(2)) {
      const value = attribute.nested();
      while (value.next()) if (value.isLengthDelimited(1)) text = value.text();
    }
  }
  return isName ? text : undefined;
}
