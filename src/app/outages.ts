import type { Clock } from "../core/clock.ts";
import type { AwayService } from "../core/errors.ts";
import { pause } from "../pipeline/repeat.ts";
import { within } from "../pipeline/within.ts";
import type { Consequences } from "./outage-words.ts";
import type { FaultDetails, TellFault } from "./site-events.ts";

type Service = AwayService["service"];

/** Asks a service something small; rejects, or takes long, when it is away. */
export type ServiceProbes = { readonly [service in Service]?: () => Promise<unknown> };

/** Options of {@link Outages}. */
export interface OutagesOptions {
  /** Where the sentences go. */
  readonly tell: TellFault;
  /** What a process without this service does meanwhile. */
  readonly consequences: Consequences;
  readonly clock: Clock;
  /** Least time between two reminders, ms. Default 30,000. */
  readonly remindMs?: number;
  /** Time between two looks, and what a look may take, ms. Default 1,000. */
  readonly lookMs?: number;
}

interface Outage {
  readonly away: AwayService;
  readonly since: number;
  /** Null: it may still be no more than one broken connection. */
  toldAt: number | null;
  /** Tells of the first fault itself, until something was told. */
  tellFirst: (() => void) | null;
  /** Not listed. */
  faults: number;
  /** Of the last one, on a count of its own: what was asked before it proves nothing. */
  last: number;
}

/**
 * Everything that needs a service fails while it is away, many times a second. This makes three sentences of that: that it is away,
 * now and then that it still is, and that it is back. Other faults pass.
 */
export class Outages {
  readonly #options: OutagesOptions;
  readonly #open = new Map<Service, Outage>();
  readonly #looking = new Set<Promise<void>>();
  readonly #stopped = new AbortController();
  #probes: ServiceProbes = {};

  constructor(options: OutagesOptions) {
    this.#options = options;
  }

  /** How services are asked whether they are back, as soon as that is known. */
  watch(probes: ServiceProbes): void {
    this.#probes = probes;
  }

  /** Tells of a fault, unless it is one of many. */
  fault(message: string, { away, ...details }: FaultDetails): void {
    const outage = this.#outageOf(away, details);
    if (outage !== undefined) {
      outage.faults += 1;
      outage.last += 1;
      return;
    }
    const tell = () => this.#options.tell(message, details);
    const probe = away && this.#probes[away.service];
    if (away === undefined || probe === undefined || this.#stopped.signal.aborted) {
      tell();
      return;
    }
    const now = this.#options.clock.now();
    const opened: Outage = { away, since: now, toldAt: null, tellFirst: tell, faults: 1, last: 1 };
    this.#open.set(away.service, opened);
    const looking = this.#look(opened, probe);
    this.#looking.add(looking);
    looking.finally(() => this.#looking.delete(looking));
  }

  /** Asks nobody any more. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#looking);
  }

  #outageOf(away: AwayService | undefined, { part, code }: FaultDetails): Outage | undefined {
    if (away !== undefined) return this.#open.get(away.service);
    // The outbox tells its faults as sentences only.
    return part === "store" && code === "unavailable" ? this.#open.get("PostgreSQL") : undefined;
  }

  async #look(outage: Outage, probe: () => Promise<unknown>): Promise<void> {
    const { lookMs = 1_000 } = this.#options;
    const { signal } = this.#stopped;
    // One at a time: each may hold a connection while the service hangs.
    let asked: { readonly last: number; readonly answers: Promise<boolean> } | null = null;
    while (!signal.aborted) {
      const startedAt = performance.now();
      asked ??= { last: outage.last, answers: answersOf(probe) };
      const { last, answers } = asked;
      const isThere = (await within(answers, lookMs)) ? await answers : null;
      if (signal.aborted) break;
      if (isThere !== null) asked = null;
      if (isThere && outage.last === last) {
        this.#open.delete(outage.away.service);
        if (outage.toldAt === null) tellFirst(outage);
        else this.#tellBack(outage);
        return;
      }
      // Connections that broke together are one fault. What still fails a look later is away for us, whatever it answers: one
      // master of a cluster, for example.
      if (isThere && outage.tellFirst !== null) tellFirst(outage);
      else this.#tellAway(outage);
      await pause(Math.max(0, lookMs - (performance.now() - startedAt)), signal);
    }
    tellFirst(outage);
  }

  #tellAway(outage: Outage): void {
    const { consequences, clock, remindMs = 30_000 } = this.#options;
    const { service, address, reason } = outage.away;
    const now = clock.now();
    if (outage.toldAt === null) {
      this.#say(service, `${service} at ${address} does not answer: ${reason}; ${consequences[service]}`);
    } else if (now - outage.toldAt >= remindMs) {
      const text = `${service} at ${address} still does not answer, for ${seconds(now - outage.since)} now (${outage.faults} faults because of that); ${consequences[service]}`;
      this.#say(service, text);
    } else return;
    outage.toldAt = now;
    outage.tellFirst = null;
  }

  #tellBack({ away: { service, address }, since, faults }: Outage): void {
    const awayFor = seconds(this.#options.clock.now() - since);
    this.#say(
      service,
      `${service} at ${address} is back; it was away for ${awayFor} (${faults} faults because of that)`,
    );
  }

  #say(service: Service, text: string): void {
    this.#options.tell(text, { part: service === "Redis" ? "queue" : "store", code: "unavailable" });
  }
}

/** Of a connection that broke although the service is there. */
function tellFirst(outage: Outage): void {
  outage.tellFirst?.();
  outage.tellFirst = null;
}

function answersOf(probe: () => Promise<unknown>): Promise<boolean> {
  return probe().then(
    () => true,
    () => false,
  );
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`;
}
