import type { Retrieval } from "../../core/trace.ts";
import { present } from "../present.ts";
import type { SpanPlace } from "./call-place.ts";
import { errorOf } from "./span-error.ts";
import type { SpanNode, SpanTree } from "./span-tree.ts";

/** The look-ups in document stores, in order. */
export function readRetrievals(tree: SpanTree, placeOf: (node: SpanNode) => SpanPlace): readonly Retrieval[] {
  return tree.ordered
    .filter((node) => node.type === "retrieval")
    .map((node) => ({
      ...placeOf(node),
      ...present({ query: node.fields.retrieval?.query, documents: node.fields.retrieval?.documents }),
      error: errorOf(node),
    }));
}
