import type { CompletionReason } from "../core/trace.ts";
import type { CompletionPolicy } from "../core/trace-buffer.ts";

/** What the decision needs to know of an open trace. Times in Unix ms. */
export interface CompletionState {
  /** New spans and their bytes since the trace was last sealed. */
  readonly spans: number;
  readonly bytes: number;
  /** New log records of spans that had arrived before them. */
  readonly joinedRecords: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** A span without a parent has ended. */
  readonly rootEnded: boolean;
  /** Parents that spans name and nobody has sent. */
  readonly missingParents: number;
  readonly signalled: boolean;
}

/** Whether a trace is complete: yes, and why; or when it will be if nothing more arrives; or it never can be. */
export type Completion =
  | { readonly reason: CompletionReason }
  | { readonly dueAt: number }
  | { readonly expired: true };

/**
 * Whether an open trace is complete at `now`, and why; otherwise when it will be if nothing more arrives.
 *
 * Where two deadlines have passed (the process was away), the earlier one is the reason. A parent cycle
 * has no root and a chain of any depth is not walked, so neither needs care here.
 *
 * Log records whose span has not arrived complete nothing: they wait for it, up to the policy's greatest age.
 */
export function completionOf(state: CompletionState, now: number, policy: CompletionPolicy): Completion {
  const cappedAt = state.firstSeen + policy.maxAgeMs;
  if (state.spans + state.joinedRecords === 0) {
    return isOversized(state, policy) || now >= cappedAt ? { expired: true } : { dueAt: cappedAt };
  }
  if (state.signalled) return { reason: "signalled" };
  if (isOversized(state, policy)) return { reason: "capped" };
  const rooted = state.rootEnded && state.missingParents === 0;
  const quietAt = state.lastSeen + (rooted ? policy.afterRootMs : policy.idleMs);
  const dueAt = Math.min(quietAt, cappedAt);
  if (now < dueAt) return { dueAt };
  if (cappedAt < quietAt) return { reason: "capped" };
  return { reason: rooted ? "root-ended" : "rootless" };
}

/** True when the spans or bytes since the last seal are over the policy's limits. */
export function isOversized(
  state: Pick<CompletionState, "spans" | "bytes">,
  policy: CompletionPolicy,
): boolean {
  return state.spans >= policy.maxSpans || state.bytes >= policy.maxBytes;
}
