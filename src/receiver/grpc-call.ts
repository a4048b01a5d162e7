import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerHttp2Stream } from "node:http2";

import { exportResponse, rpcCodes } from "../otlp/responses.ts";
import { partialSuccess } from "./answer.ts";
import type { ByteClaim } from "./byte-budget.ts";
import { type ExportKind, LOGS, TRACES } from "./export-kind.ts";
import { GRPC_ENCODINGS, isReadableGrpcEncoding, readGrpcMessage } from "./grpc-message.ts";
import { type GrpcStatus, grpcStatusOf, statusTrailers } from "./grpc-status.ts";
import { discardRest } from "./read-body.ts";
import { refusalOf } from "./refusal.ts";
import { checkToken } from "./require-token.ts";
import { type Accept, type IngestSetting, openClaim, takeExport } from "./take-export.ts";

/** What the calls of one listener share. */
export interface GrpcSetting {
  readonly accept: Accept;
  readonly token: string | undefined;
  readonly setting: IngestSetting;
}

/** The methods there are, by path. */
const METHODS: ReadonlyMap<string, ExportKind> = new Map([
  ["/opentelemetry.proto.collector.trace.v1.TraceService/Export", TRACES],
  ["/opentelemetry.proto.collector.logs.v1.LogsService/Export", LOGS],
]);

const HEADERS: OutgoingHttpHeaders = {
  ":status": 200,
  "content-type": "application/grpc",
  "grpc-accept-encoding": GRPC_ENCODINGS,
};

/** A call that ended otherwise than OK, and the HTTP status it is counted under. */
interface Ended extends GrpcStatus {
  readonly status: number;
}

/**
 * Answers one call of OTLP/gRPC: reads and inflates its message, hands what is in it to `accept` and ends with
 * the status the OTLP specification has for the outcome. Never throws.
 */
export async function answerCall(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  shared: GrpcSetting,
): Promise<void> {
  const { tally } = shared.setting;
  tally.requests += 1;
  if (!/^application\/grpc(\+proto)?\s*(;|$)/i.test(headers["content-type"] ?? "")) {
    tally.refuse(415);
    if (!stream.destroyed) stream.respond({ ":status": 415 }, { endStream: true });
    return discardRest(stream);
  }
  const outcome = await take(stream, headers, shared);
  if (stream.destroyed) return;
  if (outcome instanceof Uint8Array) {
    stream.respond(HEADERS, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(framed(outcome));
    return;
  }
  tally.refuse(outcome.status);
  stream.respond({ ...HEADERS, ...statusTrailers(outcome) }, { endStream: true });
  await discardRest(stream);
  stream.close();
}

async function take(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  { accept, token, setting }: GrpcSetting,
): Promise<Uint8Array | Ended> {
  const path = headers[":path"] ?? "";
  const apiKey = headers["x-api-key"];
  const shown = {
    authorization: headers.authorization,
    apiKey: typeof apiKey === "string" ? apiKey : undefined,
  };
  const refusal = checkToken(shown, token);
  if (refusal !== null) return { ...grpcStatusOf(refusal), status: refusal.status };
  const kind = METHODS.get(path);
  if (kind === undefined)
    return unimplemented(`Nothing is at ${path.slice(0, 200)}. Traces and logs are received.`, 404);
  const encoding = String(headers["grpc-encoding"] ?? "identity").toLowerCase();
  if (!isReadableGrpcEncoding(encoding)) {
    return unimplemented(`grpc-encoding ${encoding} is not supported. Send one of ${GRPC_ENCODINGS}.`, 415);
  }
  let claim: ByteClaim | undefined;
  try {
    claim = openClaim(setting.budget);
    const bytes = await readGrpcMessage(stream, encoding, setting.limits, claim);
    const rejected = await takeExport(kind, { bytes, encoding: "protobuf" }, accept, setting);
    return exportResponse("protobuf", partialSuccess(rejected));
  } catch (error) {
    const failed = refusalOf(error, setting.clock.now());
    if (failed.status >= 500) setting.onFault?.(error);
    return { ...grpcStatusOf(failed), status: failed.status };
  } finally {
    claim?.release();
  }
}

function unimplemented(message: string, status: number): Ended {
  return { code: rpcCodes.unimplemented, message, status };
}

/** A message as it goes over the wire, uncompressed. */
function framed(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}
