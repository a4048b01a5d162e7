import type { Clock } from "../core/clock.ts";
import type { IdleSession, Store } from "../core/store.ts";
import { type Repeating, repeat } from "./repeat.ts";
import type { ScoredSession } from "./score-session.ts";

/** Options of {@link startSessions}. Times in ms. */
export interface SessionLoopOptions {
  readonly store: Pick<Store, "idleSessions">;
  readonly clock: Clock;
  /** Quiet time after which a session is scored. */
  readonly idleMs: number;
  /** Sessions that have been idle for longer are left alone, so that a new scorer does not judge the past. Default 24 hours. */
  readonly forgetMs?: number;
  /** Time between two looks. Default a quarter of `idleMs`, 60,000 at the most. */
  readonly everyMs?: number;
  /** Sessions taken at once. Default 50. */
  readonly atOnce?: number;
  /** `tries`: how often it was tried, this time included; counted by this process alone. */
  readonly score: (session: IdleSession, signal: AbortSignal, tries: number) => Promise<ScoredSession>;
  /** Told of a fault; the next look tries again. Must not throw. */
  readonly onFault?: (error: unknown) => void;
}

/** A session that is tried again at a time, Unix ms, and the tries it has had. */
interface NextTry {
  readonly at: number;
  readonly tries: number;
}

const DAY_MS = 86_400_000;

/** Scores sessions when they have been idle. Any number of processes may do so on one store. */
export function startSessions(options: SessionLoopOptions): Repeating {
  const { idleMs, everyMs = Math.max(50, Math.min(60_000, idleMs / 4)), onFault = () => {} } = options;
  const nextTries = new Map<string, NextTry>();
  return repeat((signal) => scoreIdle(options, nextTries, signal), { everyMs, onFault });
}

async function scoreIdle(
  options: SessionLoopOptions,
  nextTries: Map<string, NextTry>,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock, idleMs, forgetMs = DAY_MS, atOnce = 50, onFault = () => {} } = options;
  const now = clock.now();
  const tried = new Map<string, number>();
  for (const [sessionId, { at, tries }] of nextTries) {
    if (at > now) continue;
    nextTries.delete(sessionId);
    tried.set(sessionId, tries);
  }
  // Those that wait are among the longest idle, so they are asked for on top.
  const limit = atOnce + nextTries.size;
  const idle = await store.idleSessions({ before: now - idleMs, after: now - idleMs - forgetMs, limit });
  for (const session of idle) {
    if (signal.aborted) return;
    const { sessionId } = session;
    if (nextTries.has(sessionId)) continue;
    const before = tried.get(sessionId) ?? 0;
    try {
      const { retryAt, wasTry } = await options.score(session, signal, before + 1);
      if (retryAt !== null) nextTries.set(sessionId, { at: retryAt, tries: before + (wasTry ? 1 : 0) });
    } catch (error) {
      if (signal.aborted) return;
      // One that breaks must not keep the others from their turn.
      nextTries.set(sessionId, { at: clock.now() + idleMs, tries: before });
      onFault(error);
    }
  }
}
