import { messageOf, TracegateError } from "../core/errors.ts";

/** The body is over a limit. `which`: `as sent` or `inflated`. */
export function tooLarge(which: string, bytes: number, limit: number): TracegateError {
  return new TracegateError(
    "too-large",
    `The body has ${bytes} bytes or more ${which}; the limit is ${limit}. Send smaller batches.`,
  );
}

/** The requests under way hold as many bytes as they may. */
export function busy(): TracegateError {
  return new TracegateError(
    "overloaded",
    "Too many bytes are being received at this moment. Send again later.",
    { retryable: true },
  );
}

/** The body is not compressed the way it says. */
export function notInflatable(cause: unknown): TracegateError {
  return new TracegateError("bad-input", `The body cannot be inflated: ${messageOf(cause)}.`, { cause });
}

/** The connection ended before the body did. */
export function goneAway(): TracegateError {
  return new TracegateError("bad-input", "The sender went away mid-body.");
}
