import type { LedgerState } from "../core/ledger-state.ts";
import type { LedgerRow, Store } from "../core/store.ts";
import { decisionWords } from "./explain-decision.ts";

/** A stored trace that has no score of a scorer yet. */
export interface UnscoredTrace {
  readonly traceId: string;
  readonly revision: number;
  /** The scorer `(trace)` is the trace itself: it could not be scored at all. */
  readonly scorer: string;
  readonly state: LedgerState;
  /** An `UnscoredCode` or error code. */
  readonly code: string | null;
  readonly reason: string;
  /** What comes next or what somebody can do; null when there is nothing. */
  readonly next: string | null;
  /** When that was decided, Unix ms. */
  readonly at: number;
}

/** Where no score is because something has still to come or to be done. What a rule left out is no such thing. */
const STATES: readonly LedgerState[] = ["waiting", "paused", "over-budget", "too-large", "failed"];

/**
 * The traces without a score of some scorer, the one decided longest ago first. Traces that are filtered or sampled out are not among
 * them: nobody means to score these.
 *
 * @param options.scorers Only of these; empty: of all.
 * @param options.limit At most so many, in all.
 */
export async function unscoredTraces(
  store: Pick<Store, "ledgerRows">,
  options: { readonly scorers: readonly string[]; readonly limit: number },
): Promise<readonly UnscoredTrace[]> {
  const { scorers, limit } = options;
  const of = scorers.length === 0 ? [{}] : [...new Set(scorers)].map((scorer) => ({ scorer }));
  const filters = of.flatMap((scorer) => STATES.map((state) => ({ ...scorer, state, limit })));
  const rows = await Promise.all(filters.map((filter) => store.ledgerRows(filter)));
  return rows
    .flat()
    .toSorted((a, b) => a.at - b.at || a.subject.localeCompare(b.subject))
    .slice(0, limit)
    .map(unscored);
}

function unscored(row: LedgerRow): UnscoredTrace {
  const { subject, revision, scorer, state, code, at } = row;
  return { traceId: subject, revision, scorer, state, code, at, ...decisionWords(row, undefined) };
}
