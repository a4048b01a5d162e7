import { isObject } from "../../core/json.ts";
import type { ToolCall } from "../../core/trace.ts";
import { textAt } from "../messages/shape.ts";
import { errorOf } from "./span-error.ts";
import type { SpanNode, SpanTree } from "./span-tree.ts";

/**
 * Spans that nothing ties to the run that called them: MCP server spans that begin a tree of their own, and
 * agents at the top beside another top.
 */
export function findCutOff(tree: SpanTree): readonly SpanNode[] {
  const [first] = tree.tops;
  return tree.tops.filter((node) => {
    const { parentSpanId } = node.span;
    if (isMcpServer(node) && parentSpanId === null) return true;
    // Agents below one parent that never arrived still hang together.
    const isBeside = parentSpanId !== null && parentSpanId === first?.span.parentSpanId;
    return node.type === "agent" && node !== first && !isBeside;
  });
}

function isMcpServer({ span, readable }: SpanNode): boolean {
  return readable && span.kind === "server" && typeof span.attributes["mcp.method.name"] === "string";
}

/** Remote agents (client spans) that ended well and from whose inside nothing arrived. */
export function findUnseenAgents(tree: SpanTree): readonly SpanNode[] {
  return tree.ordered.filter(
    (node) =>
      node.type === "agent" &&
      node.span.kind === "client" &&
      node.children.length === 0 &&
      node.fields.operation !== "create_agent" &&
      errorOf(node) === null,
  );
}

/** Tools by which frameworks hand a run over to the agent named in the arguments: Google ADK, Strands. */
const HAND_OFFS = new Set(["transfer_to_agent", "handoff_to_agent"]);

/** Hand-offs to an agent of which no span arrived. */
export function findLostHandOffs(
  tree: SpanTree,
  calls: readonly ToolCall[],
): readonly { readonly spanId: string; readonly agent: string }[] {
  const handed = calls.filter((call) => HAND_OFFS.has(call.name) && call.error === null);
  if (handed.length === 0) return [];
  const seen = new Set(
    tree.ordered.flatMap(({ fields }) => fields.agent?.name ?? fields.agent?.fallbackName ?? []),
  );
  return handed.flatMap((call) => {
    const agent = isObject(call.arguments) ? textAt(call.arguments, "agent_name", "agentName") : undefined;
    const spanId = call.spanId ?? call.parentSpanId;
    return agent === undefined || spanId === null || seen.has(agent) ? [] : [{ spanId, agent }];
  });
}
