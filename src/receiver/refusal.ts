import { type AwayService, messageOf, TracegateError } from "../core/errors.ts";

/** A request that is not taken: the HTTP status and why. */
export interface Refusal {
  readonly status: 400 | 401 | 404 | 405 | 413 | 415 | 429 | 500 | 503;
  /** What is wrong and what to do; goes to the sender. */
  readonly message: string;
  /** Seconds after which the sender may try again. */
  readonly retryAfterS?: number;
  /** Further HTTP headers, e.g. `Allow`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Seconds after which a sender may come back when nothing better is known. */
const RETRY_AFTER_S = { 429: 1, 503: 5 } as const;

/**
 * The refusal for a fault, by the OTLP specification's "Failures" and "Throttling": only 429 and 503 are
 * tried again by senders, and both name the seconds to wait.
 *
 * @param now Unix ms
 */
export function refusalOf(error: unknown, now: number): Refusal {
  if (!(error instanceof TracegateError)) {
    return { status: 500, message: "tracegate failed to take the spans; its log says why." };
  }
  const message = messageOf(error);
  if (error.code === "bad-input") return { status: 400, message };
  if (error.code === "too-large") return { status: 413, message };
  if (error.code === "overloaded") return later(429, message, error.retryAt, now);
  if (error.retryable) {
    const refusal = later(503, message, error.retryAt, now);
    return { ...refusal, ...(error.away && { message: awayMessage(error.away, refusal.retryAfterS) }) };
  }
  return { status: 500, message };
}

function awayMessage({ service, address, reason }: AwayService, retryAfterS: number): string {
  return `${service} at ${address}, where tracegate keeps what it is sent, does not answer (${reason}), so this request was not taken. Send it again in ${retryAfterS} s; what arrives twice counts once.`;
}

function later(
  status: 429 | 503,
  message: string,
  retryAt: number | undefined,
  now: number,
): Refusal & { readonly retryAfterS: number } {
  const seconds = retryAt === undefined ? RETRY_AFTER_S[status] : Math.ceil((retryAt - now) / 1_000);
  return { status, message, retryAfterS: Math.max(1, seconds) };
}
