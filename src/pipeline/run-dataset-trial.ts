import type { Case } from "../core/case.ts";
import type { Clock } from "../core/clock.ts";
import { messageOf } from "../core/errors.ts";
import { contentHash, newSpanId, newTraceId } from "../core/ids.ts";
import type { Result, SpanCapture, Task, TaskOutput, TrialFault } from "../core/run.ts";
import type { Score } from "../core/score.ts";
import type { Subject } from "../core/scorer.ts";
import type { Trace } from "../core/trace.ts";
import { evidenceHash } from "./run-dataset-evidence.ts";
import { traceOfAnswer } from "./run-dataset-trace.ts";

/** What trying a case needs besides the case. */
export interface TrialTools {
  readonly task: Task;
  readonly capture: SpanCapture;
  /**
   * Reads the OTLP chunks of one trial; null when they hold no span. An agent may send several traces;
   * `traceId` is the one it was asked to continue.
   */
  readonly readTrace: (
    chunks: readonly Uint8Array[],
    context: { readonly traceId: string },
  ) => Trace | null | Promise<Trace | null>;
  /** The same scorers as on live traffic. */
  readonly evaluate: (subject: Subject, signal: AbortSignal) => Promise<readonly Score[]>;
  /** Quiet time after which a trial's spans are taken to be all there, ms. Default 2,000. */
  readonly quietMs?: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Tries one case once: runs the task, joins the spans it sent and its answer to one trace, and scores it.
 * A fault of the infrastructure is tried once more; a failing score never is.
 */
export async function runTrial(one: Case, trial: number, tools: TrialTools): Promise<Result> {
  const startedAt = tools.clock.now();
  let attempt = await tryOnce(one, trial, 1, tools);
  const done = (result: Pick<Result, "trace" | "scores" | "fault" | "evidenceHash">): Result => ({
    caseId: one.id,
    trial,
    ...result,
    durationMs: tools.clock.now() - startedAt,
    ...(attempt.notes?.length ? { notes: attempt.notes } : {}),
  });
  if ("fault" in attempt && isWorthAgain(attempt.fault) && !tools.signal.aborted) {
    const first = attempt.fault;
    attempt = await tryOnce(one, trial, 2, tools);
    if ("fault" in attempt && attempt.fault.code === first.code) {
      attempt = {
        ...attempt,
        fault: { ...attempt.fault, message: `${attempt.fault.message}\n(Tried twice.)` },
      };
    }
  }
  if (tools.signal.aborted) attempt = { fault: ABORTED };
  if ("fault" in attempt) return done({ trace: null, scores: [], fault: attempt.fault, evidenceHash: null });
  const { trace } = attempt;
  try {
    const scores = await tools.evaluate({ trace, case: one }, tools.signal);
    return done({ trace, scores, fault: null, evidenceHash: evidenceHash(trace) });
  } catch (error) {
    if (!tools.signal.aborted) throw error;
    return done({ trace, scores: [], fault: ABORTED, evidenceHash: null });
  }
}

const ABORTED: TrialFault = { code: "aborted", message: "The run was interrupted before this trial ended." };

type Attempt = ({ readonly trace: Trace } | { readonly fault: TrialFault }) & Pick<TaskOutput, "notes">;

/**
 * A divergence from a recording is no fault of the infrastructure. Trying until none happens would keep only the
 * trials that go the way of the recording.
 */
function isWorthAgain({ code }: TrialFault): boolean {
  return code !== "aborted" && code !== "replay-diverged";
}

async function tryOnce(one: Case, trial: number, attempt: number, tools: TrialTools): Promise<Attempt> {
  if (tools.signal.aborted) return { fault: ABORTED };
  const traceId = newTraceId();
  const trialId = trialIdOf(one.id, trial, attempt);
  const { endpoint } = tools.capture.open(trialId);
  const startTime = tools.clock.now();
  const output = await runTask(one, tools, {
    trial,
    endpoint,
    traceparent: `00-${traceId}-${newSpanId()}-01`,
    signal: tools.signal,
  });
  // Collected after a fault too: that closes the endpoint.
  const quietMs = output.fault ? 0 : (tools.quietMs ?? 2_000);
  const chunks = await collect(trialId, quietMs, tools);
  const notes = output.notes ? { notes: output.notes } : {};
  if (output.fault) return { fault: output.fault, ...notes };
  if (chunks === null) return { fault: ABORTED };
  const read = chunks.length === 0 ? null : await tools.readTrace(chunks, { traceId });
  if (read) {
    const all = [...(output.notes ?? []), ...(output.notesOn?.(read) ?? [])];
    return { trace: withAnswer(read, output.answer), notes: all };
  }
  if (output.answer === undefined) {
    const message = `${tools.task.description}: no span arrived at ${endpoint} and the task gave no answer. Send the spans to OTEL_EXPORTER_OTLP_ENDPOINT and flush them before the agent ends, or let the task return its answer.`;
    return { fault: { code: "no-trace", message } };
  }
  const endTime = tools.clock.now();
  return { trace: traceOfAnswer(one, { traceId, answer: output.answer, startTime, endTime }), ...notes };
}

async function runTask(
  one: Case,
  { task }: TrialTools,
  setting: Parameters<Task["run"]>[1],
): Promise<TaskOutput> {
  try {
    return await task.run(one, setting);
  } catch (error) {
    return { fault: { code: "agent-failed-to-start", message: `${task.description}: ${messageOf(error)}` } };
  }
}

/** Null when the run was interrupted meanwhile. */
async function collect(
  trialId: string,
  quietMs: number,
  { capture, signal }: TrialTools,
): Promise<readonly Uint8Array[] | null> {
  try {
    return await capture.collect(trialId, { quietMs, signal });
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}

/** Part of a URL, so made of safe characters; the hash keeps ids apart that differ in the others only. */
function trialIdOf(caseId: string, trial: number, attempt: number): string {
  const safe = caseId.replaceAll(/[^\w.-]/g, "_").slice(0, 64);
  const name = safe === caseId ? safe : `${safe}-${contentHash(caseId, 6)}`;
  return `${name}.${trial}${attempt === 1 ? "" : ".again"}`;
}

/** The task's own answer counts where no span carries one. */
function withAnswer(trace: Trace, answer: string | undefined): Trace {
  if (trace.output !== undefined || answer === undefined) return trace;
  const missing = trace.quality.missing.filter((field) => field !== "output");
  return { ...trace, output: answer, quality: { ...trace.quality, missing } };
}
