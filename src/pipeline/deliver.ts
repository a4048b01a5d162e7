import { messageOf, TracegateError } from "../core/errors.ts";
import type { Sink } from "../core/sink.ts";
import { newHolder } from "../store/lease-holder.ts";
import { type LaneOptions, SinkLane } from "./sink-lane.ts";
import { within } from "./within.ts";

export type { DeliveryEvent } from "./sink-lane.ts";

/** Options of {@link startDelivery}. */
export interface DeliveryOptions extends LaneOptions {
  /** Not closed by the loop: whoever opened them closes them after {@link DeliveryLoop.stop}. */
  readonly sinks: readonly Sink[];
}

/** The running outbox loop. */
export interface DeliveryLoop {
  /** New rows may be there. Cheap; call it after every saved trace. */
  wake(): void;
  /** Resolves once nothing is under way and nothing is due; rows that wait for their next try do not count. */
  drain(): Promise<void>;
  /** Takes no new row, gives those under way `graceMs`, then aborts them; they stay in the outbox. */
  stop(graceMs: number): Promise<void>;
}

/** Rows without a sink that are looked at together. */
const STRAYS = 256;

/**
 * Starts writing scored traces to the sinks: leases what is due in the outbox, writes one trace per request
 * and acknowledges it at once, so that after a SIGKILL only what was under way is sent again. Any number of
 * processes may do so on one store; a row is with one of them at a time.
 *
 * Failures that may pass are tried again after {@link backoffMs} or at the time the sink names, without
 * end; permanent ones are recorded with their reason. A revision that a newer one has replaced counts as
 * delivered. Two revisions of a trace are never under way to one sink together.
 */
export function startDelivery(options: DeliveryOptions): DeliveryLoop {
  const loop = new OutboxLoop(options);
  loop.wake();
  return loop;
}

class OutboxLoop implements DeliveryLoop {
  readonly #options: DeliveryOptions;
  readonly #holder = newHolder();
  readonly #abort = new AbortController();
  readonly #lanes: readonly SinkLane[];
  readonly #strays: Promise<void>;
  #stopped = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    const setting = { ...options, holder: this.#holder, stopSignal: this.#abort.signal };
    this.#lanes = options.sinks.map((sink) => new SinkLane(sink, setting));
    this.#strays = this.#explainStrays().catch((error: unknown) =>
      options.onEvent?.({ kind: "fault", reason: messageOf(error) }),
    );
  }

  wake(): void {
    for (const lane of this.#lanes) lane.wake();
  }

  async drain(): Promise<void> {
    await Promise.all([this.#strays, ...this.#lanes.map((lane) => lane.drain())]);
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    const settled = Promise.all([this.#strays, ...this.#lanes.map((lane) => lane.stop())]);
    if (!(await within(settled, graceMs))) {
      this.#abort.abort(new TracegateError("unavailable", "Delivery was stopped.", { retryable: true }));
      // A sink that ignores the abort must not hold up the end of the process.
      await within(settled, 1_000);
    }
    // Where this fails, the leases end by themselves.
    await this.#options.store.releaseDeliveries(this.#holder).catch(() => {});
  }

  /** Says, once per start, of rows whose sink is not configured here why they wait. Another process may have it. */
  async #explainStrays(): Promise<void> {
    const { store, clock, sinks, leaseMs = 60_000 } = this.#options;
    const seen = new Set<number>();
    while (!this.#stopped) {
      const now = clock.now();
      const lease = { holder: this.#holder, leaseMs, otherThan: sinks.map((sink) => sink.name) };
      const rows = (await store.outbox(now, STRAYS, lease)).filter((row) => !seen.has(row.id));
      if (rows.length === 0) break;
      for (const row of rows) {
        seen.add(row.id);
        const reason = `No sink named "${row.sink}" is configured. Add it again, or leave the delivery waiting.`;
        await store.deliveryFailed(row, reason, now, now + 1);
      }
    }
  }
}
