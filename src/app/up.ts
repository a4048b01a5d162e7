import type { Store } from "../core/store.ts";
import { OpenParts } from "./open-parts.ts";
import { openSite, type Site, type SiteOptions } from "./open-site.ts";
import { Operations } from "./operations.ts";
import { type Receiving, startReceiving } from "./receive.ts";
import { startWorking } from "./work.ts";

/** Receiver, assembler, worker and outbox, running in this process. */
export interface Running extends Receiving {
  readonly queue: "embedded" | "BullMQ";
  readonly store: Store;
  /** Spans that wait, jobs that wait, deliveries that wait. */
  waiting(): Promise<{ readonly traces: number; readonly jobs: number; readonly deliveries: number }>;
}

/**
 * Starts the whole of tracegate in one process: what comes in is behind what must take it. Without REDIS_URL and
 * DATABASE_URL everything is in the state folder; with both it is one receiver and one worker among others.
 */
export async function up(options: SiteOptions): Promise<Running> {
  const parts = new OpenParts(options.onFault ?? (() => {}));
  try {
    const operations = new Operations(options, "up");
    const site = await openSite(operations.options, parts);
    operations.watch(site, parts);
    await startWorking(operations.options, site, parts);
    const where = await startReceiving(operations, site, parts);
    return {
      ...where,
      queue: site.queueKind,
      store: site.store,
      place: site.place,
      waiting: () => countWaiting(site),
      stop: (graceMs) => parts.close(graceMs),
    };
  } catch (error) {
    await parts.close(0);
    throw error;
  }
}

async function countWaiting({ buffer, queue, store }: Site): ReturnType<Running["waiting"]> {
  const [buffered, jobs, { deliveries }] = await Promise.all([
    buffer.counts(),
    queue.counts(),
    store.waiting(),
  ]);
  return {
    traces: buffered.open,
    jobs: jobs.waiting + jobs.active + jobs.delayed,
    deliveries,
  };
}
