import { resolve } from "node:path";

import type { Config } from "../config/schema.ts";
import { messageOf } from "../core/errors.ts";
import { contentHash } from "../core/ids.ts";
import type { Queue } from "../core/queue.ts";
import { SqliteQueue } from "../store/sqlite-queue.ts";
import type { Environment } from "./equipment.ts";
import type { State } from "./open-state.ts";

/** Options of {@link openQueue}. */
export interface OpenQueueOptions {
  readonly config: Config;
  readonly cwd: string;
  readonly environment: Environment;
  /** BullMQ at this URL, or (true) at REDIS_URL or the usual address; default: at REDIS_URL if it is set. */
  readonly redis?: string | boolean;
  readonly onFault?: (message: string) => void;
}

/** The queue of a state folder: in Redis, or embedded in its database. */
export async function openQueue(
  state: Pick<State, "database">,
  options: OpenQueueOptions,
): Promise<{ readonly kind: "embedded" | "BullMQ"; readonly queue: Queue }> {
  const { config, cwd, onFault = () => {} } = options;
  const url = redisUrlOf(options.redis, options.environment);
  if (url === undefined) return { kind: "embedded", queue: new SqliteQueue(state.database) };
  // Loaded only here: BullMQ and ioredis take as long to load as everything else together.
  const { openBullmqQueue } = await import("../redis/bullmq-queue.ts");
  const queue = await openBullmqQueue({
    url,
    // One Redis may serve several state folders; a job refers to spans in one of them.
    prefix: `tracegate-${contentHash(resolve(cwd, config.directory), 8)}`,
    onFault: (error) => onFault(`Redis: ${messageOf(error)}`),
  });
  return { kind: "BullMQ", queue };
}

function redisUrlOf(redis: OpenQueueOptions["redis"], environment: Environment): string | undefined {
  if (typeof redis === "string") return redis;
  if (redis === false) return undefined;
  return environment.REDIS_URL || (redis === true ? "redis://127.0.0.1:6379" : undefined);
}
