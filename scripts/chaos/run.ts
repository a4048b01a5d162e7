import { appendFileSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { LedgerRow } from "../../src/core/store.ts";
import { openPostgresStore } from "../../src/store/open-postgres-store.ts";
import { freePort } from "../bench/free-port.ts";
import { startPostgres } from "../bench/postgres.ts";
import { startRedis } from "../bench/redis.ts";
import { Conductor } from "./conductor.ts";
import { configText } from "./config-text.ts";
import { type CountingSink, startCountingSink } from "./counting-sink.ts";
import { type FaultyModel, startFaultyModel } from "./faulty-model.ts";
import { Fleet } from "./fleet.ts";
import { type ChaosEvent, type ChaosSize, planOf } from "./plan.ts";
import { type Happened, type Line, linesOf } from "./report.ts";
import { type Sent, sendTraces } from "./sender.ts";
import { type Tally, tally, unfinishedOf } from "./tally.ts";
import { whyOf } from "./why.ts";

/** What a run has found. */
export interface ChaosResult {
  readonly lines: readonly Line[];
  /** What `tracegate why` says of the traces of wrong counts. */
  readonly why: string;
  /** Holds `chaos.log` and a log of every process. */
  readonly folder: string;
}

/** With nothing new from any side for so long, ms, a run is over: what is missing then is lost. */
const STUCK_MS = 180_000;
/** Time processes have to stop, ms. */
const GRACE_MS = 40_000;

/** Everything that runs. */
interface Stage {
  readonly folder: string;
  readonly tell: (what: string) => void;
  readonly services: Readonly<Record<"REDIS_URL" | "DATABASE_URL", string>>;
  readonly model: FaultyModel;
  readonly sink: CountingSink;
  readonly fleet: Fleet;
  readonly conductor: Conductor;
  readonly receivers: readonly string[];
  readonly shown: ReadonlySet<number>;
  close(): Promise<void>;
}

/** Sends, breaks, waits until all is done, nothing moves any more or the signal fires, and counts. */
export async function runChaos(size: ChaosSize, seed: number, signal: AbortSignal): Promise<ChaosResult> {
  const stage = await setStage(size, planOf(size, seed), seed);
  try {
    return await play({ size, seed, signal }, stage);
  } finally {
    await stage.fleet.stop(1_000);
    await stage.close();
  }
}

async function setStage(size: ChaosSize, plan: readonly ChaosEvent[], seed: number): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "tracegate-chaos-"));
  const logs = join(folder, "logs");
  mkdirSync(logs);
  const tell = (what: string) =>
    appendFileSync(join(logs, "chaos.log"), `${new Date().toISOString()} ${what}\n`);
  for (const event of plan) tell(`planned: ${JSON.stringify(event)}`);
  const [redis, postgres] = await Promise.all([
    startRedis({ durable: true }),
    startPostgres({ durable: true }),
  ]);
  const services = { REDIS_URL: redis.url, DATABASE_URL: postgres.url };
  const fleet = new Fleet({ folder, logs, services, tell });
  const shown = new Set<number>();
  const model = await startFaultyModel({
    seed,
    isKilled: (worker) => fleet.killed.has(worker),
    onAsked(call) {
      shown.add(call.number);
      conductor.progressed(shown.size);
      conductor.moment("asked", call.worker);
    },
    onReplied: ({ worker }) => conductor.moment("answered", worker),
  });
  const sink = await startCountingSink({
    onDelivering: (worker) => conductor.moment("delivering", worker),
    onDelivered: ({ worker }) => conductor.moment("delivered", worker),
  });
  const kill = (start: string) => fleet.kill(start);
  const conductor = new Conductor(plan, size, { redis, postgres, sink, kill }, tell);
  writeFileSync(join(folder, "tracegate.config.ts"), configText(model.url, sink.url));
  const receivers = await startFleet(fleet, size);
  return {
    ...{ folder, tell, services, model, sink, fleet, conductor, receivers, shown },
    async close() {
      await conductor.settle();
      await Promise.all([model.close(), sink.close(), redis.close(), postgres.close()]);
    },
  };
}

/** Gives the receivers' addresses. */
async function startFleet(fleet: Fleet, size: ChaosSize): Promise<readonly string[]> {
  const ports: number[] = [];
  for (let number = 1; number <= size.receivers; number += 1) {
    const port = await freePort();
    ports.push(port);
    fleet.start(`receive-${number}`, ["receive", "--port", String(port), "--grpc-port", "0"]);
  }
  for (let number = 1; number <= size.workers; number += 1) fleet.start(`work-${number}`, ["work"]);
  return ports.map((port) => `http://127.0.0.1:${port}`);
}

/** What is to be played. */
interface Run {
  readonly size: ChaosSize;
  readonly seed: number;
  readonly signal: AbortSignal;
}

async function play({ size, seed, signal }: Run, stage: Stage): Promise<ChaosResult> {
  const { fleet, conductor, shown, tell } = stage;
  const stop = new AbortController();
  const { traces, ahead } = size;
  const { receivers } = stage;
  const { sent, done } = sendTraces({
    ...{ traces, seed, receivers, ahead, signal: stop.signal },
    shown: () => shown.size,
  });
  await untilFinished(size, sent, stage, signal);
  tell("all is done, or nothing moves");
  await sleep(size.settleMs, undefined, { signal }).catch(() => {});
  stop.abort();
  await done;
  await conductor.settle();
  const notStopped = await fleet.stop(GRACE_MS);
  tell(`stopped; not in order: ${notStopped.join(", ") || "none"}`);
  keepWitnesses(stage);
  const counted = countAll(sent, stage);
  const lines = linesOf(counted, await happenedOf(size, sent, stage, { counted, notStopped }));
  if (conductor.fault !== undefined) throw conductor.fault;
  return {
    lines,
    why: await whyOf(lines, { ...stage, numberOf: (traceId) => sent.traces.get(traceId)?.number }),
    folder: stage.folder,
  };
}

/** Every trace is sent and finished, and everything planned has happened; or nothing has moved for a long time. */
async function untilFinished(size: ChaosSize, sent: Sent, stage: Stage, signal: AbortSignal): Promise<void> {
  const { model, sink, conductor, shown } = stage;
  let last = { mark: "", at: Date.now(), toldAt: Date.now() };
  while (!signal.aborted) {
    await sleep(500);
    const now = Date.now();
    const deliveries = sink.deliveries.length;
    const mark = [sent.traces.size, model.calls.length, deliveries, sink.refused].join();
    if (mark !== last.mark) last = { ...last, mark, at: now };
    if (now - last.toldAt > 10_000) {
      last.toldAt = now;
      console.error(`${sent.traces.size} sent, ${shown.size} shown to a judge, ${deliveries} deliveries`);
    }
    if (now - last.at > STUCK_MS) return;
    if (sent.traces.size < size.traces || !conductor.isDone()) continue;
    if (unfinishedOf({ sent: [...sent.traces.values()], deliveries: sink.deliveries }).length === 0) return;
  }
}

/** Beside the logs: every call and delivery, a JSON object per line. */
function keepWitnesses({ folder, model, sink }: Stage): void {
  const lines = (all: readonly object[]) => all.map((one) => `${JSON.stringify(one)}\n`).join("");
  writeFileSync(join(folder, "logs", "calls.jsonl"), lines(model.calls));
  writeFileSync(join(folder, "logs", "deliveries.jsonl"), lines(sink.deliveries));
}

function countAll(sent: Sent, { model, sink, fleet, conductor }: Stage): Tally {
  return tally({
    sent: [...sent.traces.values()],
    calls: model.calls,
    deliveries: sink.deliveries,
    killed: fleet.killed,
    outages: conductor.outages,
  });
}

async function happenedOf(
  size: ChaosSize,
  sent: Sent,
  stage: Stage,
  { counted, notStopped }: { readonly counted: Tally; readonly notStopped: readonly string[] },
): Promise<Happened> {
  const { fleet, conductor, sink, model } = stage;
  const store = await openPostgresStore({ url: stage.services.DATABASE_URL });
  const rows = await store.ledgerRows({ state: "in-doubt", limit: 1_000_000 });
  const missing: string[] = [];
  for (const { traceId, scorer } of counted.inDoubt) {
    const ledger = await store.ledger(traceId);
    if (!ledger.some((row) => row.scorer === scorer && saysDoubt(row))) missing.push(traceId);
  }
  await store.close();
  const about = sink.deliveries.filter(({ traceId }) => sent.traces.has(traceId));
  return {
    planned: { kills: size.kills, redis: size.redisRestarts, postgres: size.postgresRestarts },
    kills: conductor.happened.kill,
    redis: conductor.happened.redis,
    postgres: conductor.happened.postgres,
    sink: conductor.happened.sink,
    sentAgain: sent.failures,
    repeatedSends: sent.repeats,
    sinkRefused: sink.refused,
    deliveries: about.length,
    callReports: sink.deliveries.length - about.length,
    calls: model.calls.length,
    failedCalls: model.calls.filter(({ planned }) => planned !== "usable").length,
    ended: fleet.ended.length,
    notStopped: notStopped.length,
    inDoubtRows: rows.length,
    notInLedger: missing,
  };
}

/** A scorer that ended without a value is `failed` all the same; then the reason has the doubt. */
function saysDoubt({ state, reason }: Pick<LedgerRow, "state" | "reason">): boolean {
  return state === "in-doubt" || reason?.includes("may have been paid twice") === true;
}
