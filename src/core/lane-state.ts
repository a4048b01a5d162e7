import type { ProviderLimits } from "./judge.ts";
import {
  type CallTokens,
  type LaneRules,
  METERS,
  type MeterName,
  type PerMeter,
  type Ticket,
  type Turn,
} from "./limiter.ts";

/** What has been taken and what has become free since the lane began; their difference is what is left, or owed. */
interface Meter {
  readonly taken: number;
  readonly free: number;
  /** Per window, as the provider last said; null: it has not. */
  readonly learned: number | null;
}

/** Where a lane stands; plain data, so that any adapter can keep it. Times are Unix ms. */
export interface LaneState {
  /** Up to here the meters are counted. */
  readonly at: number;
  readonly pausedUntil: number;
  /** The next start is not before. */
  readonly nextStart: number;
  /** Up to here those who could not wait have been told to come back. */
  readonly appointment: number;
  readonly meters: { readonly [Name in MeterName]: Meter };
}

/** A lane after something was done to it, and what came of that. */
export interface LaneStep<Result> {
  readonly state: LaneState;
  readonly result: Result;
}

/**
 * What may be saved up while nobody asks, as a share of a window. Small enough that a provider which counts by the minute
 * sees hardly more than its limit in any of them; large enough to make up for a pause of ten seconds.
 */
const SAVED_SHARE = 1 / 6;
/** How much faster than the limit calls may start while saved ones are spent: no herd after a pause. */
const PEAK = 3;

const NOTHING: Meter = { taken: 0, free: 0, learned: null };

/** A lane nobody has used: what may be saved up is. */
export function newLane(rules: LaneRules, now: number): LaneState {
  const meters = { requests: NOTHING, tokens: NOTHING, inputTokens: NOTHING, outputTokens: NOTHING };
  const state = { at: now, pausedUntil: 0, nextStart: 0, appointment: 0, meters };
  return withMeters(state, (name, meter) => ({
    ...meter,
    free: (rateOf(meter, name, rules) ?? 0) * windowOf(rules) * SAVED_SHARE,
  }));
}

/** `Limiter.enter`. */
export function enterLane(
  before: LaneState,
  rules: LaneRules,
  {
    need: tokens,
    patience,
    now,
  }: { readonly need: CallTokens; readonly patience: number; readonly now: number },
): LaneStep<Turn> {
  const state = accrue(before, rules, now);
  const need = needOf(tokens);
  const position = perMeter((name) => state.meters[name].taken + need[name]);
  const until = Math.max(state.pausedUntil, freeAt(state, rules, position, now));
  if (until > patience) {
    const appointment = Math.max(state.appointment, until);
    const next = appointment + longestOf(state, rules, need);
    return {
      state: { ...state, appointment: next },
      result: { state: "later", until: Math.ceil(appointment) },
    };
  }
  const joined = withMeters(state, (name, meter) => {
    const isLimited = rateOf(meter, name, rules) !== null;
    // Without a limit everything is free at once, and nothing is saved up for the day one is learned.
    return { ...meter, taken: position[name], free: isLimited ? meter.free : position[name] };
  });
  return turnOf(joined, rules, { need, position, slot: null }, now);
}

/** `Limiter.again`. */
export function askLaneAgain(
  before: LaneState,
  rules: LaneRules,
  { ticket, now }: { readonly ticket: Ticket; readonly now: number },
): LaneStep<Turn> {
  return turnOf(accrue(before, rules, now), rules, ticket, now);
}

/** `Limiter.settle`. */
export function settleInLane(
  before: LaneState,
  rules: LaneRules,
  done: {
    readonly ticket: Ticket;
    readonly used: CallTokens | null;
    readonly limits?: ProviderLimits;
    readonly now: number;
  },
): LaneStep<null> {
  const { ticket, used, limits } = done;
  const state = accrue(before, rules, done.now);
  const took = used === null ? perMeter(() => 0) : needOf(used);
  const settled = withMeters(state, (name, meter) => {
    const free = meter.free + ticket.need[name] - took[name];
    const said = limits?.[name];
    const learned = said?.limit === undefined || said.limit <= 0 ? meter.learned : said.limit;
    // Others with this key have taken more than we know of.
    const most = said?.remaining === undefined ? free : meter.taken + Math.max(0, said.remaining);
    const next = { ...meter, learned, free: Math.min(free, most) };
    if (learned === meter.learned) return next;
    // What was saved up at a higher limit is no longer ours.
    const saved = (rateOf(next, name, rules) ?? 0) * windowOf(rules) * SAVED_SHARE;
    return { ...next, free: Math.min(next.free, meter.taken + saved) };
  });
  return { state: settled, result: null };
}

/** `Limiter.pause`. */
export function pauseLane(state: LaneState, until: number): LaneStep<null> {
  return { state: { ...state, pausedUntil: Math.max(state.pausedUntil, until) }, result: null };
}

/** A ticket's turn comes when all before it have had theirs, nothing is paused, and the one before has started. */
function turnOf(state: LaneState, rules: LaneRules, ticket: Ticket, now: number): LaneStep<Turn> {
  const wait = (until: number, slot: number | null = null): Turn => ({
    state: "wait",
    until: Math.ceil(until),
    ticket: { ...ticket, slot },
  });
  if (state.pausedUntil > now) return { state, result: wait(state.pausedUntil) };
  const free = freeAt(state, rules, ticket.position, now);
  if (free > now) return { state, result: wait(free) };
  if (ticket.slot !== null && ticket.slot <= now) return { state, result: { state: "go", ticket } };
  const slot = Math.max(now, state.nextStart);
  const rate = rateOf(state.meters.requests, "requests", rules);
  const next = rate === null ? state : { ...state, nextStart: slot + 1 / (PEAK * rate) };
  // A timer is no finer than this.
  const isNow = rate === null || slot < now + 1;
  return { state: next, result: isNow ? { state: "go", ticket } : wait(slot, slot) };
}

/** Unix ms at which a position is free on all meters; `now` when it is. */
function freeAt(state: LaneState, rules: LaneRules, position: PerMeter, now: number): number {
  return Math.max(
    ...METERS.map((name) => {
      const meter = state.meters[name];
      const rate = rateOf(meter, name, rules);
      // Sums of fractions: what is short by less than a thousandth is there.
      const short = position[name] - meter.free - 0.001;
      return rate === null || short <= 0 ? now : now + short / rate;
    }),
  );
}

/** How long a call keeps the slowest of the meters busy, ms. */
function longestOf(state: LaneState, rules: LaneRules, need: PerMeter): number {
  return Math.max(
    ...METERS.map((name) => {
      const rate = rateOf(state.meters[name], name, rules);
      return rate === null ? 0 : need[name] / rate;
    }),
  );
}

function accrue(state: LaneState, rules: LaneRules, now: number): LaneState {
  const passed = Math.max(0, now - state.at);
  const later = withMeters(state, (name, meter) => {
    const rate = rateOf(meter, name, rules);
    if (rate === null) return meter;
    const most = meter.taken + rate * windowOf(rules) * SAVED_SHARE;
    return { ...meter, free: Math.min(meter.free + rate * passed, Math.max(meter.free, most)) };
  });
  return { ...later, at: Math.max(state.at, now) };
}

/** Per ms; null: no limit is known. */
function rateOf(meter: Meter, name: MeterName, rules: LaneRules): number | null {
  const limits = [rules.limits?.[name], meter.learned].flatMap((limit) => limit ?? []);
  return limits.length === 0 ? null : (Math.min(...limits) * (rules.share ?? 0.99)) / windowOf(rules);
}

function windowOf({ windowMs = 60_000 }: LaneRules): number {
  return windowMs;
}

function needOf({ input, output }: CallTokens): PerMeter {
  return { requests: 1, tokens: input + output, inputTokens: input, outputTokens: output };
}

function perMeter(value: (name: MeterName) => number): PerMeter {
  return {
    requests: value("requests"),
    tokens: value("tokens"),
    inputTokens: value("inputTokens"),
    outputTokens: value("outputTokens"),
  };
}

function withMeters(state: LaneState, change: (name: MeterName, meter: Meter) => Meter): LaneState {
  const { meters } = state;
  return {
    ...state,
    meters: {
      requests: change("requests", meters.requests),
      tokens: change("tokens", meters.tokens),
      inputTokens: change("inputTokens", meters.inputTokens),
      outputTokens: change("outputTokens", meters.outputTokens),
    },
  };
}
