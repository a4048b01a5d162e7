import type { Config } from "../config/schema.ts";
import { systemClock } from "../core/clock.ts";
import { messageOf } from "../core/errors.ts";
import type { Limiter } from "../core/limiter.ts";
import type { JobHandler, Queue } from "../core/queue.ts";
import type { Score } from "../core/score.ts";
import type { Pause, Store } from "../core/store.ts";
import type { TraceBuffer } from "../core/trace-buffer.ts";
import type { Assembler } from "../pipeline/assemble.ts";
import type { JudgeCall } from "../pipeline/audit-judge.ts";
import { ageOutDead, recordDeath } from "../pipeline/dead-jobs.ts";
import { evaluateSampled } from "../pipeline/evaluate-sampled.ts";
import { LiveSampler } from "../pipeline/live-sampler.ts";
import { planRetry } from "../pipeline/plan-retry.ts";
import { processTrace } from "../pipeline/process-trace.ts";
import type { Repeating } from "../pipeline/repeat.ts";
import { type RescoringLoop, startRescoring } from "../pipeline/rescore-loop.ts";
import { rescoreTrace } from "../pipeline/rescore-trace.ts";
import { startSweeping } from "../pipeline/retention.ts";
import { takeInline } from "../pipeline/take-inline.ts";
import { unlessPurged } from "../pipeline/unless-purged.ts";
import { startWorker, type Worker, type WorkerEvent } from "../worker/start-worker.ts";
import { type Interruption, startWatchdog, type Watchdog } from "../worker/watchdog.ts";
import type { Environment } from "./equipment.ts";
import { type LiveEvaluation, liveEvaluation } from "./evaluate-live.ts";
import { startJudgeBatches } from "./judge-batches.ts";
import { retentionOf, samplingRules } from "./sampling-rules.ts";
import { scoreSessions } from "./score-sessions.ts";
import type { ScoredTraceResult } from "./score-traces.ts";
import { detailsOf, type SiteEvents, type TellFault, tellThrown } from "./site-events.ts";
import { tellJudgeCalls } from "./tell-judge-calls.ts";
import { traceReader } from "./trace-reader.ts";

/** Options of {@link startScoring}. */
export interface ScoringOptions extends SiteEvents {
  readonly config: Config;
  readonly environment: Environment;
  readonly store: Store;
  readonly buffer: TraceBuffer;
  /** Takes the spans that jobs of other programs bring. */
  readonly assembler: Pick<Assembler, "accept" | "signal">;
  readonly queue: Queue;
  readonly limiter: Limiter;
  /** Called when scores have been stored that sinks wait for. */
  readonly wakeDelivery: () => void;
  readonly onFault: TellFault;
}

/** The scoring half of tracegate, running. */
export interface Scoring {
  /** Takes nothing new and gives what is in hand `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

const AGE_OUT_EVERY_MS = 3_600_000;

/** Takes jobs and scores their traces; tries judges again that were away; watches over both. */
export async function startScoring(options: ScoringOptions): Promise<Scoring> {
  const { config, store, queue, onFault } = options;
  const { stuckMs, ruleTimeoutMs, judgeTimeoutMs, concurrency } = config.worker;
  // Known below: an interruption cannot come before there is something to interrupt.
  let worker: Worker | undefined;
  let evaluation: LiveEvaluation | undefined;
  const watchdog = await watch(Math.max(stuckMs, 2 * ruleTimeoutMs) * Math.sign(stuckMs), (interruption) => {
    tellInterrupted(onFault, interruption);
    evaluation?.interrupted(interruption);
    worker?.interrupted(interruption);
  });
  const calls = judgeCallsOf(options);
  const watching = { ...options, ...(calls && { onJudgeCall: (call: JudgeCall) => calls.tell(call) }) };
  evaluation = liveEvaluation({
    ...watching,
    beat: watchdog.beat,
    onPaused: (pause) => tellPaused(onFault, pause),
  });
  const rescoring = tryJudgesAgain(options, evaluation);
  const handlers = handlersOf(options, evaluation, rescoring);
  let sessions: Repeating | undefined;
  try {
    sessions = scoreSessions({ ...options, evaluation });
    worker = await startWorker({
      queue,
      concurrency,
      abandonMs: judgeTimeoutMs + 2 * ruleTimeoutMs + 10_000,
      async handle(job, attempt) {
        if (job.from !== "inline" && job.from !== "store") return handlers.first(job, attempt);
        await unlessPurged(job.traceId, { store, clock: systemClock }, () =>
          job.from === "inline" ? takeInline(job, options) : handlers.again(job, attempt),
        );
      },
      log: (event) => reportWork(event, options),
    });
  } catch (error) {
    await Promise.all([rescoring.stop(), sessions?.stop(), watchdog.stop()]);
    throw error;
  }
  const batches = startJudgeBatches({ ...watching, evaluation });
  const ageing = keepDeadBounded(options);
  const sweeping = startSweeping({
    store,
    clock: systemClock,
    onFault: (error) => tellThrown(onFault, "sweep", "letting go of old spans", error),
  });
  return {
    async stop(graceMs) {
      clearInterval(ageing);
      await Promise.all([sweeping.stop(), sessions?.stop(), batches.stop()]);
      await rescoring.stop();
      await worker?.stop(graceMs);
      await calls?.stop(Math.min(graceMs, 5_000));
      await watchdog.stop();
    },
  };
}

function tellInterrupted(onFault: TellFault, { heldMs, place }: Interruption): void {
  const where = place ?? "an unknown place";
  onFault(`code at ${where} kept the processor for ${heldMs} ms and was interrupted`, {
    part: "worker",
    code: "scorer",
  });
}

/** Who tells the sinks what judges were asked; undefined where nobody wants to know. */
function judgeCallsOf({ config, onFault }: ScoringOptions): ReturnType<typeof tellJudgeCalls> | undefined {
  if (!config.judging.audit) return undefined;
  return tellJudgeCalls(config.sinks, (error) =>
    tellThrown(onFault, "delivery", "telling sinks of judge calls", error),
  );
}

function tellPaused(onFault: TellFault, { scorer, reason }: Pause): void {
  const remedy = `When that is repaired, run \`tracegate resume ${scorer}\`.`;
  onFault(`${scorer} is paused: ${reason} ${remedy}`, { part: "judge", code: "refused" });
}

function tryJudgesAgain(
  { store, queue, onFault }: ScoringOptions,
  { scorers }: LiveEvaluation,
): RescoringLoop {
  const judges = scorers.filter(({ kind }) => kind === "judge");
  return startRescoring({
    store,
    queue,
    clock: systemClock,
    scorers: judges.map(({ name }) => name),
    onFault: (error) => tellThrown(onFault, "sweep", "trying judges again", error),
  });
}

async function watch(
  stuckMs: number,
  onInterrupted: Parameters<typeof startWatchdog>[0]["onInterrupted"],
): Promise<Watchdog> {
  return stuckMs === 0 ? { beat: () => {}, stop: async () => {} } : startWatchdog({ stuckMs, onInterrupted });
}

/** What is done with a job for a new trace, and with one for a stored trace. */
function handlersOf(
  options: ScoringOptions,
  evaluation: LiveEvaluation,
  rescoring: RescoringLoop,
): { readonly first: JobHandler; readonly again: JobHandler } {
  const { config, buffer, store, wakeDelivery, onScored } = options;
  const { scorers, score } = evaluation;
  const common = {
    buffer,
    store,
    clock: systemClock,
    readTrace: traceReader(config),
    sinkNames: config.sinks.map((sink) => sink.name),
    retention: retentionOf(config),
    redact: config.privacy.redact.storage,
  };
  const sampler = new LiveSampler({ store, rulesOf: samplingRules(config), clock: systemClock });
  const retries = config.worker.judgeRetries;
  const planned = (scores: readonly Score[]) => {
    for (const { unscored } of scores)
      if (unscored?.retryAt !== undefined) rescoring.planned(unscored.retryAt);
  };
  return {
    async first(job, { signal }) {
      let result: ScoredTraceResult | undefined;
      const evaluate: Parameters<typeof processTrace>[1]["evaluate"] = async (subject, signal, earlier) => {
        const options = { scorers, score, sampler, ...(earlier && { earlier }) };
        const { scores: given, sampling } = await evaluateSampled(subject, options, signal);
        const scores = given.map((one) => planRetry(one, 1, retries, systemClock.now()));
        result = { trace: subject.trace, scores };
        return { scores, sampling };
      };
      const outcome = await processTrace(job, { ...common, evaluate }, signal);
      wakeDelivery();
      if (outcome !== "scored" || result === undefined) return;
      planned(result.scores);
      onScored?.(result, false);
    },
    async again(job, { signal }) {
      const result = await rescoreTrace(job, { ...common, scorers, evaluate: score, retries }, signal);
      if (result === null) return;
      planned(result.scores);
      wakeDelivery();
      onScored?.(result, true);
    },
  };
}

function reportWork(event: WorkerEvent, { store, onFault, onWorked }: ScoringOptions): void {
  if (event.kind === "done") {
    onWorked?.(event.job, event.durationMs);
    return;
  }
  const { job, error, attempt } = event;
  if (event.kind === "dead") {
    recordDeath({ job, error, attempts: attempt, at: systemClock.now() }, store).catch((fault) =>
      tellThrown(onFault, "store", "ledger", fault),
    );
  }
  const again = event.kind === "retry" ? "is tried again later" : "cannot be scored";
  onFault(`trace ${job.traceId} ${again}: ${messageOf(error)}`, detailsOf("worker", error, job.traceId));
}

function keepDeadBounded({ config, queue, buffer, onFault }: ScoringOptions): NodeJS.Timeout {
  const sweep = () => {
    ageOutDead(systemClock.now() - config.worker.keepDeadMs, { queue, buffer }).catch((error) =>
      tellThrown(onFault, "sweep", "deleting old dead jobs", error),
    );
  };
  sweep();
  return setInterval(sweep, AGE_OUT_EVERY_MS).unref();
}
