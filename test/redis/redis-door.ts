import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { pipeline } from "node:stream";

/** What stands before a Redis and lets only some connections through. */
export interface RedisDoor {
  readonly url: string;
  /** How many go through now. */
  readonly connections: () => number;
  /** Lets all through from now on. */
  open(): void;
  close(): Promise<void>;
}

/** Stands before the Redis at a port; breaks every connection after the first `limit`. */
export async function openDoor(port: number, limit: number): Promise<RedisDoor> {
  let left = limit;
  const through = new Set<Socket>();
  const server = createServer((client) => {
    left -= 1;
    if (left < 0) {
      client.destroy();
      return;
    }
    const redis = connect(port, "127.0.0.1");
    through.add(client);
    pipeline(client, redis, client, () => through.delete(client));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const own = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `redis://127.0.0.1:${own}`,
    connections: () => through.size,
    open: () => {
      left = Number.POSITIVE_INFINITY;
    },
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of through) socket.destroy();
      await closed;
    },
  };
}
