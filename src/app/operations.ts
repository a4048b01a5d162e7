import { systemClock } from "../core/clock.ts";
import type { IngestCounts } from "../core/ingest-counts.ts";
import { DEFAULT_LIMITS } from "../receiver/limits.ts";
import { listen } from "../receiver/listen.ts";
import { checkToken, requireTokenBeyondLoopback } from "../receiver/require-token.ts";
import { EventMetrics } from "../server/event-metrics.ts";
import { IngestMetrics } from "../server/ingest-metrics.ts";
import { setLevels } from "../server/level-metrics.ts";
import { metricSet } from "../server/metric-set.ts";
import { operationPages, type Pages } from "../server/pages.ts";
import { serverApp } from "../server/server-app.ts";
import { SiteProbe } from "../server/site-probe.ts";
import type { OpenParts } from "./open-parts.ts";
import type { Site, SiteOptions } from "./open-site.ts";
import { outageWords } from "./outage-words.ts";
import { Outages } from "./outages.ts";
import { tokenNamed } from "./token-named.ts";
import { version } from "./version.ts";

/** A running process seen from outside: its metrics and its pages. */
export class Operations {
  readonly #options: SiteOptions;
  readonly #metrics = metricSet();
  readonly #events = new EventMetrics(this.#metrics);
  readonly #outages: Outages;
  #ingest: IngestMetrics | null = null;

  /** @param command what the process was started as */
  constructor(options: SiteOptions, command: string) {
    this.#options = options;
    this.#metrics.info.set({ version: version(), command }, 1);
    const { onFault = () => {} } = options;
    const consequences = outageWords(command, options);
    this.#outages = new Outages({ tell: onFault, consequences, clock: systemClock });
  }

  /** The options with every event counted too. */
  get options(): SiteOptions {
    const given = this.#options;
    const events = this.#events;
    const outages = this.#outages;
    return {
      ...given,
      onCompleted(trace) {
        events.completed(trace.traceId, trace.reason);
        given.onCompleted?.(trace);
      },
      onScored(result, again) {
        events.scored(result.trace, result.scores, again);
        given.onScored?.(result, again);
      },
      onWorked(job, durationMs) {
        events.worked(job.traceId, durationMs);
        given.onWorked?.(job, durationMs);
      },
      onDelivery(delivery) {
        events.delivered(delivery.sink, delivery.outcome, delivery.traceId);
        given.onDelivery?.(delivery);
      },
      onFault(message, details) {
        events.fault(details.part, details.code, details.traceId);
        outages.fault(message, details);
      },
      watchJudge: (judge) => events.watch(given.watchJudge?.(judge) ?? judge),
    };
  }

  /** Asks services that are away whether they are back. Call it when the site has just been opened. */
  watch({ queue, store }: Pick<Site, "queue" | "store">, parts: OpenParts): void {
    this.#outages.watch({ Redis: () => queue.counts(), PostgreSQL: () => store.pauses() });
    parts.opened(() => this.#outages.stop());
  }

  /** Counts what a receiver takes. */
  follow(read: () => IngestCounts): void {
    this.#ingest = new IngestMetrics(this.#metrics, read);
  }

  /** `/readyz` and `/metrics` of a site. */
  pages(site: Site): Pages {
    const metrics = this.#metrics;
    const probe = new SiteProbe(site);
    const refresh = async () => {
      this.#ingest?.update();
      metrics.overloaded.set(site.pressure.isHigh ? 1 : 0);
      setLevels(metrics, await probe.levels(), systemClock.now());
    };
    return operationPages({ metrics, probe, refresh });
  }

  /**
   * Opens a port of its own for them where the configuration has one.
   *
   * @returns its URL; null without one
   * @throws TracegateError `config` when it is open to the network without a token, or cannot be had
   */
  async listen(pages: Pages, parts: OpenParts): Promise<string | null> {
    const { config, environment } = this.#options;
    if (config.server === undefined) return null;
    const { host, port } = config.server;
    const token = tokenNamed("server.tokenEnv", config.server.tokenEnv, environment);
    requireTokenBeyondLoopback(host, token, "server");
    const isAllowed = (shown: Parameters<typeof checkToken>[0]) => checkToken(shown, token) === null;
    const app = () => serverApp(pages, isAllowed);
    const listener = await listen(app, { host, port, key: "server.port", limits: DEFAULT_LIMITS });
    parts.opened(() => listener.close(500));
    return listener.url;
  }
}
