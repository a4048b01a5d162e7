import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";

import type { Config } from "../config/schema.ts";
import { messageOf, TracegateError } from "../core/errors.ts";
import type { TraceFragment } from "../core/span.ts";
import { mergeTraces } from "../otlp/merge-traces.ts";
import { readSpans } from "../otlp/read-spans.ts";
import type { Observation } from "../pipeline/diagnose/observation.ts";
import { startReceiver } from "../receiver/receiver.ts";
import type { Environment } from "./equipment.ts";
import { traceReader } from "./trace-reader.ts";

/** Options of {@link listenForTraces}. */
export interface ListenOptions {
  readonly config: Config;
  readonly environment: Environment;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Traces to wait for. */
  readonly traces: number;
  /** Ends the wait early; what has arrived by then is given all the same. */
  readonly signal: AbortSignal;
  /** Where senders are to send, as soon as they can. */
  readonly onListening: (url: string) => void;
  readonly onArrival?: (counts: { readonly traces: number; readonly complete: number }) => void;
  readonly onFault?: (message: string) => void;
}

/**
 * Takes traces over OTLP/HTTP and keeps them in memory until enough of them are complete, that is: the sender
 * said so, or `completion.afterRootMs` has passed without a new span of theirs. Then gives all that arrived.
 *
 * @throws TracegateError `config` when the address cannot be had or is open to the network without a token
 */
export async function* listenForTraces(options: ListenOptions): AsyncGenerator<Observation> {
  const { config, environment, host, port, traces, signal } = options;
  const { tokenEnv, maxBodyBytes } = config.receiver;
  const token = tokenEnv === undefined ? undefined : environment[tokenEnv];
  const arrivals = new Arrivals(traces, config.completion.afterRootMs, (counts) =>
    options.onArrival?.(counts),
  );
  const receiver = await startReceiver({
    host,
    port,
    ...(token && { token }),
    limits: { bodyBytes: maxBodyBytes },
    async accept(fragments) {
      for (const fragment of fragments) arrivals.add(fragment);
    },
    signal: async (traceId) => arrivals.complete(traceId),
    onFault: (error) => options.onFault?.(`receiving: ${messageOf(error)}`),
  });
  try {
    options.onListening(receiver.url);
    await arrivals.enough(signal);
  } finally {
    arrivals.stop();
    await receiver.close();
  }
  const read = traceReader(config);
  for (const chunks of arrivals.chunks()) {
    const spans = readSpans(mergeTraces(chunks.map((chunk) => zstdDecompressSync(chunk))));
    if (spans.length > 0) yield { trace: read(spans), spans };
  }
}

/** Bytes of compressed traces above which nothing more is taken, 1 GiB. */
const MAX_BYTES = 1024 ** 3;

/** Traces that arrive, until enough of them are complete. */
class Arrivals {
  readonly #wanted: number;
  readonly #quietMs: number;
  readonly #onChange: (counts: { traces: number; complete: number }) => void;
  readonly #chunks = new Map<string, Uint8Array[]>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #complete = new Set<string>();
  readonly #enough = Promise.withResolvers<void>();
  #bytes = 0;

  constructor(
    wanted: number,
    quietMs: number,
    onChange: (counts: { traces: number; complete: number }) => void,
  ) {
    this.#wanted = wanted;
    this.#quietMs = quietMs;
    this.#onChange = onChange;
  }

  add({ traceId, bytes, heads }: TraceFragment): void {
    if (this.#bytes > MAX_BYTES) throw new TracegateError("overloaded", "Enough was received to report on.");
    const chunk = zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
    this.#bytes += chunk.length;
    const chunks = this.#chunks.get(traceId);
    if (chunks) chunks.push(chunk);
    else this.#chunks.set(traceId, [chunk]);
    if (heads.some((head) => head.completes)) this.complete(traceId);
    // Log records alone are no trace: their spans are still to come.
    else if (heads.length > 0) {
      clearTimeout(this.#timers.get(traceId));
      this.#timers.set(
        traceId,
        setTimeout(() => this.complete(traceId), this.#quietMs),
      );
      this.#tell();
    }
  }

  complete(traceId: string): void {
    if (!this.#chunks.has(traceId)) return;
    clearTimeout(this.#timers.get(traceId));
    this.#complete.add(traceId);
    this.#tell();
    if (this.#complete.size >= this.#wanted) this.#enough.resolve();
  }

  /** Resolves when enough traces are complete, or when the signal fires. */
  async enough(signal: AbortSignal): Promise<void> {
    const end = () => this.#enough.resolve();
    if (signal.aborted) return;
    signal.addEventListener("abort", end, { once: true });
    await this.#enough.promise;
    signal.removeEventListener("abort", end);
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  chunks(): Iterable<readonly Uint8Array[]> {
    return this.#chunks.values();
  }

  #tell(): void {
    this.#onChange({ traces: this.#chunks.size, complete: this.#complete.size });
  }
}
