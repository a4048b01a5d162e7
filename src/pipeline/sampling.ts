import { createHash } from "node:crypto";

import type { SamplingDecision, SamplingReason } from "../core/sampling.ts";
import type { Score } from "../core/score.ts";
import { passed } from "../core/score.ts";
import type { Trace } from "../core/trace.ts";

/** Which traces judges are asked about, and whose spans are kept. Times in ms. */
export interface SamplingPolicy {
  /** Share of ordinary traces, 0..1. */
  readonly rate: number;
  /** A run that takes longer is always taken; null: slowness does not matter. */
  readonly slowMs: number | null;
  /** So many first traces of an agent's version are always taken. */
  readonly firstOfVersion: number;
}

/** What the decision is made from. */
export interface SamplingSubject {
  readonly trace: Pick<Trace, "traceId" | "errors" | "durationMs">;
  /** What the rules said. An unscored one is no reason to take a trace. */
  readonly ruleScores: readonly Score[];
  /** How many traces of this agent's version came before this one. */
  readonly earlierOfVersion: number;
}

/**
 * Decides once for all scorers: every error, every slow run, everything a rule failed, the first of a new
 * version, and a share of the rest. A trace that has any of these reasons has probability 1, so reasons that
 * overlap need no arithmetic. Deterministic: a redelivery decides the same, as long as the count of the
 * version is that of the first time.
 */
export function sample(subject: SamplingSubject, policy: SamplingPolicy): SamplingDecision {
  const always = certainReason(subject, policy);
  if (always !== null) return { sampled: true, probability: 1, reason: always };
  const sampled = positionOf(subject.trace.traceId) < policy.rate;
  return { sampled, probability: policy.rate, reason: sampled ? "rate" : "left-out" };
}

function certainReason(
  { trace, ruleScores, earlierOfVersion }: SamplingSubject,
  policy: SamplingPolicy,
): SamplingReason | null {
  if (trace.errors.length > 0) return "error";
  if (ruleScores.some((score) => passed(score) === false)) return "failed-rule";
  if (policy.slowMs !== null && trace.durationMs > policy.slowMs) return "slow";
  if (earlierOfVersion < policy.firstOfVersion) return "new-version";
  return null;
}

/**
 * A trace's place in [0, 1). From a hash, not from the id's own bits as in OpenTelemetry's consistent sampling: an agent
 * that was already sampled by those bits would send us only traces from one end, and our share of them would be
 * all or nothing.
 */
function positionOf(traceId: string): number {
  return createHash("sha256").update(`tracegate.sampling\n${traceId}`).digest().readUIntBE(0, 6) / 2 ** 48;
}
