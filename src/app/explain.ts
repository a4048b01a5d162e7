import { systemClock } from "../core/clock.ts";
import type { LedgerRow, Store, StoredTrace, Tombstone, TraceSummary } from "../core/store.ts";
import type { BufferedTrace, TraceBuffer } from "../core/trace-buffer.ts";
import { TRACE_ITSELF } from "../pipeline/process-trace.ts";
import { count } from "../render/numbers.ts";
import { type DecisionWords, decisionWords } from "./explain-decision.ts";
import { samplingSentence } from "./explain-sampling.ts";
import { type Refusals, readRefusals } from "./note-refusals.ts";

/** One scorer's decision on one revision; the scorer `(trace)` is the trace itself. */
export interface ExplainedDecision extends DecisionWords {
  readonly scorer: string;
  readonly revision: number;
  readonly state: string;
  readonly attempts: number;
  /** Unix ms. */
  readonly at: number;
  /** Unix ms of the next try; null: none planned. */
  readonly retryAt: number | null;
}

/** What is known of one trace: where it is, what was decided, where its scores went. */
export interface Explanation {
  readonly traceId: string;
  /** `dead`: its job was given up, its spans are kept. `purged`: somebody had it deleted. */
  readonly state: "unknown" | "collecting" | "queued" | "dead" | "scored" | "purged";
  /** A sentence or two. */
  readonly summary: string;
  readonly decisions: readonly ExplainedDecision[];
  readonly deliveries: readonly {
    readonly sink: string;
    readonly revision: number;
    readonly state: string;
    readonly reason: string;
    /** Unix ms. */
    readonly at: number;
  }[];
}

/** Answers "why": reads buffer, ledger and outbox of one trace. */
export async function explain(
  traceId: string,
  parts: { readonly store: Store; readonly buffer: TraceBuffer },
): Promise<Explanation> {
  const [buffered, stored, ledger, deliveries] = await Promise.all([
    parts.buffer.describe(traceId),
    parts.store.trace(traceId),
    parts.store.ledger(traceId),
    parts.store.deliveries(traceId),
  ]);
  const scored = stored?.summary.revision ?? 0;
  // A job that was dead and has been run again since: its scores are the later word.
  const rows = ledger.filter(({ scorer, revision }) => scorer !== TRACE_ITSELF || revision > scored);
  const state = stateOf(buffered, stored, rows);
  const tombstone = state === "unknown" ? await parts.store.tombstone(traceId, systemClock.now()) : null;
  if (tombstone !== null)
    return { traceId, state: "purged", summary: purgedSentence(tombstone), decisions: [], deliveries: [] };
  const refusals = state === "unknown" ? await readRefusals(parts.store) : null;
  const said = new Map(stored?.scores.map((score) => [score.name, score]));
  return {
    traceId,
    state,
    summary: [summarise(state, buffered, stored), refusals && refusedSentence(refusals)]
      .filter(Boolean)
      .join(" "),
    decisions: rows.map((row) => {
      const { scorer, revision, attempts, at, retryAt } = row;
      const words = decisionWords(row, revision === scored ? said.get(scorer) : undefined);
      return { scorer, revision, state: row.state, attempts, at, retryAt, ...words };
    }),
    deliveries: deliveries.map((row) => ({
      sink: row.sink,
      revision: row.revision,
      state: row.state,
      reason: [row.attempts > 1 ? `${row.attempts} attempts` : "", row.reason].filter(Boolean).join(", "),
      at: row.at,
    })),
  };
}

function stateOf(
  buffered: BufferedTrace | null,
  stored: StoredTrace | null,
  rows: readonly LedgerRow[],
): Explanation["state"] {
  if (buffered?.state === "open") return "collecting";
  if (rows.some(({ scorer, state }) => scorer === TRACE_ITSELF && state === "failed")) return "dead";
  if (buffered) return "queued";
  if (stored) return "scored";
  return rows.length > 0 ? "queued" : "unknown";
}

function summarise(
  state: Explanation["state"],
  buffered: BufferedTrace | null,
  stored: StoredTrace | null,
): string {
  const seen = stored === null ? "" : scoredSentence(stored);
  const since = buffered && arrivedSentence(state, buffered, stored !== null);
  if (state === "dead")
    return [seen, "It could not be scored, and is not tried again by itself.", since]
      .filter(Boolean)
      .join(" ");
  if (since) return [seen, since].filter(Boolean).join(" ");
  if (seen !== "") return seen;
  if (state === "queued") return "It is complete and waits to be scored.";
  return "No span of this trace has arrived here. Check the agent's OTEL_EXPORTER_OTLP_ENDPOINT and its sampling.";
}

function scoredSentence({ summary, payload }: StoredTrace): string {
  const { completion, revision, scoredAt, spans } = summary;
  const scored = `Revision ${revision} with ${count(spans, "span")} was scored at ${iso(scoredAt)}; complete because: ${completion ?? "read from a file"}.`;
  const redacted = redactedSentence(summary);
  return [scored, redacted, samplingSentence(summary, payload !== null)].filter(Boolean).join(" ");
}

function purgedSentence({ at, until }: Tombstone): string {
  return `Everything of this trace was purged at ${iso(at)}. What arrives of it until ${iso(until)} is dropped.`;
}

/** What was replaced before it was scored. */
function redactedSentence({ redactions }: TraceSummary): string {
  const rules = Object.entries(redactions ?? {}).map(([rule, times]) => `${rule} ${times}`);
  return rules.length === 0 ? "" : `Replaced in its spans before that: ${rules.join(", ")}.`;
}

/** What waits in the buffer. `isLate`: an earlier revision is scored. */
function arrivedSentence(state: Explanation["state"], buffered: BufferedTrace, isLate: boolean): string {
  const { spans, firstSeen, lastSeen } = buffered;
  if (spans === 0) {
    return isLate
      ? `Log records of its spans have come late, since ${iso(firstSeen)}; they make a new revision.`
      : `Log records of its spans have arrived since ${iso(firstSeen)}, but none of the spans. Check that the agent sends its traces here too.`;
  }
  const number = count(spans, "span");
  const [has, are] = spans === 1 ? ["has", "is"] : ["have", "are"];
  if (state === "dead") return `Its ${number} ${are} kept for a redrive.`;
  if (state === "queued") {
    return isLate
      ? `${number} came late; the new revision waits to be scored.`
      : "It is complete and waits to be scored.";
  }
  const arrived = `${number} ${has} ${isLate ? "come late" : "arrived"} since ${iso(firstSeen)}, the last at ${iso(lastSeen)}`;
  return isLate
    ? `${arrived}; when it is quiet again, a new revision is scored.`
    : `${arrived}; ${lackOf(buffered)}.`;
}

function lackOf({ rootEnded, missingParents }: BufferedTrace): string {
  if (!rootEnded) return "its root has not ended";
  if (missingParents > 0)
    return `its root has ended, but ${count(missingParents, "parent span")} ${missingParents === 1 ? "is" : "are"} missing`;
  return "its root has ended, and it waits to be quiet";
}

function refusedSentence({ requests, lastAt, statuses }: Refusals): string {
  return `The receiver has refused ${count(requests, "request")} so far, the last about ${iso(lastAt)} (HTTP ${statuses.join(", ")}); its spans may have been in one. The log of the sender says why.`;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
