import type { Annotation, TraceSpan } from "../../core/trace.ts";
import { durationOf } from "./call-place.ts";
import { parentIdOf, type SpanTree } from "./span-tree.ts";

/** The spans as `Trace` shows them. */
export function toTraceSpans(tree: SpanTree): readonly TraceSpan[] {
  return tree.ordered.map((node) => {
    const { span, type, unread } = node;
    return {
      spanId: span.spanId,
      parentSpanId: parentIdOf(node),
      name: span.name,
      kind: span.kind,
      type,
      startTime: span.startTime,
      endTime: span.endTime,
      durationMs: durationOf(span.startTime, span.endTime),
      status: span.status,
      scope: span.scope.name,
      attributes: unread,
    };
  });
}

/** The scores that arrived with the trace. */
export function readAnnotations(tree: SpanTree): readonly Annotation[] {
  return tree.ordered.flatMap(
    ({ span, fields }) =>
      fields.annotations?.map((annotation) => ({ spanId: span.spanId, ...annotation })) ?? [],
  );
}
