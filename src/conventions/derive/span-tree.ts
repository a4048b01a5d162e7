import type { ReadSpan } from "../read-fields.ts";
import { findJoins } from "./join-spans.ts";

/** A span in its place. */
export interface SpanNode extends ReadSpan {
  readonly parent: SpanNode | null;
  readonly children: readonly SpanNode[];
  /** Steps from the top of its tree. */
  readonly depth: number;
  /** Its parent is not the one it names, but was found by other means; see {@link findJoins}. */
  readonly isJoined: boolean;
}

/** The spans of a trace as trees. Nothing here recurses: chains of spans may be as long as a trace. */
export interface SpanTree {
  /** By start time; where times tie, parents first, then by id. */
  readonly ordered: readonly SpanNode[];
  /** Parents before their children. */
  readonly topDown: readonly SpanNode[];
  /** Spans without a parent in this trace: roots, orphans, and one of each cycle. */
  readonly tops: readonly SpanNode[];
  /** Spans that name no parent, or whose parent is in another process that is not traced here. */
  readonly roots: readonly SpanNode[];
  /** Spans whose parent is named but not here. */
  readonly orphans: readonly SpanNode[];
  /** Spans that are their own ancestors. */
  readonly cyclic: readonly SpanNode[];
  /** Spans whose parent was found by other means than its id. */
  readonly joined: readonly SpanNode[];
}

interface OpenNode extends ReadSpan {
  parent: OpenNode | null;
  children: OpenNode[];
  depth: number;
  isJoined: boolean;
}

/** `Span.flags`: the parent is known to be in another process. */
const REMOTE_PARENT = 0x200;

/** Builds the tree of spans with unique ids. */
export function buildTree(spans: readonly ReadSpan[]): SpanTree {
  const nodes = spans.map(
    (read): OpenNode => ({
      ...read,
      parent: null,
      children: [],
      depth: 0,
      isJoined: false,
    }),
  );
  const byId = new Map(nodes.map((node) => [node.span.spanId, node]));
  for (const node of nodes) {
    const { parentSpanId } = node.span;
    node.parent = parentSpanId === null ? null : (byId.get(parentSpanId) ?? null);
  }
  const cyclic = cutCycles(nodes);
  const byStart = nodes.toSorted(inOrder);
  for (const [node, parent] of findJoins(byStart)) {
    node.parent = parent;
    node.isJoined = true;
  }
  for (const node of byStart) node.parent?.children.push(node);
  const tops = byStart.filter((node) => node.parent === null);
  const topDown = descend(tops);
  const isRoot = (node: OpenNode) => node.span.parentSpanId === null || isEntry(node);
  const cut = new Set(cyclic);
  return {
    ordered: byStart.toSorted(inOrder),
    topDown,
    tops,
    roots: tops.filter((node) => !cut.has(node) && isRoot(node)),
    orphans: tops.filter((node) => !cut.has(node) && !isRoot(node)),
    cyclic,
    joined: byStart.filter((node) => node.isJoined),
  };
}

/** The id of a span's parent, be it here or not. */
export function parentIdOf({ span, parent, isJoined }: SpanNode): string | null {
  return isJoined && parent ? parent.span.spanId : span.parentSpanId;
}

function isEntry({ span }: OpenNode): boolean {
  return (span.flags & REMOTE_PARENT) !== 0;
}

function inOrder(one: OpenNode, other: OpenNode): number {
  return (
    one.span.startTime - other.span.startTime ||
    one.depth - other.depth ||
    (one.span.spanId < other.span.spanId ? -1 : 1)
  );
}

/** Takes the parent from the first span of each cycle. Returns all spans that were on one. */
function cutCycles(nodes: readonly OpenNode[]): readonly OpenNode[] {
  const walkOf = new Map<OpenNode, number>();
  const cyclic: OpenNode[] = [];
  nodes.forEach((start, walk) => {
    let node: OpenNode | null = start;
    while (node !== null && !walkOf.has(node)) {
      walkOf.set(node, walk);
      node = node.parent;
    }
    if (node === null || walkOf.get(node) !== walk) return;
    const cycle: OpenNode[] = [];
    for (let on: OpenNode | null = node; on !== null && !(on === node && cycle.length > 0); on = on.parent) {
      cycle.push(on);
    }
    cycle.sort(inOrder);
    const [first] = cycle;
    if (first) first.parent = null;
    cyclic.push(...cycle);
  });
  return cyclic;
}

/** Sets the depths, level by level. */
function descend(tops: readonly OpenNode[]): readonly OpenNode[] {
  const reached = [...tops];
  for (let index = 0; index < reached.length; index++) {
    const node = reached[index];
    for (const child of node?.children ?? []) {
      child.depth = (node?.depth ?? 0) + 1;
      reached.push(child);
    }
  }
  return reached;
}

/** For every span the nearest ancestor that passes a test, in one walk down the tree. */
export function nearestAncestors(
  tree: SpanTree,
  test: (node: SpanNode) => boolean,
): ReadonlyMap<SpanNode, SpanNode> {
  const nearest = new Map<SpanNode, SpanNode>();
  for (const node of tree.topDown) {
    const { parent } = node;
    if (parent === null) continue;
    const found = test(parent) ? parent : nearest.get(parent);
    if (found) nearest.set(node, found);
  }
  return nearest;
}
