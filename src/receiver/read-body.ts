import type { IncomingMessage } from "node:http";
import type { Readable, Transform } from "node:stream";
import { constants, createGunzip, createInflate, createZstdDecompress } from "node:zlib";

import type { TracegateError } from "../core/errors.ts";
import { busy, goneAway, notInflatable, tooLarge } from "./body-faults.ts";
import type { ByteClaim } from "./byte-budget.ts";
import type { ReceiverLimits } from "./limits.ts";

/** The largest zstd window accepted, as log2: 8 MiB, the limit of RFC 9659 for HTTP. */
const ZSTD_WINDOW_LOG_MAX = 23;

/** Output of one step of inflating; Node's default of 16 KiB makes four times as many steps. */
const INFLATE_CHUNK_BYTES = 64 * 1024;

/** What can be inflated, by the name in `Content-Encoding`. `deflate` is the zlib format (RFC 9110, 8.4.1.2). */
const INFLATERS: { readonly [encoding: string]: () => Transform } = {
  gzip: () => createGunzip({ chunkSize: INFLATE_CHUNK_BYTES }),
  "x-gzip": () => createGunzip({ chunkSize: INFLATE_CHUNK_BYTES }),
  deflate: () => createInflate({ chunkSize: INFLATE_CHUNK_BYTES }),
  zstd: () => createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG_MAX } }),
};

/** The encodings of {@link readBody}, for `Accept-Encoding` (RFC 9110, 15.5.16). */
export const ACCEPTED_ENCODINGS = "gzip, zstd, deflate, identity";

/** True when a `Content-Encoding` header names something {@link readBody} can inflate. */
export function isReadableEncoding(header: string | undefined): boolean {
  const name = encodingOf(header);
  return name === "identity" || Object.hasOwn(INFLATERS, name);
}

/** Inflates one body; null for an encoding that is unknown or needs no inflating. */
export function inflaterOf(encoding: string): Transform | null {
  return INFLATERS[encoding]?.() ?? null;
}

/**
 * The inflated body of a request. Inflates piece by piece off the event loop and stops at the first byte
 * over a limit, so a small body that inflates to gigabytes costs no more than the limit.
 *
 * The request's stream is left open on failure, so that it can still be answered.
 *
 * @throws TracegateError `too-large`, `overloaded` (the claim cannot grow), `bad-input` (not the encoding
 * it says, cut short, or the sender went away)
 */
export function readBody(
  incoming: IncomingMessage,
  limits: Pick<ReceiverLimits, "bodyBytes" | "wireBytes">,
  claim: ByteClaim,
): Promise<Uint8Array> {
  const encoding = encodingOf(incoming.headers["content-encoding"]);
  const announced = Number(incoming.headers["content-length"] ?? 0);
  if (announced > limits.wireBytes) return Promise.reject(tooLarge("as sent", announced, limits.wireBytes));
  if (incoming.headers["content-length"] === "0") return Promise.resolve(new Uint8Array());
  const inflater = INFLATERS[encoding]?.();
  return collect(incoming, inflater, limits, claim);
}

function collect(
  incoming: IncomingMessage,
  inflater: Transform | undefined,
  limits: Pick<ReceiverLimits, "bodyBytes" | "wireBytes">,
  claim: ByteClaim,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let sent = 0;
    let size = 0;
    const source: Readable = inflater ?? incoming;
    const end = (settle: () => void) => {
      incoming.off("data", countSent).off("close", cutOff).off("error", cutOff);
      source.off("data", keep).off("end", done).off("error", broken);
      if (inflater) {
        incoming.unpipe(inflater);
        // An inflater that is destroyed while it works may still report an error.
        inflater.on("error", () => {});
        inflater.destroy();
      }
      settle();
    };
    const fail = (error: TracegateError) => end(() => reject(error));
    const cutOff = () => {
      if (!incoming.readableEnded) fail(goneAway());
    };
    const broken = (error: unknown) => {
      // No byte at all is an empty body, whatever it was said to be compressed with.
      if (sent === 0 && incoming.readableEnded) done();
      else fail(notInflatable(error));
    };
    const done = () =>
      end(() => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    const countSent = (chunk: Buffer) => {
      sent += chunk.length;
      if (sent > limits.wireBytes) fail(tooLarge("as sent", sent, limits.wireBytes));
    };
    const keep = (chunk: Buffer) => {
      size += chunk.length;
      if (size > limits.bodyBytes) fail(tooLarge("inflated", size, limits.bodyBytes));
      else if (!claim.grow(chunk.length)) fail(busy());
      else chunks.push(chunk);
    };
    incoming.on("data", countSent).on("close", cutOff).on("error", cutOff);
    source
      .on("data", keep)
      .on("end", done)
      .on("error", inflater ? broken : cutOff);
    if (inflater) incoming.pipe(inflater);
    if (incoming.destroyed) cutOff();
  });
}

/** What is still read of a refused request, so that its sender gets to see the answer. */
const DISCARD_BYTES = 256 * 1024 * 1024;
const DISCARD_MS = 5_000;

/**
 * Throws away what is still to come of a request that is refused, so that its sender reads the answer
 * instead of a reset connection. Bounded: a sender of more than `maxBytes` (default 256 MiB) or `maxMs`
 * (default 5 s) is cut off.
 */
export function discardRest(incoming: Readable, maxBytes = DISCARD_BYTES, maxMs = DISCARD_MS): Promise<void> {
  if (incoming.readableEnded || incoming.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    let seen = 0;
    const done = () => {
      clearTimeout(timer);
      incoming.off("data", count).off("end", done).off("close", done).off("error", done);
      resolve();
    };
    const count = (chunk: Buffer) => {
      seen += chunk.length;
      if (seen > maxBytes) done();
    };
    const timer = setTimeout(done, maxMs);
    incoming.on("data", count).on("end", done).on("close", done).on("error", done);
    incoming.resume();
  });
}

function encodingOf(header: string | undefined): string {
  return (header ?? "identity").trim().toLowerCase() || "identity";
}
