import { Cluster, Redis } from "ioredis";

import { messageOf, TracegateError } from "../core/errors.ts";
import { parseRedisAddress, type RedisAddress } from "./redis-address.ts";
import { redisFault, rememberAddress } from "./redis-fault.ts";

/** Options of {@link connectRedis}. */
export interface ConnectRedisOptions {
  /**
   * `bounded`: a command fails within seconds while Redis is away, so that its caller can say so.
   * `patient`: it waits for Redis to come back, which BullMQ asks of its workers' connections.
   */
  readonly commands: "bounded" | "patient";
  /** Send what is asked for at the same time as one write. Default false. */
  readonly batching?: boolean;
  /** Time for the first connection, ms. Default 5,000. */
  readonly timeoutMs?: number;
  /** Told of each failed connection, which is tried again, as a TracegateError. */
  readonly onFault?: (error: unknown) => void;
}

/** One Redis server, or a cluster of them. */
export type RedisClient = Redis | Cluster;

/**
 * Connects to Redis, e.g. `redis://localhost:6379/0` or `rediss://user:password@host:6380`; to a Redis Cluster when
 * the address names several servers or says `redis+cluster://`, see {@link parseRedisAddress}.
 *
 * @throws TracegateError `config` for an address that is not one; `unavailable` (retryable) when nothing
 *   answers, `refused` when the credentials or the database number are wrong.
 */
export async function connectRedis(url: string, options: ConnectRedisOptions): Promise<RedisClient> {
  const { timeoutMs = 5_000, onFault = () => {} } = options;
  const address = parseRedisAddress(url);
  const redis = address.isCluster ? clusterClient(address, options) : singleClient(url, options);
  rememberAddress(redis, address.shown);
  let lastError: unknown;
  // Without a listener ioredis prints each failure itself.
  redis.on("error", (error: unknown) => {
    lastError = error;
    onFault(redisFault(redis, "connecting", error));
  });
  try {
    await within(
      timeoutMs,
      redis.connect().then(() => redis.ping()),
    );
  } catch (error) {
    redis.disconnect();
    throw explain(address.shown, lastError ?? error);
  }
  return redis;
}

const retryStrategy = (times: number) => Math.min(100 * 2 ** Math.min(times, 5), 2_000);

function settingsOf({ commands, timeoutMs = 5_000 }: ConnectRedisOptions) {
  return {
    connectTimeout: timeoutMs,
    maxRetriesPerRequest: commands === "patient" ? null : 2,
    ...(commands === "bounded" && { commandTimeout: 10_000 }),
  };
}

function singleClient(url: string, options: ConnectRedisOptions): Redis {
  const { batching = false } = options;
  return new Redis(url, {
    ...settingsOf(options),
    lazyConnect: true,
    enableAutoPipelining: batching,
    retryStrategy,
  });
}

function clusterClient({ urls }: RedisAddress, options: ConnectRedisOptions): Cluster {
  const { batching = false } = options;
  const [first] = urls.map((url) => new URL(url));
  const isSecure = first?.protocol === "rediss:";
  return new Cluster([...urls], {
    lazyConnect: true,
    enableAutoPipelining: batching,
    clusterRetryStrategy: retryStrategy,
    // Certificates are of names; ioredis would look them up and connect to the address.
    ...(isSecure && { dnsLookup: (host, done) => done(null, host) }),
    redisOptions: {
      ...settingsOf(options),
      ...(first?.username && { username: decodeURIComponent(first.username) }),
      ...(first?.password && { password: decodeURIComponent(first.password) }),
      ...(isSecure && { tls: {} }),
    },
  });
}

function explain(address: string, error: unknown): TracegateError {
  const reason = messageOf(error);
  if (/NOAUTH|WRONGPASS|NOPERM|invalid password|DB index|invalid DB/i.test(reason)) {
    const message = `Redis at ${address} refused us (${reason}). Correct the user, password or database number in REDIS_URL.`;
    return new TracegateError("refused", message, { cause: error });
  }
  const message = `Redis at ${address} does not answer (${reason}). Start Redis there, or correct REDIS_URL; \`tracegate up\` needs no Redis when it is unset.`;
  return new TracegateError("unavailable", message, { retryable: true, cause: error });
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

/** The servers that hold data: the one, or the masters of the cluster. */
export function nodesOf(redis: RedisClient): readonly Redis[] {
  return redis instanceof Cluster ? redis.nodes("master") : [redis];
}
