import { fromBinary } from "@bufbuild/protobuf";

import type { JsonValue } from "../../src/core/json.ts";
import type { Attributes, Scope, Span, SpanKind, StatusCode } from "../../src/core/span.ts";
import {
  type AnyValue,
  type KeyValue,
  type LibrarySpan,
  type Request,
  RequestSchema,
} from "./otlp-schema.ts";

/** A full decode by the library. */
export function decodeWithLibrary(body: Uint8Array): Request {
  return fromBinary(RequestSchema, body);
}

/** The spans of a body as the library reads them, everything at once: what our lazy reader is held to. */
export function librarySpans(body: Uint8Array): Span[] {
  return decodeWithLibrary(body).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const attributes = attributesOf(resource?.attributes ?? []);
    return scopeSpans.flatMap(({ scope, spans }) => {
      const { name = "", version = "" } = scope ?? {};
      return spans.map((span) => spanOf(span, attributes, { name, version }));
    });
  });
}

const KINDS: readonly SpanKind[] = ["unspecified", "internal", "server", "client", "producer", "consumer"];
const CODES: readonly StatusCode[] = ["unset", "ok", "error"];

function spanOf(span: LibrarySpan, resource: Attributes, scope: Scope): Span {
  const parent = hex(span.parentSpanId);
  const message = span.status?.message;
  return {
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    parentSpanId: /^0*$/.test(parent) ? null : parent,
    name: span.name,
    kind: KINDS[span.kind] ?? "unspecified",
    startTime: milliseconds(span.startTimeUnixNano),
    endTime: milliseconds(span.endTimeUnixNano),
    status: { code: CODES[span.status?.code ?? 0] ?? "unset", ...(message ? { message } : {}) },
    flags: span.flags,
    attributes: attributesOf(span.attributes),
    events: span.events.map(({ name, timeUnixNano, attributes }) => ({
      name,
      time: milliseconds(timeUnixNano),
      attributes: attributesOf(attributes),
    })),
    links: span.links.map(({ traceId, spanId, attributes }) => ({
      traceId: hex(traceId),
      spanId: hex(spanId),
      attributes: attributesOf(attributes),
    })),
    droppedAttributes: span.droppedAttributesCount,
    resource,
    scope,
  };
}

function attributesOf(pairs: readonly KeyValue[]): { [key: string]: JsonValue } {
  // fromEntries, not assignment: a key may be `__proto__`.
  return Object.fromEntries(pairs.map(({ key, value }) => [key, readValue(value)]));
}

function readValue(any: AnyValue | undefined): JsonValue {
  const value = any?.value;
  switch (value?.case) {
    case "arrayValue":
      return value.value.values.map(readValue);
    case "kvlistValue":
      return attributesOf(value.value.values);
    case "bytesValue":
      return Buffer.from(value.value).toString("base64");
    case "intValue":
      return Number.isSafeInteger(Number(value.value)) ? Number(value.value) : value.value.toString();
    case "doubleValue":
      return Number.isFinite(value.value) ? value.value : String(value.value);
    default:
      return value?.value ?? null;
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function milliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000_000n) + Number(nanoseconds % 1_000_000n) / 1e6;
}
