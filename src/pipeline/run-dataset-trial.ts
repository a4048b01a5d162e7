import type { Case } from "../core/case.ts";
import type { Clock } from "../core/clock.ts";
import { messageOf } from "../core/errors.ts";
import { contentHash, newSpanId, newTraceId } from "../core/ids.ts";
import type { Result, SpanCapture, Spending, Task, TaskOutput, TrialFault } from "../core/run.ts";
import type { Score } from "../core/score.ts";
import type { Subject } from "../core/scorer.ts";
import type { Trace } from "../core/trace.ts";
import { evidenceHash } from "./run-dataset-evidence.ts";
import { traceOfAnswer } from "./run-dataset-trace.ts";
import { addSpending, agentSpending, judgeSpending, NOTHING } from "./trial-spending.ts";

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
  /** `main`: the agent is main's, tried beside the change, and its trials have endpoints of their own. Default `change`. */
  readonly agent?: "main" | "change";
  /** Asked before every attempt; false makes no new one. Default: always true. */
  readonly mayStart?: () => boolean;
  /** Told of what an attempt, and then what its judges cost, as soon as it is known: before the trial is scored. */
  readonly onSpent?: (spending: Spending) => void;
  /** Whether an agent that did not end in time is given that time once more, in a trial of this case. Default: always true. */
  readonly isTimeGivenAgain?: (caseId: string) => boolean;
  /** Called when the agent's part of a trial is over and only scoring is left. */
  readonly onAttempted?: () => void;
}

/**
 * Tries one case once: runs the task, joins the spans it sent and its answer to one trace, and scores it.
 * A fault of the infrastructure is tried once more; a failing score never is.
 */
export async function runTrial(one: Case, trial: number, tools: TrialTools): Promise<Result> {
  const startedAt = tools.clock.now();
  let attempt = await tryOnce(one, trial, 1, tools);
  const spent: Spending[] = [];
  const spend = (spending: Spending) => {
    spent.push(spending);
    tools.onSpent?.(spending);
  };
  spend(attempt.spent);
  let retried: TrialFault["code"] | undefined;
  const done = (result: Pick<Result, "trace" | "scores" | "fault" | "evidenceHash">): Result => ({
    caseId: one.id,
    trial,
    ...result,
    durationMs: tools.clock.now() - startedAt,
    ...(attempt.tookMs === undefined ? {} : { tookMs: attempt.tookMs }),
    ...(attempt.notes?.length ? { notes: attempt.notes } : {}),
    spent: addSpending(spent),
    ...(retried ? { retried } : {}),
  });
  if ("fault" in attempt && isWorthAgain(attempt.fault) && mayTryAgain(one, attempt.fault, tools)) {
    const first = attempt.fault;
    retried = first.code;
    attempt = await tryOnce(one, trial, 2, tools);
    spend(attempt.spent);
    if ("fault" in attempt && attempt.fault.code === first.code) {
      attempt = {
        ...attempt,
        fault: { ...attempt.fault, message: `${attempt.fault.message}\n(Tried twice.)` },
      };
    }
  }
  tools.onAttempted?.();
  if (tools.signal.aborted) attempt = { fault: ABORTED, spent: NOTHING };
  if ("fault" in attempt) return done({ trace: null, scores: [], fault: attempt.fault, evidenceHash: null });
  const { trace } = attempt;
  try {
    const scores = await tools.evaluate({ trace, case: one }, tools.signal);
    spend(judgeSpending(scores));
    return done({ trace, scores, fault: null, evidenceHash: evidenceHash(trace) });
  } catch (error) {
    if (!tools.signal.aborted) throw error;
    return done({ trace, scores: [], fault: ABORTED, evidenceHash: null });
  }
}

const ABORTED: TrialFault = { code: "aborted", message: "The run was interrupted before this trial ended." };

type Attempt = ({ readonly trace: Trace } | { readonly fault: TrialFault }) &
  Pick<TaskOutput, "notes" | "tookMs"> & { readonly spent: Spending };

function mayTryAgain({ id }: Case, { code }: TrialFault, tools: TrialTools): boolean {
  const { signal, mayStart, isTimeGivenAgain } = tools;
  if (code === "agent-timed-out" && isTimeGivenAgain?.(id) === false) return false;
  return !signal.aborted && (mayStart?.() ?? true);
}

/**
 * A divergence from a recording is no fault of the infrastructure. Trying until none happens would keep only the
 * trials that go the way of the recording. A service that refused will refuse again.
 */
export function isWorthAgain({ code }: TrialFault): boolean {
  return code !== "aborted" && code !== "replay-diverged" && code !== "agent-refused";
}

async function tryOnce(one: Case, trial: number, attempt: number, tools: TrialTools): Promise<Attempt> {
  if (tools.signal.aborted) return { fault: ABORTED, spent: NOTHING };
  const traceId = newTraceId();
  const trialId = `${trialIdOf(one.id, trial, attempt)}${tools.agent === "main" ? ".main" : ""}`;
  const spanId = newSpanId();
  const place = tools.capture.open(trialId, { traceId, spanId });
  const startTime = tools.clock.now();
  const output = await runTask(one, tools, {
    trial,
    ...place,
    traceparent: `00-${traceId}-${spanId}-01`,
    signal: tools.signal,
  });
  const tookMs = output.tookMs ?? tools.clock.now() - startTime;
  // Collected after a fault too: that closes the endpoint.
  const chunks = await collect(trialId, output, tools);
  const notes = output.notes ? { notes: output.notes } : {};
  if (chunks === null) return { fault: ABORTED, spent: NOTHING };
  const read = chunks.length === 0 ? null : await tools.readTrace(chunks, { traceId });
  const spent = agentSpending(read, output);
  if (output.fault) return { fault: output.fault, spent, tookMs, ...notes };
  if (read) {
    const all = [...(output.notes ?? []), ...(output.notesOn?.(read) ?? [])];
    return { trace: withAnswer(read, output.answer), notes: all, spent, tookMs };
  }
  if (output.answer === undefined) {
    return { fault: { code: "no-trace", message: noTrace(tools, place) }, spent, tookMs };
  }
  const endTime = tools.clock.now();
  const trace = traceOfAnswer(one, { traceId, answer: output.answer, startTime, endTime });
  return (tools.capture.unclaimed?.() ?? 0) > 0
    ? { trace, spent, tookMs, notes: [...(output.notes ?? []), OWN_TRACES] }
    : { trace, spent, tookMs, ...notes };
}

/** The answer alone was scored, and whoever sees no tool call in it must know why. */
const OWN_TRACES =
  "only the answer was scored: no span of the trial arrived, though other traces did. If they are the agent's, let it continue the traceparent that it is given.";

/** What to do about an agent that neither sent a span nor gave an answer. */
function noTrace(
  { task, capture }: TrialTools,
  place: { readonly endpoint: string; readonly sharedEndpoint?: string },
): string {
  if (task.kind !== "http") {
    return `${task.description}: no span arrived at ${place.endpoint} and the task gave no answer. Send the spans to OTEL_EXPORTER_OTLP_ENDPOINT and flush them before the agent ends, or let the task return its answer.`;
  }
  const others = capture.unclaimed?.() ?? 0;
  const hint =
    others > 0
      ? `${others} other trace(s) arrived there: the service must continue the traceparent header of the request, not begin a trace of its own.`
      : "Start the service with OTEL_EXPORTER_OTLP_ENDPOINT set to it (gate.port fixes the port) and let it continue the traceparent header.";
  return `${task.description}: no span of the trial arrived at ${place.sharedEndpoint ?? place.endpoint} and no answer could be read from the response. ${hint} Or let the answer option read the answer.`;
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
  { fault, spans }: TaskOutput,
  { capture, signal, task, quietMs = 2_000 }: TrialTools,
): Promise<readonly Uint8Array[] | null> {
  const { arrival } = task;
  const wait = {
    quietMs: fault || spans === "none" ? 0 : Math.max(quietMs, arrival?.quietMs ?? 0),
    ...(arrival ? { settleMs: arrival.settleMs } : {}),
  };
  try {
    return await capture.collect(trialId, { ...wait, signal });
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
