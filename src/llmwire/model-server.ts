import { once } from "node:events";
import { createServer } from "node:http";

import type { ModelBatch, ModelBatchOptions } from "./batch-book.ts";
import { batchEndpoint } from "./batch-endpoint.ts";
import type { Fault } from "./fault.ts";
import { modelEndpoint } from "./model-endpoint.ts";
import type { ModelReply, ModelRequest } from "./model-request.ts";

/** Options of {@link startModelServer}. */
export interface ModelServerOptions {
  /** Decides what the model says. A thrown error becomes a 500 with its message. */
  readonly reply: (request: ModelRequest) => ModelReply | Fault | Promise<ModelReply | Fault>;
  /** What becomes of batches. Default: each has ended when it is first looked at. */
  readonly batches?: ModelBatchOptions;
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
  /** The requests so far, in order of arrival; those of a batch when it ended, each with the batch's id. */
  requests(): readonly ModelRequest[];
  /** The batches that were taken so far, in order. */
  batches(): readonly ModelBatch[];
  /** Stops listening and closes open connections, hanging ones too. */
  close(): Promise<void>;
}

/**
 * Starts a local server that speaks OpenAI Chat Completions, OpenAI Responses, Anthropic Messages and Gemini
 * generateContent, each whole or streamed, OpenAI Decisions, OpenAI Batch and Anthropic Message Batches, with answers from a function. It stands in for a provider in tests, demos and replays;
 * it is no model. Ids follow from the requests, so equal runs give equal replies.
 *
 * @example
 * const server = await startModelServer({ reply: () => ({ text: "Hello." }) });
 * const client = new OpenAI({ baseURL: server.openaiBaseUrl, apiKey: "none" });
 */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const received: ModelRequest[] = [];
  const reply: ModelServerOptions["reply"] = (request) => {
    received.push(request);
    return options.reply(request);
  };
  const endpoint = modelEndpoint(reply);
  const batches = batchEndpoint(reply, options.batches);
  const server = createServer((incoming, response) => {
    const path = incoming.url ?? "/";
    const answer = batches.takes(path) ? batches.answer : endpoint;
    void answer(incoming, response, path);
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
    batches: () => [...batches.book.batches],
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
