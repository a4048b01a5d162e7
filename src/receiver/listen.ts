import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";

import { messageOf, TracegateError } from "../core/errors.ts";
import type { ReceiverLimits } from "./limits.ts";

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
 * @param port 0 picks a free one
 * @throws TracegateError `config` when the address cannot be had
 */
export async function listen(
  app: HttpApp,
  options: {
    readonly host: string;
    readonly port: number;
    readonly limits: Pick<ReceiverLimits, "headersTimeoutMs" | "requestTimeoutMs">;
  },
): Promise<Listener> {
  const { host, port, limits } = options;
  const server = createServer(
    {
      headersTimeout: Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs),
      requestTimeout: limits.requestTimeoutMs,
      // How often Node looks for connections that are over those times.
      connectionsCheckingInterval: Math.max(50, Math.min(limits.headersTimeoutMs / 2, 5_000)),
      // Longer than the batch delay of SDKs, so that their connections are not closed under them.
      keepAliveTimeout: 60_000,
    },
    getRequestListener(app.fetch, { overrideGlobalObjects: false }),
  );
  // A connection whose last request ends after close() began would else be kept alive.
  server.on("request", (_, outgoing) => {
    outgoing.once("close", () => {
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
  });
  const address = await opened(server, host, port);
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return {
    url: `http://${name}:${address.port}`,
    port: address.port,
    close: (graceMs = 5_000) => closed(server, graceMs),
  };
}

function opened(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(cannotListen(error, host, port)));
    server.listen(port, host, () => {
      const address = server.address();
      if (address !== null && typeof address === "object") resolve(address);
    });
  });
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

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): TracegateError {
  const remedies: { readonly [code: string]: string } = {
    EADDRINUSE: `Port ${port} is in use, perhaps by another tracegate or an OpenTelemetry Collector. Stop it, or choose another port (receiver.port; 0 picks a free one).`,
    EACCES: `Port ${port} needs privileges this process has not. Choose a port above 1023 (receiver.port).`,
    EADDRNOTAVAIL: `This machine has no address ${host}. Set receiver.host to one it has, e.g. 127.0.0.1.`,
    ENOTFOUND: `The name ${host} is not known. Set receiver.host to an address, e.g. 127.0.0.1.`,
  };
  const remedy = remedies[error.code ?? ""] ?? messageOf(error);
  return new TracegateError("config", `Cannot listen on ${host}:${port}. ${remedy}`, { cause: error });
}
