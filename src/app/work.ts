import { systemClock } from "../core/clock.ts";
import { startDelivery } from "../pipeline/deliver.ts";
import { OpenParts } from "./open-parts.ts";
import { openSite, type Site, type SiteOptions } from "./open-site.ts";
import { requireServices } from "./services.ts";
import { startScoring } from "./start-scoring.ts";

/** A worker, running in this process. */
export interface Working {
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
    const site = await openSite(options, parts);
    await startWorking(options, site, parts);
    return { place: site.place, stop: (graceMs) => parts.close(graceMs) };
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
      if (event.kind === "fault") onFault(`outbox: ${event.reason}`);
      if (event.kind === "failed")
        onFault(`${event.row.sink}: trace ${event.row.traceId} was not delivered: ${event.reason}`);
      if (event.kind === "retry")
        onFault(`${event.row.sink}: trace ${event.row.traceId} is sent again later: ${event.reason}`);
    },
  });
  parts.opened(() => Promise.all(config.sinks.map((sink) => sink.close())));
  parts.opened((graceMs) => delivery.stop(graceMs));
  const wakeDelivery = () => delivery.wake();
  const scoring = await startScoring({ ...options, ...site, onFault, wakeDelivery });
  parts.opened((graceMs) => scoring.stop(graceMs));
}
