import { TracegateError } from "../core/errors.ts";
import type { CompletionPolicy, TraceBuffer } from "../core/trace-buffer.ts";
import { connectRedis, nodesOf, type RedisClient } from "./connect.ts";
import { defineScripts } from "./define-scripts.ts";
import { durabilityWarnings } from "./durability.ts";
import { MemoryWatch } from "./memory-watch.ts";
import { Partitions } from "./partitions.ts";
import { RedisTraceBuffer } from "./redis-trace-buffer.ts";

/** Options of {@link openRedisTraceBuffer}. */
export interface RedisTraceBufferOptions {
  /** E.g. `redis://localhost:6379`; a Redis Cluster as `redis://a:6379,redis://b:6379`. */
  readonly url: string;
  /** First part of every key, so that several can share one Redis. Default `tracegate`. */
  readonly prefix?: string;
  /** By which due times are set as spans arrive. Give the same to `seal` and `nextDue`. */
  readonly policy: CompletionPolicy;
  /**
   * The stored spans of a released trace (`StoredTrace.payload`: zstd of OTLP `TracesData`), for late spans.
   * Absent: a late revision has the late spans only.
   */
  readonly stored?: (traceId: string) => Promise<Uint8Array | null>;
  /** `Store.revision`, asked only for traces that Redis may have forgotten. Absent: such a trace begins with revision 1 again. */
  readonly storedRevision?: (traceId: string) => Promise<number>;
  /** How long span ids stay known after a trace is released, ms: repeats are recognised. Default 24 hours. */
  readonly rememberMs?: number;
  /**
   * How long Redis keeps anything of a trace that nobody writes to, sealed ones that wait to be scored included, ms: the
   * last resort against filling up. Must be well above the policy's greatest age. Default 14 days.
   */
  readonly keepMs?: number;
  /** Into how many parts the traces are spread; the same in all processes. Default 16. */
  readonly partitions?: number;
  /** Share of Redis' `maxmemory` above which spans are refused, 0..1: the rest is for jobs. Default 0.8. */
  readonly memoryShare?: number;
  /**
   * `server`: spans are as durable as the server's own settings make a write. `fsync`: they are on its disk before
   * `append` resolves, also with `appendfsync everysec` (WAITAOF: Redis 7.2 or Valkey, no cluster). Default `server`.
   */
  readonly durability?: "server" | "fsync";
  /** Told in words which settings of Redis may lose spans that were taken. */
  readonly onWarning?: (warning: string) => void;
  /** Told of faults that are survived. */
  readonly onFault?: (error: unknown) => void;
}

const FSYNC_TIMEOUT_MS = 5_000;

/**
 * Opens the {@link TraceBuffer} of the scaled-out shape: spans wait in Redis, for any number of receivers.
 *
 * @throws TracegateError `unavailable`, `refused` or `config`, see `connectRedis`; `config` also when others use this
 *   prefix with another number of partitions, or when `fsync` is asked of a Redis that has no WAITAOF.
 */
export async function openRedisTraceBuffer(options: RedisTraceBufferOptions): Promise<TraceBuffer> {
  const { url, policy, onWarning = () => {}, onFault = () => {} } = options;
  const redis = await connectRedis(url, { commands: "bounded", batching: true, onFault });
  try {
    defineScripts(redis);
    const partitions = new Partitions(options.prefix ?? "tracegate", options.partitions ?? 16);
    await agreeOnPartitions(redis, partitions);
    const synced = options.durability === "fsync" ? await fsyncOf(redis) : async () => {};
    if (options.durability !== "fsync")
      for (const warning of await durabilityWarnings(redis)) onWarning(warning);
    const keepMs = options.keepMs ?? 14 * 24 * 3_600_000;
    if (keepMs < 2 * policy.maxAgeMs) {
      const message = `keepMs (${keepMs}) must be at least twice completion.maxAgeMs (${policy.maxAgeMs}): spans would vanish while their trace is open.`;
      throw new TracegateError("config", message);
    }
    const buffer = new RedisTraceBuffer({
      redis,
      partitions,
      policy,
      memory: new MemoryWatch(redis, options.memoryShare ?? 0.8),
      stored: options.stored ?? (async () => null),
      storedRevision: options.storedRevision ?? (async () => 0),
      rememberMs: options.rememberMs ?? 24 * 3_600_000,
      keepMs,
      synced,
      onFault,
    });
    await buffer.start();
    return buffer;
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

async function agreeOnPartitions(redis: RedisClient, { tags }: Partitions): Promise<void> {
  const key = `${tags[0]}:partitions`;
  await redis.set(key, tags.length, "NX");
  const agreed = Number(await redis.get(key));
  if (agreed === tags.length) return;
  const message = `This Redis has traces in ${agreed} partitions under this prefix, and ${tags.length} are configured. Use ${agreed}, or another prefix.`;
  throw new TracegateError("config", message);
}

/** Waits for the disk of a single server. */
async function fsyncOf(redis: RedisClient): Promise<() => Promise<void>> {
  const [node, other] = nodesOf(redis);
  const info = await node?.call("COMMAND", "INFO", "waitaof");
  const hasCommand = Array.isArray(info) && info[0] !== null;
  if (node === undefined || other !== undefined || node !== redis || !hasCommand) {
    const message =
      "durability fsync needs WAITAOF on one server: Redis 7.2 or Valkey with appendonly yes, and no cluster. Set appendfsync always there and leave durability out.";
    throw new TracegateError("config", message);
  }
  return async () => {
    const answer = await redis.call("WAITAOF", 1, 0, FSYNC_TIMEOUT_MS);
    if (Array.isArray(answer) && Number(answer[0]) >= 1) return;
    const message = `Redis has not written spans to its disk within ${FSYNC_TIMEOUT_MS} ms. Send them again; see whether its disk is full or slow.`;
    throw new TracegateError("unavailable", message, { retryable: true });
  };
}
