import { createServer, type Http2Server, type ServerHttp2Session } from "node:http2";

import { answerCall, type GrpcSetting } from "./grpc-call.ts";
import { openPort } from "./open-port.ts";

/** An open port that speaks OTLP/gRPC, without TLS. */
export interface GrpcListener {
  /** E.g. `http://127.0.0.1:4317`. */
  readonly url: string;
  readonly port: number;
  /** Takes no new call, waits up to `graceMs` (default 5,000) for those under way, then cuts them off. */
  close(graceMs?: number): Promise<void>;
}

/** What one call, and all calls of one connection, may have on the way unread. HTTP/2's default of 64 KiB is slow. */
const STREAM_WINDOW_BYTES = 8 * 1024 * 1024;
const SESSION_WINDOW_BYTES = 16 * 1024 * 1024;
/** Calls under way on one connection; more wait at the sender. */
const MAX_CALLS_PER_CONNECTION = 100;
/** After this time without any traffic a connection is given up; clients open another when they need it. */
const IDLE_MS = 10 * 60_000;

/**
 * Opens a port for OTLP/gRPC. Every call is unary and its path is fixed, so this is HTTP/2 and the five bytes
 * of a gRPC frame; no library.
 *
 * @throws TracegateError `config` when the port cannot be had
 */
export async function startGrpc(
  options: GrpcSetting & { readonly host: string; readonly port: number },
): Promise<GrpcListener> {
  const { host, port } = options;
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer({
    settings: {
      initialWindowSize: STREAM_WINDOW_BYTES,
      maxConcurrentStreams: MAX_CALLS_PER_CONNECTION,
      enablePush: false,
    },
  });
  server.on("session", (session) => {
    sessions.add(session);
    session.setLocalWindowSize(SESSION_WINDOW_BYTES);
    session.setTimeout(IDLE_MS, () => session.close());
    session.on("close", () => sessions.delete(session));
  });
  server.on("stream", (stream, headers) => {
    // A sender that resets its call has given it up; reading the message notices.
    stream.on("error", () => {});
    void answerCall(stream, headers, options);
  });
  const opened = await openPort(server, { host, port, key: "receiver.grpcPort" });
  return { ...opened, close: (graceMs = 5_000) => closed(server, sessions, graceMs) };
}

function closed(
  server: Http2Server,
  sessions: ReadonlySet<ServerHttp2Session>,
  graceMs: number,
): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      for (const session of sessions) session.destroy();
    }, graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    for (const session of sessions) session.close();
  });
}
