import type { AddressInfo, Server } from "node:net";

import { messageOf, TracegateError } from "../core/errors.ts";

/** Where a server is to listen. */
export interface PortWish {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** What the configuration calls the port, for messages. */
  readonly key: "receiver.port" | "receiver.grpcPort" | "gate.port" | "server.port";
}

/**
 * Lets a server listen.
 *
 * @throws TracegateError `config` when the address cannot be had
 */
export async function openPort(
  server: Pick<Server, "once" | "listen" | "address">,
  wish: PortWish,
): Promise<{ readonly url: string; readonly port: number }> {
  const { address, family, port } = await listening(server, wish);
  return { url: `http://${family === "IPv6" ? `[${address}]` : address}:${port}`, port };
}

function listening(
  server: Pick<Server, "once" | "listen" | "address">,
  wish: PortWish,
): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(cannotListen(error, wish)));
    server.listen(wish.port, wish.host, () => {
      const address = server.address();
      if (address !== null && typeof address === "object") resolve(address);
    });
  });
}

function cannotListen(error: NodeJS.ErrnoException, { host, port, key }: PortWish): TracegateError {
  const hostKey = key === "server.port" ? "server.host" : "receiver.host";
  const off = key === "receiver.grpcPort" ? ", null does without OTLP/gRPC" : "";
  const remedies: { readonly [code: string]: string } = {
    EADDRINUSE: `Port ${port} is in use, perhaps by another tracegate or an OpenTelemetry Collector. Stop it, or choose another port (${key}; 0 picks a free one${off}).`,
    EACCES: `Port ${port} needs privileges this process has not. Choose a port above 1023 (${key}).`,
    EADDRNOTAVAIL: `This machine has no address ${host}. Set ${hostKey} to one it has, e.g. 127.0.0.1.`,
    ENOTFOUND: `The name ${host} is not known. Set ${hostKey} to an address, e.g. 127.0.0.1.`,
  };
  const remedy = remedies[error.code ?? ""] ?? messageOf(error);
  return new TracegateError("config", `Cannot listen on ${host}:${port}. ${remedy}`, { cause: error });
}
