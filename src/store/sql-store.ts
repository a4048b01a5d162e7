import { randomUUID } from "node:crypto";
import type { Spent } from "../core/batch-questions.ts";
import type { Answer, NoAnswer } from "../core/judge.ts";
import type { Label, LabelPage } from "../core/label.ts";
import type { Delivery, OutboxLease, OutboxRow } from "../core/outbox.ts";
import type { AgentVersion, FirstOfVersion } from "../core/sampling.ts";
import type { PurseSpending, SpendRefusal, SpendRequest } from "../core/spending.ts";
import type {
  AnswerClaim,
  AnswerState,
  DueScorers,
  IdleFilter,
  IdleSession,
  LaterScores,
  LedgerFilter,
  LedgerRow,
  MeanCost,
  OpenDecisions,
  Pause,
  Purged,
  PurgeWhom,
  ScoredTrace,
  ScorePage,
  Store,
  StoredScore,
  StoredTrace,
  Tombstone,
  TraceFilter,
  TraceSummary,
} from "../core/store.ts";
import { countVersion } from "./agent-versions.ts";
import { claimAnswer, forgetMissing, knownAnswer, meanCostOf, renewClaims, settleAnswer } from "./answers.ts";
import { labelsOn, saveLabels } from "./labels.ts";
import {
  claimDue,
  countRetries,
  ledgerOf,
  ledgerRows,
  openDecisions,
  recordRows,
  resumeSome,
} from "./ledger.ts";
import { dropPayloads } from "./old-payloads.ts";
import type { Engine } from "./operation.ts";
import {
  acknowledge,
  asOfNow,
  countDeliveries,
  deliveriesOf,
  deliveryHolders,
  failDelivery,
  leaseDeliveries,
  releaseDeliveries,
} from "./outbox.ts";
import { pausedScorers, pauseScorer, unpauseScorer } from "./pauses.ts";
import { deliveredSinks, purgeTraces, tracesOf, whatToPurge } from "./purge.ts";
import {
  addScores,
  countTraces,
  findTraces,
  listTraces,
  revisionOf,
  saveScored,
  scoresOn,
  traceOf,
} from "./scored-traces.ts";
import { closeSession, idleSessions, tracesOfSession } from "./sessions.ts";
import { reserveSpend, settleSpend, spendingOf } from "./spending.ts";
import { SqlBatchQuestions } from "./sql-batch-questions.ts";
import { type Standing, standingOf } from "./standing.ts";
import { setTombstones, tombstoneOf, withoutPurged } from "./tombstones.ts";

/** Rows resumed in one transaction, so that other writers get their turn. */
const RESUMED_AT_ONCE = 5_000;

/** {@link Store} on SQLite or PostgreSQL: says in which transaction each operation runs. */
export class SqlStore extends SqlBatchQuestions implements Store {
  readonly #engine: Engine;
  /** Deliveries leased by processes that ended without a word are given back once, at the first look. */
  #takenOver: Promise<void> | undefined;

  constructor(engine: Engine) {
    super(engine);
    this.#engine = engine;
  }

  saveScored(scored: ScoredTrace): Promise<boolean> {
    return this.#engine.write(() => saveScored(scored), { lock: [scored.summary.traceId] });
  }

  addScores(later: LaterScores): Promise<boolean> {
    return this.#engine.write(() => addScores(later), { lock: [later.traceId] });
  }

  record(rows: readonly LedgerRow[]): Promise<void> {
    const lock = rows.map(({ subject }) => subject);
    return this.#engine.write(
      function* () {
        yield* recordRows(yield* withoutPurged(rows, ({ subject }) => subject));
      },
      { lock },
    );
  }

  revision(traceId: string): Promise<number> {
    return this.#engine.read(() => revisionOf(traceId));
  }

  standing(traceId: string, now: number): Promise<Pick<Standing, "revision" | "tombstone">> {
    return this.#engine.read(() => standingOf(traceId, now));
  }

  trace(traceId: string): Promise<StoredTrace | null> {
    return this.#engine.snapshot(() => traceOf(traceId));
  }

  list(filter: TraceFilter): Promise<readonly TraceSummary[]> {
    return this.#engine.read(() => listTraces(filter));
  }

  find(prefix: string, limit: number): Promise<readonly string[]> {
    return this.#engine.read(() => findTraces(prefix, limit));
  }

  idleSessions(filter: IdleFilter): Promise<readonly IdleSession[]> {
    return this.#engine.read(() => idleSessions(filter));
  }

  session(sessionId: string, limit: number): Promise<readonly string[]> {
    return this.#engine.read(() => tracesOfSession(sessionId, limit));
  }

  sessionScored(session: IdleSession): Promise<void> {
    return this.#engine.write(() => closeSession(session));
  }

  scores(page: ScorePage): Promise<readonly StoredScore[]> {
    return this.#engine.read(() => scoresOn(page));
  }

  saveLabels(labels: readonly Label[]): Promise<void> {
    return this.#engine.write(function* () {
      yield* saveLabels(yield* withoutPurged(labels, ({ traceId }) => traceId));
    });
  }

  labels(page: LabelPage): Promise<readonly Label[]> {
    return this.#engine.read(() => labelsOn(page));
  }

  ledger(traceId: string): Promise<readonly LedgerRow[]> {
    return this.#engine.read(() => ledgerOf(traceId));
  }

  ledgerRows(filter: LedgerFilter): Promise<readonly LedgerRow[]> {
    return this.#engine.read(() => ledgerRows(filter));
  }

  openDecisions(): Promise<readonly OpenDecisions[]> {
    return this.#engine.read(() => openDecisions());
  }

  claimDue(
    now: number,
    { limit, leaseMs }: { readonly limit: number; readonly leaseMs: number },
  ): Promise<readonly DueScorers[]> {
    return this.#engine.write(() => claimDue(now, limit, leaseMs));
  }

  pause(pause: Pause): Promise<void> {
    return this.#engine.write(() => pauseScorer(pause));
  }

  unpause(scorer: string): Promise<void> {
    return this.#engine.write(() => unpauseScorer(scorer));
  }

  pauses(): Promise<readonly Pause[]> {
    return this.#engine.read(() => pausedScorers());
  }

  async resumePaused(scorer: string, at: number): Promise<number> {
    let resumed = 0;
    for (;;) {
      const some = await this.#engine.write(() => resumeSome(scorer, at, RESUMED_AT_ONCE));
      resumed += some;
      if (some < RESUMED_AT_ONCE) return resumed;
    }
  }

  meanCost(scorer: string): Promise<MeanCost | null> {
    return this.#engine.read(() => meanCostOf(scorer));
  }

  deliveries(traceId: string): Promise<readonly Delivery[]> {
    return this.#engine.read(() => deliveriesOf(traceId));
  }

  async outbox(now: number, limit: number, lease: OutboxLease): Promise<readonly OutboxRow[]> {
    this.#takenOver ??= this.#takeOver();
    await this.#takenOver;
    return this.#engine.write(() => leaseDeliveries(now, limit, lease), { survives: "kill" });
  }

  contentOf(row: OutboxRow): ReturnType<Store["contentOf"]> {
    return this.#engine.snapshot(function* () {
      return { row: yield* asOfNow(row), trace: yield* traceOf(row.traceId) };
    });
  }

  delivered(rows: readonly OutboxRow[], at: number): Promise<void> {
    return this.#engine.write(() => acknowledge(rows, at), { survives: "kill" });
  }

  deliveryFailed(row: OutboxRow, reason: string, at: number, retryAt: number | null): Promise<void> {
    return this.#engine.write(() => failDelivery(row, reason, at, retryAt), { survives: "kill" });
  }

  releaseDeliveries(holder: string): Promise<void> {
    return this.#engine.write(() => releaseDeliveries(holder), { survives: "kill" });
  }

  async beginAnswer(key: string, claim: AnswerClaim): Promise<AnswerState> {
    const known = await this.#engine.read(() => knownAnswer(key, claim.subject));
    if (known !== null) return known;
    const token = randomUUID();
    return this.#engine.write(() => claimAnswer(key, claim, token, this.#engine.isGone));
  }

  async knownAnswer(key: string, subject: string | null): Promise<Answer | NoAnswer | null> {
    const known = await this.#engine.read(() => knownAnswer(key, subject));
    return known?.state === "answered" ? known.result : null;
  }

  renewAnswers(holder: string, until: number): Promise<void> {
    return this.#engine.write(() => renewClaims(holder, until), { survives: "kill" });
  }

  settle(
    key: string,
    result: Answer | NoAnswer | "in-doubt" | null,
    by: { readonly holder: string; readonly at: number },
  ): Promise<void> {
    return this.#engine.write(() => settleAnswer(key, result, by));
  }

  reserveSpend(request: SpendRequest): Promise<SpendRefusal | null> {
    // One lock: purses that others have, too, are looked at and changed by one of them at a time.
    return this.#engine.write(() => reserveSpend(request), { survives: "kill", lock: ["spend"] });
  }

  settleSpend(day: string, purses: readonly string[], more: Spent, reserved?: Spent): Promise<void> {
    return this.#engine.write(() => settleSpend(day, purses, more, reserved), {
      survives: "kill",
      lock: ["spend"],
    });
  }

  spending(day: string): Promise<readonly PurseSpending[]> {
    return this.#engine.read(() => spendingOf(day));
  }

  forgetNoAnswers(subject: string, scorer: string): Promise<number> {
    return this.#engine.write(() => forgetMissing(subject, scorer));
  }

  async counts(): Promise<{ readonly traces: number; readonly scores: number; readonly outbox: number }> {
    const traces = await this.#engine.read(() => countTraces());
    return { ...traces, outbox: await this.#engine.read(() => countDeliveries()) };
  }

  async waiting(): Promise<{ readonly deliveries: number; readonly retries: number }> {
    const deliveries = await this.#engine.read(() => countDeliveries());
    return { deliveries, retries: await this.#engine.read(() => countRetries()) };
  }

  dropPayloads(now: number, limit: number): Promise<number> {
    return this.#engine.write(() => dropPayloads(now, limit), { survives: "kill" });
  }

  countVersion(version: AgentVersion, first: FirstOfVersion): Promise<number> {
    return this.#engine.write(() => countVersion(version, first), { survives: "kill" });
  }

  async toPurge(whom: PurgeWhom): Promise<Purged> {
    const traceIds = await this.#engine.read(() => tracesOf(whom));
    return this.#engine.snapshot(() => whatToPurge(traceIds));
  }

  async purge(whom: PurgeWhom, tombstone?: Tombstone): Promise<Purged> {
    const traceIds = await this.#engine.read(() => tracesOf(whom));
    const sinks = await this.#engine.read(() => deliveredSinks(traceIds));
    return this.#engine.write(
      function* () {
        if (tombstone !== undefined) yield* setTombstones(traceIds, tombstone);
        return yield* purgeTraces(traceIds, sinks, tombstone?.at ?? 0);
      },
      { lock: traceIds },
    );
  }

  tombstone(traceId: string, now: number): Promise<Tombstone | null> {
    return this.#engine.read(() => tombstoneOf(traceId, now));
  }

  close(): Promise<void> {
    return this.#engine.close();
  }

  async #takeOver(): Promise<void> {
    const holders = await this.#engine.read(() => deliveryHolders());
    for (const holder of holders.filter(this.#engine.isGone)) await this.releaseDeliveries(holder);
  }
}
