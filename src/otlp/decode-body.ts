import { promisify } from "node:util";
import { gunzip, inflate, zstdDecompress } from "node:zlib";

import { TracegateError } from "../core/errors.ts";
import { compressionOf } from "./compression.ts";

/** Content-Encodings of OTLP requests that can be read. */
export const CONTENT_ENCODINGS = ["identity", "gzip", "zstd", "deflate"] as const;

/** Options of {@link decodeBody}. */
export interface DecodeBodyOptions {
  /** The Content-Encoding. Absent or empty: recognised by the first bytes. */
  readonly encoding?: string;
  /** Largest size after decompression, in bytes. */
  readonly limit: number;
}

const decompressors = {
  gzip: promisify(gunzip),
  zstd: promisify(zstdDecompress),
  deflate: promisify(inflate),
};

/**
 * The decompressed body. Never holds more than `limit` bytes, however much a small body claims to be.
 *
 * @throws TracegateError `too-large` beyond the limit; `bad-input` for bytes that do not decompress or an
 * encoding that is not among {@link CONTENT_ENCODINGS}.
 */
export async function decodeBody(bytes: Uint8Array, options: DecodeBodyOptions): Promise<Uint8Array> {
  const encoding = options.encoding?.trim().toLowerCase() || compressionOf(bytes) || "identity";
  if (encoding === "identity") {
    if (bytes.length > options.limit) throw tooLarge(options.limit);
    return bytes;
  }
  const decompress = decompressors[known(encoding)];
  try {
    return await decompress(bytes, { maxOutputLength: options.limit });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(options.limit, cause);
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new TracegateError("bad-input", `The body is not valid ${encoding}: ${detail}.`, { cause });
  }
}

function known(encoding: string): keyof typeof decompressors {
  if (encoding === "gzip" || encoding === "zstd" || encoding === "deflate") return encoding;
  if (encoding === "x-gzip") return "gzip";
  throw new TracegateError(
    "bad-input",
    `Content-Encoding ${encoding} cannot be read. Use one of ${CONTENT_ENCODINGS.join(", ")}.`,
  );
}

function tooLarge(limit: number, cause?: unknown): TracegateError {
  return new TracegateError(
    "too-large",
    `The body is larger than ${limit} bytes after decompression. Send smaller batches or raise the limit.`,
    { cause },
  );
}
