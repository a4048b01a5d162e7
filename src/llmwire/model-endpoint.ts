import type { IncomingMessage, ServerResponse } from "node:http";

import { messageOf } from "../core/errors.ts";
import { isObject, parseJson, stableJson } from "../core/json.ts";
import { anthropicMessages } from "./anthropic-messages.ts";
import { completeReply } from "./complete-reply.ts";
import type { Fault } from "./fault.ts";
import { geminiGenerateContent } from "./gemini-generate-content.ts";
import { readBody, sendJson } from "./json-over-http.ts";
import type { ModelReply, ModelRequest } from "./model-request.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiDecisions } from "./openai-decisions.ts";
import { openaiResponses } from "./openai-responses.ts";
import { sendFault } from "./send-fault.ts";
import { encodeEvent } from "./server-sent-event.ts";
import type { WireCodec } from "./wire-codec.ts";

/** How a request came, for one who passes it on. */
export interface ModelCallPlace {
  /** Path and search, e.g. `/v1/messages?beta=true`. */
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
}

/**
 * Decides what the model says. A thrown error becomes a 500 with its message; the response of another server is
 * passed on as it is.
 */
export type ModelAnswerer = (
  request: ModelRequest,
  place: ModelCallPlace,
) => ModelReply | Fault | Response | Promise<ModelReply | Fault | Response>;

/** The endpoints of a model provider, to be put under any path of a server. Never rejects. */
export type ModelEndpoint = (
  incoming: IncomingMessage,
  response: ServerResponse,
  path: string,
) => Promise<void>;

const CODECS: readonly WireCodec[] = [
  openaiChat,
  openaiResponses,
  openaiDecisions,
  anthropicMessages,
  geminiGenerateContent,
];

/** Bytes of a request body we take; the providers' own limits are near 32 MB. */
const MAX_BODY = 32 * 1024 * 1024;

/**
 * OpenAI Chat Completions, OpenAI Responses, Anthropic Messages and Gemini generateContent, each whole or streamed, and OpenAI Decisions.
 * `path` of a call is the path below the base URL, with its search. Ids follow from the requests and their order,
 * so equal runs on a new endpoint give equal replies.
 */
export function modelEndpoint(reply: ModelAnswerer): ModelEndpoint {
  const seen = new Map<string, number>();
  const answer = async (
    codec: WireCodec,
    place: ModelCallPlace & { readonly pathname: string },
    incoming: IncomingMessage,
    response: ServerResponse,
  ) => {
    const text = await readBody(incoming, MAX_BODY);
    const body = text === undefined ? undefined : parseJson(text);
    if (!isObject(body)) {
      const [status, message] =
        text === undefined ? [413, "body too large"] : [400, "body is not a JSON object"];
      return sendJson(response, status, codec.error(status, message));
    }
    const request = codec.parse(body, place.pathname);
    const key = stableJson([place.pathname, body]);
    const ordinal = seen.get(key) ?? 0;
    seen.set(key, ordinal + 1);
    const said = await reply(request, place);
    if (said instanceof Response) return passOn(response, said);
    if ("fault" in said) return sendFault(response, codec.error, said);
    return send(response, codec, request, said, ordinal);
  };
  return async (incoming, response, path) => {
    const { pathname } = new URL(path, "http://127.0.0.1");
    const codec = CODECS.find((candidate) => candidate.path === pathname || candidate.takes?.(pathname));
    if (codec === undefined || incoming.method !== "POST") {
      const message = `no model endpoint at ${incoming.method} ${pathname}`;
      return sendJson(response, 404, { error: { message } });
    }
    try {
      await answer(codec, { path, pathname, headers: incoming.headers }, incoming, response);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, codec.error(500, messageOf(error)));
    }
  };
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
    sendJson(response, 200, codec.encode(complete, request), reply.headers);
    return;
  }
  const headers = { "content-type": "text/event-stream", "cache-control": "no-cache", ...reply.headers };
  response.writeHead(200, headers);
  for (const event of codec.stream(complete, request)) response.write(encodeEvent(event));
  response.end();
}

/** The body is decoded already, so its former length and encoding do not hold. */
async function passOn(response: ServerResponse, from: Response): Promise<void> {
  const kept = [...from.headers].filter(([name]) => !HOP_HEADERS.includes(name));
  response.writeHead(from.status, Object.fromEntries(kept));
  for await (const chunk of from.body ?? []) response.write(chunk);
  response.end();
}

const HOP_HEADERS = ["content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive"];
