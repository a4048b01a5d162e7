import { systemClock } from "../core/clock.ts";
import type { LedgerRow, Store } from "../core/store.ts";

/** The `subject` of ledger rows about requests that nobody could tell the trace of. */
const RECEIVER = "(receiver)";

const EVERY_MS = 10_000;

/** Options of {@link noteRefusals}. */
export interface NoteRefusalsOptions {
  readonly store: Pick<Store, "ledger" | "record">;
  /** Tells receivers apart that write to one store, e.g. the name of the machine. */
  readonly receiver: string;
  /** Refused requests by HTTP status since the start; see `IngestCounts`. */
  readonly refused: () => Readonly<Record<number, number>>;
  /** Must not throw. */
  readonly onFault: (error: unknown) => void;
}

/** Requests that were refused, of all receivers together. */
export interface Refusals {
  readonly requests: number;
  /** Unix ms of the last one, to about ten seconds. */
  readonly lastAt: number;
  /** HTTP statuses, the most frequent first. */
  readonly statuses: readonly number[];
}

/**
 * Writes down, every ten seconds in which there were some, how many requests were refused: a trace that never arrived may
 * have been in one of them, and `tracegate why` is run long after the answer was sent.
 *
 * @returns Writes what is still to be written, and ends.
 */
export function noteRefusals(options: NoteRefusalsOptions): () => Promise<void> {
  const { store, receiver, refused, onFault } = options;
  let before: Promise<ReadonlyMap<string, number>> | undefined;
  const written: Record<string, number> = {};
  const write = async () => {
    const news = Object.entries(refused()).filter(([status, count]) => count !== written[status]);
    if (news.length === 0) return;
    before ??= countsSoFar(store, receiver);
    const earlier = await before;
    const at = systemClock.now();
    await store.record(
      news.map(([status, count]) => rowOf(receiver, status, count + (earlier.get(status) ?? 0), at)),
    );
    for (const [status, count] of news) written[status] = count;
  };
  const guarded = () =>
    write().catch((error: unknown) => {
      before = undefined;
      onFault(error);
    });
  const timer = setInterval(guarded, EVERY_MS).unref();
  return async () => {
    clearInterval(timer);
    await guarded();
  };
}

/** What all receivers have refused; null: nothing. */
export async function readRefusals(store: Pick<Store, "ledger">): Promise<Refusals | null> {
  const rows = await store.ledger(RECEIVER);
  if (rows.length === 0) return null;
  const ordered = rows.toSorted((a, b) => b.attempts - a.attempts);
  return {
    requests: rows.reduce((sum, row) => sum + row.attempts, 0),
    lastAt: Math.max(...rows.map(({ at }) => at)),
    statuses: [...new Set(ordered.map(({ scorer }) => Number(scorer)))],
  };
}

async function countsSoFar(
  store: Pick<Store, "ledger">,
  receiver: string,
): Promise<ReadonlyMap<string, number>> {
  const rows = await store.ledger(RECEIVER);
  return new Map(rows.filter(({ version }) => version === receiver).map((row) => [row.scorer, row.attempts]));
}

/** A row per receiver and status: the status is its scorer, the number of requests its attempts. */
function rowOf(receiver: string, status: string, requests: number, at: number): LedgerRow {
  return {
    subject: RECEIVER,
    revision: 0,
    scorer: status,
    version: receiver,
    state: "filtered",
    code: null,
    reason: null,
    attempts: requests,
    at,
    retryAt: null,
  };
}
