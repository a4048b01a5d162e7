import type { IncomingMessage } from "node:http";

import { messageOf } from "../core/errors.ts";
import { requestOf } from "./request-of.ts";

/** Bytes of a response that are read, at the most. */
const BODY_LIMIT = 16 * 1024 * 1024;

/** A request to make. */
export interface PostOptions {
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  /** JSON. */
  readonly body: string;
  /** For the whole exchange, ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** How a request ended. `failed`: there was no whole response; `connected`: although the connection was made. */
export type PostEnd =
  | { readonly how: "answered"; readonly response: PostResponse }
  | { readonly how: "failed"; readonly message: string; readonly connected: boolean }
  | { readonly how: "timed-out" | "aborted" };

/** A response that was read to its end. */
export interface PostResponse {
  readonly status: number;
  /** The reason phrase, e.g. `Not Found`. */
  readonly reason: string;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

/**
 * Posts JSON once, on a connection of its own, and reads the response to its end, a stream of events too. Redirects are not
 * followed. Never throws. (`fetch` would give up after five minutes without a header, whatever the time limit.)
 */
export async function postJson(options: PostOptions): Promise<PostEnd> {
  const { signal, timeoutMs } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  let connected = false;
  const onConnect = () => {
    connected = true;
  };
  try {
    const response = await exchange(options, AbortSignal.any([signal, timeout]), onConnect);
    return { how: "answered", response };
  } catch (error) {
    if (signal.aborted) return { how: "aborted" };
    if (timeout.aborted) return { how: "timed-out" };
    return { how: "failed", message: reasonOf(error), connected };
  }
}

async function exchange(
  { url, headers, body }: PostOptions,
  signal: AbortSignal,
  onConnect: () => void,
): Promise<PostResponse> {
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    const start = requestOf(url);
    const outgoing = start(url, {
      method: "POST",
      // A connection that is kept may be closed by the service just when it is used again.
      agent: false,
      signal,
      headers: {
        accept: "application/json, text/event-stream;q=0.9, text/plain;q=0.8",
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
        ...headers,
      },
    });
    const ready = url.protocol === "https:" ? "secureConnect" : "connect";
    outgoing.once("socket", (socket) => socket.once(ready, onConnect));
    outgoing.once("response", resolve).once("error", reject).end(body);
  });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > BODY_LIMIT) throw new Error(`its response is larger than ${BODY_LIMIT} bytes`);
    chunks.push(bytes);
  }
  const { statusCode = 0, statusMessage = "" } = incoming;
  const text = Buffer.concat(chunks).toString("utf8");
  return { status: statusCode, reason: statusMessage, headers: incoming.headers, text };
}

/** Node joins the attempts at the addresses of a name to one error without a message. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return [...new Set(error.errors.map(messageOf))].join("; ");
  return messageOf(error);
}
