import type { Cluster, Redis } from "ioredis";

import { type AwayService, messageOf, TracegateError } from "../core/errors.ts";

/** Where each client connects to, for messages; ioredis itself keeps it only beside the password. */
const ADDRESSES = new WeakMap<Redis | Cluster, string>();

/** @param address without user and password */
export function rememberAddress(redis: Redis | Cluster, address: string): void {
  ADDRESSES.set(redis, address);
}

const TIMED_OUT = /Command timed out/i;

/**
 * What ioredis says, and Redis itself, when nothing can be done there now; in a few words, for ioredis gives advice to programmers.
 * `LOADING`, `MASTERDOWN`, `CLUSTERDOWN`: redis.io/docs/latest/develop/reference/protocol-spec (simple errors).
 */
const AWAY: readonly (readonly [RegExp, string | null])[] = [
  [/max retries per request|Connection is closed|closing state|isn't writeable/i, "no connection"],
  [TIMED_OUT, "no answer in time"],
  [/\b(E(?:CONN[A-Z]+|PIPE|HOST[A-Z]+|NET[A-Z]+|TIMEDOUT|NOTFOUND|AI_AGAIN))\b/, null],
  [/Failed to refresh slots cache/i, "no node answers"],
  [/^LOADING /, "it still loads its data"],
  [/^MASTERDOWN /, "its master is away"],
  [/^CLUSTERDOWN /, "the cluster is down"],
];

/** The fault of a Redis command or connection, as one of ours. */
export function redisFault(redis: Redis | Cluster, doing: string, error: unknown): TracegateError {
  if (error instanceof TracegateError) return error;
  const said = messageOf(error);
  if (said.startsWith("OOM ")) {
    const message = `Redis: ${doing} failed, because all of its memory (maxmemory) is used (${said}). It is tried again; add workers, or raise maxmemory.`;
    return new TracegateError("overloaded", message, { retryable: true, cause: error });
  }
  const away = isOfCommand(redis, said) ? null : awayOf(ADDRESSES.get(redis) ?? "its address", said);
  if (away === null) {
    const message = `Redis: ${doing} failed (${said}). It is tried again; check that Redis runs and has memory left.`;
    return new TracegateError("unavailable", message, { retryable: true, cause: error });
  }
  const message = `Redis at ${away.address} does not answer (${away.reason}): ${doing} failed. It is tried again; see whether Redis runs there.`;
  return new TracegateError("unavailable", message, { retryable: true, away, cause: error });
}

/** Over a connection that stands, what was asked may be why there was no answer in time. */
function isOfCommand(redis: Redis | Cluster, said: string): boolean {
  return redis.status === "ready" && TIMED_OUT.test(said);
}

function awayOf(address: string, said: string): AwayService | null {
  for (const [pattern, words] of AWAY) {
    const found = pattern.exec(said);
    if (found) return { service: "Redis", address, reason: words ?? found[1] ?? said };
  }
  return null;
}
