import type { CompletionReason } from "./trace.ts";
import type { CompletionLimits, CompletionPolicy } from "./trace-buffer.ts";

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
  /** `service.name` of its root span, or of the first one; null when unknown. */
  readonly service: string | null;
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
export function completionOf(state: CompletionState, now: number, policies: CompletionPolicy): Completion {
  const policy = limitsOf(policies, state.service);
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
  limits: CompletionLimits,
): boolean {
  return state.spans >= limits.maxSpans || state.bytes >= limits.maxBytes;
}

const LIMITS = ["afterRootMs", "idleMs", "maxAgeMs", "maxSpans", "maxBytes"] as const;

/** The limits that hold for traces of a service. Names come from outside, so only own keys are looked at. */
export function limitsOf(policy: CompletionPolicy, service: string | null): CompletionLimits {
  const { services } = policy;
  if (services === undefined || service === null || !Object.hasOwn(services, service)) return policy;
  const own = services[service] ?? {};
  return {
    afterRootMs: own.afterRootMs ?? policy.afterRootMs,
    idleMs: own.idleMs ?? policy.idleMs,
    maxAgeMs: own.maxAgeMs ?? policy.maxAgeMs,
    maxSpans: own.maxSpans ?? policy.maxSpans,
    maxBytes: own.maxBytes ?? policy.maxBytes,
  };
}

/** One text for all policies that decide alike, so that a change can be noticed. */
export function policyFingerprint(policy: CompletionPolicy): string {
  const services = Object.keys(policy.services ?? {}).sort();
  const all = [null, ...services].map((service) => {
    const limits = limitsOf(policy, service);
    return [service, ...LIMITS.map((limit) => limits[limit])];
  });
  return JSON.stringify(all);
}
