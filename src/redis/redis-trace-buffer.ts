import { policyFingerprint } from "../core/completion-of.ts";
import type { TraceFragment } from "../core/span.ts";
import { encodeHeads } from "../core/span-heads.ts";
import type { Tombstone } from "../core/store.ts";
import type {
  Appended,
  BufferedTrace,
  CompletionPolicy,
  SealedSpans,
  SealedTrace,
  TraceBuffer,
} from "../core/trace-buffer.ts";
import { unpack } from "../otlp/pack.ts";
import { frameIn, readChunk, writeChunk } from "./chunk.ts";
import type { RedisClient } from "./connect.ts";
import type { MemoryWatch } from "./memory-watch.ts";
import type { Partitions } from "./partitions.ts";
import { redisFault } from "./redis-fault.ts";
import { bytesOf, listOf, numberOf, textOf } from "./reply.ts";
import { STATE_FIELDS } from "./scripts/watch.ts";
import { TraceSealer } from "./seal-traces.ts";
import { searchWaiting } from "./search-waiting.ts";
import {
  dueOf,
  pendingMember,
  policyText,
  readFacts,
  readPending,
  readState,
  type TraceState,
} from "./trace-state.ts";

/** What {@link RedisTraceBuffer} works with; `openRedisTraceBuffer` says what each is for. */
export interface RedisTraceBufferSettings {
  readonly redis: RedisClient;
  readonly partitions: Partitions;
  readonly memory: MemoryWatch;
  readonly policy: CompletionPolicy;
  readonly stored: (traceId: string) => Promise<Uint8Array | null>;
  readonly storedRevision: (traceId: string) => Promise<number>;
  readonly rememberMs: number;
  readonly keepMs: number;
  /** Waits until what was written is on disk, as far as the server is asked to. */
  readonly synced: () => Promise<void>;
  readonly onFault: (error: unknown) => void;
}

const TRACES_AT_ONCE = 200;
const MAX_SERVICE_LENGTH = 200;

/**
 * {@link TraceBuffer} in Redis. Everything is there and nothing here but the policy, so any number of processes may
 * take spans of the same traces and seal them. What must be atomic is a script (`scripts/`); whether a trace is
 * complete is decided by the same function as in the embedded buffer.
 */
export class RedisTraceBuffer implements TraceBuffer {
  readonly #settings: RedisTraceBufferSettings;
  readonly #sealer: TraceSealer;
  #policy: CompletionPolicy;
  #policyText: string;
  #following: Promise<void> = Promise.resolve();

  constructor(settings: RedisTraceBufferSettings) {
    this.#settings = settings;
    this.#sealer = new TraceSealer(settings);
    this.#policy = settings.policy;
    this.#policyText = policyText(settings.policy);
  }

  append(fragments: readonly TraceFragment[], receivedAt: number): Promise<Appended> {
    return this.#doing("keeping spans", async () => {
      const { memory, synced } = this.#settings;
      await memory.check(fragments.reduce((sum, { bytes }) => sum + bytes.byteLength, 0));
      const at = Math.floor(receivedAt);
      const replies = await Promise.all(fragments.map((fragment) => this.#append(fragment, at)));
      const counts = replies.map((reply) => listOf(reply).map(numberOf));
      const added = counts.reduce((sum, [count = 0]) => sum + count, 0);
      if (added > 0) await synced();
      const dues = counts.flatMap(([count = 0, due = 0]) => (count > 0 ? [due] : []));
      return { added, dueAt: dues.length === 0 ? null : Math.min(...dues) };
    });
  }

  signal(traceId: string, _at: number): Promise<void> {
    return this.#doing("keeping a signal", async () => {
      const { redis, partitions, rememberMs, synced } = this.#settings;
      await redis.tracegateSignal(partitions.of(traceId), traceId, rememberMs);
      await synced();
    });
  }

  seal(now: number, policy: CompletionPolicy, limit: number): Promise<readonly SealedTrace[]> {
    return this.#doing("sealing traces", async () => {
      await this.#follow(policy);
      return this.#sealer.seal(now, policy, limit);
    });
  }

  sealed(): Promise<readonly SealedTrace[]> {
    return this.#doing("listing sealed traces", async () => {
      const { redis, partitions } = this.#settings;
      const replies = await Promise.all(
        partitions.tags.map((tag) => redis.zrange(`${tag}:pending`, 0, "-1", "WITHSCORES")),
      );
      return replies.flatMap((reply) => readPending(reply)).sort((a, b) => a.sealedAt - b.sealedAt);
    });
  }

  enqueued(traces: readonly SealedTrace[]): Promise<void> {
    return this.#doing("marking traces as queued", async () => {
      const { redis, partitions } = this.#settings;
      const byTag = Map.groupBy(traces, ({ traceId }) => partitions.of(traceId));
      await Promise.all(
        [...byTag].map(([tag, some]) => redis.zrem(`${tag}:pending`, ...some.map(pendingMember))),
      );
    });
  }

  read(traceId: string, revision: number): Promise<SealedSpans | null> {
    return this.#doing("reading a trace", async () => {
      const { redis, partitions, stored } = this.#settings;
      const reply = await redis.tracegateReadBuffer(partitions.of(traceId), traceId, revision);
      if (reply === null) return null;
      const [facts, earliest, ...kept] = listOf(reply);
      const { reason, sealedAt, baseRevision } = readFacts(traceId, textOf(facts));
      const packed = kept.map(bytesOf);
      const chunks = packed.map(readChunk);
      // Older than the time Redis keeps anything.
      if (chunks.length === 0) return null;
      const sealed = { traceId, revision, reason, sealedAt };
      if (numberOf(earliest) === baseRevision) {
        const [only, another] = packed;
        const frame = only && !another ? frameIn(only) : undefined;
        return { ...sealed, chunks, ...(frame && { frame }) };
      }
      const before = await stored(traceId);
      return { ...sealed, chunks: before === null ? chunks : [unpack(before), ...chunks] };
    });
  }

  release(traceId: string, revision: number): Promise<void> {
    return this.#doing("releasing a trace", async () => {
      const { redis, partitions, rememberMs } = this.#settings;
      await redis.tracegateRelease(partitions.of(traceId), traceId, revision, rememberMs);
    });
  }

  describe(traceId: string): Promise<BufferedTrace | null> {
    return this.#doing("looking at a trace", async () => {
      const { redis, partitions } = this.#settings;
      const open = await this.#state(traceId);
      if (open !== null) {
        const { spans, bytes, firstSeen, lastSeen, rootEnded, missingParents } = open;
        return { traceId, state: "open", spans, bytes, firstSeen, lastSeen, rootEnded, missingParents };
      }
      const rows = await redis.hgetall(`${partitions.of(traceId)}:s:${traceId}`);
      const latest = Math.max(
        ...Object.keys(rows)
          .filter((key) => !key.startsWith("b"))
          .map(Number),
      );
      const facts = rows[latest];
      return facts === undefined ? null : readFacts(traceId, facts).described;
    });
  }

  purge(traceIds: readonly string[], { at, until }: Tombstone): Promise<number> {
    return this.#doing("purging traces", async () => {
      const { redis, partitions, synced } = this.#settings;
      const forMs = Math.max(1, Math.ceil(until - at));
      let waited = 0;
      for (const traceId of traceIds)
        waited += numberOf(await redis.tracegatePurge(partitions.of(traceId), traceId, forMs));
      await synced();
      return waited;
    });
  }

  search(finds: (traceId: string, chunks: readonly Uint8Array[]) => boolean): Promise<readonly string[]> {
    return this.#doing("searching traces", () => searchWaiting(this.#settings, finds));
  }

  counts(): Promise<{ readonly open: number; readonly sealed: number; readonly bytes: number }> {
    return this.#doing("counting traces", async () => {
      const { redis, partitions } = this.#settings;
      const each = (count: (tag: string) => Promise<number>) =>
        Promise.all(partitions.tags.map(count)).then((all) => all.reduce((sum, one) => sum + one, 0));
      const [open, sealed, bytes] = await Promise.all([
        each((tag) => redis.zcard(`${tag}:due`)),
        each((tag) => redis.zcard(`${tag}:sealed`)),
        each(async (tag) => Number(await redis.get(`${tag}:bytes`))),
      ]);
      return { open, sealed, bytes };
    });
  }

  nextDue(policy: CompletionPolicy): Promise<number | null> {
    return this.#doing("looking for what is due", async () => {
      await this.#follow(policy);
      const { redis, partitions } = this.#settings;
      const firsts = await Promise.all(
        partitions.tags.map((tag) => redis.zrange(`${tag}:due`, 0, "0", "WITHSCORES")),
      );
      const dues = firsts.flatMap(([, due]) => (due === undefined ? [] : [Number(due)]));
      return dues.length === 0 ? null : Math.min(...dues);
    });
  }

  async close(): Promise<void> {
    this.#settings.redis.disconnect();
  }

  #append(fragment: TraceFragment, at: number): Promise<unknown> {
    const { redis, partitions, keepMs } = this.#settings;
    const { traceId, heads, records = [], bytes, service = "" } = fragment;
    const startTime = heads.reduce((least, { startTime }) => Math.min(least, startTime || least), Infinity);
    return redis.tracegateAppend(
      partitions.of(traceId),
      traceId,
      at,
      encodeHeads({ heads, records }),
      bytes.length,
      writeChunk(bytes),
      service.slice(0, MAX_SERVICE_LENGTH),
      Number.isFinite(startTime) ? Math.floor(startTime) : 0,
      this.#policyText,
      keepMs,
    );
  }

  async #state(traceId: string): Promise<TraceState | null> {
    const { redis, partitions } = this.#settings;
    const fields = await redis.hmget(`${partitions.of(traceId)}:t:${traceId}`, ...STATE_FIELDS);
    return readState(traceId, fields);
  }

  /** Follows a policy that changed since this process, or the last one with another policy, set the due times. */
  async start(): Promise<void> {
    await this.#doing("reading its policy", async () => {
      const { redis, partitions } = this.#settings;
      const last = await redis.get(`${partitions.tags[0]}:policy`);
      if (last !== policyFingerprint(this.#policy)) await this.#reorder();
    });
  }

  async #follow(policy: CompletionPolicy): Promise<void> {
    if (policy !== this.#policy) {
      const text = policyText(policy);
      this.#policy = policy;
      if (text !== this.#policyText) {
        this.#policyText = text;
        this.#following = this.#reorder();
      }
    }
    await this.#following;
  }

  /** A new policy moves every due time. */
  async #reorder(): Promise<void> {
    const { redis, partitions } = this.#settings;
    const policy = this.#policy;
    for (const tag of partitions.tags) {
      const ids = await redis.zrange(`${tag}:due`, 0, "-1");
      for (let start = 0; start < ids.length; start += TRACES_AT_ONCE) {
        await Promise.all(
          ids.slice(start, start + TRACES_AT_ONCE).map(async (traceId) => {
            const state = await this.#state(traceId);
            if (state === null) return;
            await redis.tracegateReschedule(tag, traceId, state.version, dueOf(state, policy));
          }),
        );
      }
    }
    await redis.set(`${partitions.tags[0]}:policy`, policyFingerprint(policy));
  }

  async #doing<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw redisFault(this.#settings.redis, what, error);
    }
  }
}
