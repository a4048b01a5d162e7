import { TracegateError } from "../../core/errors.ts";
import type { Span } from "../../core/span.ts";
import type { LlmCall, Trace } from "../../core/trace.ts";

/** A trace to be examined: what was made of it, and the spans it was made of. */
export interface Observation {
  readonly trace: Trace;
  readonly spans: readonly Span[];
}

/** Ids of the spans that a quality issue names; null when the trace has no such issue. */
export function spansOfIssue({ trace }: Observation, code: string): readonly string[] | null {
  return trace.quality.issues.find((issue) => issue.code === code)?.spanIds ?? null;
}

/** Null for none: what `Rule.find` gives for a trace that is not affected. */
export function someOf(spanIds: readonly (string | null)[]): readonly string[] | null {
  return spanIds.length === 0 ? null : spanIds.filter((spanId) => spanId !== null);
}

/** Model calls that ended without a fault: what a failed one lacks is no fault of the instrumentation. */
export function soundCalls({ trace }: Observation): readonly LlmCall[] {
  return trace.llmCalls.filter((call) => call.error === null);
}

/** Ids of the spans that pass a test; those whose attributes cannot be decoded do not. */
export function spansWhere({ spans }: Observation, test: (span: Span) => boolean): readonly string[] | null {
  return someOf(spans.filter((span) => isReadable(span) && test(span)).map((span) => span.spanId));
}

/** Attributes are decoded on first access, and only then broken bytes show; `quality` names such spans. */
function isReadable(span: Span): boolean {
  try {
    return span.attributes !== undefined && span.events !== undefined;
  } catch (error) {
    if (error instanceof TracegateError && error.code === "bad-input") return false;
    throw error;
  }
}
