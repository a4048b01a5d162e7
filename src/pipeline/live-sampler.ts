import type { Clock } from "../core/clock.ts";
import { stableJson } from "../core/json.ts";
import type { AgentVersion, SamplingDecision } from "../core/sampling.ts";
import type { Score } from "../core/score.ts";
import type { Store } from "../core/store.ts";
import type { Trace } from "../core/trace.ts";
import { type SamplingPolicy, sample } from "./sampling.ts";
import { SlowRuns } from "./slow-runs.ts";

/** A policy whose threshold of slowness may be left to what is usual for the service: undefined. */
export interface SamplingRules extends Omit<SamplingPolicy, "slowMs"> {
  readonly slowMs: number | null | undefined;
}

/** Options of {@link LiveSampler}. */
export interface LiveSamplerOptions {
  readonly store: Pick<Store, "countVersion">;
  /** The rules for traces of a service; null: they name none. */
  readonly rulesOf: (service: string | null) => SamplingRules;
  readonly clock: Clock;
}

/** New versions of a service a day that have first traces: one build after another, but not one per run. */
const VERSIONS_PER_DAY = 50;

/** Versions remembered to have no first place left, and for how long, ms; then the store is asked again. */
const MAX_REMEMBERED = 10_000;
const REMEMBERED_MS = 3_600_000;

/** Decides which live traces judges see, and of which the spans are kept. */
export class LiveSampler {
  readonly #options: LiveSamplerOptions;
  readonly #slowRuns = new SlowRuns();
  /** Versions without a first place left, and when to ask the store for them again, Unix ms. */
  readonly #taken = new Map<string, number>();

  constructor(options: LiveSamplerOptions) {
    this.#options = options;
  }

  /**
   * @param ruleScores What the rules said.
   * @param earlier The decision on the revision before. What was in the sample stays in it, with the chance it had, unless
   *   there is a certain reason now; no judge is paid for a score that the next revision throws away.
   */
  async decide(
    trace: Trace,
    ruleScores: readonly Score[],
    earlier?: SamplingDecision,
  ): Promise<SamplingDecision> {
    const service = trace.service.name ?? null;
    const rules = this.#options.rulesOf(service);
    const { slowMs = this.#slowRuns.thresholdMs(service) } = rules;
    const isFirst = earlier === undefined && trace.revision <= 1;
    if (isFirst) this.#slowRuns.add(service, trace.durationMs);
    const earlierOfVersion = isFirst ? await this.#countVersion(trace, rules) : Number.POSITIVE_INFINITY;
    const decision = sample({ trace, ruleScores, earlierOfVersion }, { ...rules, slowMs });
    return earlier?.sampled && decision.probability < 1 ? earlier : decision;
  }

  /** How many traces of the version came before this one. Where all are taken anyway, nobody counts. */
  async #countVersion(trace: Trace, { rate, firstOfVersion }: SamplingRules): Promise<number> {
    if (rate >= 1 || firstOfVersion === 0) return Number.POSITIVE_INFINITY;
    const version: AgentVersion = {
      service: trace.service.name ?? null,
      agent: trace.agent.name ?? null,
      version: trace.agent.version ?? trace.service.version ?? null,
    };
    const key = stableJson(version);
    const { store, clock } = this.#options;
    const at = clock.now();
    if ((this.#taken.get(key) ?? 0) > at) return Number.POSITIVE_INFINITY;
    const before = await store.countVersion(version, {
      limit: firstOfVersion,
      versionsPerDay: VERSIONS_PER_DAY,
      at,
    });
    if (before >= firstOfVersion) {
      if (this.#taken.size >= MAX_REMEMBERED) this.#taken.clear();
      this.#taken.set(key, at + REMEMBERED_MS);
    }
    return before;
  }
}
