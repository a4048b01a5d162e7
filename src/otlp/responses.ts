import { WireWriter } from "./wire-writer.ts";

/** The two encodings of OTLP/HTTP; a response uses that of its request. */
export type OtlpEncoding = "protobuf" | "json";

/** The media type of each encoding. */
export const CONTENT_TYPES: { readonly [encoding in OtlpEncoding]: string } = {
  protobuf: "application/x-protobuf",
  json: "application/json",
};

/** gRPC codes that OTLP/HTTP error bodies carry (google.rpc.Code). */
export const rpcCodes = {
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** What the answer in JSON calls the number of rejected items. */
export type RejectedField = "rejectedSpans" | "rejectedLogRecords";

/** Spans or log records that were not taken although the request was. */
export interface PartialSuccess {
  readonly rejected: number;
  readonly reason: string;
}

/**
 * The body of `ExportTraceServiceResponse`, or of `ExportLogsServiceResponse`, which is the same in protobuf.
 * Without a partial success it is the empty message, as the OTLP specification asks (zero bytes, or `{}`).
 */
export function exportResponse(
  encoding: OtlpEncoding,
  partial?: PartialSuccess,
  rejectedField: RejectedField = "rejectedSpans",
): Uint8Array {
  if (encoding === "json") {
    // int64 is a string in the JSON mapping of protobuf.
    const partialSuccess = partial && {
      [rejectedField]: String(partial.rejected),
      errorMessage: partial.reason,
    };
    return Buffer.from(JSON.stringify(partialSuccess ? { partialSuccess } : {}));
  }
  const writer = new WireWriter();
  if (partial) {
    writer.message(1, () => {
      if (partial.rejected > 0) writer.varint(1, partial.rejected);
      writer.string(2, partial.reason);
    });
  }
  return writer.finish();
}

/** The body of an error answer: `google.rpc.Status` with a code of {@link rpcCodes} and a message. */
export function statusResponse(encoding: OtlpEncoding, code: number, message: string): Uint8Array {
  if (encoding === "json") return Buffer.from(JSON.stringify({ code, message }));
  const writer = new WireWriter();
  writer.varint(1, code);
  writer.string(2, message);
  return writer.finish();
}
