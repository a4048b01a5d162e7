import {
  copySpans,
  type Envelope,
  isWhole,
  placesIn,
  readEnvelope,
  type SpanPlace,
  sizeOfCopy,
} from "./envelope.ts";
import { LogEvents, writeWithoutLogEvents } from "./log-event.ts";
import { readSpanIdentity } from "./span-identity.ts";
import { WireWriter } from "./wire-writer.ts";

/** A span that may be a repeat of another, or only the log records of one: nothing is shorter than that. */
interface Candidate {
  readonly envelope: Envelope;
  readonly place: SpanPlace;
  readonly ended: boolean;
  readonly hasLogEvents: boolean;
}

/** What is known of one span: the best candidate so far, and the log records of all. */
interface Merged {
  best: Candidate;
  logEvents?: LogEvents;
}

/**
 * Joins OTLP `TracesData` chunks into one, each span once. Of spans with the same trace and span id the
 * one that has ended is kept, else the longer one, else the one that is greater byte by byte, so that
 * the order of the chunks does not matter.
 *
 * Log records (`splitLogsByTrace`) become events of their span, behind its own, by time and then in order
 * of arrival; the same record twice is one. Those whose span is not there stay, for a later merge.
 *
 * A single chunk without repeats is returned as it is, not copied.
 *
 * @throws TracegateError `bad-input` for bytes that are not `TracesData`.
 */
export function mergeTraces(chunks: readonly Uint8Array[]): Uint8Array {
  const envelopes = chunks.map(readEnvelope);
  const kept = new Map<string, Merged>();
  for (const envelope of envelopes) {
    for (const place of placesIn(envelope)) {
      const { span } = place;
      const { traceId, head, hasLogEvents } = readSpanIdentity(envelope.bytes, span.valueStart, span.end);
      const key = `${traceId}/${head.spanId}`;
      const candidate = { envelope, place, ended: head.endTime > 0, hasLogEvents };
      const merged = kept.get(key) ?? { best: candidate };
      kept.set(key, merged);
      if (merged.best !== candidate && isBetter(candidate, merged.best)) merged.best = candidate;
      if (!hasLogEvents) continue;
      merged.logEvents ??= new LogEvents();
      merged.logEvents.addFrom(envelope.bytes, span.valueStart, span.end);
    }
  }
  return write(envelopes, kept.values());
}

function write(envelopes: readonly Envelope[], kept: Iterable<Merged>): Uint8Array {
  const places = new Map<Envelope, SpanPlace[]>(envelopes.map((envelope) => [envelope, []]));
  const logEvents = new Map<SpanPlace, LogEvents>();
  for (const { best, logEvents: events } of kept) {
    places.get(best.envelope)?.push(best.place);
    if (events) logEvents.set(best.place, events);
  }
  const isPlain = logEvents.size === 0 && [...places].every(([envelope, spans]) => isWhole(envelope, spans));
  if (isPlain) return joined(envelopes);
  const size = [...places.values()].reduce((sum, spans) => sum + sizeOfCopy(spans), 0);
  const writer = new WireWriter(size);
  for (const [{ bytes }, spans] of places) {
    copySpans(writer, bytes, spans, (place) => {
      const { span } = place;
      const events = logEvents.get(place);
      if (!events) return writer.raw(bytes, span.start, span.end);
      writer.message(2, () => {
        writeWithoutLogEvents(writer, bytes, span.valueStart, span.end);
        events.write(writer);
      });
    });
  }
  return writer.finish();
}

/** Messages of repeated fields are joined by writing one behind the other. */
function joined(envelopes: readonly Envelope[]): Uint8Array {
  const [only] = envelopes;
  return only && envelopes.length === 1 ? only.bytes : Buffer.concat(envelopes.map(({ bytes }) => bytes));
}

function isBetter(candidate: Candidate, before: Candidate): boolean {
  if (candidate.ended !== before.ended) return candidate.ended;
  const [one, other] = [bytesOf(candidate), bytesOf(before)];
  return one.length === other.length ? one.compare(other) > 0 : one.length > other.length;
}

/** The span as its sender wrote it. */
function bytesOf({ envelope: { bytes }, place: { span }, hasLogEvents }: Candidate): Buffer {
  if (!hasLogEvents) return bytes.subarray(span.valueStart, span.end);
  const writer = new WireWriter();
  writeWithoutLogEvents(writer, bytes, span.valueStart, span.end);
  return Buffer.from(writer.finish());
}
