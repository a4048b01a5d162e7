import { type ReadTraceOptions, readTrace } from "../conventions/read-trace.ts";
import type { SpanKind, StatusCode } from "../core/span.ts";
import type { Trace } from "../core/trace.ts";
import { readSpans } from "../otlp/read-spans.ts";
import type { EventInput, SpanInput } from "../otlp/write-span.ts";
import { type AttributeInput, writeTraces } from "../otlp/write-traces.ts";

/** A span of a test trace. Everything but the name follows by itself. */
export interface SpanSketch {
  readonly name: string;
  readonly attributes?: AttributeInput;
  readonly events?: readonly (Omit<EventInput, "time"> & { readonly time?: number })[];
  readonly links?: SpanInput["links"];
  readonly kind?: SpanKind;
  readonly status?: { readonly code: StatusCode; readonly message?: string };
  /** Scope name. Default: the parent's. */
  readonly scope?: string;
  /** Unix ms. Default: after the span before it. */
  readonly startTime?: number;
  /** Unix ms; 0 for a span that has not ended. Default: 100 ms later, or when its last child ends. */
  readonly endTime?: number;
  /** Default: counts up, `0000000000000001` for the first span. */
  readonly spanId?: string;
  /** Default: the span it is a child of; null for top-level spans. */
  readonly parentSpanId?: string | null;
  readonly flags?: number;
  readonly droppedAttributes?: number;
  readonly children?: readonly SpanSketch[];
}

/** Spans of one process and one trace. */
export interface OtlpSketch {
  /** `service.name`. Default `agent`. */
  readonly service?: string;
  /** More resource attributes. */
  readonly resource?: AttributeInput;
  /** Default `test`. */
  readonly scope?: string;
  /** Default `0000…01`. */
  readonly traceId?: string;
  readonly spans: readonly SpanSketch[];
}

/** 2026-01-01T00:00:00Z, Unix ms. */
const START = Date.UTC(2026, 0, 1);
const STEP_MS = 100;

/**
 * OTLP protobuf out of a few fields. The same sketch gives the same bytes: ids count up, spans follow each
 * other from 2026-01-01 on and last 100 ms each.
 *
 * @example
 * const bytes = otlp({
 *   spans: [{ name: "invoke_agent", attributes: { "gen_ai.operation.name": "invoke_agent" }, children: [] }],
 * });
 */
export function otlp(sketch: OtlpSketch): Uint8Array {
  const scopes = new Map<string, SpanInput[]>();
  const layout: Layout = { traceId: sketch.traceId ?? "1".padStart(32, "0"), count: 0, now: START, scopes };
  for (const span of sketch.spans) lay(span, null, sketch.scope ?? "test", layout);
  return writeTraces([
    {
      resource: { "service.name": sketch.service ?? "agent", ...sketch.resource },
      scopeSpans: [...scopes].map(([name, spans]) => ({ scope: { name }, spans })),
    },
  ]);
}

/** The canonical trace of the same sketch, read back from its bytes. */
export function traceOf(sketch: OtlpSketch, options?: ReadTraceOptions): Trace {
  return readTrace(readSpans(otlp(sketch)), options);
}

interface Layout {
  readonly traceId: string;
  readonly scopes: Map<string, SpanInput[]>;
  count: number;
  now: number;
}

/** Lays out a span and what lies below it. The stack is as deep as the sketch, so the frame is kept small. */
function lay(sketch: SpanSketch, parent: string | null, parentScope: string, layout: Layout): void {
  layout.count += 1;
  const spanId = sketch.spanId ?? layout.count.toString(16).padStart(16, "0");
  const scope = sketch.scope ?? parentScope;
  const startTime = sketch.startTime ?? layout.now;
  layout.now = startTime;
  for (const child of sketch.children ?? []) lay(child, spanId, scope, layout);
  if (layout.now === startTime) layout.now = startTime + STEP_MS;
  add(sketch, { spanId, parent, scope, startTime }, layout);
}

interface Place {
  readonly spanId: string;
  readonly parent: string | null;
  readonly scope: string;
  readonly startTime: number;
}

function add(sketch: SpanSketch, { spanId, parent, scope, startTime }: Place, layout: Layout): void {
  const { name, attributes = {}, events = [], links, kind, status, flags, droppedAttributes } = sketch;
  const span: SpanInput = {
    traceId: layout.traceId,
    spanId,
    parentSpanId: sketch.parentSpanId === undefined ? parent : sketch.parentSpanId,
    name,
    startTime,
    endTime: sketch.endTime ?? layout.now,
    attributes,
    events: events.map((event) => ({ time: startTime, ...event })),
    ...(links ? { links } : {}),
    ...(kind ? { kind } : {}),
    ...(status ? { status } : {}),
    ...(flags ? { flags } : {}),
    ...(droppedAttributes ? { droppedAttributes } : {}),
  };
  const spans = layout.scopes.get(scope);
  // Children are sent before their parents, as SDKs do: they end first.
  if (spans) spans.push(span);
  else layout.scopes.set(scope, [span]);
}
