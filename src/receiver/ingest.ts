import type { IncomingMessage } from "node:http";

import type { Clock } from "../core/clock.ts";
import { TracegateError } from "../core/errors.ts";
import type { TraceFragment } from "../core/span.ts";
import { jsonToProtobuf } from "../otlp/json-to-protobuf.ts";
import type { OtlpEncoding } from "../otlp/responses.ts";
import { splitByTrace } from "../otlp/split-by-trace.ts";
import { encodingOfType, refuse, succeed } from "./answer.ts";
import type { ByteBudget } from "./byte-budget.ts";
import type { ReceiverLimits } from "./limits.ts";
import { ACCEPTED_ENCODINGS, discardRest, isReadableEncoding, readBody } from "./read-body.ts";
import { type Refusal, refusalOf } from "./refusal.ts";
import type { Tally } from "./tally.ts";

/** Takes the spans of one request. The sender is told 200 only after it resolves. */
export type Accept = (fragments: readonly TraceFragment[], receivedAt: number) => Promise<void>;

/** What the export requests of one listener share. */
export interface IngestSetting {
  readonly limits: ReceiverLimits;
  readonly budget: ByteBudget;
  readonly tally: Tally;
  readonly clock: Clock;
  /** Told of faults that a sender sees only as 500 or 503. */
  readonly onFault?: (error: unknown) => void;
}

/** Counted against the budget for every request, however small, so that their number is bounded too. */
const REQUEST_OVERHEAD_BYTES = 16 * 1024;
/** What is still read of a refused request, so that its sender gets to see the answer. */
const DISCARD_BYTES = 256 * 1024 * 1024;
const DISCARD_MS = 5_000;

/**
 * Answers one OTLP/HTTP export request: reads, inflates and decodes the body, hands the spans to `accept`
 * and answers as the OTLP specification says, in the encoding of the request. Never throws.
 */
export async function ingest(
  incoming: IncomingMessage,
  accept: Accept,
  setting: IngestSetting,
): Promise<Response> {
  const { tally } = setting;
  tally.requests += 1;
  const format = encodingOfType(incoming.headers["content-type"]);
  const outcome = format === null ? unknownType(incoming) : await take(incoming, format, accept, setting);
  if (outcome instanceof Response) return outcome;
  tally.refuse(outcome.status);
  await discardRest(incoming, DISCARD_BYTES, DISCARD_MS);
  return refuse(outcome, format ?? "json");
}

async function take(
  incoming: IncomingMessage,
  format: OtlpEncoding,
  accept: Accept,
  setting: IngestSetting,
): Promise<Response | Refusal> {
  const { limits, budget, tally, clock, onFault } = setting;
  const encoding = incoming.headers["content-encoding"];
  if (!isReadableEncoding(encoding)) return unknownEncoding(encoding);
  const claim = budget.claim();
  try {
    if (!claim.grow(REQUEST_OVERHEAD_BYTES)) throw tooMany();
    const body = await readBody(incoming, limits, claim);
    const { fragments, accepted, rejected, reason } = splitByTrace(protobufOf(body, format));
    if (fragments.length > 0) await accept(fragments, clock.now());
    const spans = fragments.reduce((sum, fragment) => sum + fragment.heads.length, 0);
    tally.bytes += body.length;
    tally.spans += spans;
    tally.ownSpans += accepted - spans;
    tally.rejectedSpans += rejected;
    return succeed(format, { spans: rejected, reason });
  } catch (error) {
    const refusal = refusalOf(error, clock.now());
    if (refusal.status >= 500) onFault?.(error);
    return refusal;
  } finally {
    claim.release();
  }
}

function protobufOf(body: Uint8Array, format: OtlpEncoding): Uint8Array {
  if (format === "protobuf" || body.length === 0) return body;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch (error) {
    throw new TracegateError("bad-input", "The JSON body is not UTF-8.", { cause: error });
  }
  return jsonToProtobuf(text);
}

function unknownType(incoming: IncomingMessage): Refusal {
  const given = incoming.headers["content-type"] ?? "(none)";
  const message = `Content-Type ${given} is not supported. Send application/x-protobuf or application/json.`;
  return { status: 415, message };
}

function unknownEncoding(encoding: string | undefined): Refusal {
  const message = `Content-Encoding ${encoding} is not supported. Send one of ${ACCEPTED_ENCODINGS}.`;
  return { status: 415, message, headers: { "Accept-Encoding": ACCEPTED_ENCODINGS } };
}

function tooMany(): TracegateError {
  return new TracegateError("overloaded", "Too many requests are under way. Send again later.", {
    retryable: true,
  });
}
