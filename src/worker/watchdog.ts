import { url as inspectorUrl } from "node:inspector";
import { Worker } from "node:worker_threads";

import { isObject } from "../core/json.ts";
import { WATCHDOG_THREAD, type WatchdogData } from "./watchdog-thread.ts";

/** Code that kept the processor for too long and was interrupted. */
export interface Interruption {
  /** Unix ms at which it was known. */
  readonly at: number;
  readonly heldMs: number;
  /** File URL and line; null when it is nobody's file. */
  readonly place: string | null;
}

/** Options of {@link startWatchdog}. */
export interface WatchdogOptions {
  /** How long the event loop may stand still before the code at work is interrupted, ms. */
  readonly stuckMs: number;
  /** Must not throw. */
  readonly onInterrupted: (interruption: Interruption) => void;
}

/** A running watchdog. */
export interface Watchdog {
  /** Says that work goes on although the event loop does not turn. Costs nothing. */
  beat(): void;
  stop(): Promise<void>;
}

const TICKS = 20;

/**
 * Watches this thread from another one. A scorer that loops after its first `await` would hang the whole process: no
 * timer fires, so nothing inside can end it. The watchdog interrupts the callback that is at work, which never settles
 * what waits for it; everything else goes on. A process that cannot even be interrupted is killed.
 *
 * Does nothing while a debugger is attached, which stops the event loop by intent.
 */
export async function startWatchdog({ stuckMs, onInterrupted }: WatchdogOptions): Promise<Watchdog> {
  const beats = new Int32Array(new SharedArrayBuffer(4));
  const beat = () => void Atomics.add(beats, 0, 1);
  if (inspectorUrl() !== undefined) return { beat, stop: async () => {} };
  const tickMs = Math.max(10, Math.ceil(stuckMs / TICKS));
  const workerData: WatchdogData = {
    beats: beats.buffer,
    tickMs,
    stuckTicks: TICKS,
    protectedUrls: ["../store/", "../redis/"].map((path) => new URL(path, import.meta.url).href),
  };
  const thread = new Worker(WATCHDOG_THREAD, { eval: true, workerData });
  thread.on("message", (message: unknown) => {
    if (!isObject(message) || typeof message.heldMs !== "number") return;
    const place = typeof message.place === "string" ? message.place : null;
    onInterrupted({ at: Date.now(), heldMs: message.heldMs, place });
  });
  // Without its watchdog the process works on as it did before there was one.
  thread.on("error", () => {});
  const heart = setInterval(beat, tickMs);
  heart.unref();
  thread.unref();
  return {
    beat,
    async stop() {
      clearInterval(heart);
      await thread.terminate();
    },
  };
}
