import { a as readEnvelope, i as placesIn, n as copySpans, o as sizeOfCopy, r as isWhole, t as WireWriter } from "./wire-writer.js";
import { a as writeWithoutLogEvents, n as LogEvents, t as readSpanIdentity } from "./span-identity.js";
// src/otlp/merge-traces.ts
function mergeTraces(chunks) {
	const envelopes = chunks.map(readEnvelope);
	const kept = new Map();
	for (const envelope of envelopes) for (const place of placesIn(envelope)) {
		const { span } = place;
		const { traceId, head, hasLogEvents } = readSpanIdentity(envelope.bytes, span.valueStart, span.end);
		const key = `${traceId}/${head.spanId}`;
		const candidate = {
			envelope,
			place,
			ended: head.endTime > 0,
			hasLogEvents
		};
		const merged = kept.get(key) ?? { best: candidate };
		kept.set(key, merged);
		if (merged.best !== candidate && isBetter(candidate, merged.best)) merged.best = candidate;
		if (!hasLogEvents) continue;
		merged.logEvents ??= new LogEvents();
		merged.logEvents.addFrom(envelope.bytes, span.valueStart, span.end);
	}
	return write(envelopes, kept.values());
}
function write(envelopes, kept) {
	const places = new Map(envelopes.map((envelope) => [envelope, []]));
	const logEvents = new Map();
	for (const { best, logEvents: events } of kept) {
		places.get(best.envelope)?.push(best.place);
		if (events) logEvents.set(best.place, events);
	}
	if (logEvents.size === 0 && [...places].every(([envelope, spans]) => isWhole(envelope, spans))) return joined(envelopes);
	const size = [...places.values()].reduce((sum, spans) => sum + sizeOfCopy(spans), 0);
	const writer = new WireWriter(size);
	for (const [{ bytes }, spans] of places) copySpans(writer, bytes, spans, (place) => {
		const { span } = place;
		const events = logEvents.get(place);
		if (!events) return writer.raw(bytes, span.start, span.end);
		writer.message(2, () => {
			writeWithoutLogEvents(writer, bytes, span.valueStart, span.end);
			events.write(writer);
		});
	});
	return writer.finish();
}
function joined(envelopes) {
	const [only] = envelopes;
	return only && envelopes.length === 1 ? only.bytes : Buffer.concat(envelopes.map(({ bytes }) => bytes));
}
function isBetter(candidate, before) {
	if (candidate.ended !== before.ended) return candidate.ended;
	const [one, other] = [bytesOf(candidate), bytesOf(before)];
	return one.length === other.length ? one.compare(other) > 0 : one.length > other.length;
}
function bytesOf({ envelope: { bytes }, place: { span }, hasLogEvents }) {
	if (!hasLogEvents) return bytes.subarray(span.valueStart, span.end);
	const writer = new WireWriter();
	writeWithoutLogEvents(writer, bytes, span.valueStart, span.end);
	return Buffer.from(writer.finish());
}
export { mergeTraces };
