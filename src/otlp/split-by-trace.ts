import type { SpanHead, TraceFragment } from "../core/span.ts";
import {
  copySpans,
  type Envelope,
  isWhole,
  type ResourceRange,
  readEnvelope,
  type SpanPlace,
  sizeOfCopy,
} from "./envelope.ts";
import { readSpanIdentity } from "./span-identity.ts";
import { WireReader } from "./wire-reader.ts";
import { WireWriter } from "./wire-writer.ts";

/** The `service.name` of tracegate itself: judge calls are traced under it and never come back in. */
export const OWN_SERVICE = "tracegate";

/** A request taken apart. */
export interface SplitRequest {
  /** One per trace, in the order in which the traces first occur. */
  readonly fragments: readonly TraceFragment[];
  /** Spans with usable ids, our own dropped ones included. */
  readonly accepted: number;
  readonly rejected: number;
  /** Why spans were rejected, in one sentence; null when none was. */
  readonly reason: string | null;
}

/** The spans of one trace, still in the request, and the service of its root or first span. */
interface OpenFragment {
  readonly heads: SpanHead[];
  readonly places: SpanPlace[];
  service: Service;
  hasRoot: boolean;
}

/**
 * Groups the spans of an OTLP request by trace. Each fragment is `TracesData` with the spans of one
 * trace; resources, scopes, schema URLs and unknown fields are copied byte for byte. A request of one trace
 * is its own fragment and is not copied.
 *
 * Spans whose ids have a wrong length or are all zero are rejected and counted. Spans of tracegate
 * itself are dropped silently: service name `tracegate`, or the span attribute `tracegate.judge = true`.
 *
 * @throws TracegateError `bad-input` when the bytes are not a request at all.
 */
export function splitByTrace(bytes: Uint8Array): SplitRequest {
  const envelope = readEnvelope(bytes);
  const traces = new Map<string, OpenFragment>();
  const defects = new Map<string, number>();
  let accepted = 0;
  let rejected = 0;
  for (const resource of envelope.resourceSpans) {
    const service = serviceOf(envelope.bytes, resource);
    for (const scope of resource.scopes) {
      for (const span of scope.spans) {
        const identity = readSpanIdentity(envelope.bytes, span.valueStart, span.end);
        if (identity.defect !== null) {
          defects.set(identity.defect, (defects.get(identity.defect) ?? 0) + 1);
          rejected += 1;
          continue;
        }
        accepted += 1;
        if (identity.ours || service.name === OWN_SERVICE) continue;
        const trace = traces.get(identity.traceId) ?? { heads: [], places: [], service, hasRoot: false };
        if (trace.heads.length === 0) traces.set(identity.traceId, trace);
        if (!trace.hasRoot && identity.head.parentSpanId === null) {
          trace.hasRoot = true;
          trace.service = service;
        }
        trace.heads.push(identity.head);
        trace.places.push({ resource, scope, span });
      }
    }
  }
  const fragments = [...traces].map(([traceId, { heads, places, service }]) => ({
    traceId,
    heads,
    bytes: fragmentBytes(envelope, places),
    ...(service.name !== undefined && { service: service.name }),
    ...(service.version !== undefined && { version: service.version }),
  }));
  return { fragments, accepted, rejected, reason: reasonOf(defects, "span") };
}

function fragmentBytes(envelope: Envelope, places: readonly SpanPlace[]): Uint8Array {
  if (isWhole(envelope, places)) return envelope.bytes;
  const writer = new WireWriter(sizeOfCopy(places));
  copySpans(writer, envelope.bytes, places);
  return writer.finish();
}

/** Why things were rejected, in one sentence; null when none was. */
export function reasonOf(defects: ReadonlyMap<string, number>, what: string): string | null {
  if (defects.size === 0) return null;
  const parts = [...defects].map(
    ([defect, count]) => `${count} ${count === 1 ? `${what} has` : `${what}s have`} ${defect}`,
  );
  return `${parts.join("; ")}.`;
}

/** True for the resource of tracegate itself. */
export function isOwnResource(bytes: Buffer, resource: ResourceRange): boolean {
  return serviceOf(bytes, resource).name === OWN_SERVICE;
}

/** What is read of a resource. */
interface Service {
  name?: string;
  version?: string;
}

/** The `service.name` and `service.version` of a resource; nothing else of it is decoded. */
function serviceOf(bytes: Buffer, resource: ResourceRange): Service {
  const service: Service = {};
  for (const range of resource.resources) {
    const reader = new WireReader(bytes, range.valueStart, range.end);
    while (reader.next()) if (reader.isLengthDelimited(1)) readService(reader.nested(), service);
  }
  return service;
}

function readService(attribute: WireReader, service: Service): void {
  let field: keyof Service | undefined;
  while (attribute.next()) {
    if (attribute.isLengthDelimited(1)) field = SERVICE_FIELDS.get(attribute.text());
    else if (attribute.isLengthDelimited(2) && field !== undefined) {
      const text = lastText(attribute.nested());
      if (text !== undefined) service[field] = text;
    }
  }
}

/** The text of an AnyValue, of which the last field counts; undefined when it is none. */
function lastText(value: WireReader): string | undefined {
  let text: string | undefined;
  while (value.next()) text = value.isLengthDelimited(1) ? value.text() : undefined;
  return text;
}

const SERVICE_FIELDS: ReadonlyMap<string, keyof Service> = new Map([
  ["service.name", "name"],
  ["service.version", "version"],
]);
