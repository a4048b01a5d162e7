import { type DeadJob, type Job, jobId, type QueueCounts } from "../core/queue.ts";
import { numberIn, type Row, textIn } from "./columns.ts";
import { isGone } from "./lease-holder.ts";
import type { StateDatabase } from "./state-database.ts";

/** A job in the hands of a consumer. (seq, holder) is the proof of the lease. */
export interface LeasedJob {
  readonly seq: number;
  readonly holder: string;
  readonly job: Job;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Holders that died with it in hand. */
  readonly deaths: number;
}

const KEPT_DEAD_JOBS = 10_000;

/** The `job` table. All times Unix ms; callers run the changing ones inside `StateDatabase.write`. */
export class JobTable {
  readonly #insert;
  readonly #claim;
  readonly #active;
  readonly #renew;
  readonly #finish;
  readonly #wait;
  readonly #bury;
  readonly #trimDead;
  readonly #nextRunAt;
  readonly #counts;
  readonly #dead;
  readonly #redrive;
  readonly #forget;
  readonly #all;
  readonly #delete;

  constructor(database: StateDatabase) {
    this.#insert = database.prepare(
      `insert into job (id, body, state, run_at, attempts, urgent) values (?, ?, 'waiting', ?, 0, ?)
       on conflict (id) do update set body = excluded.body, state = 'waiting', run_at = excluded.run_at,
         attempts = 0, urgent = excluded.urgent, deaths = 0, holder = null, lease_until = null, reason = null, dead_at = null where state = 'dead'`,
    );
    this.#claim = database.prepare(
      `update job set state = 'active', attempts = attempts + 1, holder = ?, lease_until = ?
       where seq in (select seq from job where state = 'waiting' and urgent = ? and run_at <= ? order by run_at, seq limit ?)
       returning seq, body, attempts, deaths`,
    );
    this.#active = database.prepare(
      "select seq, body, holder, attempts, deaths, lease_until from job where state = 'active'",
    );
    this.#renew = database.prepare(
      "update job set lease_until = ? where seq = ? and holder = ? and state = 'active'",
    );
    this.#finish = database.prepare("delete from job where seq = ? and holder = ? and state = 'active'");
    this.#wait = database.prepare(
      `update job set state = 'waiting', run_at = ?, attempts = attempts - ?, deaths = deaths + ?, reason = ?,
         holder = null, lease_until = null
       where seq = ? and holder = ? and state = 'active'`,
    );
    this.#bury = database.prepare(
      `update job set state = 'dead', reason = ?, dead_at = ?, holder = null, lease_until = null
       where seq = ? and holder = ? and state = 'active'`,
    );
    this.#trimDead = database.prepare(
      `delete from job where seq in
         (select seq from job where state = 'dead' order by dead_at desc limit -1 offset ${KEPT_DEAD_JOBS})`,
    );
    this.#nextRunAt = database.prepare(
      "select run_at from job where state = 'waiting' and urgent = ? order by run_at limit 1",
    );
    this.#counts = database.prepare(
      `select count(*) filter (where state = 'waiting' and run_at <= :now) as waiting,
         count(*) filter (where state = 'active') as active,
         count(*) filter (where state = 'waiting' and run_at > :now) as delayed,
         count(*) filter (where state = 'dead') as dead from job`,
    );
    this.#dead = database.prepare(
      `select id, body, reason, dead_at from job where state = 'dead' and dead_at < ?
       order by dead_at desc, seq desc limit ?`,
    );
    this.#redrive = database.prepare(
      `update job set state = 'waiting', run_at = ?, attempts = 0, deaths = 0, reason = null, dead_at = null
       where id = ? and state = 'dead'`,
    );
    this.#forget = database.prepare("delete from job where id = ? and state = 'dead'");
    this.#all = database.prepare("select seq, body from job");
    this.#delete = database.prepare("delete from job where seq = ?");
  }

  /** A job already known and not dead stays as it is. */
  insert(job: Job, now: number, urgent: boolean): void {
    this.#insert.run(jobId(job), JSON.stringify(job), now, Number(urgent));
  }

  /** Leases the oldest jobs that may run now, urgent ones first. */
  claim(holder: string, now: number, leaseUntil: number, limit: number): LeasedJob[] {
    const urgent = this.#claimOf(1, holder, now, leaseUntil, limit);
    if (urgent.length >= limit) return urgent;
    return [...urgent, ...this.#claimOf(0, holder, now, leaseUntil, limit - urgent.length)];
  }

  #claimOf(urgent: 0 | 1, holder: string, now: number, leaseUntil: number, limit: number): LeasedJob[] {
    return this.#claim
      .all(holder, leaseUntil, urgent, now, limit)
      .map((row) => ({
        seq: numberIn(row, "seq"),
        holder,
        job: jobIn(row),
        attempt: numberIn(row, "attempts"),
        deaths: numberIn(row, "deaths"),
      }))
      .sort((a, b) => a.seq - b.seq);
  }

  /**
   * Jobs whose lease ran out or whose holder is dead wait again; those tried too often are buried and
   * returned with the reason.
   */
  takeOver(
    now: number,
    maxAttempts: number,
  ): { readonly job: Job; readonly reason: string; readonly tries: number }[] {
    const buried: { job: Job; reason: string; tries: number }[] = [];
    const gone = new Map<string, boolean>();
    for (const row of this.#active.all()) {
      const holder = textIn(row, "holder");
      const holderIsGone = gone.get(holder) ?? isGone(holder);
      gone.set(holder, holderIsGone);
      if (!holderIsGone && numberIn(row, "lease_until") > now) continue;
      const lease = { seq: numberIn(row, "seq"), holder };
      const attempts = numberIn(row, "attempts");
      const reason = `The process that held the job ended without a word, try ${attempts} of ${maxAttempts}. Look for a crash or an out-of-memory kill.`;
      if (attempts < maxAttempts) this.#wait.run(now, 0, 1, reason, lease.seq, lease.holder);
      else if (this.bury(lease, reason, now)) buried.push({ job: jobIn(row), reason, tries: attempts });
    }
    return buried;
  }

  /** False when the lease is lost. */
  renew(lease: Pick<LeasedJob, "seq" | "holder">, leaseUntil: number): boolean {
    return this.#renew.run(leaseUntil, lease.seq, lease.holder).changes !== 0;
  }

  finish(lease: Pick<LeasedJob, "seq" | "holder">): void {
    this.#finish.run(lease.seq, lease.holder);
  }

  retry(lease: Pick<LeasedJob, "seq" | "holder">, reason: string, runAt: number): void {
    this.#wait.run(runAt, 0, 0, reason, lease.seq, lease.holder);
  }

  /** Hands a job back untried: the attempt does not count. */
  giveBack(lease: Pick<LeasedJob, "seq" | "holder">, runAt: number, reason: string | null = null): void {
    this.#wait.run(runAt, 1, 0, reason, lease.seq, lease.holder);
  }

  /** False when the lease is lost. */
  bury(lease: Pick<LeasedJob, "seq" | "holder">, reason: string, now: number): boolean {
    const buried = this.#bury.run(reason, now, lease.seq, lease.holder).changes !== 0;
    if (buried) this.#trimDead.run();
    return buried;
  }

  /** When the next waiting job may run; null when none waits. */
  nextRunAt(): number | null {
    const times = [0, 1].flatMap((urgent) => {
      const row = this.#nextRunAt.get(urgent);
      return row === undefined ? [] : [numberIn(row, "run_at")];
    });
    return times.length === 0 ? null : Math.min(...times);
  }

  counts(now: number): QueueCounts {
    const row = this.#counts.get({ now });
    return {
      waiting: numberIn(row, "waiting"),
      active: numberIn(row, "active"),
      delayed: numberIn(row, "delayed"),
      dead: numberIn(row, "dead"),
    };
  }

  dead(limit: number, before = Number.MAX_SAFE_INTEGER): DeadJob[] {
    return this.#dead.all(before, limit).map((row) => ({
      id: textIn(row, "id"),
      job: jobIn(row),
      reason: textIn(row, "reason"),
      at: numberIn(row, "dead_at"),
    }));
  }

  redrive(ids: readonly string[], now: number): number {
    return ids.reduce((sum, id) => sum + Number(this.#redrive.run(now, id).changes), 0);
  }

  purge(matches: (job: Job) => boolean): number {
    const purged = this.#all.all().filter((row) => matches(jobIn(row)));
    for (const row of purged) this.#delete.run(numberIn(row, "seq"));
    return purged.length;
  }

  forget(ids: readonly string[]): number {
    return ids.reduce((sum, id) => sum + Number(this.#forget.run(id).changes), 0);
  }
}

function jobIn(row: Row): Job {
  return JSON.parse(textIn(row, "body"));
}
