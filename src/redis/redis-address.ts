import { TracegateError } from "../core/errors.ts";

/** Where Redis is, as `REDIS_URL` says it. */
export interface RedisAddress {
  /** The addresses, each as `redis://` or `rediss://`. */
  readonly urls: readonly string[];
  /** A Redis Cluster, whose other nodes these tell of. */
  readonly isCluster: boolean;
  /** `host:port/db` of each; user and password must never reach a message. */
  readonly shown: string;
}

const FORM =
  "Write it as redis://host:6379/0, or rediss:// for TLS; a Redis Cluster as redis://a:6379,redis://b:6379 or redis+cluster://a:6379.";

/**
 * Reads an address of Redis. Several with commas between them, or one with `+cluster`, are a Redis Cluster.
 *
 * @throws TracegateError `config` when it is not one.
 */
export function parseRedisAddress(text: string): RedisAddress {
  const parts = text.split(",").map((part) => part.trim());
  const urls = parts.map((part) => part.replace(/^(rediss?)\+cluster:/, "$1:"));
  const parsed = urls.map((url) => {
    const one = URL.parse(url);
    if (one === null || !["redis:", "rediss:"].includes(one.protocol)) {
      throw new TracegateError("config", `REDIS_URL is not an address of Redis. ${FORM}`);
    }
    return one;
  });
  const isCluster = urls.length > 1 || urls[0] !== parts[0];
  const shown = parsed
    .map(({ hostname, port, pathname }) => `${hostname}:${port || "6379"}${pathname}`)
    .join(", ");
  if (isCluster && parsed.some(({ pathname }) => !["", "/", "/0"].includes(pathname))) {
    throw new TracegateError(
      "config",
      `REDIS_URL: a Redis Cluster (${shown}) has no database numbers. ${FORM}`,
    );
  }
  return { urls, isCluster, shown };
}

/** The prefix of all keys. On a cluster one in braces, so that they lie on one node, as BullMQ's scripts need. */
export function keyPrefix(prefix: string, { isCluster }: Pick<RedisAddress, "isCluster">): string {
  return isCluster && !/\{.+\}/.test(prefix) ? `{${prefix}}` : prefix;
}
