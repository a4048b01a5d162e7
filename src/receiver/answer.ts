import {
  CONTENT_TYPES,
  exportResponse,
  type OtlpEncoding,
  rpcCodes,
  statusResponse,
} from "../otlp/responses.ts";
import type { Refusal } from "./refusal.ts";

/** The gRPC code that stands for an HTTP status in an error body (google.rpc.Code). */
const RPC_CODES: { readonly [status in Refusal["status"]]: number } = {
  400: rpcCodes.invalidArgument,
  401: rpcCodes.unauthenticated,
  404: rpcCodes.notFound,
  405: rpcCodes.unimplemented,
  413: rpcCodes.invalidArgument,
  415: rpcCodes.invalidArgument,
  429: rpcCodes.resourceExhausted,
  500: rpcCodes.internal,
  503: rpcCodes.unavailable,
};

/** The OTLP encoding a `Content-Type` header names, parameters aside; null for any other type. */
export function encodingOfType(header: string | undefined): OtlpEncoding | null {
  const type = (header ?? "").split(";", 1)[0]?.trim().toLowerCase();
  if (type === CONTENT_TYPES.protobuf) return "protobuf";
  return type === CONTENT_TYPES.json ? "json" : null;
}

/** The answer 200: all spans were taken, or all but some that will never be. */
export function succeed(
  encoding: OtlpEncoding,
  rejected: { readonly spans: number; readonly reason: string | null },
): Response {
  const partial =
    rejected.spans === 0
      ? undefined
      : { rejected: rejected.spans, reason: rejected.reason ?? "Unusable spans." };
  return answer(200, encoding, exportResponse(encoding, partial));
}

/** The answer to a request that was not taken: a `google.rpc.Status`. */
export function refuse(refusal: Refusal, encoding: OtlpEncoding): Response {
  const { status, message, headers } = refusal;
  return answer(status, encoding, statusResponse(encoding, RPC_CODES[status], message), headers);
}

function answer(
  status: number,
  encoding: OtlpEncoding,
  body: Uint8Array,
  headers?: Readonly<Record<string, string>>,
): Response {
  return new Response(new Uint8Array(body), {
    status,
    headers: {
      "Content-Type": CONTENT_TYPES[encoding],
      "Content-Length": String(body.byteLength),
      ...headers,
    },
  });
}
