import { pipeline, Readable } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";

import { messageOf, TracegateError } from "../core/errors.ts";
import { compressionOf } from "./compression.ts";
import { jsonToProtobuf } from "./json-to-protobuf.ts";
import { logsJsonToProtobuf } from "./logs-json-to-protobuf.ts";
import { splitJson } from "./split-json.ts";
import { splitLogsByTrace } from "./split-logs-by-trace.ts";

/** One OTLP request of a stream, as protobuf. */
export interface TraceBody {
  /** Line on which it begins, from 1. */
  readonly line: number;
  readonly bytes: Uint8Array;
}

/** A part of the input that could not be read; the parts after it still can. */
export interface BadBody {
  /** Line on which it begins, from 1. */
  readonly line: number;
  /** Code `bad-input` or `too-large`; the message names input and line. */
  readonly error: TracegateError;
}

/** Largest single body, in bytes: below the longest string V8 can make. */
const MAX_BODY = 500_000_000;

/**
 * The OTLP requests in a stream, as protobuf: OTLP/JSON (one document, pretty-printed or not), JSONL (one
 * request per line), or one protobuf body; plain, gzip or zstd, all recognised by content. Requests of log
 * records are taken as JSON: those that are events of a span, for `mergeTraces` to give them to it.
 *
 * JSONL is read line by line, so memory holds one request at a time. A bad line is yielded as a
 * {@link BadBody}, and reading goes on after it. `name` is for messages, e.g. the path.
 *
 * @throws TracegateError `bad-input` when the compression breaks off or the stream fails.
 */
export async function* readTraceBodies(
  stream: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<TraceBody | BadBody> {
  const plain = await startOf(decompressed(await startOf(stream), name));
  if (plain.head.length === 0) return;
  if (!looksLikeJson(plain.head)) {
    yield await readWhole(plain.all(), name);
    return;
  }
  for await (const { line, text, broken } of splitJson(plain.all(), MAX_BODY)) {
    yield readJson(name, line, text, broken);
  }
}

function readJson(name: string, line: number, text: string, broken: string | null): TraceBody | BadBody {
  try {
    if (broken !== null) throw new TracegateError("bad-input", broken);
    const spans = jsonToProtobuf(text);
    const bytes = spans.length === 0 ? readLogs(text) : spans;
    if (bytes.length === 0 && text.length > 2 && !/"resource_?(spans|logs)"/i.test(text)) {
      throw new TracegateError("bad-input", "No resourceSpans in it. Give OTLP/JSON traces.");
    }
    return { line, bytes };
  } catch (cause) {
    return {
      line,
      error: new TracegateError("bad-input", `${name}:${line}: ${messageOf(cause)}`, { cause }),
    };
  }
}

/** The log records in a text that are events of a span, as `mergeTraces` takes them; empty when there are none. */
function readLogs(text: string): Uint8Array {
  if (!/"resource_?logs"/i.test(text)) return new Uint8Array();
  const { fragments, reason } = splitLogsByTrace(logsJsonToProtobuf(text));
  if (reason !== null && fragments.length === 0) throw new TracegateError("bad-input", reason);
  return Buffer.concat(fragments.map(({ bytes }) => bytes));
}

async function readWhole(stream: AsyncIterable<Uint8Array>, name: string): Promise<TraceBody | BadBody> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > MAX_BODY) {
      const message = `${name}: a protobuf body of more than ${MAX_BODY} bytes. Split it, or give JSONL.`;
      return { line: 1, error: new TracegateError("too-large", message) };
    }
    chunks.push(chunk);
  }
  return { line: 1, bytes: Buffer.concat(chunks, size) };
}

async function* decompressed(source: StreamStart, name: string): AsyncGenerator<Uint8Array> {
  const compression = compressionOf(source.head);
  if (compression === null) {
    yield* source.all();
    return;
  }
  const unpack = compression === "gzip" ? createGunzip() : createZstdDecompress();
  try {
    // The callback only keeps a failing source from being unhandled: the loop below sees the same error.
    yield* pipeline(Readable.from(source.all(), { objectMode: false }), unpack, () => {});
  } catch (cause) {
    if (cause instanceof TracegateError) throw cause;
    const message = `${name}: the ${compression} data is broken: ${messageOf(cause)}. Check that the file is complete.`;
    throw new TracegateError("bad-input", message, { cause });
  }
}

/** A stream whose first bytes have been looked at. */
interface StreamStart {
  readonly head: Uint8Array;
  /** The whole stream, the head included. */
  all(): AsyncGenerator<Uint8Array>;
}

const HEAD_SIZE = 16;

async function startOf(stream: AsyncIterable<Uint8Array>): Promise<StreamStart> {
  const iterator = stream[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < HEAD_SIZE) {
    const step = await iterator.next();
    if (step.done) break;
    head = head.length === 0 ? step.value : Buffer.concat([head, step.value]);
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      if (head.length > 0) yield head;
      for (let step = await iterator.next(); !step.done; step = await iterator.next()) yield step.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { head, all };
}

/**
 * Whether a text begins with a JSON object. A protobuf body begins with 0x0a, which is also a line break, and
 * its length may be that of `{`; but then the next byte is a tag, never the quote of a key.
 */
function looksLikeJson(head: Uint8Array): boolean {
  const text = Buffer.from(head)
    .toString("latin1")
    .replace(/^\xef\xbb\xbf/, "");
  return /^\s*(\{\s*("[A-Za-z_]|\}|$)|$)/.test(text) || /^[{[]/.test(text);
}
