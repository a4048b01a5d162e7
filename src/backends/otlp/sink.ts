import type { Sink } from "../../core/sink.ts";
import { headersFrom, tracesAddress } from "./endpoint.ts";
import { type Compression, type ExportTarget, exportSpans } from "./export-spans.ts";
import { scoredSpans } from "./scored-spans.ts";

/** Options of {@link otlp}. */
export interface OtlpSinkOptions {
  /** Base address of an OTLP/HTTP backend, e.g. `http://localhost:4318`; `/v1/traces` is added. */
  readonly endpoint: string;
  /** Name of the environment variable that holds the headers, e.g. `OTEL_EXPORTER_OTLP_HEADERS`. */
  readonly headersEnv?: string;
  /** Unique among the sinks. Default `otlp`. */
  readonly name?: string;
  /** Default `gzip`, which every OTLP server must take. */
  readonly compression?: Compression;
  /** For one request, ms. Default 10,000. */
  readonly timeoutMs?: number;
}

/**
 * Sends scored traces on to any OTLP/HTTP backend: all their spans, the root with `tracegate.*` attributes
 * and one `gen_ai.evaluation.result` event per score.
 *
 * One request per trace. The same trace is sent as the same bytes every time, so a backend that knows a
 * span by its id ends with one; one that appends keeps both, told apart by `tracegate.revision` and by
 * `tracegate.score.id`.
 *
 * @throws TracegateError `config` when the endpoint is no address or the variable is not set
 *
 * @example
 * sinks: [otlp({ endpoint: "http://localhost:4318" })]
 */
export function otlp(options: OtlpSinkOptions): Sink {
  const { endpoint, headersEnv, name = "otlp", compression = "gzip", timeoutMs = 10_000 } = options;
  const target: ExportTarget = {
    address: tracesAddress(endpoint),
    headers: headersFrom(headersEnv),
    compression,
    timeoutMs,
  };
  const underWay = new Set<Promise<void>>();
  return {
    name,
    write: async (traces, signal) => {
      for (const trace of traces) {
        signal.throwIfAborted();
        const sent = scoredSpans(trace).then((spans) => exportSpans(target, spans, signal));
        underWay.add(sent);
        await sent.finally(() => underWay.delete(sent));
      }
    },
    judgeCalls: (spans, signal) => exportSpans(target, spans, signal),
    close: async () => {
      await Promise.allSettled(underWay);
    },
  };
}
