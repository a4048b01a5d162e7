import type { Attributes, Scope, Span, SpanEvent, SpanKind, SpanLink, StatusCode } from "../core/span.ts";
import { millisecondsOf } from "./nanoseconds.ts";
import { readAttributes } from "./read-attributes.ts";
import type { SharedValues } from "./shared-values.ts";
import { WireReader, wireTypes } from "./wire-reader.ts";

/** OTLP numbers of the span kinds, in order. */
export const SPAN_KINDS: readonly SpanKind[] = [
  "unspecified",
  "internal",
  "server",
  "client",
  "producer",
  "consumer",
];

/** OTLP numbers of the status codes, in order. */
export const STATUS_CODES: readonly StatusCode[] = ["unset", "ok", "error"];

const ALL_ZERO = /^0*$/;

/** A span over its bytes: the small fields are read at once, the rest on first access. */
export class LazySpan implements Span {
  traceId = "";
  spanId = "";
  parentSpanId: string | null = null;
  name = "";
  kind: SpanKind = "unspecified";
  startTime = 0;
  endTime = 0;
  status: { readonly code: StatusCode; readonly message?: string } = { code: "unset" };
  flags = 0;
  droppedAttributes = 0;
  readonly scope: Scope;
  private readonly source: Buffer;
  private readonly start: number;
  private readonly end: number;
  private readonly shared: SharedValues;
  private readonly lazyResource: { readonly attributes: Attributes };
  private hasEvents = false;
  private hasLinks = false;
  private decodedAttributes: Attributes | undefined;
  private decodedEvents: readonly SpanEvent[] | undefined;
  private decodedLinks: readonly SpanLink[] | undefined;

  constructor(
    reader: WireReader,
    resource: { readonly attributes: Attributes },
    scope: Scope,
    shared: SharedValues,
  ) {
    this.source = reader.bytes;
    this.start = reader.position;
    this.end = reader.end;
    this.lazyResource = resource;
    this.scope = scope;
    this.shared = shared;
    while (reader.next()) {
      if (reader.wireType === wireTypes.lengthDelimited) this.readMessageField(reader);
      else this.readNumberField(reader);
    }
  }

  get resource(): Attributes {
    return this.lazyResource.attributes;
  }

  get attributes(): Attributes {
    this.decodedAttributes ??= readAttributes(this.reader(), 9, this.shared.attributes);
    return this.decodedAttributes;
  }

  get events(): readonly SpanEvent[] {
    this.decodedEvents ??= this.hasEvents ? this.collect(11, readEvent) : [];
    return this.decodedEvents;
  }

  get links(): readonly SpanLink[] {
    this.decodedLinks ??= this.hasLinks ? this.collect(13, readLink) : [];
    return this.decodedLinks;
  }

  private readMessageField(reader: WireReader): void {
    switch (reader.field) {
      case 1:
        this.traceId = this.shared.ids.read(reader.valueStart, reader.valueEnd);
        break;
      case 2:
        this.spanId = this.shared.ids.read(reader.valueStart, reader.valueEnd);
        break;
      case 4: {
        const parent = this.shared.ids.read(reader.valueStart, reader.valueEnd);
        this.parentSpanId = ALL_ZERO.test(parent) ? null : parent;
        break;
      }
      case 5:
        this.name = this.shared.names.read(reader.valueStart, reader.valueEnd);
        break;
      case 11:
        this.hasEvents = true;
        break;
      case 13:
        this.hasLinks = true;
        break;
      case 15:
        this.status = readStatus(reader.nested(), this.status);
        break;
    }
  }

  private readNumberField(reader: WireReader): void {
    const { field, wireType } = reader;
    if (wireType === wireTypes.fixed64) {
      if (field === 7) this.startTime = millisecondsOf(reader.low, reader.high);
      else if (field === 8) this.endTime = millisecondsOf(reader.low, reader.high);
    } else if (wireType === wireTypes.varint) {
      if (field === 6) this.kind = SPAN_KINDS[reader.low] ?? "unspecified";
      else if (field === 10) this.droppedAttributes = reader.low;
    } else if (field === 16) this.flags = reader.low;
  }

  private collect<Item>(
    field: number,
    read: (reader: WireReader, shared: SharedValues) => Item,
  ): readonly Item[] {
    const items: Item[] = [];
    const reader = this.reader();
    while (reader.next()) {
      if (reader.isLengthDelimited(field)) items.push(read(reader.nested(), this.shared));
    }
    return items;
  }

  private reader(): WireReader {
    return new WireReader(this.source, this.start, this.end);
  }
}

function readStatus(reader: WireReader, before: Span["status"]): Span["status"] {
  let { code, message } = before;
  while (reader.next()) {
    if (reader.isLengthDelimited(2)) message = reader.text();
    else if (reader.field === 3 && reader.wireType === wireTypes.varint) {
      code = STATUS_CODES[reader.low] ?? "unset";
    }
  }
  return message === undefined || message === "" ? { code } : { code, message };
}

function readEvent(reader: WireReader, { names, attributes: known }: SharedValues): SpanEvent {
  let name = "";
  let time = 0;
  const attributes = readAttributes(copyOf(reader), 3, known);
  while (reader.next()) {
    if (reader.isLengthDelimited(2)) name = names.read(reader.valueStart, reader.valueEnd);
    else if (reader.field === 1 && reader.wireType === wireTypes.fixed64) {
      time = millisecondsOf(reader.low, reader.high);
    }
  }
  return { name, time, attributes };
}

function readLink(reader: WireReader, { ids, attributes: known }: SharedValues): SpanLink {
  let traceId = "";
  let spanId = "";
  const attributes = readAttributes(copyOf(reader), 4, known);
  while (reader.next()) {
    if (reader.isLengthDelimited(1)) traceId = ids.read(reader.valueStart, reader.valueEnd);
    else if (reader.isLengthDelimited(2)) spanId = ids.read(reader.valueStart, reader.valueEnd);
  }
  return { traceId, spanId, attributes };
}

function copyOf({ bytes, position, end }: WireReader): WireReader {
  return new WireReader(bytes, position, end);
}
