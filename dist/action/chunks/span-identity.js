import { i as wireTypes, t as WireReader } from "./wire-reader.js";
import { createHash } from "node:crypto";
// src/otlp/nanoseconds.ts
function millisecondsOf(low, high) {
	const rest = high * 967296 + low;
	return high * 4294 + Math.floor(rest / 1e6) + rest % 1e6 / 1e6;
}
function nanosecondsOf(milliseconds) {
	if (!(milliseconds > 0)) return 0n;
	const whole = Math.floor(milliseconds);
	return BigInt.asUintN(64, BigInt(whole) * 1000000n + BigInt(Math.round((milliseconds - whole) * 1e6)));
}
// src/otlp/log-event.ts
const MARK = Buffer.from([
	192,
	62,
	1
]);
function markLogEvent(event) {
	event.raw(MARK);
}
function isLogEvent(bytes, start, end) {
	return end - start >= MARK.length && bytes[start] === MARK[0] && bytes[start + 1] === MARK[1] && bytes[start + 2] === MARK[2];
}
function logEventKey(spanId, event) {
	return createHash("sha256").update(spanId).update(event).digest("hex").slice(0, 16);
}
var LogEvents = class {
	#events = new Map();
	addFrom(bytes, start, end) {
		const reader = new WireReader(bytes, start, end);
		while (reader.next()) {
			if (!reader.isLengthDelimited(11) || !isLogEvent(bytes, reader.valueStart, reader.valueEnd)) continue;
			const event = bytes.subarray(reader.valueStart, reader.valueEnd);
			const key = logEventKey("", event);
			if (!this.#events.has(key)) this.#events.set(key, {
				time: timeOf(reader.nested()),
				event
			});
		}
	}
	write(span) {
		const events = [...this.#events.values()].sort((one, other) => one.time - other.time);
		for (const { event } of events) span.bytes(11, event);
	}
};
function writeWithoutLogEvents(writer, bytes, start, end) {
	const reader = new WireReader(bytes, start, end);
	while (reader.next()) {
		if (reader.isLengthDelimited(11) && isLogEvent(bytes, reader.valueStart, reader.valueEnd)) continue;
		writer.raw(bytes, reader.fieldStart, reader.valueEnd);
	}
}
function timeOf(event) {
	while (event.next()) if (event.field === 1 && event.wireType === wireTypes.fixed64) return millisecondsOf(event.low, event.high);
	return 0;
}
// src/otlp/span-identity.ts
const COMPLETE_KEY = Buffer.from("tracegate.trace.complete");
const JUDGE_KEY = Buffer.from("tracegate.judge");
function readSpanIdentity(bytes, start, end) {
	const ids = {
		trace: "",
		span: "",
		parent: ""
	};
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
	const head = {
		spanId: ids.span,
		parentSpanId: parentOf(ids.parent),
		startTime,
		endTime,
		completes
	};
	return {
		traceId: ids.trace,
		head: failed ? {
			...head,
			failed
		} : head,
		ours,
		defect: defectOf(ids),
		hasLogEvents,
		isSupplement: hasLogEvents && !hasMore
	};
}
function readId(reader, ids) {
	if (reader.field === 1) ids.trace = reader.hex();
	else if (reader.field === 2) ids.span = reader.hex();
	else if (reader.field === 4) ids.parent = reader.hex();
}
function defectOf(ids) {
	if (ids.trace.length !== 32) return "a trace id that is not 16 bytes long";
	if (isZero(ids.trace)) return "a trace id of zeros";
	if (ids.span.length !== 16) return "a span id that is not 8 bytes long";
	if (isZero(ids.span)) return "a span id of zeros";
	if (ids.parent.length !== 0 && ids.parent.length !== 16) return "a parent span id that is not 8 bytes long";
	return null;
}
function parentOf(id) {
	return id === "" || isZero(id) ? null : id;
}
function isZero(id) {
	return id.charCodeAt(0) === 48 && /^0+$/.test(id);
}
function startsLikeOurs({ bytes, position, end }) {
	if (end - position < 3 || bytes[position] !== 10) return true;
	return bytes[position + 2] === 116;
}
function checkFrame(message) {
	while (message.next());
}
const STATUS_CODE_ERROR = 2;
function readsError(status) {
	let failed = false;
	while (status.next()) if (status.field === 3 && status.wireType === wireTypes.varint) failed = status.low === STATUS_CODE_ERROR;
	return failed;
}
function readMark(attribute) {
	let key = null;
	let isTrue = false;
	while (attribute.next()) if (attribute.isLengthDelimited(1)) {
		if (equals(attribute, COMPLETE_KEY)) key = "complete";
		else if (equals(attribute, JUDGE_KEY)) key = "judge";
	} else if (attribute.isLengthDelimited(2) && key !== null) isTrue = readsTrue(attribute.nested());
	return isTrue ? key : null;
}
function equals({ bytes, valueStart, valueEnd }, key) {
	return valueEnd - valueStart === key.length && bytes.compare(key, 0, key.length, valueStart, valueEnd) === 0;
}
function readsTrue(value) {
	let result = false;
	while (value.next()) if (value.field === 2 && value.wireType === wireTypes.varint) result = value.low === 1;
	else if (value.isLengthDelimited(1)) result = value.text() === "true";
	return result;
}
export { writeWithoutLogEvents as a, markLogEvent as i, LogEvents as n, millisecondsOf as o, logEventKey as r, nanosecondsOf as s, readSpanIdentity as t };
