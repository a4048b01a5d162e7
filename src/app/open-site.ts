import type { Config } from "../config/schema.ts";
import { systemClock } from "../core/clock.ts";
import { messageOf } from "../core/errors.ts";
import type { Limiter } from "../core/limiter.ts";
import type { Queue } from "../core/queue.ts";
import type { Store } from "../core/store.ts";
import type { TraceBuffer } from "../core/trace-buffer.ts";
import { type Assembler, startAssembler } from "../pipeline/assemble.ts";
import { Pressure } from "../pipeline/pressure.ts";
import { Urgency } from "../pipeline/urgency.ts";
import { openLimiter } from "./open-limiter.ts";
import type { OpenParts } from "./open-parts.ts";
import { openQueue } from "./open-queue.ts";
import { openState } from "./open-state.ts";
import type { Place } from "./services.ts";
import { detailsOf, type SiteEvents } from "./site-events.ts";

/** Options of the processes that run: `up`, `receive` and `work`. */
export interface SiteOptions extends Place, SiteEvents {
  readonly config: Config;
}

/** What both halves work on: where spans and jobs wait, and where scores are kept. */
export interface Site {
  readonly store: Store;
  readonly buffer: TraceBuffer;
  readonly queue: Queue;
  readonly queueKind: "embedded" | "BullMQ";
  /** Through which all calls of judges go. */
  readonly limiter: Limiter;
  /** Where all that is, for people. */
  readonly place: string;
  /**
   * Takes spans in and queues what is complete. In a worker too: jobs of other programs bring spans, and what receivers
   * that died have left behind must still be queued.
   */
  readonly assembler: Assembler;
  /** Whether new spans are refused. */
  readonly pressure: Pick<Pressure, "isHigh">;
}

/** How often each process looks for what another one left behind, ms. */
const SWEEP_MS = 5_000;
/** Least time between two rounds of sealing in a shared buffer, ms. */
const ROUND_MS = 100;

/** Opens what both halves work on. What is open when it throws is in `parts`. */
export async function openSite(options: SiteOptions, parts: OpenParts): Promise<Site> {
  const { config, onFault = () => {} } = options;
  const state = await openState(config, options, { role: "run", onFault });
  parts.opened(() => state.close());
  const { kind, queue } = await openQueue(state, options);
  parts.opened(() => queue.close());
  const limiter = await openLimiter(options);
  parts.opened(() => limiter.close());
  const pressure = new Pressure({
    buffer: state.buffer,
    queue,
    limits: config.overload,
    clock: systemClock,
    onChange: (why) =>
      onFault(why === null ? "spans are taken again" : `spans are refused: ${why}`, {
        part: "assembler",
        code: "overloaded",
      }),
  });
  const assembler = await startAssembler({
    pressure,
    urgency: new Urgency(typeof config.sampling === "object" ? config.sampling : {}),
    buffer: state.buffer,
    queue,
    policy: config.completion,
    clock: systemClock,
    ...(state.isShared && { sweepEveryMs: SWEEP_MS, roundEveryMs: ROUND_MS }),
    onEvent(event) {
      if (event.kind === "sealed") for (const trace of event.traces) options.onCompleted?.(trace);
      else
        onFault(
          `assembling failed and is tried again in ${event.retryInMs} ms: ${messageOf(event.error)}`,
          detailsOf("assembler", event.error),
        );
    },
  });
  parts.opened(() => assembler.stop());
  const { store, buffer, place } = state;
  return { store, buffer, queue, queueKind: kind, place, assembler, pressure, limiter };
}
