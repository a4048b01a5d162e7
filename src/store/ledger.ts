import { isTry, type LedgerState, ledgerStateOf } from "../core/ledger-state.ts";
import type { Score } from "../core/score.ts";
import type { DueScorers, LedgerFilter, LedgerRow, OpenDecisions } from "../core/store.ts";
import { type Operation, run, runLast, send } from "./operation.ts";
import { statement } from "./statement.ts";
import type { Tables } from "./tables.ts";

// The table `ledger`: one row per subject, revision and scorer.

/** States that somebody has to do something about; `schema.ts` has an index over just these. */
export const OPEN_STATES = ["waiting", "paused", "over-budget", "too-large", "failed", "in-doubt"] as const;

type Row = Tables["ledger"];

/** `again`: the row is written for a try, which counts unless nothing has changed. */
const upsertOf = (again: boolean) =>
  statement<Row>()(({ db, value, each }) =>
    db
      .insertInto("ledger")
      .values(
        each((row) => ({
          subject: value("subject", row),
          revision: value("revision", row),
          scorer: value("scorer", row),
          version: value("version", row),
          state: value("state", row),
          code: value("code", row),
          reason: value("reason", row),
          attempts: value("attempts", row),
          at: value("at", row),
          retry_at: value("retry_at", row),
        })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(["subject", "revision", "scorer", "version"])
          .doUpdateSet(({ eb, ref }) => ({
            state: ref("excluded.state"),
            code: ref("excluded.code"),
            reason: ref("excluded.reason"),
            attempts: again ? eb("ledger.attempts", "+", 1) : ref("excluded.attempts"),
            at: ref("excluded.at"),
            retry_at: ref("excluded.retry_at"),
          }))
          .where(({ eb, or, lit, ref }) =>
            or([
              lit(!again),
              eb("ledger.state", "<>", ref("excluded.state")),
              eb("ledger.at", "<>", ref("excluded.at")),
              eb("ledger.code", "is distinct from", ref("excluded.code")),
              eb("ledger.retry_at", "is distinct from", ref("excluded.retry_at")),
            ]),
          ),
      ),
  );
const upsertRows = upsertOf(false);
const upsertTries = upsertOf(true);

const supersedeOlder = statement<{ subject: string; revision: number }>()(({ db, value }) =>
  db
    .updateTable("ledger")
    .set({ state: "superseded", retry_at: null })
    .where("subject", "=", value("subject"))
    .where("revision", "<", value("revision")),
);

const selectOf = statement<{ subject: string }>()(({ db, value }) =>
  db
    .selectFrom("ledger")
    .selectAll()
    .where("subject", "=", value("subject"))
    .orderBy("revision")
    .orderBy("scorer")
    .orderBy("version"),
);

const selectWhere = ({ byState, open, byScorer }: { byState: boolean; open: boolean; byScorer: boolean }) =>
  statement<{ state: string; scorer: string; limit: number }>()(({ db, value, written }) =>
    db
      .selectFrom("ledger")
      .selectAll()
      .$if(byState, (query) => query.where("state", "=", value("state")))
      .$if(open, (query) => query.where("state", "in", OPEN_STATES.map(written)))
      .$if(byScorer, (query) => query.where("scorer", "=", value("scorer")))
      .orderBy("at")
      .orderBy("subject")
      .orderBy("scorer")
      .limit(value("limit")),
  );
const SELECTIONS = [false, true].flatMap((byState) =>
  [false, true].flatMap((open) =>
    [false, true].map((byScorer) => ({
      byState,
      open,
      byScorer,
      statement: selectWhere({ byState, open, byScorer }),
    })),
  ),
);

/** Rows that are due move to when their lease ends; a scorer that is paused is never due. */
const claim = statement<{ now: number; until: number; limit: number }>()(({ db, value, written, engine }) =>
  db
    .with(
      (name) => name("due").materialized(),
      (query) =>
        query
          .selectFrom("ledger")
          .select(["subject", "revision", "scorer", "version"])
          .where("state", "=", written("waiting"))
          .where("retry_at", "<=", value("now"))
          .where(({ not, exists, selectFrom }) =>
            not(
              exists(
                selectFrom("pause").select("pause.scorer").whereRef("pause.scorer", "=", "ledger.scorer"),
              ),
            ),
          )
          .orderBy("retry_at")
          .limit(value("limit"))
          .$if(engine === "postgres", (rows) => rows.forUpdate().skipLocked()),
    )
    .updateTable("ledger")
    .set({ retry_at: value("until") })
    .where(({ eb, refTuple, selectFrom }) =>
      eb(
        refTuple("subject", "revision", "scorer", "version"),
        "in",
        selectFrom("due")
          .select(["subject", "revision", "scorer", "version"])
          .$asTuple("subject", "revision", "scorer", "version"),
      ),
    )
    .returning(["subject", "revision", "scorer"]),
);

const resume = statement<{ scorer: string; at: number; limit: number }>()(({ db, value, written, engine }) =>
  db
    .with(
      (name) => name("held").materialized(),
      (query) =>
        query
          .selectFrom("ledger")
          .select(["subject", "revision", "scorer", "version"])
          .where("state", "in", OPEN_STATES.map(written))
          .where("state", "=", "paused")
          .where("scorer", "=", value("scorer"))
          .limit(value("limit"))
          .$if(engine === "postgres", (rows) => rows.forUpdate()),
    )
    .updateTable("ledger")
    .set({ state: "waiting", retry_at: value("at") })
    .where(({ eb, refTuple, selectFrom }) =>
      eb(
        refTuple("subject", "revision", "scorer", "version"),
        "in",
        selectFrom("held")
          .select(["subject", "revision", "scorer", "version"])
          .$asTuple("subject", "revision", "scorer", "version"),
      ),
    )
    .returning("subject"),
);

const countWaiting = statement<Record<never, never>>()(({ db, written }) =>
  db
    .selectFrom("ledger")
    .select(({ fn }) => fn.countAll<number>().as("rows"))
    .where("state", "=", written("waiting")),
);

const countOpen = statement<Record<never, never>>()(({ db, written }) =>
  db
    .selectFrom("ledger")
    .select(["scorer", "state", "code"])
    .select(({ fn }) => fn.countAll<number>().as("rows"))
    .where("state", "in", OPEN_STATES.map(written))
    .groupBy(["scorer", "state", "code"])
    .orderBy("scorer")
    .orderBy("state")
    .orderBy("code"),
);

/** Writes rows as they are. */
export function* recordRows(rows: readonly LedgerRow[]): Operation<void> {
  // Of two rows with one key in a statement PostgreSQL would refuse both.
  const byKey = new Map(
    rows.map((row) => [JSON.stringify([row.subject, row.revision, row.scorer, row.version]), row]),
  );
  yield* send(
    upsertRows,
    ...[...byKey.values()].map(({ retryAt, ...row }) => ({ ...row, retry_at: retryAt })),
  );
}

/** One row per score. The same score saved again is no new attempt. */
export function* saveDecisions(saved: {
  readonly subject: string;
  readonly revision: number;
  readonly scores: readonly Score[];
  readonly at: number;
}): Operation<void> {
  const { subject, revision, at } = saved;
  const rows = saved.scores.map(({ name, version, unscored, explanation, metadata }) => ({
    subject,
    revision,
    scorer: name,
    version,
    state: ledgerStateOf(unscored, metadata),
    code: unscored?.code ?? null,
    reason: unscored === null ? null : explanation,
    attempts: isTry(unscored) ? 1 : 0,
    at,
    retry_at: unscored?.retryAt ?? null,
  }));
  yield* send(upsertTries, ...rows);
}

/** Rows of revisions before `revision` are over. */
export function* supersede(subject: string, revision: number): Operation<void> {
  yield* send(supersedeOlder, { subject, revision });
}

export function* ledgerOf(subject: string): Operation<LedgerRow[]> {
  return (yield* run(selectOf, { subject })).map(ledgerRow);
}

export function* ledgerRows({ state, scorer, limit }: LedgerFilter): Operation<LedgerRow[]> {
  const open = OPEN_STATES.some((one) => one === state);
  const selection = SELECTIONS.find(
    (one) =>
      one.byState === (state !== undefined) && one.open === open && one.byScorer === (scorer !== undefined),
  );
  if (selection === undefined) return [];
  const rows = yield* run(selection.statement, { state: state ?? "", scorer: scorer ?? "", limit });
  return rows.map(ledgerRow);
}

/** Takes due rows, those of one trace together. */
export function* claimDue(now: number, limit: number, leaseMs: number): Operation<DueScorers[]> {
  const rows = yield* runLast(claim, { now, until: now + leaseMs, limit });
  const due = new Map<string, { traceId: string; revision: number; scorers: string[] }>();
  for (const { subject, revision, scorer } of rows) {
    const key = `${subject}-${revision}`;
    const known = due.get(key);
    if (known) known.scorers.push(scorer);
    else due.set(key, { traceId: subject, revision, scorers: [scorer] });
  }
  return [...due.values()];
}

/** How many of a scorer's paused rows are due now; call it until fewer than `limit` were. */
export function* resumeSome(scorer: string, at: number, limit: number): Operation<number> {
  return (yield* runLast(resume, { scorer, at, limit })).length;
}

export function* countRetries(): Operation<number> {
  return (yield* run(countWaiting, {}))[0]?.rows ?? 0;
}

export function* openDecisions(): Operation<OpenDecisions[]> {
  const rows = yield* run(countOpen, {});
  return rows.map(({ state, ...row }) => ({ ...row, state: stateIn(state) }));
}

function ledgerRow({ retry_at: retryAt, state, ...row }: Row): LedgerRow {
  return { ...row, state: stateIn(state), retryAt };
}

function stateIn(state: string): LedgerState {
  // Only these are ever written, by this file and the migrations.
  return state as LedgerState;
}
