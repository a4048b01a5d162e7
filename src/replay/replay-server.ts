import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

import { newTraceId } from "../core/ids.ts";
import { sendJson } from "../llmwire/json-over-http.ts";
import { type ModelEndpoint, modelEndpoint } from "../llmwire/model-endpoint.ts";
import { answerMcp } from "./mcp-endpoint.ts";
import type { ReplaySession } from "./replay-session.ts";
import { answerTool } from "./tool-endpoint.ts";

interface Place {
  readonly session: ReplaySession;
  readonly models: ModelEndpoint;
}

/** One port for all trials of a task; each has a path of its own, which ends with it. */
export class ReplayServer {
  readonly #places = new Map<string, Place>();
  readonly #server: Server;
  readonly #url: string;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.#url = url;
    server.on("request", (incoming, response) => void this.#answer(incoming, response));
  }

  /** Listens on a free port of 127.0.0.1. */
  static async start(): Promise<ReplayServer> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    return new ReplayServer(server, `http://127.0.0.1:${port}`);
  }

  /** Opens a path for a trial. `close` ends it, and calls that still wait. */
  open(session: ReplaySession): { readonly url: string; readonly close: () => void } {
    const key = newTraceId();
    const models = modelEndpoint((request, place) => session.askModel(request, place));
    this.#places.set(key, { session, models });
    return { url: `${this.#url}/replay/${key}`, close: () => this.#places.delete(key) };
  }

  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, key, path] = /^\/replay\/([0-9a-f]+)(\/.*)?$/s.exec(incoming.url ?? "") ?? [];
    const place = this.#places.get(key ?? "");
    if (place === undefined) {
      const message = "No replay is open at this address; its trial has ended, or never began.";
      return sendJson(response, 404, { error: { message } });
    }
    try {
      await route(place, path ?? "/", incoming, response);
    } catch {
      // The client went away in the middle of its request.
      response.destroy();
    }
  }
}

async function route(
  { session, models }: Place,
  path: string,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(path, "http://127.0.0.1");
  const tool = /^\/tools\/([^/]+)$/.exec(pathname)?.[1];
  if (tool !== undefined && incoming.method === "POST") {
    return answerTool(session, decodeURIComponent(tool), incoming, response);
  }
  if (pathname === "/mcp") return answerMcp(session, incoming, response);
  return models(incoming, response, path);
}
