import type { SpanHead } from "../core/span.ts";
import { isLogEvent } from "./log-event.ts";
import { millisecondsOf } from "./nanoseconds.ts";
import { WireReader, wireTypes } from "./wire-reader.ts";

/** What the hot path reads of a span: ids, times, whether it failed, and two marks among the attributes. */
export interface SpanIdentity {
  readonly traceId: string;
  readonly head: SpanHead;
  /** The span carries `tracegate.judge = true`: it is our own. */
  readonly ours: boolean;
  /** Why the span has to be rejected; null when its ids are usable. */
  readonly defect: string | null;
  /** Some of its events came as log records. */
  readonly hasLogEvents: boolean;
  /** It is no span: it has nothing but ids and events that came as log records, for the span of these ids. */
  readonly isSupplement: boolean;
}

const COMPLETE_KEY = Buffer.from("tracegate.trace.complete");
const JUDGE_KEY = Buffer.from("tracegate.judge");

/**
 * Reads the identity of a span between two offsets. Of the attributes only the keys are looked at.
 *
 * @throws TracegateError `bad-input` when the span, its status or the frame of an attribute is broken.
 */
export function readSpanIdentity(bytes: Buffer, start: number, end: number): SpanIdentity {
  const ids: SpanIds = { trace: "", span: "", parent: "" };
  let startTime = 0;
  let endTime = 0;
  let completes = false;
  let failed = false;
  let ours = false;
  let hasLogEvents = false;
  let hasMore = false;
  const reader = new WireReader(bytes, start, end);
  while (reader.next()) {
    if (reader.field > 2) {
      if (reader.field === 11 && isLogEvent(bytes, reader.valueStart, reader.valueEnd)) hasLogEvents = true;
      else hasMore = true;
    }
    if (reader.wireType === wireTypes.lengthDelimited) {
      if (reader.field === 9) {
        const attribute = reader.nested();
        if (!startsLikeOurs(attribute)) checkFrame(attribute);
        else {
          const mark = readMark(attribute);
          completes ||= mark === "complete";
          ours ||= mark === "judge";
        }
      } else if (reader.field === 15) failed = readsError(reader.nested());
      else readId(reader, ids);
    } else if (reader.wireType === wireTypes.fixed64) {
      if (reader.field === 7) startTime = millisecondsOf(reader.low, reader.high);
      else if (reader.field === 8) endTime = millisecondsOf(reader.low, reader.high);
    }
  }
  const head = { spanId: ids.span, parentSpanId: parentOf(ids.parent), startTime, endTime, completes };
  return {
    traceId: ids.trace,
    head: failed ? { ...head, failed } : head,
    ours,
    defect: defectOf(ids),
    hasLogEvents,
    isSupplement: hasLogEvents && !hasMore,
  };
}

interface SpanIds {
  trace: string;
  span: string;
  parent: string;
}

function readId(reader: WireReader, ids: SpanIds): void {
  if (reader.field === 1) ids.trace = reader.hex();
  else if (reader.field === 2) ids.span = reader.hex();
  else if (reader.field === 4) ids.parent = reader.hex();
}

function defectOf(ids: SpanIds): string | null {
  if (ids.trace.length !== 32) return "a trace id that is not 16 bytes long";
  if (isZero(ids.trace)) return "a trace id of zeros";
  if (ids.span.length !== 16) return "a span id that is not 8 bytes long";
  if (isZero(ids.span)) return "a span id of zeros";
  if (ids.parent.length !== 0 && ids.parent.length !== 16) return "a parent span id that is not 8 bytes long";
  return null;
}

function parentOf(id: string): string | null {
  return id === "" || isZero(id) ? null : id;
}

function isZero(id: string): boolean {
  return id.charCodeAt(0) === 48 && /^0+$/.test(id);
}

/** A cheap look at the usual first bytes of a KeyValue: tag of the key, its length, a `t`. */
function startsLikeOurs({ bytes, position, end }: WireReader): boolean {
  if (end - position < 3 || bytes[position] !== 0x0a) return true;
  return bytes[position + 2] === 0x74;
}

function checkFrame(message: WireReader): void {
  while (message.next());
}

const STATUS_CODE_ERROR = 2;

/** Of a status. */
function readsError(status: WireReader): boolean {
  let failed = false;
  while (status.next())
    if (status.field === 3 && status.wireType === wireTypes.varint) failed = status.low === STATUS_CODE_ERROR;
  return failed;
}

function readMark(attribute: WireReader): "complete" | "judge" | null {
  let key: "complete" | "judge" | null = null;
  let isTrue = false;
  while (attribute.next()) {
    if (attribute.isLengthDelimited(1)) {
      if (equals(attribute, COMPLETE_KEY)) key = "complete";
      else if (equals(attribute, JUDGE_KEY)) key = "judge";
    } else if (attribute.isLengthDelimited(2) && key !== null) isTrue = readsTrue(attribute.nested());
  }
  return isTrue ? key : null;
}

function equals({ bytes, valueStart, valueEnd }: WireReader, key: Buffer): boolean {
  return (
    valueEnd - valueStart === key.length && bytes.compare(key, 0, key.length, valueStart, valueEnd) === 0
  );
}

/** The boolean true, or the text "true" of senders that know only strings. */
function readsTrue(value: WireReader): boolean {
  let result = false;
  while (value.next()) {
    if (value.field === 2 && value.wireType === wireTypes.varint) result = value.low === 1;
    else if (value.isLengthDelimited(1)) result = value.text() === "true";
  }
  return result;
}
