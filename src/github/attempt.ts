import { messageOf } from "../core/errors.ts";

/**
 * What became of a request to GitHub. `permission`: the token may not; `unreachable`: no answer in time, or one of 5xx;
 * `refused`: GitHub understood and said no.
 */
export type Attempt<T> =
  | { readonly done: true; readonly value: T }
  | {
      readonly done: false;
      readonly why: "permission" | "unreachable" | "refused";
      readonly message: string;
    };

/** All requests of one piece of work together, ms. A slow API must not hold up a verdict that is known already. */
const LIMIT_MS = 20_000;

/** Does something that is nice to have: it never throws, and is over within 20 s. `limitMs` is for tests. */
export async function attempt<T>(
  work: (signal: AbortSignal) => Promise<T>,
  limitMs: number = LIMIT_MS,
): Promise<Attempt<T>> {
  const signal = AbortSignal.timeout(limitMs);
  try {
    return { done: true, value: await work(signal) };
  } catch (error) {
    if (signal.aborted) return { done: false, why: "unreachable", message: `no answer within ${limitMs} ms` };
    return { done: false, why: reasonOf(error), message: messageOf(error) };
  }
}

/**
 * By the status of Octokit's errors: 403, and 404 where even reading is not allowed, are a missing permission, except
 * for rate limits, which say so. Octokit gives a request that got no answer the status 500.
 */
function reasonOf(error: unknown): "permission" | "unreachable" | "refused" {
  const status = error instanceof Error && "status" in error ? error.status : undefined;
  if (typeof status !== "number" || status >= 500 || status === 429) return "unreachable";
  if (/rate limit/i.test(messageOf(error))) return "unreachable";
  return status === 401 || status === 403 || status === 404 ? "permission" : "refused";
}
