import type { Clock } from "../core/clock.ts";
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

/**
 * {@link Limiter} of one process. Nothing of it is kept: after a restart the first replies tell the limits again, and one
 * call that is refused tells of a pause.
 */
export class MemoryLimiter implements Limiter {
  readonly #rules: LaneRules;
  readonly #clock: Clock;
  readonly #lanes = new Map<string, LaneState>();

  constructor(rules: LaneRules, clock: Clock) {
    this.#rules = rules;
    this.#clock = clock;
  }

  async enter(lane: string, need: CallTokens, patience: number): Promise<Turn> {
    return this.#step(lane, (state, now) => enterLane(state, this.#rules, { need, patience, now }));
  }

  async again(lane: string, ticket: Ticket): Promise<Turn> {
    return this.#step(lane, (state, now) => askLaneAgain(state, this.#rules, { ticket, now }));
  }

  async settle(
    lane: string,
    ticket: Ticket,
    used: CallTokens | null,
    limits?: ProviderLimits,
  ): Promise<void> {
    this.#step(lane, (state, now) =>
      settleInLane(state, this.#rules, { ticket, used, now, ...(limits && { limits }) }),
    );
  }

  async pause(lane: string, until: number): Promise<void> {
    this.#step(lane, (state) => pauseLane(state, until));
  }

  async close(): Promise<void> {
    this.#lanes.clear();
  }

  #step<Result>(lane: string, change: (state: LaneState, now: number) => LaneStep<Result>): Result {
    const now = this.#clock.now();
    const { state, result } = change(this.#lanes.get(lane) ?? newLane(this.#rules, now), now);
    this.#lanes.set(lane, state);
    return result;
  }
}
