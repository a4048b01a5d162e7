import { contentHash } from "../../src/core/ids.ts";

/** How much is sent through what, and what happens meanwhile. Times in ms. */
export interface ChaosSize {
  readonly traces: number;
  readonly receivers: number;
  readonly workers: number;
  /** Workers killed with SIGKILL. */
  readonly kills: number;
  readonly redisRestarts: number;
  readonly postgresRestarts: number;
  /** How long the sink is away, and how long Redis and PostgreSQL stay down. */
  readonly sinkDownMs: number;
  readonly serviceDownMs: number;
  /** Traces sent and not yet shown to a judge, at the most: the sender waits, so that it sends while things break. */
  readonly ahead: number;
  /** How long everything is left running when all is done, for what would come twice. */
  readonly settleMs: number;
}

/** The whole: what `npm run chaos` does. Settling outlasts every lease there is, 60 s. */
export const FULL: ChaosSize = {
  traces: 10_000,
  receivers: 2,
  workers: 4,
  kills: 20,
  redisRestarts: 3,
  postgresRestarts: 1,
  sinkDownMs: 60_000,
  serviceDownMs: 3_000,
  ahead: 500,
  settleMs: 75_000,
};

/** `--short`: what CI does. */
export const SHORT: ChaosSize = {
  traces: 600,
  receivers: 2,
  workers: 2,
  kills: 4,
  redisRestarts: 1,
  postgresRestarts: 1,
  sinkDownMs: 5_000,
  serviceDownMs: 1_500,
  ahead: 120,
  settleMs: 10_000,
};

/** At what a worker is killed: its call has reached the judge, was answered, its scores have reached the sink, were taken. */
export type KillMoment = "asked" | "answered" | "delivering" | "delivered";

/** What happens once so many traces have been shown to a judge. */
export type ChaosEvent = { readonly at: number } & (
  | { readonly kind: "kill"; readonly moment: KillMoment; readonly skip: number }
  | { readonly kind: "redis"; readonly signal: "SIGTERM" | "SIGKILL" }
  | { readonly kind: "postgres"; readonly mode: "immediate" | "fast" }
  | { readonly kind: "sink" }
);

/** A number from 0 to 1 that looks random and follows from its names. */
export function drawn(...names: readonly (string | number)[]): number {
  return Number.parseInt(contentHash(names, 12), 16) / 2 ** 48;
}

/** Share of the traces before which everything has begun, so that there is traffic to break. */
const LAST = 0.85;

const MOMENTS: readonly KillMoment[] = ["asked", "answered", "delivering", "delivered"];

/** What happens when, in order. The same seed and size give the same plan. */
export function planOf(size: ChaosSize, seed: number): readonly ChaosEvent[] {
  const places = (kind: string, count: number) =>
    Array.from({ length: count }, (_, index) => {
      // One in each of as many equal stretches, somewhere in its middle.
      const place = (index + 0.2 + 0.6 * drawn(seed, kind, index)) / count;
      return Math.round(size.traces * (0.03 + place * (LAST - 0.03)));
    });
  const kills = places("kill", size.kills).map((at, index): ChaosEvent => {
    const moment = MOMENTS[Math.floor(drawn(seed, "moment", index) * MOMENTS.length)] ?? "asked";
    return { at, kind: "kill", moment, skip: Math.floor(drawn(seed, "skip", index) * 8) };
  });
  const redis = places("redis", size.redisRestarts).map((at, index): ChaosEvent => {
    return { at, kind: "redis", signal: index % 2 === 0 ? "SIGKILL" : "SIGTERM" };
  });
  const postgres = places("postgres", size.postgresRestarts).map((at): ChaosEvent => {
    return { at, kind: "postgres", mode: "immediate" };
  });
  const sink = places("sink", 1).map((at): ChaosEvent => ({ at, kind: "sink" }));
  return [...kills, ...redis, ...postgres, ...sink].toSorted((a, b) => a.at - b.at);
}
