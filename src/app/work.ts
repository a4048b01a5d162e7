import { systemClock } from "../core/clock.ts";
import { startDelivery } from "../pipeline/deliver.ts";
import { OpenParts } from "./open-parts.ts";
import { openSite, type Site, type SiteOptions } from "./open-site.ts";
import { Operations } from "./operations.ts";
import { requireServices } from "./services.ts";
import { startScoring } from "./start-scoring.ts";

/** A worker, running in this process. */
export interface Working {
  /** Where health and metrics are; null: nowhere. */
  readonly serverUrl: string | null;
  /** Where jobs wait and scores are kept, for people. */
  readonly place: string;
  /** Takes nothing new, finishes what is in hand within the time, closes everything. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Starts the half of tracegate that scores traces and sends them on: as many of them as are needed, on any machines.
 *
 * @throws TracegateError `config` without REDIS_URL and DATABASE_URL
 */
export async function work(options: SiteOptions): Promise<Working> {
  requireServices(options, "work");
  const parts = new OpenParts(options.onFault ?? (() => {}));
  try {
    const operations = new Operations(options, "work");
    const site = await openSite(operations.options, parts);
    operations.watch(site, parts);
    await startWorking(operations.options, site, parts);
    const serverUrl = await operations.listen(operations.pages(site), parts);
    return { serverUrl, place: site.place, stop: (graceMs) => parts.close(graceMs) };
  } catch (error) {
    await parts.close(0);
    throw error;
  }
}

/** Scores what is queued and delivers what is scored. */
export async function startWorking(options: SiteOptions, site: Site, parts: OpenParts): Promise<void> {
  const { config, onFault = () => {} } = options;
  const delivery = startDelivery({
    store: site.store,
    sinks: config.sinks,
    clock: systemClock,
    onEvent(event) {
      if (event.kind === "fault") {
        onFault(`outbox: ${event.reason}`, { part: "store", code: "unavailable" });
        return;
      }
      const { sink, traceId, revision } = event.row;
      options.onDelivery?.({ sink, traceId, revision, outcome: event.kind });
      if (event.kind === "failed")
        onFault(`${sink}: trace ${traceId} was not delivered: ${event.reason}`, {
          part: "delivery",
          code: "refused",
          traceId,
        });
      if (event.kind === "retry")
        onFault(`${sink}: trace ${traceId} is sent again later: ${event.reason}`, {
          part: "delivery",
          code: "unavailable",
          traceId,
        });
    },
  });
  parts.opened(() => Promise.all(config.sinks.map((sink) => sink.close())));
  parts.opened((graceMs) => delivery.stop(graceMs));
  const wakeDelivery = () => delivery.wake();
  const scoring = await startScoring({ ...options, ...site, onFault, wakeDelivery });
  parts.opened((graceMs) => scoring.stop(graceMs));
}
