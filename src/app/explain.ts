import { passed } from "../core/score.ts";
import type { Store } from "../core/store.ts";
import type { TraceBuffer } from "../core/trace-buffer.ts";

/** What is known of one trace: where it is, what was decided, where its scores went. */
export interface Explanation {
  readonly traceId: string;
  readonly state: "unknown" | "collecting" | "queued" | "scored";
  /** One sentence. */
  readonly summary: string;
  readonly decisions: readonly {
    readonly scorer: string;
    readonly revision: number;
    readonly state: string;
    readonly reason: string;
    /** Unix ms. */
    readonly at: number;
  }[];
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
  const state = buffered
    ? buffered.state === "open"
      ? "collecting"
      : "queued"
    : stored
      ? "scored"
      : "unknown";
  const said = new Map(stored?.scores.map((score) => [score.name, score]));
  return {
    traceId,
    state: ledger.length > 0 && state === "unknown" ? "queued" : state,
    summary: summarise(state, buffered, stored),
    decisions: ledger.map((row) => {
      const score = row.revision === stored?.summary.revision ? said.get(row.scorer) : undefined;
      const verdict =
        score && score.value !== null
          ? `${passed(score) ? "passed" : "failed"} with ${score.value}`
          : undefined;
      const reason = [verdict, row.code, row.reason ?? score?.explanation].filter(Boolean).join(": ");
      return { scorer: row.scorer, revision: row.revision, state: row.state, reason, at: row.at };
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

function summarise(
  state: Explanation["state"],
  buffered: Awaited<ReturnType<TraceBuffer["describe"]>>,
  stored: Awaited<ReturnType<Store["trace"]>>,
): string {
  if (buffered?.spans === 0 && stored === null) {
    return `Log records of its spans have arrived since ${iso(buffered.firstSeen)}, but none of the spans. Check that the agent sends its traces here too.`;
  }
  if (buffered && state === "collecting") {
    const lacks = buffered.rootEnded
      ? buffered.missingParents > 0
        ? `its root has ended, but ${buffered.missingParents} parent spans are missing`
        : "its root has ended, and it waits to be quiet"
      : "its root has not ended";
    return `${buffered.spans} spans have arrived since ${iso(buffered.firstSeen)}, the last at ${iso(buffered.lastSeen)}; ${lacks}.`;
  }
  if (state === "queued") return "It is complete and waits to be scored.";
  if (stored) {
    const { completion, revision, scoredAt, spans } = stored.summary;
    return `Revision ${revision} with ${spans} spans was scored at ${iso(scoredAt)}; complete because: ${completion ?? "read from a file"}.`;
  }
  return "No span of this trace has arrived here. Check the agent's OTEL_EXPORTER_OTLP_ENDPOINT and its sampling.";
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
