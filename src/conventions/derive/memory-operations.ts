import type { MemoryOperation } from "../../core/trace.ts";
import { present } from "../present.ts";
import type { SpanPlace } from "./call-place.ts";
import { errorOf } from "./span-error.ts";
import type { SpanNode, SpanTree } from "./span-tree.ts";

/** The reads and writes of the agent's memory, in order. */
export function readMemoryOperations(
  tree: SpanTree,
  placeOf: (node: SpanNode) => SpanPlace,
): readonly MemoryOperation[] {
  return tree.ordered
    .filter((node) => node.type === "memory")
    .map((node) => ({
      operation: node.fields.operation ?? node.span.name,
      ...placeOf(node),
      ...present({
        storeId: node.fields.memory?.storeId,
        query: node.fields.memory?.query,
        records: node.fields.memory?.records,
      }),
      error: errorOf(node),
    }));
}
