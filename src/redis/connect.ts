import { Redis } from "ioredis";

import { messageOf, TracegateError } from "../core/errors.ts";

/** Options of {@link connectRedis}. */
export interface ConnectRedisOptions {
  /**
   * `bounded`: a command fails within seconds while Redis is away, so that its caller can say so.
   * `patient`: it waits for Redis to come back, which BullMQ asks of its workers' connections.
   */
  readonly commands: "bounded" | "patient";
  /** Time for the first connection, ms. Default 5,000. */
  readonly timeoutMs?: number;
  /** Told of each failed connection, which is tried again. */
  readonly onFault?: (error: unknown) => void;
}

/**
 * Connects to Redis, e.g. `redis://localhost:6379/0` or `rediss://user:password@host:6380`.
 *
 * @throws TracegateError `config` for an address that is not one; `unavailable` (retryable) when nothing
 *   answers, `refused` when the credentials or the database number are wrong.
 */
export async function connectRedis(url: string, options: ConnectRedisOptions): Promise<Redis> {
  const { commands, timeoutMs = 5_000, onFault = () => {} } = options;
  const address = withoutSecrets(url);
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: timeoutMs,
    maxRetriesPerRequest: commands === "patient" ? null : 2,
    ...(commands === "bounded" && { commandTimeout: 10_000 }),
    retryStrategy: (times) => Math.min(100 * 2 ** Math.min(times, 5), 2_000),
  });
  let lastError: unknown;
  // Without a listener ioredis prints each failure itself.
  redis.on("error", (error: unknown) => {
    lastError = error;
    onFault(error);
  });
  try {
    await within(
      timeoutMs,
      redis.connect().then(() => redis.ping()),
    );
  } catch (error) {
    redis.disconnect();
    throw explain(address, lastError ?? error);
  }
  return redis;
}

/** The fault of a Redis command, as one of ours. */
export function redisFault(doing: string, error: unknown): TracegateError {
  if (error instanceof TracegateError) return error;
  const message = `Redis: ${doing} failed (${messageOf(error)}). It is tried again; check that Redis runs and has memory left.`;
  return new TracegateError("unavailable", message, { retryable: true, cause: error });
}

function explain(address: string, error: unknown): TracegateError {
  const reason = messageOf(error);
  if (/NOAUTH|WRONGPASS|NOPERM|invalid password|DB index|invalid DB/i.test(reason)) {
    const message = `Redis at ${address} refused us (${reason}). Correct the user, password or database number in REDIS_URL.`;
    return new TracegateError("refused", message, { cause: error });
  }
  const message = `Redis at ${address} does not answer (${reason}). Start Redis there, correct REDIS_URL, or unset it to use the embedded queue.`;
  return new TracegateError("unavailable", message, { retryable: true, cause: error });
}

/** `host:port/db` of the address; user and password must never reach a message. */
function withoutSecrets(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null || !["redis:", "rediss:"].includes(parsed.protocol)) {
    throw new TracegateError(
      "config",
      "REDIS_URL is not an address of Redis. Write it as redis://host:6379/0, or rediss:// for TLS.",
    );
  }
  return `${parsed.hostname}:${parsed.port || "6379"}${parsed.pathname}`;
}

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
