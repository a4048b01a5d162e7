import { completionOf, limitsOf } from "../core/completion-of.ts";
import type { CompletionReason } from "../core/trace.ts";
import type { CompletionPolicy, SealedTrace } from "../core/trace-buffer.ts";
import { uniteChunks } from "./chunk.ts";
import type { RedisClient } from "./connect.ts";
import type { Partitions } from "./partitions.ts";
import { redisFault } from "./redis-fault.ts";
import { bytesOf, listOf, numberOf } from "./reply.ts";
import { STATE_FIELDS } from "./scripts/watch.ts";
import { dueOf, readState, type TraceState } from "./trace-state.ts";

/** Bytes, as sent, after which one round of sealing ends: uniting them holds up the event loop. */
const BYTES_AT_ONCE = 32 * 1024 * 1024;
/** Above this many the ids of an over-long trace are forgotten at its next seal. */
const MAX_REMEMBERED_SPANS = 200_000;

/** What {@link TraceSealer} works with. */
export interface SealSettings {
  readonly redis: RedisClient;
  readonly partitions: Partitions;
  /** The highest revision of a trace that is stored elsewhere; 0: none. */
  readonly storedRevision: (traceId: string) => Promise<number>;
  readonly rememberMs: number;
  readonly keepMs: number;
  readonly onFault: (error: unknown) => void;
}

interface DueTrace extends TraceState {
  readonly dueAt: number;
}

/**
 * Seals what is complete. Several may do so at once: whether a trace is complete is decided here, on what its hash
 * says, and the script that seals it refuses when that is no longer so.
 */
export class TraceSealer {
  readonly #settings: SealSettings;

  constructor(settings: SealSettings) {
    this.#settings = settings;
  }

  async seal(now: number, policy: CompletionPolicy, limit: number): Promise<readonly SealedTrace[]> {
    const sealed: SealedTrace[] = [];
    let bytes = 0;
    while (sealed.length < limit && bytes < BYTES_AT_ONCE) {
      const due = await this.#due(now, limit - sealed.length);
      const taken = within(due, BYTES_AT_ONCE - bytes);
      for (const trace of taken) bytes += trace.bytes;
      const outcomes = await Promise.all(taken.map((trace) => this.#settle(trace, now, policy)));
      sealed.push(...outcomes.flatMap((outcome) => outcome ?? []));
      // Whoever else seals at the same moment may have been faster with all of these.
      if (taken.length === 0 || outcomes.every((outcome) => outcome === null)) break;
    }
    return sealed;
  }

  /** Open traces that may be complete at `now`, earliest due first. */
  async #due(now: number, limit: number): Promise<DueTrace[]> {
    const { redis, partitions } = this.#settings;
    const each = await Promise.all(
      partitions.tags.map(async (tag) => {
        const key = `${tag}:due`;
        const flat = await redis.zrangebyscore(key, "-inf", now, "WITHSCORES", "LIMIT", 0, limit);
        return flat.flatMap((traceId, index) =>
          index % 2 === 0 ? [{ tag, traceId, dueAt: Number(flat[index + 1]) }] : [],
        );
      }),
    );
    const first = each.flat().sort((a, b) => a.dueAt - b.dueAt);
    const states = await Promise.all(
      first.slice(0, limit).map(async ({ tag, traceId, dueAt }) => {
        const fields = await redis.hmget(`${tag}:t:${traceId}`, ...STATE_FIELDS);
        const state = readState(traceId, fields);
        if (state === null) await redis.tracegateTidy(tag, traceId);
        return state === null ? [] : [{ ...state, dueAt }];
      }),
    );
    return states.flat();
  }

  /** Null: it was changed or sealed by somebody else in between. An empty list: it was not to be sealed. */
  async #settle(
    state: DueTrace,
    now: number,
    policy: CompletionPolicy,
  ): Promise<readonly SealedTrace[] | null> {
    const { redis, partitions } = this.#settings;
    const { traceId, version } = state;
    const completion = completionOf(state, now, policy);
    const tag = partitions.of(traceId);
    if ("reason" in completion) return this.#seal(state, completion.reason, now, policy);
    const done =
      "expired" in completion
        ? await redis.tracegateDrop(tag, traceId, version)
        : await redis.tracegateReschedule(tag, traceId, version, dueOf(state, policy));
    return numberOf(done) === 1 ? [] : null;
  }

  async #seal(
    state: DueTrace,
    reason: CompletionReason,
    now: number,
    policy: CompletionPolicy,
  ): Promise<readonly SealedTrace[] | null> {
    const { redis, partitions, rememberMs, keepMs, storedRevision } = this.#settings;
    const { traceId, version, startTime, service } = state;
    const { maxSpans, maxBytes } = limitsOf(policy, service);
    // Redis forgets a trace after a while. Only one that began before that can have been here before.
    const isOld = state.revision === 0 && startTime > 0 && startTime < now - rememberMs / 2;
    const stored = isOld ? await storedRevision(traceId) : 0;
    // These stay true whatever arrives, and a busy trace would always have changed by now.
    const wanted = reason === "capped" || reason === "signalled" ? "" : version;
    const sealedAt = Math.floor(now);
    const answer = await redis.tracegateSeal(
      partitions.of(traceId),
      ...[traceId, wanted, reason, sealedAt, maxSpans, maxBytes, stored, MAX_REMEMBERED_SPANS, keepMs],
    );
    if (answer === null) return null;
    const [revision = 0, chunks = 0] = listOf(answer).map(numberOf);
    const sealed = { traceId, revision, reason, sealedAt };
    if (chunks > 1) await this.#compact(sealed, chunks);
    return [sealed];
  }

  /** The trace is sealed already: when this fails, its chunks merely stay as large as they are. */
  async #compact({ traceId, revision }: SealedTrace, count: number): Promise<void> {
    const { redis, partitions, keepMs, onFault } = this.#settings;
    const tag = partitions.of(traceId);
    try {
      const chunks = await redis.lrangeBuffer(`${tag}:c:${traceId}:${revision}`, 0, -1);
      if (chunks.length !== count) return;
      const frame = uniteChunks(chunks.map(bytesOf));
      await redis.tracegateCompact(tag, traceId, revision, count, frame, keepMs);
    } catch (error) {
      onFault(redisFault(redis, "making the chunks of a trace one", error));
    }
  }
}

/** As many of the first ones as fit into the bytes, at least one. */
function within(traces: readonly DueTrace[], bytes: number): readonly DueTrace[] {
  let left = bytes;
  const end = traces.findIndex((trace) => {
    const isFull = left <= 0;
    left -= trace.bytes;
    return isFull;
  });
  return end === -1 ? traces : traces.slice(0, end);
}
