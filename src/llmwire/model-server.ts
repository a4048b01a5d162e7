import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

import { messageOf } from "../core/errors.ts";
import { isObject, parseJson, stableJson } from "../core/json.ts";
import { anthropicMessages } from "./anthropic-messages.ts";
import { completeReply } from "./complete-reply.ts";
import type { Fault } from "./fault.ts";
import { geminiGenerateContent } from "./gemini-generate-content.ts";
import type { ModelReply, ModelRequest } from "./model-request.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiResponses } from "./openai-responses.ts";
import { encodeEvent } from "./server-sent-event.ts";
import type { WireCodec } from "./wire-codec.ts";

/** Options of {@link startModelServer}. */
export interface ModelServerOptions {
  /** Decides what the model says. A thrown error becomes a 500 with its message. */
  readonly reply: (request: ModelRequest) => ModelReply | Fault | Promise<ModelReply | Fault>;
  /** Port on 127.0.0.1. Default 0: any free one. */
  readonly port?: number;
}

/** A running model server. */
export interface ModelServer {
  /** E.g. `http://127.0.0.1:40123`. */
  readonly url: string;
  /** `baseURL` for the `openai` package. */
  readonly openaiBaseUrl: string;
  /** `baseURL` for `@anthropic-ai/sdk`. */
  readonly anthropicBaseUrl: string;
  /** The requests so far, in order of arrival. */
  requests(): readonly ModelRequest[];
  /** Stops listening and closes open connections, hanging ones too. */
  close(): Promise<void>;
}

const CODECS: readonly WireCodec[] = [openaiChat, openaiResponses, anthropicMessages, geminiGenerateContent];

/** Bytes of a request body we take; the providers' own limits are near 32 MB. */
const MAX_BODY = 32 * 1024 * 1024;

/**
 * Starts a local server that speaks OpenAI Chat Completions, OpenAI Responses, Anthropic Messages and Gemini
 * generateContent, each whole or streamed, with answers from a function. It stands in for a provider in tests, demos and replays;
 * it is no model. Ids follow from the requests, so equal runs give equal replies.
 *
 * @example
 * const server = await startModelServer({ reply: () => ({ text: "Hello." }) });
 * const client = new OpenAI({ baseURL: server.openaiBaseUrl, apiKey: "none" });
 */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const received: ModelRequest[] = [];
  const seen = new Map<string, number>();

  const answer = async (
    codec: WireCodec,
    path: string,
    incoming: IncomingMessage,
    response: ServerResponse,
  ) => {
    const text = await readBody(incoming);
    const body = text === undefined ? undefined : parseJson(text);
    if (!isObject(body)) {
      const [status, message] =
        text === undefined ? [413, "body too large"] : [400, "body is not a JSON object"];
      return sendJson(response, status, codec.error(status, message));
    }
    const request = codec.parse(body, path);
    received.push(request);
    const key = stableJson([path, body]);
    const ordinal = seen.get(key) ?? 0;
    seen.set(key, ordinal + 1);
    const reply = await options.reply(request);
    if ("fault" in reply) sendFault(response, codec, reply);
    else send(response, codec, request, reply, ordinal);
  };

  const server = createServer((incoming, response) => {
    const path = new URL(incoming.url ?? "/", "http://127.0.0.1").pathname;
    const codec = CODECS.find((candidate) => candidate.path === path || candidate.takes?.(path));
    if (codec === undefined || incoming.method !== "POST") {
      sendJson(response, 404, { error: { message: `no model endpoint at ${incoming.method} ${path}` } });
      return;
    }
    answer(codec, path, incoming, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, codec.error(500, messageOf(error)));
    });
  });
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");

  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : options.port}`;
  return {
    url,
    openaiBaseUrl: `${url}/v1`,
    anthropicBaseUrl: url,
    requests: () => [...received],
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The body as text; undefined when it is over the limit. */
async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size <= MAX_BODY) chunks.push(bytes);
  }
  return size > MAX_BODY ? undefined : Buffer.concat(chunks).toString("utf8");
}

function send(
  response: ServerResponse,
  codec: WireCodec,
  request: ModelRequest,
  reply: ModelReply,
  ordinal: number,
): void {
  const complete = completeReply(reply, request, ordinal);
  if (!request.stream) {
    sendJson(response, 200, codec.encode(complete, request));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  for (const event of codec.stream(complete, request)) response.write(encodeEvent(event));
  response.end();
}

function sendJson(response: ServerResponse, status: number, body: object, headers: object = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

function sendFault(response: ServerResponse, codec: WireCodec, fault: Fault): void {
  switch (fault.fault) {
    case "hang":
      return;
    case "cut":
      // The length promises more than is sent, so that the client sees a broken connection, not a short body.
      response.writeHead(200, { "content-type": "application/json", "content-length": "4096" });
      response.write('{"id":"cut', () => response.destroy());
      return;
    case "broken-json":
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"id":"broken","choices":[');
      return;
    case "status": {
      const message = fault.message ?? `simulated HTTP ${fault.status}`;
      const body = fault.body ?? JSON.stringify(codec.error(fault.status, message));
      response.writeHead(fault.status, { "content-type": "application/json", ...fault.headers });
      response.end(body);
    }
  }
}
