import { promisify } from "node:util";
import { constants, gzip, zstdCompress } from "node:zlib";

import { messageOf, TracegateError } from "../../core/errors.ts";
import { readAnswer, rejectionOf, statusMessage } from "./read-answer.ts";

/** How a request body is compressed. */
export type Compression = "gzip" | "zstd" | "none";

/** Where spans go. */
export interface ExportTarget {
  /** With `/v1/traces`. */
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: Compression;
  /** For the whole request, ms. */
  readonly timeoutMs: number;
}

/** The statuses after which the OTLP specification lets a sender try again ("Failures", OTLP/HTTP). */
const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** A server's `Retry-After` is followed up to here, so that a wrong one does not silence a sink for days. */
const MAX_RETRY_AFTER_MS = 3_600_000;

const compressors: {
  readonly [name in Compression]: (bytes: Uint8Array) => Promise<Uint8Array>;
} = {
  // Level 1: five times as fast as the default, and what repeats in traces is found all the same.
  gzip: (bytes) => promisify(gzip)(bytes, { level: constants.Z_BEST_SPEED }),
  zstd: (bytes) => promisify(zstdCompress)(bytes),
  none: async (bytes) => bytes,
};

/**
 * Posts OTLP `TracesData` and resolves once the server has taken every span.
 *
 * @throws TracegateError `unavailable`, retryable (429, 502, 503, 504, no connection, no answer in time);
 * `refused` (any other status, or spans rejected) or `too-large` (413), permanent
 */
export async function exportSpans(
  target: ExportTarget,
  spans: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  const compressed = await compressors[target.compression](spans);
  const { response, body } = await post(target, compressed, signal);
  const type = response.headers.get("content-type");
  if (!response.ok) throw failureOf(target.address, response, statusMessage(body, type));
  const rejection = rejectionOf(body, type);
  if (rejection === null) return;
  throw new TracegateError(
    "refused",
    `${target.address} rejected ${rejection.spans} span(s): ${rejection.message || "it gave no reason"}.`,
  );
}

async function post(target: ExportTarget, body: Uint8Array, signal: AbortSignal) {
  const { address, headers, compression, timeoutMs } = target;
  const timeUp = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-protobuf",
        ...(compression !== "none" && { "Content-Encoding": compression }),
        ...headers,
      },
      body: new Uint8Array(body),
      // A redirected POST would become a GET; the address itself has to be right.
      redirect: "manual",
      signal: AbortSignal.any([signal, timeUp]),
    });
    return { response, body: await readAnswer(response) };
  } catch (error) {
    const reason = timeUp.aborted ? `no answer within ${timeoutMs} ms` : causeOf(error);
    throw new TracegateError("unavailable", `${address} cannot be reached: ${reason}.`, {
      retryable: true,
      cause: error,
    });
  }
}

function failureOf(address: string, response: Response, said: string): TracegateError {
  const { status } = response;
  const message = `${address} answered ${status}${said === "" ? "" : `: ${said}`}`;
  if (RETRYABLE_STATUSES.has(status)) {
    const retryAt = retryTime(response.headers.get("retry-after"), Date.now());
    return new TracegateError("unavailable", message, {
      retryable: true,
      ...(retryAt !== null && { retryAt }),
    });
  }
  if (status === 413) return new TracegateError("too-large", message);
  const remedy = status === 401 || status === 403 ? " Check the headers that headersEnv names." : "";
  return new TracegateError("refused", `${message}${remedy}`);
}

/** Unix ms of a `Retry-After` header: seconds or an HTTP date (RFC 9110, 10.2.3). */
function retryTime(header: string | null, now: number): number | null {
  if (header === null) return null;
  const seconds = Number(header);
  const time = Number.isFinite(seconds) ? now + seconds * 1_000 : Date.parse(header);
  return Number.isNaN(time) ? null : Math.min(Math.max(time, now), now + MAX_RETRY_AFTER_MS);
}

/** `fetch` says only "fetch failed"; why is in the cause. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? messageOf(error) : messageOf(cause) || messageOf(error);
}
