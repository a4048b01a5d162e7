import { BATCH_PRICE, costOf } from "../core/prices.ts";
import type { PlannedRole } from "./plan-judge.ts";

/** One call that a judge would make, in tokens. */
export interface PlannedCall {
  readonly scorer: string;
  readonly model: string;
  readonly role: PlannedRole;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Calls about one trace with the same words here begin with the same `sharedTokens`, which the provider keeps; null: it does not. */
  readonly sharedKey: string | null;
  readonly sharedTokens: number;
  /** It has the time to be asked in a batch, as configured. */
  readonly inBatch: boolean;
}

/** The calls about one trace. */
export interface PlannedTrace {
  /** The chance that judges see it, 0..1. */
  readonly weight: number;
  readonly calls: readonly PlannedCall[];
}

/** From what it costs at least to what it costs at most, USD. */
export interface UsdRange {
  readonly low: number;
  readonly high: number;
}

/** What 1,000 judged traces cost. USD is null where a model has no price: that is not nothing. */
export interface PlannedCost {
  /** Calls without a cascade: of its judges the strong one alone. */
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Every question at the full price, of a cascade the strong judge alone. */
  readonly aloneUsd: number | null;
  /** The same, what several questions share paid once. */
  readonly cachedUsd: number | null;
  /** The same as {@link aloneUsd}, sent in batches at half the price. */
  readonly batchUsd: number | null;
  /** As the judges are configured: sharing, batches, cascades and arbiters. A range where nobody knows how often the second step is asked. */
  readonly configuredUsd: UsdRange | null;
  /** Models without a price. */
  readonly unpriced: readonly string[];
}

/** What judging will cost, per scorer and altogether. */
export interface CostPlan {
  readonly scorers: ReadonlyMap<string, PlannedCost>;
  /** Sums in USD are null as soon as one part is. */
  readonly total: PlannedCost;
}

/**
 * Prices the calls that some traces would take, as a mean over them, for 1,000 traces that judges see.
 *
 * @param escalated by scorer: the share of answers that its second step (the strong judge, the arbiter) is asked for, 0..1; none where
 *   it is not known.
 */
export function planCost(
  traces: readonly PlannedTrace[],
  escalated: ReadonlyMap<string, number> = new Map(),
): CostPlan {
  const tallies = new Map<string, Tally>();
  const total = new Tally();
  let weights = 0;
  for (const { weight, calls } of traces) {
    weights += weight;
    const hasCheap = new Set(calls.flatMap(({ scorer, role }) => (role === "cheap" ? [scorer] : [])));
    const hasStrong = new Set(calls.flatMap(({ scorer, role }) => (role === "strong" ? [scorer] : [])));
    const alone = calls.filter(
      ({ scorer, role }) => role !== "arbiter" && !(role === "cheap" && hasStrong.has(scorer)),
    );
    const isFirst = ({ scorer, role }: PlannedCall) =>
      role === "always" || role === "cheap" || (role === "strong" && !hasCheap.has(scorer));
    const add = (call: PlannedCall, priced: (tally: Tally) => void) => {
      const tally = tallies.get(call.scorer) ?? new Tally();
      tallies.set(call.scorer, tally);
      for (const each of [tally, total]) priced(each);
    };
    for (const { call, full, shared } of pricedTogether(alone)) {
      add(call, (tally) => tally.addAlone(call, weight, full, shared));
    }
    const [later, now] = [true, false].map((inBatch) =>
      calls.filter((one) => isFirst(one) && one.inBatch === inBatch),
    );
    for (const { call, shared } of pricedTogether(now ?? [])) {
      add(call, (tally) => tally.addConfigured(call, weight, shared, { low: 1, high: 1 }));
    }
    // Nobody knows which of a batch are asked near enough to share what was read.
    for (const call of later ?? []) {
      add(call, (tally) => tally.addConfigured(call, weight, configuredPrice(call), { low: 1, high: 1 }));
    }
    for (const call of calls.filter((one) => !isFirst(one))) {
      // Few of them meet at one trace, so each pays for itself.
      const share = escalated.get(call.scorer);
      const range = { low: share ?? 0, high: share ?? 1 };
      add(call, (tally) => tally.addConfigured(call, weight, configuredPrice(call), range));
    }
  }
  const per = weights === 0 ? 0 : 1_000 / weights;
  const scorers = new Map([...tallies].map(([scorer, tally]) => [scorer, tally.times(per)]));
  return { scorers, total: total.times(per) };
}

interface PricedCall {
  readonly call: PlannedCall;
  /** USD; undefined: the model has no price. */
  readonly full: number | undefined;
  readonly shared: number | undefined;
}

/** Of calls that begin alike the first pays for keeping it and the others for finding it; see `share-records.ts` of judges/. */
function pricedTogether(calls: readonly PlannedCall[]): readonly PricedCall[] {
  const keyOf = ({ model, sharedKey }: PlannedCall) => `${model}\n${sharedKey}`;
  const groups = Map.groupBy(calls, keyOf);
  return calls.map((call) => {
    const full = priceOfCall(call);
    const group = groups.get(keyOf(call)) ?? [];
    if (call.sharedKey === null || group.length < 2) return { call, full, shared: full };
    const { sharedTokens } = call;
    const kept = group[0] === call ? { cacheWriteTokens: sharedTokens } : { cacheReadTokens: sharedTokens };
    return { call, full, shared: costOf(call.model, { ...usageOf(call), ...kept }) };
  });
}

function priceOfCall(call: PlannedCall): number | undefined {
  return costOf(call.model, usageOf(call));
}

function configuredPrice(call: PlannedCall): number | undefined {
  const full = priceOfCall(call);
  return full === undefined || !call.inBatch ? full : full * BATCH_PRICE;
}

function usageOf({ inputTokens, outputTokens }: PlannedCall) {
  return { inputTokens, outputTokens };
}

/** Weighted sums over the calls of one scorer, or of all. */
class Tally {
  #calls = 0;
  #inputTokens = 0;
  #outputTokens = 0;
  #alone = 0;
  #cached = 0;
  #low = 0;
  #high = 0;
  readonly #unpriced = { alone: new Set<string>(), configured: new Set<string>() };

  addAlone(call: PlannedCall, weight: number, full: number | undefined, shared: number | undefined): void {
    this.#calls += weight;
    this.#inputTokens += weight * call.inputTokens;
    this.#outputTokens += weight * call.outputTokens;
    if (full === undefined || shared === undefined) this.#unpriced.alone.add(call.model);
    this.#alone += weight * (full ?? 0);
    this.#cached += weight * (shared ?? 0);
  }

  addConfigured(call: PlannedCall, weight: number, usd: number | undefined, share: UsdRange): void {
    if (usd === undefined) this.#unpriced.configured.add(call.model);
    this.#low += weight * share.low * (usd ?? 0);
    this.#high += weight * share.high * (usd ?? 0);
  }

  times(factor: number): PlannedCost {
    const { alone, configured } = this.#unpriced;
    const known = (usd: number) => (alone.size > 0 ? null : usd * factor);
    return {
      calls: this.#calls * factor,
      inputTokens: this.#inputTokens * factor,
      outputTokens: this.#outputTokens * factor,
      aloneUsd: known(this.#alone),
      cachedUsd: known(this.#cached),
      batchUsd: known(this.#alone * BATCH_PRICE),
      configuredUsd: configured.size > 0 ? null : { low: this.#low * factor, high: this.#high * factor },
      unpriced: [...new Set([...alone, ...configured])].toSorted(),
    };
  }
}
