import type { SpanNode, SpanTree } from "./span-tree.ts";

/** The span that stands for the run; null when no root arrived. */
export function findRoot(tree: SpanTree): SpanNode | null {
  const said = tree.ordered.find((node) => node.fields.isRoot);
  return said ?? tree.roots[0] ?? null;
}

/** The spans whose texts speak for the whole run: the root, then the agent spans with no agent above them. */
export function spokesmen(tree: SpanTree, root: SpanNode | null): readonly SpanNode[] {
  const below = new Set<SpanNode>();
  const agents: SpanNode[] = [];
  for (const node of tree.topDown) {
    if (node === root) continue;
    if (node.parent && below.has(node.parent)) below.add(node);
    else if (node.type === "agent") {
      below.add(node);
      agents.push(node);
    }
  }
  agents.sort((one, other) => one.span.startTime - other.span.startTime);
  return root ? [root, ...agents] : agents;
}
