import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";

import type { ReceiverLimits } from "./limits.ts";
import { openPort, type PortWish } from "./open-port.ts";

/** An HTTP app whose handlers see the raw Node request as `c.env.incoming`. */
export type HttpApp = Hono<{ Bindings: HttpBindings }>;

/** An open port. */
export interface Listener {
  /** E.g. `http://127.0.0.1:4318`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Takes no new request, waits up to `graceMs` (default 5,000) for those under way, then cuts them off. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Opens a port for an app, with the time-outs that keep slow senders from holding connections for ever.
 *
 * @param app made and loaded, with what serves it, when the first request comes
 * @param port 0 picks a free one
 * @throws TracegateError `config` when the address cannot be had
 */
export async function listen(
  app: () => HttpApp | Promise<HttpApp>,
  options: {
    readonly host: string;
    readonly port: number;
    /** What the configuration calls the port, for messages. Default `receiver.port`. */
    readonly key?: PortWish["key"];
    readonly limits: Pick<ReceiverLimits, "headersTimeoutMs" | "requestTimeoutMs">;
  },
): Promise<Listener> {
  const { host, port, key = "receiver.port", limits } = options;
  // Not imported: as a module, node:http brings fetch and WebSocket with it, 40 ms of every start.
  const { createServer } = process.getBuiltinModule("node:http");
  const server = createServer(
    {
      headersTimeout: Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs),
      requestTimeout: limits.requestTimeoutMs,
      // How often Node looks for connections that are over those times.
      connectionsCheckingInterval: Math.max(50, Math.min(limits.headersTimeoutMs / 2, 5_000)),
      // Longer than the batch delay of SDKs, so that their connections are not closed under them.
      keepAliveTimeout: 60_000,
    },
    onceLoaded(app),
  );
  // A connection whose last request ends after close() began would else be kept alive.
  server.on("request", (_, outgoing) => {
    outgoing.once("close", () => {
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
  });
  const opened = await openPort(server, { host, port, key });
  return {
    ...opened,
    close: (graceMs = 5_000) => closed(server, graceMs),
  };
}

type RequestListener = (incoming: IncomingMessage, outgoing: ServerResponse) => unknown;

/** Requests that come while it loads wait for it. */
function onceLoaded(app: () => HttpApp | Promise<HttpApp>): RequestListener {
  let loaded: RequestListener | undefined;
  let loading: Promise<RequestListener> | undefined;
  const load = async () => {
    const { getRequestListener } = await import("@hono/node-server");
    loaded = getRequestListener((await app()).fetch, { overrideGlobalObjects: false });
    return loaded;
  };
  return (incoming, outgoing) => {
    if (loaded) return loaded(incoming, outgoing);
    loading ??= load();
    return loading.then(
      (listener) => listener(incoming, outgoing),
      (error) => outgoing.destroy(error),
    );
  };
}

function closed(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
