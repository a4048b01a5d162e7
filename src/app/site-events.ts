import { type AwayService, type ErrorCode, messageOf, TracegateError } from "../core/errors.ts";
import type { Judge } from "../core/judge.ts";
import type { Job } from "../core/queue.ts";
import type { SealedTrace } from "../core/trace-buffer.ts";
import type { ScoredTraceResult } from "./score-traces.ts";

/** The part of a process that met a fault. */
export type SitePart =
  | "receiver"
  | "assembler"
  | "queue"
  | "buffer"
  | "store"
  | "worker"
  | "judge"
  | "delivery"
  | "sweep"
  | "shutdown";

/** What is known of a fault besides its sentence. */
export interface FaultDetails {
  readonly part: SitePart;
  readonly code: ErrorCode;
  readonly traceId?: string;
  /** The service whose absence is all there is to the fault. */
  readonly away?: AwayService;
}

/** Told of a fault that was survived, in a sentence for a person. Must not throw. */
export type TellFault = (message: string, details: FaultDetails) => void;

/** How a try to write to a sink ended. */
export interface DeliveryTry {
  readonly sink: string;
  readonly traceId: string;
  readonly revision: number;
  readonly outcome: "delivered" | "superseded" | "retry" | "failed";
}

/** What a running process tells of its work. None of these may throw. */
export interface SiteEvents {
  /** A trace was complete, and this process sealed and queued it. */
  readonly onCompleted?: (trace: SealedTrace) => void;
  /** Scores of a trace were stored. `again`: of one that had been scored before. */
  readonly onScored?: (result: ScoredTraceResult, again: boolean) => void;
  /** A job was done. */
  readonly onWorked?: (job: Job, durationMs: number) => void;
  readonly onDelivery?: (delivery: DeliveryTry) => void;
  readonly onFault?: TellFault;
  /** The judge whose calls are paid, wrapped by whoever counts them. */
  readonly watchJudge?: (judge: Judge) => Judge;
}

/** The details of a fault that was thrown. */
export function detailsOf(part: SitePart, error: unknown, traceId?: string): FaultDetails {
  const code = error instanceof TracegateError ? error.code : "internal";
  const away = awayIn(error);
  return { part, code, ...(traceId !== undefined && { traceId }), ...(away && { away }) };
}

/** A service that is away may be behind other faults. */
function awayIn(error: unknown): AwayService | undefined {
  if (error instanceof TracegateError && error.away) return error.away;
  return error instanceof Error && error.cause !== undefined ? awayIn(error.cause) : undefined;
}

/** Tells of what was thrown, after the words for what failed. */
export function tellThrown(tell: TellFault, part: SitePart, doing: string, error: unknown): void {
  tell(`${doing}: ${messageOf(error)}`, detailsOf(part, error));
}
