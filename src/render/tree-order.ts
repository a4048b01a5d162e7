import type { Trace, TraceSpan } from "../core/trace.ts";

/** A span and its steps from the top of its tree. */
export interface PlacedSpan {
  readonly span: TraceSpan;
  readonly depth: number;
}

/** The spans depth first, children by start time; without recursion, because chains can be thousands deep. */
export function inTreeOrder(trace: Pick<Trace, "spans">): readonly PlacedSpan[] {
  const known = new Set(trace.spans.map((span) => span.spanId));
  const children = Map.groupBy(trace.spans, (span) =>
    span.parentSpanId !== null && known.has(span.parentSpanId) ? span.parentSpanId : "",
  );
  const placed: PlacedSpan[] = [];
  const done = new Set<string>();
  const walk = (roots: readonly TraceSpan[]) => {
    const stack: PlacedSpan[] = roots.toReversed().map((span) => ({ span, depth: 0 }));
    for (let next = stack.pop(); next; next = stack.pop()) {
      if (done.has(next.span.spanId)) continue;
      done.add(next.span.spanId);
      placed.push(next);
      const depth = next.depth + 1;
      for (const span of (children.get(next.span.spanId) ?? []).toReversed()) stack.push({ span, depth });
    }
  };
  walk(children.get("") ?? []);
  // What is left hangs in a cycle of parents; it is shown all the same.
  walk(trace.spans.filter((span) => !done.has(span.spanId)));
  return placed;
}
