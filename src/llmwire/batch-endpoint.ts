import { messageOf } from "../core/errors.ts";
import { isObject, type JsonObject, parseJson, stableJson } from "../core/json.ts";
import { AnthropicBatchRoutes } from "./anthropic-batches.ts";
import { anthropicMessages } from "./anthropic-messages.ts";
import { BatchBook, type ItemRunner, type ModelBatchOptions } from "./batch-book.ts";
import type { BatchRoutes } from "./batch-routes.ts";
import { completeReply } from "./complete-reply.ts";
import type { Fault } from "./fault.ts";
import { sendJson } from "./json-over-http.ts";
import type { ModelAnswerer, ModelEndpoint } from "./model-endpoint.ts";
import { OpenAiBatchRoutes } from "./openai-batches.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiResponses } from "./openai-responses.ts";
import { faultBody, sendFault } from "./send-fault.ts";
import type { WireCodec } from "./wire-codec.ts";

/** The batch endpoints of a local model server. */
export interface BatchEndpoint {
  /** Whether a path is one of theirs. */
  takes(path: string): boolean;
  readonly answer: ModelEndpoint;
  readonly book: BatchBook;
}

/** Formats that batches can be made of. */
const CODECS: readonly WireCodec[] = [openaiChat, openaiResponses, anthropicMessages];

/**
 * OpenAI Batch with the files it needs, and Anthropic Message Batches. Each question of a batch goes through the codec and the function that answer
 * live ones, when the batch ends.
 */
export function batchEndpoint(reply: ModelAnswerer, options: ModelBatchOptions = {}): BatchEndpoint {
  const book = new BatchBook(options, itemRunner(reply));
  const providers: readonly BatchRoutes[] = [new OpenAiBatchRoutes(book), new AnthropicBatchRoutes(book)];
  const routesOf = (path: string) => {
    const { pathname } = new URL(path, "http://127.0.0.1");
    return providers.find((routes) => routes.takes(pathname));
  };
  return {
    book,
    takes: (path) => routesOf(path) !== undefined,
    answer: async (incoming, response, path) => {
      const routes = routesOf(path);
      const error = routes?.error ?? anthropicMessages.error;
      try {
        const { pathname, searchParams } = new URL(path, "http://127.0.0.1");
        const asked = await routes?.answer({ incoming, path: pathname, search: searchParams });
        const given = (asked !== undefined && "text" in asked && options.fetched?.()) || asked;
        if (given === undefined) {
          const message = `no batch endpoint at ${incoming.method} ${pathname}`;
          sendJson(response, 404, error(404, message));
        } else if ("fault" in given) sendFault(response, error, given);
        else if ("text" in given) {
          response.writeHead(200, { "content-type": "application/x-jsonl" });
          response.end(given.text);
        } else sendJson(response, 200, given.body);
      } catch (thrown) {
        if (response.headersSent) response.destroy();
        else sendJson(response, 500, error(500, messageOf(thrown)));
      }
    },
  };
}

/** What hangs is never answered, so it expires; where a connection would break, the provider says 500. */
function itemRunner(reply: ModelAnswerer): ItemRunner {
  const seen = new Map<string, number>();
  return async (batch, { body }) => {
    const codec = CODECS.find(({ path }) => path === batch.endpoint);
    if (codec === undefined) throw new Error(`no codec for ${batch.endpoint}`);
    const request = { ...codec.parse(body), batch: batch.id };
    const key = stableJson([batch.endpoint, body]);
    const ordinal = seen.get(key) ?? 0;
    seen.set(key, ordinal + 1);
    try {
      const said = await reply(request, { path: batch.endpoint, headers: batch.headers });
      if (said instanceof Response) return { status: said.status, body: objectIn(await said.text()) };
      if ("fault" in said) return faultReply(codec, said);
      return { status: 200, body: codec.encode(completeReply(said, request, ordinal), request) };
    } catch (thrown) {
      return { status: 500, body: codec.error(500, messageOf(thrown)) };
    }
  };
}

function faultReply(codec: WireCodec, fault: Fault): Awaited<ReturnType<ItemRunner>> {
  if (fault.fault === "hang") return null;
  if (fault.fault === "status") {
    return { status: fault.status, body: objectIn(faultBody(codec.error, fault)) };
  }
  return { status: 500, body: codec.error(500, `simulated ${fault.fault}`) };
}

function objectIn(text: string): JsonObject {
  const body = parseJson(text);
  return isObject(body) ? body : { text };
}
