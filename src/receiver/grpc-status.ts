import type { OutgoingHttpHeaders } from "node:http2";

import { statusResponse } from "../otlp/responses.ts";
import { WireWriter } from "../otlp/wire-writer.ts";
import { RPC_CODES } from "./answer.ts";
import type { Refusal } from "./refusal.ts";

/** How a call ended: one of the gRPC status codes, and why. */
export interface GrpcStatus {
  readonly code: number;
  readonly message: string;
  readonly retryAfterS?: number;
}

/** What over HTTP would be this refusal. */
export function grpcStatusOf(refusal: Refusal): GrpcStatus {
  const { status, message, retryAfterS } = refusal;
  return { code: RPC_CODES[status], message, ...(retryAfterS !== undefined && { retryAfterS }) };
}

/**
 * The trailers that say so ("gRPC over HTTP2", Responses). Where a time to wait is known it is given as
 * `google.rpc.RetryInfo`: without one, OTLP senders do not repeat a call that ended with RESOURCE_EXHAUSTED.
 */
export function statusTrailers({ code, message, retryAfterS }: GrpcStatus): OutgoingHttpHeaders {
  return {
    "grpc-status": String(code),
    // Percent-encoding of UTF-8 as the protocol has it; encoding more characters than it asks for is allowed.
    "grpc-message": encodeURIComponent(message.toWellFormed()).replaceAll("%20", " "),
    ...(retryAfterS !== undefined && {
      "grpc-status-details-bin": Buffer.from(detailedStatus(code, message, retryAfterS)).toString("base64"),
    }),
  };
}

/** `google.rpc.Status` with one detail, a `google.rpc.RetryInfo`. */
function detailedStatus(code: number, message: string, retryAfterS: number): Uint8Array {
  const writer = new WireWriter();
  writer.raw(statusResponse("protobuf", code, message));
  writer.message(3, () => {
    writer.string(1, "type.googleapis.com/google.rpc.RetryInfo");
    writer.message(2, () => writer.message(1, () => writer.varint(1, retryAfterS)));
  });
  return writer.finish();
}
