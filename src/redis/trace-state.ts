import type { CompletionState } from "../core/completion-of.ts";
import { completionOf, limitsOf } from "../core/completion-of.ts";
import { COMPLETION_REASONS, type CompletionReason } from "../core/trace.ts";
import type { BufferedTrace, CompletionLimits, CompletionPolicy, SealedTrace } from "../core/trace-buffer.ts";
import { listOf, numberOf, textOf } from "./reply.ts";

/** An open trace as its hash says, see `scripts/append.ts`. */
export interface TraceState extends CompletionState {
  readonly traceId: string;
  /** Changes with every write. */
  readonly version: number;
  readonly records: number;
  /** Highest sealed revision. */
  readonly revision: number;
  /** Earliest start of a span, Unix ms; 0: none. */
  readonly startTime: number;
}

/** Reads the fields `STATE_FIELDS` of a trace; null when it is not there or not open. */
export function readState(traceId: string, row: readonly unknown[]): TraceState | null {
  const [
    version,
    spans,
    joined,
    records,
    bytes,
    first,
    last,
    ended,
    missing,
    signalled,
    revision,
    start,
    service,
  ] = row;
  if (version === null) return null;
  const number = (value: unknown) => numberOf(value ?? 0);
  if (number(spans) + number(joined) + number(records) === 0) return null;
  return {
    traceId,
    version: number(version),
    spans: number(spans),
    joinedRecords: number(joined),
    records: number(records),
    bytes: number(bytes),
    firstSeen: number(first),
    lastSeen: number(last),
    rootEnded: number(ended) === 1,
    missingParents: number(missing),
    signalled: number(signalled) === 1,
    revision: number(revision),
    startTime: number(start),
    service: typeof service === "string" ? service : null,
  };
}

/** When an open trace is due if nothing more arrives, as it stands in the order; 0: at once. */
export function dueOf(state: CompletionState, policy: CompletionPolicy): number {
  const completion = completionOf(state, Number.NEGATIVE_INFINITY, policy);
  return "dueAt" in completion ? completion.dueAt : 0;
}

/** The policy as the scripts read it. */
export function policyText(policy: CompletionPolicy): string {
  const numbers = ({ afterRootMs, idleMs, maxAgeMs, maxSpans, maxBytes }: CompletionLimits) => [
    afterRootMs,
    idleMs,
    maxAgeMs,
    maxSpans,
    maxBytes,
  ];
  const services = Object.keys(policy.services ?? {}).map((name) => [name, numbers(limitsOf(policy, name))]);
  return JSON.stringify({ limits: numbers(policy), services: Object.fromEntries(services) });
}

/** What a row of `:s:<trace>` says of a sealed revision, see `SEAL`. */
export interface SealedFacts {
  readonly reason: CompletionReason;
  readonly sealedAt: number;
  /** The revision that reading starts with. */
  readonly baseRevision: number;
  readonly described: BufferedTrace;
}

/** Reads a row of `:s:<trace>`. */
export function readFacts(traceId: string, text: string): SealedFacts {
  const [reason, ...rest] = text.split("|");
  const [
    sealedAt = 0,
    baseRevision = 1,
    spans = 0,
    bytes = 0,
    firstSeen = 0,
    lastSeen = 0,
    ended,
    missing = 0,
  ] = rest.map(Number);
  return {
    reason: reasonOf(reason),
    sealedAt,
    baseRevision,
    described: {
      traceId,
      state: "sealed",
      spans,
      bytes,
      firstSeen,
      lastSeen,
      rootEnded: ended === 1,
      missingParents: missing,
    },
  };
}

/** A sealed trace as a member of `:pending`. */
export function pendingMember({ traceId, revision, reason }: SealedTrace): string {
  return `${traceId}:${revision}:${reason}`;
}

/** Reads `:pending` with scores. */
export function readPending(reply: unknown): SealedTrace[] {
  const flat = listOf(reply).map(textOf);
  return flat.flatMap((member, index) => {
    if (index % 2 === 1) return [];
    const [traceId = "", revision, reason] = member.split(":");
    return [
      { traceId, revision: Number(revision), reason: reasonOf(reason), sealedAt: Number(flat[index + 1]) },
    ];
  });
}

function reasonOf(text: string | undefined): CompletionReason {
  return COMPLETION_REASONS.find((reason) => reason === text) ?? "capped";
}
