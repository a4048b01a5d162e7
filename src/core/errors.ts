/**
 * What went wrong, as one closed list. A code is stable; the message may change.
 *
 * - `usage`: the command line is wrong; `config`: the configuration is wrong
 * - `bad-input`: bytes or records that cannot be read; `too-large`: over a stated limit
 * - `not-found`: a named trace, case or file is not there
 * - `unavailable`: something we depend on does not answer now (the only usual retryable one)
 * - `overloaded`: we refuse new work until later
 * - `refused`: the other side said no for good (credentials, permission, a rejected record)
 * - `secret`: a text that looks like a credential would have been written to git
 * - `scorer`: a scorer threw, never returned, or returned something that is not a score
 * - `task`: the agent under test could not be run
 * - `internal`: a bug of tracegate
 */
export type ErrorCode =
  | "usage"
  | "config"
  | "bad-input"
  | "too-large"
  | "not-found"
  | "unavailable"
  | "overloaded"
  | "refused"
  | "secret"
  | "scorer"
  | "task"
  | "internal";

/** A service of ours that does not answer at all: the whole reason of a fault, the same for everything that needs it. */
export interface AwayService {
  readonly service: "Redis" | "PostgreSQL";
  /** `host:port` and what follows it, without user and password. */
  readonly address: string;
  /** In a few words, e.g. `ECONNREFUSED`. */
  readonly reason: string;
}

/** Options of {@link TracegateError}. */
export interface TracegateErrorOptions {
  /** True when the same call may succeed later. Read only by the worker and the outbox. Default false. */
  readonly retryable?: boolean;
  /** Earliest sensible time of the next try, in Unix ms. */
  readonly retryAt?: number;
  /** Set where a service that is away is all there is to say. */
  readonly away?: AwayService;
  readonly cause?: unknown;
}

/**
 * The one exception class of tracegate: a fault, never a decision.
 *
 * The message says what happened, where (file, line, trace, key), and what to do next.
 *
 * @example
 * throw new TracegateError("config", "tracegate.config.ts: gate.runs must be 1 or more, got 0. Set it to 3.");
 */
export class TracegateError extends Error {
  override readonly name = "TracegateError";
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly retryAt: number | undefined;
  readonly away: AwayService | undefined;

  constructor(code: ErrorCode, message: string, options: TracegateErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.retryAt = options.retryAt;
    this.away = options.away;
  }
}

/** The sentence of any thrown value, for explanations and logs. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
