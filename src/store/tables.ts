import type { Generated } from "kysely";

/**
 * The tables of the store, the same in SQLite and PostgreSQL; `schema.ts` makes them. Times are Unix ms,
 * ids lower-case hex, objects JSON text, yes and no 1 and 0.
 */
export interface Tables {
  /** One row per trace: its newest revision. */
  readonly trace: {
    trace_id: string;
    revision: number;
    start_time: number;
    /** 1: some score is below its `passAt`. */
    failing: number;
    summary: string;
    root_attributes: string;
    /** Its first 200 characters: an index has its limits, and a trace may say anything. */
    user_id: string | null;
    /** See `sessionColumn`. */
    session_id: string | null;
    /** When this revision was last stored. */
    scored_at: Generated<number>;
    /** 1: its session has been scored since. */
    in_session: Generated<number>;
  };
  readonly payload: { trace_id: string; bytes: Uint8Array; keep_until: number };
  readonly score: { trace_id: string; name: string; revision: number; body: string };
  readonly ledger: {
    subject: string;
    revision: number;
    scorer: string;
    version: string;
    state: string;
    code: string | null;
    reason: string | null;
    attempts: number;
    at: number;
    retry_at: number | null;
  };
  readonly outbox: {
    id: Generated<number>;
    sink: string;
    trace_id: string;
    revision: number;
    state: string;
    attempts: number;
    reason: string | null;
    at: number;
    due: number | null;
    holder: string | null;
    /** Counts the leases; who names the current one holds it. */
    lease: Generated<number>;
    lease_until: number | null;
    /** Counts the contents to be told. */
    edition: Generated<number>;
    /** When the sink last took some content of this revision. */
    delivered_at: number | null;
  };
  /** A row without a body is a claim: somebody asks, or died asking. */
  readonly answer: {
    key: string;
    body: string | null;
    at: number;
    holder: string | null;
    lease_until: number | null;
    /** One per claim, so that a claim repeated after a lost reply knows itself. */
    claim: string | null;
    in_doubt: Generated<number>;
    scorer: string | null;
  };
  /** Which answers are about which trace. */
  readonly asked: { trace_id: string; key: string };
  /**
   * Questions that are answered in batches; see `BatchQuestions`. `waiting`: in no batch; `sent`: in one; `live`: fell out of the
   * lane; `answered`: is there until its batch is closed. `live` ones are of their batch until then, too.
   */
  readonly batch_question: {
    key: string;
    lane: string;
    scorer: string;
    /** Of its text. */
    bytes: number;
    at: number;
    deadline: number;
    /** A `Reserved`. */
    reserved: string | null;
    /** One per call that added it, so that a call repeated after a lost reply knows itself. */
    token: string;
    batch_id: string | null;
    state: string;
    /** How many batches brought something of it that was no answer. */
    tries: Generated<number>;
  };
  /** Of those that wait or are sent: the `Question`. */
  readonly batch_question_text: { key: string; body: string };
  /** Batches that are under way. `due`: when somebody looks at it again, or when the lease of who looks at it ends. */
  readonly batch: {
    id: string;
    lane: string;
    provider_id: string | null;
    at: number;
    due: number;
    /** Of how many questions it was formed. */
    size: Generated<number>;
    /** 1: its answers are in. */
    ended: Generated<number>;
  };
  /** `body` is the whole label as JSON. */
  readonly label: { trace_id: string; scorer: string; reviewer: string; at: number; body: string };
  /** What a purse has paid on a day, UTC. */
  readonly spend: {
    day: string;
    purse: string;
    usd: number;
    tokens: number;
    reserved_usd: number;
    reserved_tokens: number;
  };
  readonly pause: { scorer: string; reason: string; at: number };
  /** Purged traces, by `tombstoneKey`. */
  readonly tombstone: { key: string; at: number; until: number };
  /** How many of its first places are taken; `key` is a hash, because traces may name a version as they like. */
  readonly agent_version: { key: string; service: string; traces: number; first_at: number };
}
