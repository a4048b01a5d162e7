import { SQLITE_WORDS, STORE_MIGRATIONS } from "./store-schema.ts";

/**
 * The tables of the state file: queue and trace buffer here, those of the store in `store-schema.ts`. Entry n
 * brings a file of version n to version n + 1; released entries are never edited, a change is a new entry.
 *
 * Trace and span ids are lower-case hex text, times Unix ms. In `fragment` and `sealed` the large column is
 * the last one, so that reading the others does not walk its overflow pages.
 */
export const MIGRATIONS: readonly string[] = [
  `
  create table fragment (
    seq integer primary key,
    trace_id text not null,
    received_at integer not null,
    size integer not null,
    heads blob not null,
    bytes blob not null
  ) strict;

  -- One row per trace ever sealed. "spans" holds the ids (span-table.ts) and is emptied when it is old.
  -- "base": the revision that reading starts with, and what has been sealed since then.
  create table known (
    trace_id text primary key,
    revision integer not null,
    base_revision integer not null,
    base_spans integer not null,
    base_size integer not null,
    signalled_at integer,
    seen_at integer not null,
    spans blob
  ) strict, without rowid;
  create index known_by_age on known (seen_at) where spans is not null or revision = 0;

  create table sealed (
    trace_id text not null,
    revision integer not null,
    reason text not null,
    sealed_at integer not null,
    enqueued integer not null,
    base_revision integer not null,
    spans integer not null,
    size integer not null,
    first_seen integer not null,
    last_seen integer not null,
    root_ended integer not null,
    missing_parents integer not null,
    frame_size integer not null,
    frame blob not null,
    primary key (trace_id, revision)
  ) strict;
  create index sealed_to_enqueue on sealed (sealed_at) where enqueued = 0;

  create table job (
    seq integer primary key autoincrement,
    id text not null unique,
    body text not null,
    state text not null,
    run_at integer not null,
    attempts integer not null,
    holder text,
    lease_until integer,
    reason text,
    dead_at integer
  ) strict;
  create index job_waiting on job (run_at, seq) where state = 'waiting';
  create index job_active on job (lease_until) where state = 'active';
  create index job_dead on job (dead_at) where state = 'dead';

${storeTables(0)}
  `,
  `
  -- Holders that died with the job in hand.
  alter table job add column deaths integer not null default 0;
  `,
  storeTables(1),
  storeTables(2),
  `
  -- Errors and new versions are scored before the rest when more waits than can be done.
  alter table job add column urgent integer not null default 0;
  drop index job_waiting;
  create index job_waiting on job (urgent, run_at, seq) where state = 'waiting';
  `,
  storeTables(3),
  storeTables(4),
  `
  -- Spans of purged traces are not taken; "key" is a hash of the trace id. "seq" tells an open buffer what is new to it.
  create table refused_trace (
    seq integer primary key autoincrement,
    key text not null unique,
    until integer not null
  ) strict;
  `,
  storeTables(5),
  storeTables(6),
  storeTables(7),
  storeTables(8),
  storeTables(9),
];

/** Written into the file's header, so that a foreign SQLite file is not taken for ours ("trcg"). */
export const APPLICATION_ID = 0x74726367;

function storeTables(version: number): string {
  return STORE_MIGRATIONS[version]?.(SQLITE_WORDS) ?? "";
}
