import type { Readable, Transform } from "node:stream";

import { TracegateError } from "../core/errors.ts";
import { busy, goneAway, notInflatable, tooLarge } from "./body-faults.ts";
import type { ByteClaim } from "./byte-budget.ts";
import type { ReceiverLimits } from "./limits.ts";
import { inflaterOf } from "./read-body.ts";

/** The encodings of messages that can be read, for `grpc-accept-encoding`. */
export const GRPC_ENCODINGS = "identity,gzip,deflate";

/** One byte that says whether the message is compressed, and four for its length. */
const PREFIX_BYTES = 5;

/** True when a `grpc-encoding` names something {@link readGrpcMessage} can inflate. */
export function isReadableGrpcEncoding(encoding: string): boolean {
  return GRPC_ENCODINGS.split(",").includes(encoding);
}

/**
 * The message of a call, inflated. Several messages come out as one: protobuf reads messages that follow each
 * other as their union, and nothing of an export request is lost that way.
 *
 * The stream is left open on failure, so that the call can still be answered.
 *
 * @throws TracegateError `too-large`, `overloaded` (the claim cannot grow), `unavailable` (too slow), `bad-input`
 * (no message, cut short, or not the encoding it says)
 */
export async function readGrpcMessage(
  stream: Readable,
  encoding: string,
  limits: Pick<ReceiverLimits, "bodyBytes" | "wireBytes" | "requestTimeoutMs">,
  claim: ByteClaim,
): Promise<Uint8Array> {
  const body = await collect(stream, limits, claim);
  const messages: Buffer[] = [];
  let inflated = 0;
  for (let start = 0; start < body.length; ) {
    const { isCompressed, from, to } = frameAt(body, start);
    const sent = body.subarray(from, to);
    const inflater = isCompressed ? inflaterOf(encoding) : null;
    if (isCompressed && inflater === null) throw badFrame(`compressed, but its grpc-encoding is ${encoding}`);
    const message = inflater ? await inflate(sent, inflater, limits.bodyBytes - inflated, claim) : sent;
    inflated += message.length;
    if (inflated > limits.bodyBytes) throw tooLarge("inflated", inflated, limits.bodyBytes);
    messages.push(message);
    start = to;
  }
  if (messages.length === 0) throw badFrame("missing");
  return messages.length === 1 && messages[0] ? messages[0] : Buffer.concat(messages);
}

function frameAt(body: Buffer, start: number): { isCompressed: boolean; from: number; to: number } {
  const from = start + PREFIX_BYTES;
  if (body.length < from) throw badFrame("cut short");
  const flag = body.readUInt8(start);
  if (flag > 1) throw badFrame(`marked by ${flag}, neither compressed nor plain`);
  const to = from + body.readUInt32BE(start + 1);
  if (body.length < to) throw badFrame("cut short");
  return { isCompressed: flag === 1, from, to };
}

function badFrame(what: string): TracegateError {
  return new TracegateError("bad-input", `The message of the call is ${what}. Send one gRPC message.`);
}

function collect(
  stream: Readable,
  { wireBytes, requestTimeoutMs }: Pick<ReceiverLimits, "wireBytes" | "requestTimeoutMs">,
  claim: ByteClaim,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (settle: () => void) => {
      clearTimeout(timer);
      stream.off("data", keep).off("end", done).off("close", cutOff).off("error", cutOff);
      settle();
    };
    const fail = (error: TracegateError) => end(() => reject(error));
    const cutOff = () => fail(goneAway());
    const done = () => end(() => resolve(Buffer.concat(chunks)));
    const keep = (chunk: Buffer) => {
      size += chunk.length;
      if (size > wireBytes + PREFIX_BYTES) fail(tooLarge("as sent", size, wireBytes));
      else if (!claim.grow(chunk.length)) fail(busy());
      else chunks.push(chunk);
    };
    const timer = setTimeout(() => fail(tooSlow(requestTimeoutMs)), requestTimeoutMs);
    stream.on("data", keep).on("end", done).on("close", cutOff).on("error", cutOff);
    if (stream.destroyed) cutOff();
  });
}

function tooSlow(afterMs: number): TracegateError {
  return new TracegateError("unavailable", `The message did not arrive within ${afterMs} ms.`, {
    retryable: true,
  });
}

/** Stops at the first byte over the limit. */
async function inflate(sent: Buffer, inflater: Transform, limit: number, claim: ByteClaim): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  inflater.end(sent);
  try {
    for await (const chunk of inflater) {
      size += chunk.length;
      if (size > limit) throw tooLarge("inflated", size, limit);
      if (!claim.grow(chunk.length)) throw busy();
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof TracegateError ? error : notInflatable(error);
  }
  return Buffer.concat(chunks);
}
