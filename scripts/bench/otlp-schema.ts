/**
 * The trace messages of OTLP for @bufbuild/protobuf, in the form its code generator gives them; the enums are
 * written as the int32 they are on the wire. Source: opentelemetry-proto 1.9.
 */
import { create, type Message, toBinary } from "@bufbuild/protobuf";
import { fileDesc, type GenMessage, messageDesc } from "@bufbuild/protobuf/codegenv2";
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";

/** A value of an attribute. */
export type AnyValue = Message<"otlp.AnyValue"> & {
  value:
    | { case: "stringValue"; value: string }
    | { case: "boolValue"; value: boolean }
    | { case: "intValue"; value: bigint }
    | { case: "doubleValue"; value: number }
    | { case: "arrayValue"; value: Message<"otlp.ArrayValue"> & { values: AnyValue[] } }
    | { case: "kvlistValue"; value: Message<"otlp.KeyValueList"> & { values: KeyValue[] } }
    | { case: "bytesValue"; value: Uint8Array }
    | { case: undefined; value?: undefined };
};
export type KeyValue = Message<"otlp.KeyValue"> & { key: string; value?: AnyValue };
export type Event = Message<"otlp.Event"> & { timeUnixNano: bigint; name: string; attributes: KeyValue[] };
export type Link = Message<"otlp.Link"> & { traceId: Uint8Array; spanId: Uint8Array; attributes: KeyValue[] };
export type LibrarySpan = Message<"otlp.Span"> & {
  traceId: Uint8Array;
  spanId: Uint8Array;
  parentSpanId: Uint8Array;
  name: string;
  kind: number;
  startTimeUnixNano: bigint;
  endTimeUnixNano: bigint;
  attributes: KeyValue[];
  droppedAttributesCount: number;
  events: Event[];
  links: Link[];
  status?: Message<"otlp.Status"> & { message: string; code: number };
  flags: number;
};
export type Request = Message<"otlp.Request"> & {
  resourceSpans: (Message<"otlp.ResourceSpans"> & {
    resource?: Message<"otlp.Resource"> & { attributes: KeyValue[] };
    scopeSpans: (Message<"otlp.ScopeSpans"> & {
      scope?: Message<"otlp.Scope"> & { name: string; version: string };
      spans: LibrarySpan[];
    })[];
  })[];
};

/** Fields by message: number and type; a trailing `*` means repeated, a leading capital a message. */
const MESSAGES: { readonly [message: string]: { readonly [field: string]: readonly [number, string] } } = {
  Request: { resource_spans: [1, "ResourceSpans*"] },
  ResourceSpans: { resource: [1, "Resource"], scope_spans: [2, "ScopeSpans*"], schema_url: [3, "string"] },
  Resource: { attributes: [1, "KeyValue*"], dropped_attributes_count: [2, "uint32"] },
  ScopeSpans: { scope: [1, "Scope"], spans: [2, "Span*"], schema_url: [3, "string"] },
  Scope: { name: [1, "string"], version: [2, "string"], attributes: [3, "KeyValue*"] },
  Span: {
    trace_id: [1, "bytes"],
    span_id: [2, "bytes"],
    trace_state: [3, "string"],
    parent_span_id: [4, "bytes"],
    name: [5, "string"],
    kind: [6, "int32"],
    start_time_unix_nano: [7, "fixed64"],
    end_time_unix_nano: [8, "fixed64"],
    attributes: [9, "KeyValue*"],
    dropped_attributes_count: [10, "uint32"],
    events: [11, "Event*"],
    dropped_events_count: [12, "uint32"],
    links: [13, "Link*"],
    dropped_links_count: [14, "uint32"],
    status: [15, "Status"],
    flags: [16, "fixed32"],
  },
  Event: { time_unix_nano: [1, "fixed64"], name: [2, "string"], attributes: [3, "KeyValue*"] },
  Link: {
    trace_id: [1, "bytes"],
    span_id: [2, "bytes"],
    trace_state: [3, "string"],
    attributes: [4, "KeyValue*"],
  },
  Status: { message: [2, "string"], code: [3, "int32"] },
  KeyValue: { key: [1, "string"], value: [2, "AnyValue"] },
  AnyValue: {
    string_value: [1, "string"],
    bool_value: [2, "bool"],
    int_value: [3, "int64"],
    double_value: [4, "double"],
    array_value: [5, "ArrayValue"],
    kvlist_value: [6, "KeyValueList"],
    bytes_value: [7, "bytes"],
  },
  ArrayValue: { values: [1, "AnyValue*"] },
  KeyValueList: { values: [1, "KeyValue*"] },
};

const TYPES: { readonly [name: string]: FieldDescriptorProto_Type } = {
  string: FieldDescriptorProto_Type.STRING,
  bytes: FieldDescriptorProto_Type.BYTES,
  bool: FieldDescriptorProto_Type.BOOL,
  int32: FieldDescriptorProto_Type.INT32,
  uint32: FieldDescriptorProto_Type.UINT32,
  int64: FieldDescriptorProto_Type.INT64,
  fixed32: FieldDescriptorProto_Type.FIXED32,
  fixed64: FieldDescriptorProto_Type.FIXED64,
  double: FieldDescriptorProto_Type.DOUBLE,
};

function describe(message: string) {
  const fields = Object.entries(MESSAGES[message] ?? {});
  const isChoice = message === "AnyValue";
  return {
    name: message,
    field: fields.map(([name, [number, type]]) => {
      const typeName = type.replace("*", "");
      const isRepeated = type !== typeName;
      return {
        name,
        jsonName: name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
        number,
        label: isRepeated ? FieldDescriptorProto_Label.REPEATED : FieldDescriptorProto_Label.OPTIONAL,
        type: TYPES[typeName] ?? FieldDescriptorProto_Type.MESSAGE,
        ...(typeName in TYPES ? {} : { typeName: `.otlp.${typeName}` }),
        ...(isChoice ? { oneofIndex: 0 } : {}),
      };
    }),
    oneofDecl: isChoice ? [{ name: "value" }] : [],
  };
}

const file = create(FileDescriptorProtoSchema, {
  name: "otlp.proto",
  package: "otlp",
  syntax: "proto3",
  messageType: Object.keys(MESSAGES).map(describe),
});

/** `ExportTraceServiceRequest`. */
export const RequestSchema: GenMessage<Request> = messageDesc(
  fileDesc(Buffer.from(toBinary(FileDescriptorProtoSchema, file)).toString("base64")),
  0,
);
