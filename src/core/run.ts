import type { Case, Recording } from "./case.ts";
import type { Score } from "./score.ts";
import type { LlmCall, Trace } from "./trace.ts";

/**
 * Why a trial produced nothing to score: never a regression, never a pass.
 *
 * `replay-diverged`: the agent asked for something its recording does not hold, or there is no recording, so it
 * cannot be told whether it would have handled the case. `agent-refused`: a service answered that it does not take
 * the request (HTTP 4xx), and would say so again. `agent-crashed`, `agent-timed-out` and `no-trace`: the agent broke down. It had begun, and ended in an
 * error, not in time, or with neither an answer nor spans, by its own doing or by that of what it needs; main, tried beside it, tells these
 * apart. Every other code is a fault of the infrastructure that may pass.
 */
export interface TrialFault {
  readonly code:
    | "agent-failed-to-start"
    | "agent-crashed"
    | "agent-refused"
    | "agent-timed-out"
    | "no-trace"
    | "aborted"
    | "replay-diverged";
  readonly message: string;
  /** Of `agent-timed-out`: the time the agent had, ms. */
  readonly limitMs?: number;
}

/** One trial of one case: its trace and scores, or the fault that prevented them. */
export interface Result {
  readonly caseId: string;
  /** 1, 2, ... within this run. */
  readonly trial: number;
  readonly trace: Trace | null;
  readonly scores: readonly Score[];
  readonly fault: TrialFault | null;
  readonly durationMs: number;
  /** How long the agent took in the attempt that counts, ms. Absent in reports of earlier versions. */
  readonly tookMs?: number;
  /** Hash of what was judged; trials with equal evidence count once. */
  readonly evidenceHash: string | null;
  /** What a reader must know of this trial; see {@link TaskOutput.notes}. */
  readonly notes?: readonly string[];
  /** What its model calls and its judges cost, earlier attempts included. Absent in reports of earlier versions. */
  readonly spent?: Spending;
  /** The fault of a first attempt, after which the trial was made again. Only faults are, never a failing score. */
  readonly retried?: TrialFault["code"];
}

/** What was paid for calls of models, as traces and judges tell it. */
export interface Spending {
  /** USD of the calls that have a price. */
  readonly usd: number;
  /** Input and output. */
  readonly tokens: number;
  /** Models that have no price: their calls are in `tokens` and not in `usd`. */
  readonly unpriced: readonly string[];
  /** Trials whose traces do not tell all tokens: what these cost is not in here. */
  readonly untold: number;
}

/** All results of one commit on one dataset. */
export interface Run {
  readonly v: 1;
  readonly dataset: string;
  /** Commit id; null outside git. */
  readonly commit: string | null;
  /** Unix ms. */
  readonly startedAt: number;
  readonly results: readonly Result[];
}

/** Passes and trials of one case and scorer on main, comparable ones only. */
export interface HistoryEntry {
  readonly caseId: string;
  readonly scorer: string;
  /** Comparability key: hash of case, scorer version, judge and runner settings. */
  readonly key: string;
  readonly passes: number;
  readonly trials: number;
}

/** One trial to remember. Of trials that agree in `key`, `commit`, `at`, `run` and `trial` one is kept: they are the same. */
export interface HistoryTrial {
  readonly caseId: string;
  readonly scorer: string;
  readonly key: string;
  readonly passed: boolean;
  readonly commit: string | null;
  /** When the run began, Unix ms. */
  readonly at: number;
  readonly evidenceHash: string | null;
  /** Tells runs of one commit apart that began in the same ms. Absent in older histories. */
  readonly run?: string;
  /** 1, 2, ... within its run; absent: its place among the trials of its key in that run. */
  readonly trial?: number;
}

/** One run of a case on main that passed, to be shown beside one that fails: redacted, size-capped. */
export interface PassingRun {
  readonly v: 1;
  readonly caseId: string;
  /** Hash of what must hold: differs once the case, a scorer or the way the agent is run is another. */
  readonly version: string;
  readonly commit: string | null;
  /** Unix ms. */
  readonly at: number;
  readonly answer?: string;
  readonly recording: Recording;
}

/** Per case and comparability key: passes and trials on main. */
export interface History {
  /** Entries for these keys only; a key never seen gives none. */
  entries(keys: readonly string[]): Promise<readonly HistoryEntry[]>;
  /**
   * Appends whole runs; all trials or none. A trial that is there already is not added again.
   *
   * @param passing What a history that keeps passing runs may choose from; at most one per case stays.
   */
  record(trials: readonly HistoryTrial[], passing?: readonly PassingRun[]): Promise<void>;
  /** The passing runs kept of these cases; absent where none are kept. */
  passingRuns?(caseIds: readonly string[]): Promise<readonly PassingRun[]>;
}

/** What a task is told about the place it runs in. */
export interface TrialSetting {
  readonly trial: number;
  /** Where the agent must send its spans, e.g. `http://127.0.0.1:5317/case/<id>`. */
  readonly endpoint: string;
  /**
   * Where a process that serves several trials sends its spans, e.g. `http://127.0.0.1:5317`: they are joined to
   * their trials by the trace ids of `traceparent`. Absent: there is no such place.
   */
  readonly sharedEndpoint?: string;
  /** Trace id the agent's root should continue; W3C `traceparent`. */
  readonly traceparent: string;
  readonly signal: AbortSignal;
  /** Further environment variables for the agent's process; they win over inherited ones. */
  readonly environment?: { readonly [name: string]: string };
  /** Set when recorded answers are served to the agent. */
  readonly replay?: ReplaySetting;
}

/** Where a replayed trial finds its recorded answers; the same is in its environment. */
export interface ReplaySetting {
  /** `TRACEGATE_REPLAY_URL`: `POST <url>/tools/<name>` answers for a tool. */
  readonly url: string;
  /** `TRACEGATE_REPLAY_MCP_URL`: the same tools over MCP, streamable HTTP. */
  readonly mcpUrl: string;
  /** `TRACEGATE_REPLAY_NOW`: when the recorded run began, Unix ms (ISO 8601 in the environment). */
  readonly now?: number;
  /** `TRACEGATE_REPLAY_TRACE_ID`: id of the recorded trace. */
  readonly traceId: string;
  /** Base URLs for the providers' clients; absent when the models are live. */
  readonly openaiBaseUrl?: string;
  readonly anthropicBaseUrl?: string;
  readonly geminiBaseUrl?: string;
}

/** What a task gives back besides spans. */
export interface TaskOutput {
  /** The agent's answer, when the task can tell; used when no span carries it. */
  readonly answer?: string;
  /** `none`: the agent cannot have sent a span, so none is waited for. Default: it may have, and they may be late. */
  readonly spans?: "none";
  /** Set when the agent could not be run; then there is nothing to score. */
  readonly fault?: TrialFault;
  /** How long the agent took, ms, where it is less than the run: a service had to be started first. Default: all of the run. */
  readonly tookMs?: number;
  /**
   * What a reader of the result must know, e.g. `the system prompt changed since the recording`. In words that
   * fit every case, so that the gate can count equal ones.
   */
  readonly notes?: readonly string[];
  /** Further notes, by what the trial's trace tells. */
  readonly notesOn?: (trace: Trace) => readonly string[];
  /** Those of the trace's model calls that were paid for in this trial. Default: all. */
  readonly paidCalls?: (calls: readonly LlmCall[]) => readonly LlmCall[];
}

/** The agent under test: Case → spans at the endpoint it was given. */
export interface Task {
  readonly kind: "module" | "command" | "http" | "replay";
  /** For messages, e.g. the command line. */
  readonly description: string;
  /** Settings that make trials incomparable when they differ, as text. */
  readonly identity: string;
  /** How long spans may be under way after the task has given its answer; longer than by default. */
  readonly arrival?: SpanArrival;
  /**
   * The agent runs outside of this checkout, e.g. as a deployed service. Main's configuration would try the very
   * same agent, so it cannot tell what main would have done.
   */
  readonly external?: boolean;
  /** All its models and tools say what was recorded, so a case says the same in each trial, which counts as one trial. */
  readonly replaysAll?: boolean;
  run(input: Case, setting: TrialSetting): Promise<TaskOutput>;
  /**
   * Ends what lives on from trial to trial (threads, a started service), so that the next trial begins as the first did. Not while one runs. Absent:
   * nothing lives on.
   */
  renew?(): Promise<void>;
  close(): Promise<void>;
}

/** How long to wait for spans, ms. */
export interface SpanArrival {
  /** Quiet time after which a trace that misses spans is taken as it is. */
  readonly quietMs: number;
  /** Quiet time after the root has ended and all parents are known. */
  readonly settleMs: number;
}

/** Collects the spans an agent sends while it tries one case. */
export interface SpanCapture {
  /**
   * Opens an endpoint of its own for one trial. Spans of the trace `parent.traceId` are the trial's too when they
   * arrive at the shared endpoint; a span below `parent.spanId`, which never arrives, is a root.
   */
  open(
    trialId: string,
    parent?: { readonly traceId: string; readonly spanId: string },
  ): { readonly endpoint: string; readonly sharedEndpoint?: string };
  /**
   * The OTLP bytes received for the trial once its trace is complete or `quietMs` have passed; closes it.
   * `settleMs`: see {@link SpanArrival}; the default is the capture's.
   */
  collect(
    trialId: string,
    options: { readonly quietMs: number; readonly settleMs?: number; readonly signal: AbortSignal },
  ): Promise<readonly Uint8Array[]>;
  /** How many traces arrived at the shared endpoint that belong to no trial, e.g. of a service that begins its own. */
  unclaimed?(): number;
  close(): Promise<void>;
}
