import { completionOf, policyFingerprint } from "../core/completion-of.ts";
import type { CompletionReason } from "../core/trace.ts";
import type { CompletionPolicy } from "../core/trace-buffer.ts";
import { DueOrder } from "./due-order.ts";
import type { OpenTrace } from "./open-trace.ts";

/** Bytes after which one round of sealing ends: it holds up the event loop. */
const BYTES_AT_ONCE = 32 * 1024 * 1024;

/** The open traces by id and by the time they become due. */
export class TraceIndex {
  readonly #open = new Map<string, OpenTrace>();
  readonly #order = new DueOrder();
  #policy: CompletionPolicy | undefined;
  #fingerprint = "";
  #bytes = 0;

  get size(): number {
    return this.#open.size;
  }

  /** Bytes of all open traces. */
  get bytes(): number {
    return this.#bytes;
  }

  get(traceId: string): OpenTrace | undefined {
    return this.#open.get(traceId);
  }

  /** Of all that are open. */
  ids(): readonly string[] {
    return [...this.#open.keys()];
  }

  /** Puts a trace in, or notes that it changed; `size`: bytes that came with the change. */
  touch(trace: OpenTrace, size: number): void {
    this.#open.set(trace.traceId, trace);
    this.#bytes += size;
    this.#schedule(trace);
  }

  remove(trace: OpenTrace): void {
    this.#open.delete(trace.traceId);
    this.#bytes -= trace.bytes;
  }

  clear(): void {
    this.#open.clear();
    this.#order.clear();
    this.#policy = undefined;
    this.#fingerprint = "";
    this.#bytes = 0;
  }

  /** Earliest time at which a trace is complete, 0 for at once; null when none is open. */
  nextDue(policy: CompletionPolicy): number | null {
    this.#follow(policy);
    for (let top = this.#order.peek(); top !== undefined; top = this.#order.peek()) {
      const trace = this.#open.get(top.key);
      if (trace !== undefined && trace.queuedFor === top.dueAt) {
        if (this.#dueAt(trace, policy) <= top.dueAt) return top.dueAt;
        trace.queuedFor = Number.POSITIVE_INFINITY;
        this.#schedule(trace);
      }
      this.#order.pop();
    }
    return null;
  }

  /**
   * Traces that are complete at `now` (with the reason) or never will be (without), at most `limit` and not many
   * more than 32 MiB. Those returned must be removed by the caller.
   */
  takeComplete(
    now: number,
    policy: CompletionPolicy,
    limit: number,
  ): { readonly trace: OpenTrace; readonly reason: CompletionReason | null }[] {
    this.#follow(policy);
    const taken: { trace: OpenTrace; reason: CompletionReason | null }[] = [];
    let bytes = 0;
    while (taken.length < limit && bytes < BYTES_AT_ONCE) {
      const top = this.#order.peek();
      if (top === undefined || top.dueAt > now) break;
      this.#order.pop();
      const trace = this.#open.get(top.key);
      if (trace === undefined || trace.queuedFor !== top.dueAt) continue;
      trace.queuedFor = Number.POSITIVE_INFINITY;
      const completion = completionOf(trace, now, policy);
      if ("dueAt" in completion) {
        this.#schedule(trace);
        continue;
      }
      taken.push({ trace, reason: "reason" in completion ? completion.reason : null });
      bytes += trace.bytes;
    }
    return taken;
  }

  /** A new policy moves every due time, so the order is made again. */
  #follow(policy: CompletionPolicy): void {
    if (this.#policy === policy) return;
    const fingerprint = policyFingerprint(policy);
    this.#policy = policy;
    if (this.#fingerprint === fingerprint) return;
    this.#fingerprint = fingerprint;
    this.#order.clear();
    for (const trace of this.#open.values()) {
      trace.queuedFor = Number.POSITIVE_INFINITY;
      this.#schedule(trace);
    }
  }

  /** Only an earlier time needs a new entry; a later one is found out when the old entry comes up. */
  #schedule(trace: OpenTrace): void {
    if (this.#policy === undefined) return;
    const dueAt = this.#dueAt(trace, this.#policy);
    if (dueAt >= trace.queuedFor) return;
    trace.queuedFor = dueAt;
    this.#order.push(trace.traceId, dueAt);
  }

  #dueAt(trace: OpenTrace, policy: CompletionPolicy): number {
    const completion = completionOf(trace, Number.NEGATIVE_INFINITY, policy);
    return "dueAt" in completion ? completion.dueAt : 0;
  }
}
