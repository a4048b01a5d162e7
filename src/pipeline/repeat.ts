import { setTimeout as sleep } from "node:timers/promises";

/** Options of {@link repeat}. */
export interface RepeatOptions {
  /** From the end of one round to the beginning of the next, ms. */
  readonly everyMs: number;
  /** Told of what a round throws; the next one comes all the same. Must not throw. */
  readonly onFault: (error: unknown) => void;
}

/** Rounds that go on until somebody stops them. They alone do not keep the process alive. */
export interface Repeating {
  /** Ends a pause at once; resolves when no round is under way. */
  stop(): Promise<void>;
}

/**
 * Runs a round again and again, the first one now, never two at the same time. What a round throws after it was told to
 * stop is no fault: the stop broke it off.
 *
 * @param round does a piece of the work and ends early when `signal` fires. It is the same signal in every round.
 */
export function repeat(
  round: (signal: AbortSignal) => Promise<void>,
  { everyMs, onFault }: RepeatOptions,
): Repeating {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async () => {
    while (!signal.aborted) {
      try {
        await round(signal);
      } catch (error) {
        if (!signal.aborted) onFault(error);
      }
      await pause(everyMs, signal);
    }
  };
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Resolves after so many ms, or when the signal fires. Does not keep the process alive. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => {});
}
