import { resolve } from "node:path";

import type { Config } from "../config/schema.ts";
import { TracegateError } from "../core/errors.ts";
import { contentHash } from "../core/ids.ts";
import type { Queue } from "../core/queue.ts";
import { SqliteQueue } from "../store/sqlite-queue.ts";
import type { State } from "./open-state.ts";
import { type Place, servicesOf } from "./services.ts";
import { type TellFault, tellThrown } from "./site-events.ts";

/** Options of {@link openQueue}. */
export interface OpenQueueOptions extends Place {
  readonly config: Config;
  readonly onFault?: TellFault;
}

/** The queue beside a state: in Redis where there is one, else embedded in the state's file. */
export async function openQueue(
  state: Pick<State, "database">,
  options: OpenQueueOptions,
): Promise<{ readonly kind: "embedded" | "BullMQ"; readonly queue: Queue }> {
  const { config, cwd, onFault = () => {} } = options;
  const { redis: url } = servicesOf(options);
  if (url === null) {
    if (state.database !== null) return { kind: "embedded", queue: new SqliteQueue(state.database) };
    throw new TracegateError("internal", "A state without a file has its queue in Redis.");
  }
  // Loaded only here: BullMQ and ioredis take as long to load as everything else together.
  const { openBullmqQueue } = await import("../redis/bullmq-queue.ts");
  const queue = await openBullmqQueue({
    url,
    // One Redis may serve several state folders; a job refers to spans in one of them.
    ...(state.database !== null && {
      prefix: `tracegate-${contentHash(resolve(cwd, config.directory), 8)}`,
    }),
    onFault: (error) => tellThrown(onFault, "queue", "Redis", error),
  });
  return { kind: "BullMQ", queue };
}
