import { TracegateError } from "../core/errors.ts";
import type { TraceFragment } from "../core/span.ts";
import { readSpans } from "../otlp/read-spans.ts";

/** OTLP `Span.flags`: the parent is known to be in another process. */
const PARENT_IS_REMOTE = 0x200;

/** What one trace of a trial looks like so far. */
interface TraceState {
  readonly spanIds: Set<string>;
  readonly parentIds: Set<string>;
  rootEnded: boolean;
  /** `posted`: the last word; `marked`: a span said so, and spans of other batches may still be under way. */
  signalled: "no" | "marked" | "posted";
}

/** The spans one trial has sent so far, and whether its traces are complete. */
export class TrialSpans {
  readonly #maxBytes: number;
  readonly #traces = new Map<string, TraceState>();
  readonly #chunks: Uint8Array[] = [];
  readonly #parentId: string | null;
  #bytes = 0;

  /**
   * @param maxBytes of all its spans; more are refused
   * @param parentId of the span that the agent's root continues, and that never arrives
   */
  constructor(maxBytes: number, parentId: string | null = null) {
    this.#maxBytes = maxBytes;
    this.#parentId = parentId;
  }

  /** What arrived, in order, as OTLP `TracesData`. */
  get chunks(): readonly Uint8Array[] {
    return [...this.#chunks];
  }

  /**
   * Adds spans or log records.
   *
   * @throws TracegateError `too-large` when the trial would hold more than its limit; nothing is added then
   */
  add(fragments: readonly TraceFragment[]): void {
    const size = fragments.reduce((sum, fragment) => sum + fragment.bytes.length, 0);
    if (this.#bytes + size > this.#maxBytes) {
      throw new TracegateError(
        "too-large",
        `This trial has sent more than ${this.#maxBytes} bytes of spans.`,
      );
    }
    this.#bytes += size;
    for (const fragment of fragments) {
      this.#chunks.push(fragment.bytes);
      // Log records alone make no trace that could be complete, or that others would have to wait for.
      if (fragment.heads.length > 0) this.#note(fragment);
    }
  }

  /** The sender says the trace is complete. */
  signal(traceId: string): void {
    this.#state(traceId).signalled = "posted";
  }

  /**
   * `complete`: the sender said so of every trace, and none misses a span unless it said so by a request of
   * its own. `settling`: every trace has an ended root and all parents, or says it is complete, so nothing
   * more is expected. `open`: something is missing.
   */
  get state(): "open" | "settling" | "complete" {
    const traces = [...this.#traces.values()];
    if (traces.length === 0) return "open";
    if (traces.every(isComplete)) return "complete";
    return traces.every((trace) => trace.signalled !== "no" || isWhole(trace)) ? "settling" : "open";
  }

  #note(fragment: TraceFragment): void {
    const state = this.#state(fragment.traceId);
    for (const head of fragment.heads)
      if (head.completes && state.signalled === "no") state.signalled = "marked";
    for (const span of readSpans(fragment.bytes)) {
      state.spanIds.add(span.spanId);
      const { parentSpanId: parent, flags } = span;
      // The gate hands the agent a parent that never arrives. Not every sender says that it is remote.
      const isRoot = parent === null || parent === this.#parentId || (flags & PARENT_IS_REMOTE) !== 0;
      if (!isRoot) state.parentIds.add(parent);
      if (isRoot && span.endTime > 0) state.rootEnded = true;
    }
  }

  #state(traceId: string): TraceState {
    let state = this.#traces.get(traceId);
    if (state === undefined) {
      state = { spanIds: new Set(), parentIds: new Set(), rootEnded: false, signalled: "no" };
      this.#traces.set(traceId, state);
    }
    return state;
  }
}

function isComplete(trace: TraceState): boolean {
  return trace.signalled === "posted" || (trace.signalled === "marked" && isWhole(trace));
}

function isWhole(trace: TraceState): boolean {
  return trace.rootEnded && [...trace.parentIds].every((id) => trace.spanIds.has(id));
}
