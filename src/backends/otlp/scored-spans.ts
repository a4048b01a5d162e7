import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";

import { TracegateError } from "../../core/errors.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Span } from "../../core/span.ts";
import type { StoredTrace } from "../../core/store.ts";
import { amendSpan } from "../../otlp/amend-span.ts";
import { dropSupplements } from "../../otlp/drop-supplements.ts";
import { readSpans } from "../../otlp/read-spans.ts";
import { type AttributeInput, double } from "../../otlp/write-any-value.ts";
import { evaluationEvents } from "./evaluation-events.ts";

const inflate = promisify(zstdDecompress);

/** Inflated size of one trace that is still sent, bytes. */
const MAX_TRACE_BYTES = 512 * 1024 * 1024;

/**
 * The spans of a scored trace as OTLP `TracesData`, its root amended by the `tracegate.*` attributes and
 * one evaluation event per score. The same trace gives the same bytes every time.
 *
 * A trace without a root carries them on its earliest span whose parent is not there, marked
 * `tracegate.rootless = true`.
 *
 * @throws TracegateError `bad-input` when the stored payload cannot be read or holds no span; `not-found`
 *   when only the summary is kept
 */
export async function scoredSpans(trace: StoredTrace): Promise<Uint8Array> {
  const { traceId, scoredAt } = trace.summary;
  const bytes = dropSupplements(await payloadOf(trace));
  const carrier = carrierOf(readSpans(bytes), trace.summary.rootSpanId);
  if (carrier === undefined) {
    throw new TracegateError(
      "bad-input",
      `Trace ${traceId}: the stored payload holds no span to carry scores.`,
    );
  }
  const target = { traceId, spanId: carrier.spanId };
  const attributes = scoresAsDoubles(trace.rootAttributes);
  return amendSpan(bytes, carrier.spanId, {
    attributes: carrier.isRoot ? attributes : { ...attributes, "tracegate.rootless": true },
    events: evaluationEvents(target, trace.scores, scoredAt),
  });
}

async function payloadOf({ summary, payload }: StoredTrace): Promise<Uint8Array> {
  if (payload === null) {
    const message = `Trace ${summary.traceId}: its spans are no longer kept, so there is nothing to carry its scores.`;
    throw new TracegateError("not-found", message);
  }
  try {
    return await inflate(payload, { maxOutputLength: MAX_TRACE_BYTES });
  } catch (cause) {
    const message = `Trace ${summary.traceId}: the stored payload is not zstd, or larger than ${MAX_TRACE_BYTES} bytes.`;
    throw new TracegateError("bad-input", message, { cause });
  }
}

function carrierOf(
  spans: readonly Span[],
  rootSpanId: string | null,
): { readonly spanId: string; readonly isRoot: boolean } | undefined {
  if (rootSpanId !== null && spans.some((span) => span.spanId === rootSpanId)) {
    return { spanId: rootSpanId, isRoot: true };
  }
  const ids = new Set(spans.map((span) => span.spanId));
  const orphans = spans.filter((span) => span.parentSpanId === null || !ids.has(span.parentSpanId));
  // In a cycle of parents nobody is an orphan; then any span may carry the scores.
  const [first, ...rest] = orphans.length > 0 ? orphans : spans;
  if (first === undefined) return undefined;
  const earliest = rest.reduce((best, span) => (isBefore(span, best) ? span : best), first);
  return { spanId: earliest.spanId, isRoot: false };
}

function isBefore(span: Span, other: Span): boolean {
  return span.startTime === other.startTime ? span.spanId < other.spanId : span.startTime < other.startTime;
}

/** A score of exactly 0 or 1 must arrive as the same OTLP type as one of 0.5. */
function scoresAsDoubles(attributes: JsonObject): AttributeInput {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [
      key,
      key.startsWith("tracegate.score.") && typeof value === "number" ? double(value) : value,
    ]),
  );
}
