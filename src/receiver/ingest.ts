import type { IncomingMessage } from "node:http";

import type { OtlpEncoding } from "../otlp/responses.ts";
import { encodingOfType, refuse, succeed } from "./answer.ts";
import type { ByteClaim } from "./byte-budget.ts";
import { type ExportKind, TRACES } from "./export-kind.ts";
import { ACCEPTED_ENCODINGS, discardRest, isReadableEncoding, readBody } from "./read-body.ts";
import { type Refusal, refusalOf } from "./refusal.ts";
import { type Accept, type IngestSetting, openClaim, takeExport } from "./take-export.ts";

/**
 * Answers one OTLP/HTTP export request: reads, inflates and decodes the body, hands what is in it to `accept`
 * and answers as the OTLP specification says, in the encoding of the request. Never throws.
 */
export async function ingest(
  incoming: IncomingMessage,
  accept: Accept,
  setting: IngestSetting,
  kind: ExportKind = TRACES,
): Promise<Response> {
  const { tally } = setting;
  tally.requests += 1;
  const format = encodingOfType(incoming.headers["content-type"]);
  const outcome =
    format === null ? unknownType(incoming) : await take(incoming, { format, kind }, accept, setting);
  if (outcome instanceof Response) return outcome;
  tally.refuse(outcome.status);
  await discardRest(incoming);
  return refuse(outcome, format ?? "json");
}

async function take(
  incoming: IncomingMessage,
  { format, kind }: { readonly format: OtlpEncoding; readonly kind: ExportKind },
  accept: Accept,
  setting: IngestSetting,
): Promise<Response | Refusal> {
  const { limits, budget, clock, onFault } = setting;
  const encoding = incoming.headers["content-encoding"];
  if (!isReadableEncoding(encoding)) return unknownEncoding(encoding);
  let claim: ByteClaim | undefined;
  try {
    claim = openClaim(budget);
    const bytes = await readBody(incoming, limits, claim);
    const rejected = await takeExport(kind, { bytes, encoding: format }, accept, setting);
    return succeed(format, rejected, kind.rejectedField);
  } catch (error) {
    const refusal = refusalOf(error, clock.now());
    if (refusal.status >= 500) onFault?.(error);
    return refusal;
  } finally {
    claim?.release();
  }
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
