import type { SpanNode, SpanTree } from "./span-tree.ts";
import { nearestAncestors, parentIdOf } from "./span-tree.ts";

/** Where and when a call with a span of its own happened; the fields are those of `LlmCall` and its like. */
export interface SpanPlace {
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly startTime: number;
  readonly endTime?: number;
  readonly durationMs?: number;
  readonly agent?: string;
}

/** Finds the places of calls; knows the agent in whose span each lies. */
export function placesIn(tree: SpanTree): (node: SpanNode) => SpanPlace {
  const agents = nearestAncestors(tree, (node) => node.type === "agent" && nameOf(node) !== undefined);
  return (node) => {
    const { spanId, startTime, endTime } = node.span;
    const inside = agents.get(node);
    const agent = (inside && nameOf(inside)) ?? node.fields.agent?.name;
    return {
      spanId,
      parentSpanId: parentIdOf(node),
      startTime,
      ...(endTime > 0 ? { endTime, durationMs: durationOf(startTime, endTime) } : {}),
      ...(agent === undefined ? {} : { agent }),
    };
  };
}

function nameOf({ fields }: SpanNode): string | undefined {
  return fields.agent?.name ?? fields.agent?.fallbackName;
}

/** Milliseconds between two times; 0 where the clock ran backwards or the end is unknown. */
export function durationOf(startTime: number, endTime: number): number {
  // Differences of doubles near 1.7e12 carry noise below the nanosecond.
  return endTime > startTime ? Math.round((endTime - startTime) * 1e6) / 1e6 : 0;
}
