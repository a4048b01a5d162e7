import { once } from "node:events";
import {
  connect,
  constants,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import { gunzipSync } from "node:zlib";

import type { RecordedRequest, Recorder } from "./recorder.ts";

/** What the receiver answered one call. */
interface Answer {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly trailers: IncomingHttpHeaders;
}

/** The same as the recorder of HTTP requests for unary gRPC calls: each is handed on unchanged, and its message is kept. */
export async function startGrpcRecorder(target: string): Promise<Recorder> {
  const recorded: RecordedRequest[] = [];
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer();
  server.on("session", (session) => sessions.add(session));
  server.on("stream", async (stream, headers) => {
    const path = String(headers[":path"]);
    try {
      const frame = await readAll(stream);
      const answer = await handOn(target, headers, frame);
      const isOk = (answer.trailers["grpc-status"] ?? answer.headers["grpc-status"]) === "0";
      const kind = path.includes("TraceService") ? "traces" : path.includes("LogsService") ? "logs" : "other";
      recorded.push({ path, kind, format: "pb", body: messageIn(frame), status: isOk ? 200 : 500 });
      reply(stream, answer);
    } catch {
      stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    requests: () => recorded,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      for (const session of sessions) session.destroy();
      await closed;
    },
  };
}

async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The message behind the five bytes of its frame: one of compression, four of length. */
function messageIn(frame: Buffer): Buffer {
  const message = frame.subarray(5);
  return frame[0] === 1 ? gunzipSync(message) : message;
}

async function handOn(target: string, headers: IncomingHttpHeaders, frame: Buffer): Promise<Answer> {
  const session = connect(target);
  try {
    const { ":authority": _, ...rest } = headers;
    const call = session.request(rest);
    let answered: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    call.on("response", (given) => {
      answered = given;
    });
    call.on("trailers", (given) => {
      trailers = given;
    });
    call.end(frame);
    return { body: await readAll(call), headers: answered, trailers };
  } finally {
    session.close();
  }
}

function reply(stream: ServerHttp2Stream, { headers, body, trailers }: Answer): void {
  const head = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== "date"));
  const tail = Object.fromEntries(Object.entries(trailers));
  stream.on("wantTrailers", () => stream.sendTrailers(tail));
  stream.respond(head, { waitForTrailers: true });
  stream.end(body);
}
