import { once } from "node:events";
import { connect, createServer } from "node:net";

import { requestOf } from "./request-of.ts";

/** The URL with a free port in the place of port 0. */
export async function withFreePort(url: URL): Promise<URL> {
  if (url.port !== "0") return url;
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const filled = new URL(url);
  if (address !== null && typeof address === "object") filled.port = String(address.port);
  server.close();
  await once(server, "close");
  return filled;
}

/** The port of a URL, that of its protocol when it names none. */
export function portOf(url: URL): number {
  return Number(url.port || (url.protocol === "https:" ? 443 : 80));
}

/** True when something takes connections at the address of the URL. */
export async function isOpen(url: URL): Promise<boolean> {
  const socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ""), port: portOf(url), timeout: 1_000 });
  try {
    return await new Promise((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false)).once("timeout", () => resolve(false));
    });
  } finally {
    socket.destroy();
  }
}

/** True when a GET of the URL is answered with 2xx. */
export function isHealthy(url: URL): Promise<boolean> {
  const start = requestOf(url);
  return new Promise((resolve) => {
    const outgoing = start(url, { agent: false, timeout: 2_000 }, (incoming) => {
      const { statusCode = 0 } = incoming;
      resolve(statusCode >= 200 && statusCode < 300);
      incoming.destroy();
    });
    outgoing.once("error", () => resolve(false)).once("timeout", () => outgoing.destroy());
    outgoing.end();
  });
}
