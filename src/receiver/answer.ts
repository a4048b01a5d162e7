import {
  CONTENT_TYPES,
  exportResponse,
  type OtlpEncoding,
  type PartialSuccess,
  type RejectedField,
  rpcCodes,
  statusResponse,
} from "../otlp/responses.ts";
import type { Refusal } from "./refusal.ts";
import type { Rejected } from "./take-export.ts";

/** The gRPC code that stands for an HTTP status (google.rpc.Code), in error bodies and in answers over gRPC. */
export const RPC_CODES: { readonly [status in Refusal["status"]]: number } = {
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

/** What an answer says of rejected items; undefined when there are none. */
export function partialSuccess({ count, reason }: Rejected): PartialSuccess | undefined {
  return count === 0 ? undefined : { rejected: count, reason: reason ?? "Unusable items." };
}

/** The answer 200: everything was taken, or all but some that will never be. */
export function succeed(encoding: OtlpEncoding, rejected: Rejected, rejectedField: RejectedField): Response {
  return answer(200, encoding, exportResponse(encoding, partialSuccess(rejected), rejectedField));
}

/** The answer to a request that was not taken: a `google.rpc.Status`. */
export function refuse(refusal: Refusal, encoding: OtlpEncoding): Response {
  const { status, message, retryAfterS, headers } = refusal;
  return answer(status, encoding, statusResponse(encoding, RPC_CODES[status], message), {
    ...(retryAfterS !== undefined && { "Retry-After": String(retryAfterS) }),
    ...headers,
  });
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
