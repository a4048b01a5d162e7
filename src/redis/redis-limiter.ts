import { setTimeout as sleep } from "node:timers/promises";

import type { Clock } from "../core/clock.ts";
import { TracegateError } from "../core/errors.ts";
import { contentHash } from "../core/ids.ts";
import type { ProviderLimits } from "../core/judge.ts";
import {
  askLaneAgain,
  enterLane,
  type LaneState,
  type LaneStep,
  newLane,
  pauseLane,
  settleInLane,
} from "../core/lane-state.ts";
import type { CallTokens, LaneRules, Limiter, Ticket, Turn } from "../core/limiter.ts";
import type { RedisClient } from "./connect.ts";
import { redisFault } from "./redis-fault.ts";
import { listOf, numberOf, textOf } from "./reply.ts";

/** What {@link RedisLimiter} works with; `openRedisLimiter` says what each is for. */
export interface RedisLimiterSettings {
  readonly redis: RedisClient;
  readonly prefix: string;
  readonly rules: LaneRules;
  /** Default: the server's, so that the clocks of workers need not agree. */
  readonly clock?: Clock;
  /** This process's own clock, by which it waits. */
  readonly localClock: Clock;
}

/** One thing to be done to a lane, with the time it is there. */
interface Wish {
  /** Does it, and gives what tells its caller once it is kept. */
  readonly run: (state: LaneState, now: number) => { readonly state: LaneState; readonly tell: () => void };
  readonly fail: (error: unknown) => void;
}

/** A lane as this process knows it. */
interface Lane {
  readonly key: string;
  version: string;
  state: LaneState | null;
  wishes: Wish[];
  isBusy: boolean;
}

/** A lane that nobody uses is forgotten after a day; then it begins as a new one. */
const KEEP_MS = 24 * 3_600_000;
const TRIES = 100;

/**
 * {@link Limiter} in Redis, for any number of processes. What happens to a lane is decided by the same functions as in one process
 * (`core/lane-state.ts`), on a version that a script replaces only if nobody was faster. All wishes of a process that wait at
 * the same time go in one round, so that only processes compete, and not calls.
 */
export class RedisLimiter implements Limiter {
  readonly #settings: RedisLimiterSettings;
  readonly #lanes = new Map<string, Lane>();
  /** The server's time less ours, ms. */
  #ahead = 0;

  constructor(settings: RedisLimiterSettings) {
    this.#settings = settings;
  }

  async enter(lane: string, need: CallTokens, patience: number): Promise<Turn> {
    const { rules } = this.#settings;
    const turn = await this.#wish(lane, (state, now) =>
      enterLane(state, rules, { need, patience: patience + this.#ahead, now }),
    );
    return this.#local(turn);
  }

  async again(lane: string, ticket: Ticket): Promise<Turn> {
    const turn = await this.#wish(lane, (state, now) =>
      askLaneAgain(state, this.#settings.rules, { ticket, now }),
    );
    return this.#local(turn);
  }

  async settle(
    lane: string,
    ticket: Ticket,
    used: CallTokens | null,
    limits?: ProviderLimits,
  ): Promise<void> {
    const done = { ticket, used, ...(limits && { limits }) };
    await this.#wish(lane, (state, now) => settleInLane(state, this.#settings.rules, { ...done, now }));
  }

  async pause(lane: string, until: number): Promise<void> {
    await this.#wish(lane, (state) => pauseLane(state, until + this.#ahead));
  }

  async close(): Promise<void> {
    this.#settings.redis.disconnect();
  }

  /** Times of the lane are the server's; callers wait by their own clock. A slot goes back as it came. */
  #local(turn: Turn): Turn {
    return turn.state === "go" ? turn : { ...turn, until: turn.until - this.#ahead };
  }

  #wish<Result>(name: string, change: (state: LaneState, now: number) => LaneStep<Result>): Promise<Result> {
    const lane = this.#lane(name);
    return new Promise((resolve, reject) => {
      lane.wishes.push({
        run: (before, now) => {
          const { state, result } = change(before, now);
          return { state, tell: () => resolve(result) };
        },
        fail: reject,
      });
      if (!lane.isBusy) void this.#serve(lane);
    });
  }

  #lane(name: string): Lane {
    const known = this.#lanes.get(name);
    if (known !== undefined) return known;
    // The number is that of the state's form: processes of an older version have lanes of their own.
    const key = `{${this.#settings.prefix}:lane1:${contentHash(name, 16)}}`;
    const lane: Lane = { key, version: "", state: null, wishes: [], isBusy: false };
    this.#lanes.set(name, lane);
    return lane;
  }

  async #serve(lane: Lane): Promise<void> {
    lane.isBusy = true;
    while (lane.wishes.length > 0) {
      const wishes = lane.wishes.splice(0);
      try {
        for (const tell of await this.#fulfil(lane, wishes)) tell();
      } catch (error) {
        for (const { fail } of wishes) fail(error);
      }
    }
    lane.isBusy = false;
  }

  async #fulfil(lane: Lane, wishes: readonly Wish[]): Promise<readonly (() => void)[]> {
    if (lane.version === "") await this.#swap(lane, "");
    for (let tries = 1; tries <= TRIES; tries += 1) {
      const now = this.#now();
      let state = lane.state ?? newLane(this.#settings.rules, now);
      const tells = wishes.map(({ run }) => {
        const done = run(state, now);
        state = done.state;
        return done.tell;
      });
      if (await this.#swap(lane, JSON.stringify(state))) {
        lane.state = state;
        return tells;
      }
      // Somebody else was faster. The more often, the longer both step aside.
      if (tries > 3) await sleep(Math.random() * Math.min(tries, 20));
    }
    const message = `Redis: a lane of judge calls was changed by others ${TRIES} times in a row. It is tried again; fewer workers, each with more concurrency, ask less of it.`;
    throw new TracegateError("unavailable", message, { retryable: true });
  }

  /** True when the state was kept; else the lane is read anew. */
  async #swap(lane: Lane, state: string): Promise<boolean> {
    const { redis, localClock, clock } = this.#settings;
    try {
      const sentAt = localClock.now();
      const reply = listOf(await redis.tracegateLane(lane.key, lane.version, state, KEEP_MS));
      const [kept, version, there, time] = [numberOf(reply[0]), textOf(reply[1]), textOf(reply[2]), reply[3]];
      if (clock === undefined) this.#ahead = numberOf(time) - (sentAt + localClock.now()) / 2;
      lane.version = version;
      if (kept === 0) lane.state = there === "" ? null : JSON.parse(there);
      return kept === 1;
    } catch (error) {
      lane.version = "";
      throw redisFault(redis, "asking for a place in a lane", error);
    }
  }

  #now(): number {
    const { clock, localClock } = this.#settings;
    return clock === undefined ? localClock.now() + this.#ahead : clock.now();
  }
}
