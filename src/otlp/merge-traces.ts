import { copySpans, type Envelope, readEnvelope, type SpanPlace } from "./envelope.ts";
import { readSpanIdentity } from "./span-identity.ts";
import { WireWriter } from "./wire-writer.ts";

/** A span that may be a repeat of another. */
interface Candidate {
  readonly envelope: Envelope;
  readonly place: SpanPlace;
  readonly ended: boolean;
}

/**
 * Joins OTLP `TracesData` chunks into one, each span once. Of spans with the same trace and span id the
 * one that has ended is kept, else the longer one, else the one that is greater byte by byte, so that
 * the order of the chunks does not matter.
 *
 * @throws TracegateError `bad-input` for bytes that are not `TracesData`.
 */
export function mergeTraces(chunks: readonly Uint8Array[]): Uint8Array {
  const envelopes = chunks.map(readEnvelope);
  const kept = new Map<string, Candidate>();
  for (const envelope of envelopes) {
    for (const place of placesOf(envelope)) {
      const { span } = place;
      const { traceId, head } = readSpanIdentity(envelope.bytes, span.valueStart, span.end);
      const key = `${traceId}/${head.spanId}`;
      const candidate = { envelope, place, ended: head.endTime > 0 };
      const before = kept.get(key);
      if (!before || isBetter(candidate, before)) kept.set(key, candidate);
    }
  }
  const places = new Map<Envelope, SpanPlace[]>(envelopes.map((envelope) => [envelope, []]));
  for (const { envelope, place } of kept.values()) places.get(envelope)?.push(place);
  const writer = new WireWriter();
  for (const [envelope, spans] of places) copySpans(writer, envelope.bytes, spans);
  return writer.finish();
}

function* placesOf(envelope: Envelope): Generator<SpanPlace> {
  for (const resource of envelope.resourceSpans) {
    for (const scope of resource.scopes) {
      for (const span of scope.spans) yield { resource, scope, span };
    }
  }
}

function isBetter(candidate: Candidate, before: Candidate): boolean {
  if (candidate.ended !== before.ended) return candidate.ended;
  const [one, other] = [bytesOf(candidate), bytesOf(before)];
  return one.length === other.length ? one.compare(other) > 0 : one.length > other.length;
}

function bytesOf({ envelope, place: { span } }: Candidate): Buffer {
  return envelope.bytes.subarray(span.valueStart, span.end);
}
