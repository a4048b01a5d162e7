import { once } from "node:events";
import { createServer } from "node:http";

import type { Fault } from "./fault.ts";
import { modelEndpoint } from "./model-endpoint.ts";
import type { ModelReply, ModelRequest } from "./model-request.ts";

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

/**
 * Starts a local server that speaks OpenAI Chat Completions, OpenAI Responses, Anthropic Messages and Gemini
 * generateContent, each whole or streamed, and OpenAI Decisions, with answers from a function. It stands in for a provider in tests, demos and replays;
 * it is no model. Ids follow from the requests, so equal runs give equal replies.
 *
 * @example
 * const server = await startModelServer({ reply: () => ({ text: "Hello." }) });
 * const client = new OpenAI({ baseURL: server.openaiBaseUrl, apiKey: "none" });
 */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const received: ModelRequest[] = [];
  const endpoint = modelEndpoint((request) => {
    received.push(request);
    return options.reply(request);
  });
  const server = createServer((incoming, response) => void endpoint(incoming, response, incoming.url ?? "/"));
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
