import { OPEN_STATES } from "./ledger.ts";

/** The words of an engine for what the tables need. */
export interface EngineWords {
  readonly engine: "sqlite" | "postgres";
  /** Text that sorts by its bytes. */
  readonly text: string;
  readonly real: string;
  readonly bytes: string;
  /** A row number that is never given twice. */
  readonly rowNumber: string;
  /** After the columns of a table; `keyed`: of one that is read by its primary key only. */
  readonly plain: string;
  readonly keyed: string;
}

export const SQLITE_WORDS: EngineWords = {
  engine: "sqlite",
  text: "text",
  real: "real",
  bytes: "blob",
  rowNumber: "integer primary key autoincrement",
  plain: "strict",
  keyed: "strict, without rowid",
};

export const POSTGRES_WORDS: EngineWords = {
  engine: "postgres",
  text: 'text collate "C"',
  real: "double precision",
  bytes: "bytea",
  rowNumber: "bigint generated always as identity primary key",
  plain: "",
  keyed: "",
};

/**
 * The store's tables (`tables.ts`), for both engines. Entry n brings them from version n to n + 1; released
 * entries are never edited, a change is a new entry here and, for SQLite, a line in `schema.ts`.
 */
export const STORE_MIGRATIONS: readonly ((words: EngineWords) => string)[] = [
  (words) => `${firstTraceTables(words)}${firstWorkTables(words)}`,
  severalProcesses,
  sampling,
  peopleSay,
  tombstones,
  spending,
  sessions,
  laterQuestions,
  batchQuestions,
  reservations,
];

function firstTraceTables({ text, real, bytes, plain, keyed }: EngineWords): string {
  return `
  create table trace (
    trace_id ${text} primary key,
    revision integer not null,
    start_time ${real} not null,
    failing integer not null,
    summary ${text} not null,
    root_attributes ${text} not null
  ) ${plain};
  create index trace_by_start on trace (start_time);
  create index trace_failing on trace (start_time) where failing = 1;

  create table payload (
    trace_id ${text} primary key,
    bytes ${bytes} not null
  ) ${plain};

  create table score (
    trace_id ${text} not null,
    name ${text} not null,
    revision integer not null,
    body ${text} not null,
    primary key (trace_id, name)
  ) ${keyed};
  `;
}

function firstWorkTables({ text, real, rowNumber, plain, keyed }: EngineWords): string {
  return `
  create table ledger (
    subject ${text} not null,
    revision integer not null,
    scorer ${text} not null,
    version ${text} not null,
    state ${text} not null,
    code ${text},
    reason ${text},
    attempts integer not null,
    at ${real} not null,
    retry_at ${real},
    primary key (subject, revision, scorer, version)
  ) ${keyed};
  create index ledger_due on ledger (retry_at) where retry_at is not null;

  create table outbox (
    id ${rowNumber},
    sink ${text} not null,
    trace_id ${text} not null,
    revision integer not null,
    state ${text} not null,
    attempts integer not null,
    reason ${text},
    at ${real} not null,
    due ${real},
    unique (trace_id, sink, revision)
  ) ${plain};
  create index outbox_due on outbox (due, id) where state = 'waiting';

  create table answer (
    key ${text} primary key,
    body ${text},
    at integer not null
  ) ${keyed};
  `;
}

/** Leases, retries, pauses, retention, purge. The rows of version 0.1.0 are brought along; they are only in SQLite. */
function severalProcesses({ engine, text, real, keyed }: EngineWords): string {
  const openStates = OPEN_STATES.map((state) => `'${state}'`).join(", ");
  return `
  alter table trace add column user_id ${text};
  alter table payload add column stored_at ${real} not null default 0;
  create index payload_by_age on payload (stored_at);

  drop index ledger_due;
  create index ledger_due on ledger (retry_at) where state = 'waiting';
  create index ledger_open on ledger (state, scorer, at) where state in (${openStates});

  alter table outbox add column holder ${text};
  alter table outbox add column lease integer not null default 0;
  alter table outbox add column lease_until ${real};
  alter table outbox add column edition integer not null default 0;
  alter table outbox add column delivered_at ${real};
  drop index outbox_due;
  create index outbox_due on outbox (sink, due, id) where state = 'waiting';
  create index outbox_leased on outbox (holder) where lease_until is not null;

  alter table answer add column holder ${text};
  alter table answer add column lease_until ${real};
  alter table answer add column claim ${text};
  alter table answer add column in_doubt integer not null default 0;
  alter table answer add column scorer ${text};
  create index answer_by_scorer on answer (scorer, at) where body is not null;
  create index answer_claimed on answer (holder) where body is null;

  create table asked (
    trace_id ${text} not null,
    key ${text} not null,
    primary key (trace_id, key)
  ) ${keyed};
  create index asked_by_key on asked (key);

  create table pause (
    scorer ${text} primary key,
    reason ${text} not null,
    at ${real} not null
  ) ${keyed};
  ${engine === "sqlite" ? BRING_ALONG : FOR_POSTGRES}
  create index trace_by_user on trace (user_id) where user_id is not null;
  `;
}

/** The sample: how long spans are kept is said when they are stored, and versions of agents are counted. */
function sampling({ text, real, keyed }: EngineWords): string {
  return `
  alter table payload rename column stored_at to keep_until;
  update payload set keep_until = keep_until + 604800000;

  create table agent_version (
    key ${text} primary key,
    service ${text} not null,
    traces integer not null,
    first_at ${real} not null
  ) ${keyed};
  create index agent_version_by_service on agent_version (service, first_at);
  `;
}

/** Labels. */
function peopleSay({ text, real, keyed }: EngineWords): string {
  return `
  create table label (
    trace_id ${text} not null,
    scorer ${text} not null,
    reviewer ${text} not null,
    at ${real} not null,
    body ${text} not null,
    primary key (trace_id, scorer, reviewer)
  ) ${keyed};
  `;
}

/** Of purged traces, so that what arrives late is not taken. The key is a hash. */
function tombstones({ text, real, keyed }: EngineWords): string {
  return `
  create table tombstone (
    key ${text} primary key,
    at ${real} not null,
    until ${real} not null
  ) ${keyed};
  `;
}

/** Budgets of judges. */
function spending({ text, real, keyed }: EngineWords): string {
  return `
  create table spend (
    day ${text} not null,
    purse ${text} not null,
    usd ${real} not null,
    tokens ${real} not null,
    primary key (day, purse)
  ) ${keyed};
  `;
}

/** Sessions are scored when they have been idle. Those from before are left alone. */
function sessions({ text, real }: EngineWords): string {
  return `
  alter table trace add column session_id ${text};
  alter table trace add column scored_at ${real} not null default 0;
  alter table trace add column in_session integer not null default 0;
  create index trace_by_session on trace (session_id, start_time) where session_id is not null;
  create index trace_session_open on trace (scored_at) where session_id is not null and in_session = 0;
  `;
}

/** Questions for batches. Texts stand apart, because they are long and where a question stands changes often. */
function laterQuestions({ text, real, plain, keyed }: EngineWords): string {
  return `
  create table later_question (
    key ${text} primary key,
    lane ${text} not null,
    scorer ${text} not null,
    bytes integer not null,
    at ${real} not null,
    deadline ${real} not null,
    reserved ${text},
    token ${text} not null,
    batch_id ${text},
    state ${text} not null,
    tries integer not null default 0
  ) ${keyed};
  create index later_waiting on later_question (lane, at, key, bytes, deadline) where state = 'waiting';
  create index later_live on later_question (deadline) where state = 'live';
  create index later_in_batch on later_question (batch_id, state) where batch_id is not null;

  create table later_text (
    key ${text} primary key,
    body ${text} not null
  ) ${plain};

  create table batch (
    id ${text} primary key,
    lane ${text} not null,
    provider_id ${text},
    at ${real} not null,
    due ${real} not null,
    size integer not null default 0,
    ended integer not null default 0
  ) ${keyed};
  create index batch_due on batch (due);
  `;
}

/** They are called what the rest of the program calls them. */
function batchQuestions(): string {
  return `
  alter table later_question rename to batch_question;
  alter table later_text rename to batch_question_text;
  drop index later_waiting;
  drop index later_live;
  drop index later_in_batch;
  create index batch_question_waiting on batch_question (lane, at, key, bytes, deadline) where state = 'waiting';
  create index batch_question_live on batch_question (deadline) where state = 'live';
  create index batch_question_in_batch on batch_question (batch_id, state) where batch_id is not null;
  `;
}

/** Of what was taken from purses, what is reserved. What was before counts as spent. */
function reservations({ real }: EngineWords): string {
  return `
  alter table spend add column reserved_usd ${real} not null default 0;
  alter table spend add column reserved_tokens ${real} not null default 0;
  `;
}

const BRING_ALONG = `
  update trace set user_id = substr(json_extract(summary, '$.userId'), 1, 200);
  update payload set stored_at = coalesce((select json_extract(summary, '$.scoredAt') from trace where trace.trace_id = payload.trace_id), 0);
  update outbox set delivered_at = at where state = 'delivered';
  update ledger set state = case
    when code in ('not-applicable', 'filtered') then 'filtered'
    when code in ('sampled-out', 'over-budget', 'paused', 'too-large', 'in-doubt') then code
    else 'failed' end where state = 'unscored';
`;

const FOR_POSTGRES = `
  -- A trace's spans come compressed.
  alter table payload alter column bytes set storage external;
  -- Unix ms do not fit an integer.
  alter table answer alter column at type bigint;
`;
