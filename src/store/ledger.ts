import type { Score } from "../core/score.ts";
import type { LedgerRow, TraceSummary } from "../core/store.ts";
import { numberIn, numberOrNullIn, oneOfIn, type Row, textIn, textOrNullIn } from "./columns.ts";
import type { StateDatabase } from "./state-database.ts";

const STATES = ["scored", "unscored", "waiting", "failed", "superseded"] as const;

/** The `ledger` table: one row per subject, revision and scorer. */
export class Ledger {
  readonly #upsert;
  readonly #saveScore;
  readonly #supersede;
  readonly #rows;

  constructor(database: StateDatabase) {
    const columns = "(subject, revision, scorer, version, state, code, reason, attempts, at, retry_at)";
    const update = `on conflict (subject, revision, scorer, version) do update set state = excluded.state,
      code = excluded.code, reason = excluded.reason, at = excluded.at, retry_at = excluded.retry_at`;
    this.#upsert = database.prepare(
      `insert into ledger ${columns} values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ${update}, attempts = excluded.attempts`,
    );
    // The same score saved again is no new attempt.
    this.#saveScore = database.prepare(
      `insert into ledger ${columns} values (?, ?, ?, ?, ?, ?, ?, 1, ?, ?) ${update}, attempts = attempts + 1
       where ledger.state <> excluded.state or ledger.code is not excluded.code
         or ledger.at <> excluded.at or ledger.retry_at is not excluded.retry_at`,
    );
    this.#supersede = database.prepare(
      "update ledger set state = 'superseded', retry_at = null where subject = ? and revision < ?",
    );
    this.#rows = database.prepare(
      "select * from ledger where subject = ? order by revision, scorer, version",
    );
  }

  /** Writes rows as they are. */
  record(rows: readonly LedgerRow[]): void {
    for (const row of rows) {
      this.#upsert.run(
        row.subject,
        row.revision,
        row.scorer,
        row.version,
        row.state,
        row.code,
        row.reason,
        row.attempts,
        row.at,
        row.retryAt,
      );
    }
  }

  /** One row per score of a saved trace; rows of older revisions become `superseded`. */
  save(summary: TraceSummary, scores: readonly Score[]): void {
    const { traceId, revision, scoredAt } = summary;
    this.#supersede.run(traceId, revision);
    for (const { name, version, unscored, explanation } of scores) {
      const retryAt = unscored?.retryAt ?? null;
      const state = unscored === null ? "scored" : retryAt === null ? "unscored" : "waiting";
      const reason = unscored === null ? null : explanation;
      const code = unscored?.code ?? null;
      this.#saveScore.run(traceId, revision, name, version, state, code, reason, scoredAt, retryAt);
    }
  }

  of(subject: string): LedgerRow[] {
    return this.#rows.all(subject).map(ledgerRow);
  }
}

function ledgerRow(row: Row): LedgerRow {
  return {
    subject: textIn(row, "subject"),
    revision: numberIn(row, "revision"),
    scorer: textIn(row, "scorer"),
    version: textIn(row, "version"),
    state: oneOfIn(row, "state", STATES),
    code: textOrNullIn(row, "code"),
    reason: textOrNullIn(row, "reason"),
    attempts: numberIn(row, "attempts"),
    at: numberIn(row, "at"),
    retryAt: numberOrNullIn(row, "retry_at"),
  };
}
