import type { Clock } from "../core/clock.ts";
import { TracegateError } from "../core/errors.ts";
import type { TraceFragment } from "../core/span.ts";
import type { OtlpEncoding } from "../otlp/responses.ts";
import type { ByteBudget, ByteClaim } from "./byte-budget.ts";
import type { ExportKind } from "./export-kind.ts";
import type { ReceiverLimits } from "./limits.ts";
import type { Tally } from "./tally.ts";

/** Takes the spans or log records of one request. The sender is told that they were taken only after it resolves. */
export type Accept = (fragments: readonly TraceFragment[], receivedAt: number) => Promise<void>;

/** What the export requests of one receiver share, HTTP and gRPC alike. */
export interface IngestSetting {
  readonly limits: ReceiverLimits;
  readonly budget: ByteBudget;
  readonly tally: Tally;
  readonly clock: Clock;
  /** Told of faults that a sender sees only as 500 or 503. */
  readonly onFault?: (error: unknown) => void;
}

/** What of a request was not taken although the request was. */
export interface Rejected {
  readonly count: number;
  /** Null when nothing was rejected. */
  readonly reason: string | null;
}

/** Counted against the budget for every request, however small, so that their number is bounded too. */
const REQUEST_OVERHEAD_BYTES = 16 * 1024;

/**
 * A share of the budget for one request, to be released at its end.
 *
 * @throws TracegateError `overloaded` when there are too many requests.
 */
export function openClaim(budget: ByteBudget): ByteClaim {
  const claim = budget.claim();
  if (claim.grow(REQUEST_OVERHEAD_BYTES)) return claim;
  throw new TracegateError("overloaded", "Too many requests are under way. Send again later.", {
    retryable: true,
  });
}

/**
 * Decodes the inflated body of an export request, hands it to `accept` and counts it.
 *
 * @throws TracegateError `bad-input` for a body that is no such request; and whatever `accept` throws
 */
export async function takeExport(
  kind: ExportKind,
  body: { readonly bytes: Uint8Array; readonly encoding: OtlpEncoding },
  accept: Accept,
  setting: IngestSetting,
): Promise<Rejected> {
  const { bytes, encoding } = body;
  const isJson = encoding === "json" && bytes.length > 0;
  const split = kind.split(isJson ? kind.fromJson(textOf(bytes)) : bytes);
  if (split.fragments.length > 0) await accept(split.fragments, setting.clock.now());
  setting.tally.bytes += bytes.length;
  split.count(setting.tally);
  return { count: split.rejected, reason: split.reason };
}

function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch (error) {
    throw new TracegateError("bad-input", "The JSON body is not UTF-8.", { cause: error });
  }
}
