import type { JsonValue } from "./json.ts";

/**
 * Attribute values after decoding. An int64 beyond 2^53 becomes its decimal string; bytes become
 * base64, as in OTLP/JSON.
 */
export type Attributes = { readonly [key: string]: JsonValue };

/** OTel span kinds, by name. */
export type SpanKind = "unspecified" | "internal" | "server" | "client" | "producer" | "consumer";

/** OTel status codes, by name. */
export type StatusCode = "unset" | "ok" | "error";

/** A span event. */
export interface SpanEvent {
  readonly name: string;
  /** Unix ms. */
  readonly time: number;
  readonly attributes: Attributes;
}

/** A link to another span. */
export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Attributes;
}

/** The instrumentation that made a span. */
export interface Scope {
  readonly name: string;
  readonly version: string;
}

/**
 * One OTel span as it was sent. Ids are lower-case hex, times Unix ms with fractions.
 *
 * `attributes`, `events` and `links` may be decoded on first access; treat reading them as work.
 */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startTime: number;
  readonly endTime: number;
  readonly status: { readonly code: StatusCode; readonly message?: string };
  /** OTLP `Span.flags`: 0x100 = remoteness of the parent is known, 0x200 = the parent is remote. */
  readonly flags: number;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  /** Attributes the SDK threw away (limit 128 by default). */
  readonly droppedAttributes: number;
  readonly resource: Attributes;
  readonly scope: Scope;
}

/** What the completion protocol needs to know of a span, cheap to read. */
export interface SpanHead {
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly startTime: number;
  /** 0 when the span has not ended. */
  readonly endTime: number;
  /** The span carries `tracegate.trace.complete = true`. */
  readonly completes: boolean;
  /** Its status is error. Absent: it is not. */
  readonly failed?: true;
}

/** What the completion protocol needs to know of a log record that belongs to a span. */
export interface RecordHead {
  readonly spanId: string;
  /** 16 hex digits that stand for its span and content: the same record twice is one. */
  readonly key: string;
}

/** Spans, or log records, of one trace that arrived together, still as bytes. */
export interface TraceFragment {
  readonly traceId: string;
  /**
   * OTLP `TracesData` protobuf with the spans of this trace only; unknown fields survive. A log record lies in
   * it as a span of nothing but ids and one event, which `mergeTraces` unites with the span of these ids.
   */
  readonly bytes: Uint8Array;
  readonly heads: readonly SpanHead[];
  /** `service.name` of the resource of its root span, or of its first span when it has no root. */
  readonly service?: string;
  /** `service.version` of the same resource. */
  readonly version?: string;
  /** Default none. */
  readonly records?: readonly RecordHead[];
}
