import { WireWriter } from "./wire-writer.ts";
import { type AttributeInput, writeAttributes } from "./write-any-value.ts";
import { type SpanInput, writeSpan } from "./write-span.ts";

export { amendSpan } from "./amend-span.ts";
export { mergeTraces } from "./merge-traces.ts";
export { type AttributeInput, double } from "./write-any-value.ts";

/** The spans of one instrumentation. */
export interface ScopeSpansInput {
  readonly scope?: { readonly name: string; readonly version?: string };
  readonly spans: readonly SpanInput[];
}

/** The spans of one process. */
export interface ResourceSpansInput {
  readonly resource?: AttributeInput;
  readonly scopeSpans: readonly ScopeSpansInput[];
}

/**
 * OTLP protobuf of plain objects: an `ExportTraceServiceRequest`, which is also `TracesData`.
 * Ids are hex, times Unix ms (written to the nanosecond as far as a double carries it).
 */
export function writeTraces(resourceSpans: readonly ResourceSpansInput[]): Uint8Array {
  const writer = new WireWriter();
  for (const { resource, scopeSpans } of resourceSpans) {
    writer.message(1, () => {
      if (resource) writer.message(1, () => writeAttributes(writer, 1, resource));
      for (const group of scopeSpans) writer.message(2, () => writeScopeSpans(writer, group));
    });
  }
  return writer.finish();
}

function writeScopeSpans(writer: WireWriter, { scope, spans }: ScopeSpansInput): void {
  if (scope) {
    writer.message(1, () => {
      writer.string(1, scope.name);
      if (scope.version) writer.string(2, scope.version);
    });
  }
  for (const span of spans) writer.message(2, () => writeSpan(writer, span));
}
