import { copySpans, placesIn, readEnvelope } from "./envelope.ts";
import { readSpanIdentity } from "./span-identity.ts";
import { asBuffer } from "./wire-reader.ts";
import { WireWriter } from "./wire-writer.ts";

/**
 * OTLP `TracesData` without the log records whose span is not in it: to others they would look like spans. The
 * same bytes when there are none.
 *
 * @throws TracegateError `bad-input` for bytes that are not `TracesData`.
 */
export function dropSupplements(bytes: Uint8Array): Uint8Array {
  const envelope = readEnvelope(bytes);
  const places = [...placesIn(envelope)];
  const spans = places.filter(
    ({ span }) => !readSpanIdentity(envelope.bytes, span.valueStart, span.end).isSupplement,
  );
  if (spans.length === places.length) return bytes;
  const writer = new WireWriter();
  copySpans(writer, asBuffer(bytes), spans);
  return writer.finish();
}
