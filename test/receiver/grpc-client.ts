import {
  type ClientHttp2Session,
  connect,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from "node:http2";

import { WireReader } from "../../src/otlp/wire-reader.ts";

export const TRACE_EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
export const LOGS_EXPORT = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";

/** What came back of a call. */
export interface GrpcAnswer {
  readonly status: number | undefined;
  /** `grpc-status`, from the trailers or from headers that are trailers too. */
  readonly code: string | undefined;
  readonly message: string;
  /** Seconds of the `google.rpc.RetryInfo`; null without one. */
  readonly retryAfterS: number | null;
  /** The response message without its prefix; null without one. */
  readonly body: Buffer | null;
  readonly headers: IncomingHttpHeaders;
}

/** A message with the five bytes before it. */
export function frame(message: Uint8Array, compressed = false): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(compressed ? 1 : 0, 0);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** A gRPC client of bytes: sends what it is told, right or wrong. */
export class GrpcClient {
  readonly session: ClientHttp2Session;

  constructor(url: string | null) {
    if (url === null) throw new Error("no OTLP/gRPC");
    this.session = connect(url);
    this.session.on("error", () => {});
  }

  /** Sends chunks as DATA frames of one call. */
  async call(chunks: readonly Uint8Array[], headers: OutgoingHttpHeaders = {}): Promise<GrpcAnswer> {
    const stream = this.open(headers);
    for (const chunk of chunks) stream.write(chunk);
    stream.end();
    return answerOf(stream);
  }

  /** Opens a call and leaves the sending to the caller. */
  open(headers: OutgoingHttpHeaders = {}) {
    const stream = this.session.request({
      ":method": "POST",
      ":path": TRACE_EXPORT,
      "content-type": "application/grpc",
      te: "trailers",
      ...headers,
    });
    stream.on("error", () => {});
    return stream;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.session.destroyed) resolve();
      else this.session.close(resolve);
    });
  }
}

/** Waits for the end of a call. */
export async function answerOf(stream: ReturnType<GrpcClient["open"]>): Promise<GrpcAnswer> {
  let headers: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders = {};
  const chunks: Buffer[] = [];
  stream.on("response", (got) => {
    headers = got;
  });
  stream.on("trailers", (got) => {
    trailers = got;
  });
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve) => stream.once("end", resolve).once("close", resolve));
  const all = { ...headers, ...trailers };
  const body = Buffer.concat(chunks);
  return {
    status: Number(headers[":status"]),
    code: textOf(all["grpc-status"]),
    message: decodeURIComponent(textOf(all["grpc-message"]) ?? ""),
    retryAfterS: retryIn(textOf(all["grpc-status-details-bin"])),
    body: body.length === 0 ? null : body.subarray(5),
    headers,
  };
}

function textOf(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" ? header : undefined;
}

/** Fields by number on the way down into a message; the last reader stands on the field itself. */
function fieldAt(bytes: Buffer, path: readonly number[]): WireReader | null {
  let reader = new WireReader(bytes);
  for (const [depth, number] of path.entries()) {
    while (reader.field !== number) if (!reader.next()) return null;
    if (depth < path.length - 1) reader = reader.nested();
  }
  return reader;
}

/** google.rpc.Status, details (3): Any of type (1) RetryInfo, whose value (2) has retry_delay (1) in seconds (1). */
function retryIn(details: string | undefined): number | null {
  if (details === undefined) return null;
  const bytes = Buffer.from(details, "base64");
  if (fieldAt(bytes, [3, 1])?.text() !== "type.googleapis.com/google.rpc.RetryInfo") return null;
  return fieldAt(bytes, [3, 2, 1, 1])?.low ?? null;
}
