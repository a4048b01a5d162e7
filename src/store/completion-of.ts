import type { CompletionReason } from "../core/trace.ts";
import type { CompletionPolicy } from "../core/trace-buffer.ts";

/** What the decision needs to know of an open trace. Times in Unix ms. */
export interface CompletionState {
  /** New spans and their bytes since the trace was last sealed. */
  readonly spans: number;
  readonly bytes: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** A span without a parent has ended. */
  readonly rootEnded: boolean;
  /** Parents that spans name and nobody has sent. */
  readonly missingParents: number;
  readonly signalled: boolean;
}

/**
 * Whether an open trace is complete at `now`, and why; otherwise when it will be if nothing more arrives.
 *
 * Where two deadlines have passed (the process was away), the earlier one is the reason. A parent cycle
 * has no root and a chain of any depth is not walked, so neither needs care here.
 */
export function completionOf(
  state: CompletionState,
  now: number,
  policy: CompletionPolicy,
): { readonly reason: CompletionReason } | { readonly dueAt: number } {
  if (state.signalled) return { reason: "signalled" };
  if (isOversized(state, policy)) return { reason: "capped" };
  const rooted = state.rootEnded && state.missingParents === 0;
  const quietAt = state.lastSeen + (rooted ? policy.afterRootMs : policy.idleMs);
  const cappedAt = state.firstSeen + policy.maxAgeMs;
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
