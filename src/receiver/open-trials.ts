import type { TraceFragment } from "../core/span.ts";
import type { TrialSpans } from "./trial-spans.ts";

/** One trial's spans. `changed` is called after every arrival. */
export interface OpenTrial {
  readonly spans: TrialSpans;
  changed: () => void;
  /** Ends a waiting `collect`. */
  cancel: (reason: unknown) => void;
}

/** Foreign trace ids that are remembered, at the most. */
const UNCLAIMED_LIMIT = 10_000;

/** The trials that are open, by their name and by the trace that their agent was asked to continue. */
export class OpenTrials {
  readonly #byId = new Map<string, OpenTrial>();
  readonly #byTrace = new Map<string, OpenTrial>();
  readonly #traceOf = new Map<string, string>();
  /** Traces of trials that have ended: what is late is not foreign. */
  readonly #ended = new Set<string>();
  readonly #unclaimed = new Set<string>();

  /** Adds a trial; its trace id makes its spans known wherever they arrive. */
  add(trialId: string, trial: OpenTrial, traceId: string | undefined): void {
    this.#byId.set(trialId, trial);
    if (traceId === undefined) return;
    this.#byTrace.set(traceId, trial);
    this.#traceOf.set(trialId, traceId);
  }

  /** The trial of this name. */
  get(trialId: string): OpenTrial | undefined {
    return this.#byId.get(trialId);
  }

  /** Removes a trial that has ended. */
  remove(trialId: string): void {
    this.#byId.delete(trialId);
    const traceId = this.#traceOf.get(trialId);
    if (traceId === undefined) return;
    this.#traceOf.delete(trialId);
    this.#byTrace.delete(traceId);
    this.#ended.add(traceId);
  }

  /** Every open trial. */
  values(): Iterable<OpenTrial> {
    return this.#byId.values();
  }

  /**
   * Gives each fragment to the trial of its trace. Others are dropped and counted: a service has traces of its own,
   * and its exporter must not be told to send them again.
   *
   * @throws TracegateError `too-large` when a trial would hold more than its limit
   */
  takeShared(fragments: readonly TraceFragment[]): void {
    for (const [traceId, group] of Map.groupBy(fragments, (fragment) => fragment.traceId)) {
      const trial = this.#byTrace.get(traceId);
      if (trial) {
        trial.spans.add(group);
        trial.changed();
      } else if (!this.#ended.has(traceId) && this.#unclaimed.size < UNCLAIMED_LIMIT) {
        this.#unclaimed.add(traceId);
      }
    }
  }

  /** The sender says that a trace is complete. False when no open trial has it. */
  signalShared(traceId: string): boolean {
    const trial = this.#byTrace.get(traceId);
    if (trial === undefined) return false;
    trial.spans.signal(traceId);
    trial.changed();
    return true;
  }

  /** How many traces arrived that belong to no trial. */
  get unclaimed(): number {
    return this.#unclaimed.size;
  }
}
