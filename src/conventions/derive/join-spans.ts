import { mcpRequestKey } from "../mcp-request.ts";
import type { ReadSpan } from "../read-fields.ts";

/** A span and its parent as far as they are known. */
interface Placed extends ReadSpan {
  readonly parent: Placed | null;
}

/**
 * Parents for spans that stand apart although something says where they belong: a link to a span of this trace;
 * an MCP server span and the one client span of the same session and request; a tool span and the span of
 * another instrumentation with the same call id. The first span that names no parent stays the root.
 */
export function findJoins<Node extends Placed>(nodes: readonly Node[]): ReadonlyMap<Node, Node> {
  const apart = nodes.filter((node) => node.parent === null && node.readable);
  const joins = new Map<Node, Node>();
  if (apart.length < 2) return joins;
  const root = apart.find((node) => node.span.parentSpanId === null);
  const trees = new Trees(nodes);
  const lookUp = indexOf(nodes);
  for (const node of apart) {
    if (node === root) continue;
    const parent = lookUp(node);
    if (parent && trees.unite(node, parent)) joins.set(node, parent);
  }
  return joins;
}

/** Finds the span to which a span that stands apart belongs. */
function indexOf<Node extends Placed>(nodes: readonly Node[]): (node: Node) => Node | undefined {
  const byId = new Map<string, Node>();
  const clients = new Map<string, Node[]>();
  const tools = new Map<string, Node[]>();
  for (const node of nodes) {
    byId.set(node.span.spanId, node);
    if (!node.readable) continue;
    const request = node.span.kind === "server" ? undefined : mcpRequestKey(node.span);
    if (request !== undefined) push(clients, request, node);
    const callId = node.type === "tool" ? node.fields.tool?.callId : undefined;
    if (callId !== undefined) push(tools, callId, node);
  }
  return (node) => linked(node, byId) ?? requested(node, clients) ?? called(node, tools);
}

function linked<Node extends Placed>(node: Node, byId: ReadonlyMap<string, Node>): Node | undefined {
  const { traceId, links, spanId } = node.span;
  const link = links.find((other) => other.traceId === traceId && other.spanId !== spanId);
  return link && byId.get(link.spanId);
}

function requested<Node extends Placed>(
  node: Node,
  clients: ReadonlyMap<string, readonly Node[]>,
): Node | undefined {
  const request = node.span.kind === "server" ? mcpRequestKey(node.span) : undefined;
  const found = request === undefined ? [] : (clients.get(request) ?? []);
  return found.length === 1 ? found[0] : undefined;
}

/** Of several spans of one call that lie in each other the innermost; none where they do not. */
function called<Node extends Placed>(
  node: Node,
  tools: ReadonlyMap<string, readonly Node[]>,
): Node | undefined {
  const callId = node.fields.tool?.callId;
  const found = (callId === undefined ? [] : (tools.get(callId) ?? [])).filter((other) => other !== node);
  const outer = new Set<Placed | null>(found.map((other) => other.parent));
  const innermost = found.filter((other) => !outer.has(other));
  return innermost.length === 1 ? innermost[0] : undefined;
}

/** Which spans hang together, so that no join makes a circle (union-find). */
class Trees {
  private readonly above = new Map<Placed, Placed>();

  constructor(nodes: readonly Placed[]) {
    for (const node of nodes) if (node.parent) this.above.set(node, node.parent);
  }

  /** False when the two hang together already. */
  unite(node: Placed, parent: Placed): boolean {
    const [one, other] = [this.topOf(node), this.topOf(parent)];
    if (one === undefined || other === undefined || one === other) return false;
    this.above.set(one, other);
    return true;
  }

  /** Undefined for spans on or below a circle of parents. */
  private topOf(node: Placed): Placed | undefined {
    const passed = new Set<Placed>();
    let top = node;
    for (let above = this.above.get(top); above; above = this.above.get(top)) {
      if (passed.has(top)) return undefined;
      passed.add(top);
      top = above;
    }
    for (const on of passed) this.above.set(on, top);
    return top;
  }
}

function push<Node>(lists: Map<string, Node[]>, key: string, node: Node): void {
  const list = lists.get(key);
  if (list) list.push(node);
  else lists.set(key, [node]);
}
