import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from "node:zlib";

/** One request that a client made to the receiver, and what it was told. */
export interface RecordedRequest {
  readonly path: string;
  readonly kind: "traces" | "logs" | "other";
  readonly format: "pb" | "json";
  /** Without compression. */
  readonly body: Uint8Array;
  /** Status of the receiver's answer. */
  readonly status: number;
}

/** A loopback server that hands every request on to the receiver unchanged and keeps a copy. */
export interface Recorder {
  readonly url: string;
  requests(): readonly RecordedRequest[];
  close(): Promise<void>;
}

/** Starts a {@link Recorder} before the receiver at `target`. */
export async function startRecorder(target: string): Promise<Recorder> {
  const recorded: RecordedRequest[] = [];
  const server = createServer(async (incoming, response) => {
    try {
      const raw = await readAll(incoming);
      const answer = await forward(target, incoming, raw);
      recorded.push({ ...describe(incoming, raw), status: answer.status });
      response.writeHead(answer.status, {
        "content-type": answer.headers.get("content-type") ?? "text/plain",
      });
      response.end(Buffer.from(await answer.arrayBuffer()));
    } catch {
      response.destroy();
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
      server.closeAllConnections();
      await closed;
    },
  };
}

async function readAll(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Headers that belong to one connection. */
const HOP = new Set(["host", "connection", "transfer-encoding", "content-length", "keep-alive", "expect"]);

function forward(target: string, incoming: IncomingMessage, body: Buffer): Promise<Response> {
  const headers = Object.entries(incoming.headers).flatMap(([name, value]): [string, string][] =>
    HOP.has(name) || value === undefined ? [] : [[name, String(value)]],
  );
  const method = incoming.method ?? "GET";
  const carried = method === "GET" || method === "HEAD" ? {} : { body: new Uint8Array(body) };
  return fetch(target + (incoming.url ?? "/"), { method, headers, ...carried });
}

function describe(incoming: IncomingMessage, raw: Buffer): Omit<RecordedRequest, "status"> {
  const path = new URL(incoming.url ?? "/", "http://127.0.0.1").pathname;
  const format = incoming.headers["content-type"]?.includes("json") ? "json" : "pb";
  const body = inflate(raw, incoming.headers["content-encoding"]);
  return { path, kind: kindOf(path, format, body), format, body };
}

function inflate(body: Buffer, encoding: string | undefined): Buffer {
  switch (encoding) {
    case "gzip":
      return gunzipSync(body);
    case "deflate":
      return inflateSync(body);
    case "br":
      return brotliDecompressSync(body);
    case "zstd":
      return zstdDecompressSync(body);
    default:
      return body;
  }
}

/** Some clients post traces to a path of their own, or to none: what is not named otherwise is told by its form. */
function kindOf(path: string, format: "pb" | "json", body: Buffer): RecordedRequest["kind"] {
  if (body.length === 0 || path.endsWith("/metrics")) return "other";
  if (path.endsWith("/logs")) return "logs";
  if (path.endsWith("/traces")) return "traces";
  const looksRight = format === "json" ? body.includes('"resourceSpans"') : body[0] === 0x0a;
  return looksRight ? "traces" : "other";
}
