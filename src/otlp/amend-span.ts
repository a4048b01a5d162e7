import { TracegateError } from "../core/errors.ts";
import { type FieldRange, readEnvelope, type SpanPlace } from "./envelope.ts";
import { WireReader } from "./wire-reader.ts";
import { WireWriter } from "./wire-writer.ts";
import { type AttributeInput, writeAttributes } from "./write-any-value.ts";
import { type EventInput, writeEvent } from "./write-span.ts";

/** What to add to a span. */
export interface Amendment {
  readonly attributes?: AttributeInput;
  readonly events?: readonly EventInput[];
}

const OURS = "tracegate.";
/** Marks that the sender sets, not the scoring. */
const SENDERS = "tracegate.trace.";

/**
 * A copy of OTLP `TracesData` in which one span has more attributes and events. Everything else stays
 * byte for byte, unknown fields too.
 *
 * So that amending twice leaves one result, attributes of the span whose key starts with `tracegate.`
 * are replaced (but not the sender's `tracegate.trace.*`), as are attributes of the same key, and events
 * that carry a `tracegate.*` attribute.
 *
 * @throws TracegateError `not-found` when no span has the id, `bad-input` when the bytes are not OTLP.
 */
export function amendSpan(bytes: Uint8Array, spanId: string, amendment: Amendment): Uint8Array {
  const envelope = readEnvelope(bytes);
  const place = findSpan(envelope.resourceSpans, envelope.bytes, spanId);
  if (!place)
    throw new TracegateError("not-found", `No span ${spanId} in these OTLP bytes. Amend one of its spans.`);
  const { resource, scope, span } = place;
  const writer = new WireWriter();
  const source = envelope.bytes;
  writer.raw(source, 0, resource.start);
  writer.message(1, () => {
    writer.raw(source, resource.valueStart, scope.start);
    writer.message(2, () => {
      writer.raw(source, scope.valueStart, span.start);
      writer.message(2, () => writeAmended(writer, source, span, amendment));
      writer.raw(source, span.end, scope.end);
    });
    writer.raw(source, scope.end, resource.end);
  });
  writer.raw(source, resource.end);
  return writer.finish();
}

function findSpan(
  resources: readonly SpanPlace["resource"][],
  bytes: Buffer,
  spanId: string,
): SpanPlace | undefined {
  const wanted = Buffer.from(spanId, "hex");
  for (const resource of resources) {
    for (const scope of resource.scopes) {
      for (const span of scope.spans) if (hasId(bytes, span, wanted)) return { resource, scope, span };
    }
  }
  return undefined;
}

function hasId(bytes: Buffer, span: FieldRange, wanted: Buffer): boolean {
  const reader = new WireReader(bytes, span.valueStart, span.end);
  while (reader.next()) {
    if (reader.isLengthDelimited(2)) return bytes.subarray(reader.valueStart, reader.valueEnd).equals(wanted);
  }
  return false;
}

function writeAmended(writer: WireWriter, bytes: Buffer, span: FieldRange, amendment: Amendment): void {
  const attributes = amendment.attributes ?? {};
  const reader = new WireReader(bytes, span.valueStart, span.end);
  while (reader.next()) {
    const replaced =
      (reader.isLengthDelimited(9) && isReplaced(keyOf(reader.nested()), attributes)) ||
      (reader.isLengthDelimited(11) && isOurEvent(reader.nested()));
    if (!replaced) writer.raw(bytes, reader.fieldStart, reader.valueEnd);
  }
  writeAttributes(writer, 9, attributes);
  for (const event of amendment.events ?? []) writeEvent(writer, 11, event);
}

function isReplaced(key: string, attributes: AttributeInput): boolean {
  return Object.hasOwn(attributes, key) || (key.startsWith(OURS) && !key.startsWith(SENDERS));
}

function isOurEvent(event: WireReader): boolean {
  while (event.next()) {
    if (event.isLengthDelimited(3) && keyOf(event.nested()).startsWith(OURS)) return true;
  }
  return false;
}

function keyOf(attribute: WireReader): string {
  while (attribute.next()) if (attribute.isLengthDelimited(1)) return attribute.text();
  return "";
}
