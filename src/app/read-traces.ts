import { createReadStream } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";

import { type ReadTraceOptions, readTrace } from "../conventions/read-trace.ts";
import { messageOf, TracegateError } from "../core/errors.ts";
import type { Trace } from "../core/trace.ts";
import { mergeTraces } from "../otlp/merge-traces.ts";
import { readSpans } from "../otlp/read-spans.ts";
import { readTraceBodies, type TraceBody } from "../otlp/read-trace-bodies.ts";
import { splitByTrace } from "../otlp/split-by-trace.ts";
import type { Observation } from "../pipeline/diagnose/observation.ts";

/** Options of {@link readTraces}. */
export interface ReadTracesOptions {
  /** Paths; `-` is standard input. */
  readonly files: readonly string[];
  /** Told of what could not be read, with file and line; the rest is read all the same. */
  readonly onProblem: (problem: string) => void;
  readonly onProgress?: (progress: { readonly bytes: number; readonly traces: number }) => void;
  readonly signal: AbortSignal;
  /** Attribute names of the user's own, from the configuration. */
  readonly names?: ReadTraceOptions["names"] | undefined;
}

/** The traces in OTLP files, as {@link readObservations} gives them, without their spans. */
export async function* readTraces(options: ReadTracesOptions): AsyncGenerator<Trace> {
  for await (const { trace } of readObservations(options)) yield trace;
}

/**
 * The traces in OTLP files (JSON, JSON lines or protobuf; plain, gzip or zstd), in order of appearance.
 * Log records (JSON) that are events of a span are joined to it.
 *
 * The spans of one trace may be spread over lines and files, so all input is read before the first trace
 * comes out. It waits compressed: 275 MB of real traces take about 10 MB.
 */
export async function* readObservations(options: ReadTracesOptions): AsyncGenerator<Observation> {
  const waiting = new Map<string, Uint8Array[]>();
  let bytes = 0;
  for (const file of options.files) {
    for await (const body of bodiesOf(file, options.onProblem)) {
      options.signal.throwIfAborted();
      bytes += body.bytes.length;
      keep(body.bytes, `${file}:${body.line}`, waiting, options.onProblem);
      options.onProgress?.({ bytes, traces: waiting.size });
    }
  }
  for (const [traceId, chunks] of waiting) {
    // Reading, scoring and printing to a terminal never wait for anything, so Ctrl-C would have to.
    await setImmediate();
    options.signal.throwIfAborted();
    waiting.delete(traceId);
    const spans = readSpans(mergeTraces(chunks.map((chunk) => zstdDecompressSync(chunk))));
    const { names } = options;
    if (spans.length > 0) yield { trace: readTrace(spans, names ? { names } : {}), spans };
    else
      options.onProblem(
        `Trace ${traceId}: only log records, none of its spans. Give the file with its spans too.`,
      );
  }
}

/** What can be read of a file; what cannot, and why, is a problem and no reason to drop the rest. */
async function* bodiesOf(file: string, onProblem: ReadTracesOptions["onProblem"]): AsyncGenerator<TraceBody> {
  try {
    for await (const body of readTraceBodies(open(file), file)) {
      if ("error" in body) onProblem(body.error.message);
      else yield body;
    }
  } catch (error) {
    if (!(error instanceof TracegateError)) throw error;
    onProblem(error.message);
  }
}

function keep(
  body: Uint8Array,
  place: string,
  waiting: Map<string, Uint8Array[]>,
  onProblem: ReadTracesOptions["onProblem"],
): void {
  try {
    const { fragments, reason } = splitByTrace(body);
    if (reason) onProblem(`${place}: ${reason}`);
    for (const { traceId, bytes } of fragments) {
      const chunks = waiting.get(traceId) ?? [];
      chunks.push(zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }));
      waiting.set(traceId, chunks);
    }
  } catch (error) {
    onProblem(`${place}: ${messageOf(error)}`);
  }
}

async function* open(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* file === "-" ? process.stdin : createReadStream(file, { highWaterMark: 1 << 20 });
  } catch (cause) {
    throw new TracegateError("not-found", `${file} ${whyUnreadable(cause)}`, { cause });
  }
}

function whyUnreadable(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "ENOENT") return "is not there. Check the path.";
  if (code === "EISDIR") return "is a folder. Name the files in it, e.g. with *.jsonl.";
  return `cannot be read: ${messageOf(cause)}. Check the path and its permissions.`;
}
