import { spawnSync } from "node:child_process";

import { temporaryFolder } from "../store/temporary-folder.ts";
import { freePort, type RedisServer, startRedis } from "./redis-server.ts";

/** A Redis Cluster of this test's own. */
export interface RedisCluster {
  /** The address of two of its three nodes. */
  readonly url: string;
  readonly urls: readonly string[];
  stop(): Promise<void>;
}

/** Starts three masters on free ports and makes them a cluster. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const folders = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  const nodes: RedisServer[] = [];
  const stop = async () => {
    for (const node of nodes) await node.stop();
    for (const folder of folders) folder.remove();
  };
  try {
    for (const folder of folders) {
      // The bus listens beside the port; by default 10,000 above it, which may be no port at all.
      const bus = ["--cluster-port", String(await freePort())];
      const settings = ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000", ...bus];
      nodes.push(await startRedis(undefined, { settings, folder: folder.path }));
    }
    const places = nodes.map(({ port }) => `127.0.0.1:${port}`);
    const made = spawnSync("redis-cli", ["--cluster", "create", ...places, "--cluster-yes"], {
      encoding: "utf8",
    });
    if (!/All 16384 slots covered/.test(made.stdout))
      throw new Error(`no cluster: ${made.stdout}${made.stderr}`);
    const urls = nodes.map(({ url }) => url);
    return { url: urls.slice(0, 2).join(","), urls, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
