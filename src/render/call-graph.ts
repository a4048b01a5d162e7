import type { Trace, TraceSpan } from "../core/trace.ts";

/** An agent or a tool of the trace. */
export interface GraphNode {
  readonly kind: "agent" | "tool";
  readonly name: string;
  /** Times it ran. */
  readonly runs: number;
  readonly failed: number;
  /** Agents: how many agents stand between it and the one that started the run. */
  readonly depth: number;
}

/** Who called whom, and how often. Indices into `nodes`. */
export interface GraphEdge {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Who called whom in a trace, in order of appearance. */
export interface CallGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/**
 * Agents, tools and the calls among them. An agent calls the agents and tools whose spans lie in its own, as far
 * as no other agent lies between. Hand-offs that are tools (`transfer_to_…`) are drawn as the tools they are.
 */
export function callGraph(trace: Trace): CallGraph {
  const graph = new GraphBuilder();
  const agentAt = agentFinder(trace);
  const names = agentNames(trace, agentAt);
  const nameOf = (agent: TraceSpan | undefined) => agent && (names.get(agent.spanId) ?? nameIn(agent.name));
  for (const span of trace.spans) {
    if (span.type !== "agent") continue;
    const name = nameOf(span) ?? "";
    const caller = nameOf(agentAt(span.parentSpanId));
    const node = graph.run("agent", name, span.status.code === "error");
    if (caller !== undefined && caller !== name) graph.call(graph.node("agent", caller), node);
  }
  for (const call of trace.toolCalls) {
    const caller = call.agent ?? nameOf(agentAt(call.parentSpanId));
    const tool = graph.run("tool", call.name, call.error !== null);
    if (caller !== undefined) graph.call(graph.node("agent", caller), tool);
  }
  return graph.finish();
}

/** True when there is something to draw: a single agent's tools are in the tree already. */
export function hasSeveralAgents(graph: CallGraph): boolean {
  return graph.nodes.filter((node) => node.kind === "agent").length > 1;
}

/** What the calls below an agent's span say its name is. */
function agentNames(
  trace: Trace,
  agentAt: (from: string | null) => TraceSpan | undefined,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { agent, parentSpanId } of [...trace.llmCalls, ...trace.toolCalls, ...trace.retrievals]) {
    const around = agent === undefined ? undefined : agentAt(parentSpanId);
    if (around && agent !== undefined && !names.has(around.spanId)) names.set(around.spanId, agent);
  }
  return names;
}

/** Finds the nearest agent's span at or above a span, remembering the way: chains may be as long as a trace. */
function agentFinder(trace: Trace): (from: string | null) => TraceSpan | undefined {
  const byId = new Map(trace.spans.map((span) => [span.spanId, span]));
  const known = new Map<string, TraceSpan | undefined>();
  return (from) => {
    const way: string[] = [];
    let found: TraceSpan | undefined;
    for (let id = from; id !== null; ) {
      if (known.has(id)) {
        found = known.get(id);
        break;
      }
      way.push(id);
      known.set(id, undefined);
      const span = byId.get(id);
      if (span?.type === "agent") {
        found = span;
        break;
      }
      id = span?.parentSpanId ?? null;
    }
    for (const id of way) known.set(id, found);
    return found;
  };
}

/** OTel names these spans `{operation} {agent}`. */
function nameIn(spanName: string): string {
  return spanName.replace(/^(invoke_agent|create_agent)\s+(?=\S)/, "");
}

class GraphBuilder {
  readonly #nodes: { kind: "agent" | "tool"; name: string; runs: number; failed: number }[] = [];
  readonly #places = new Map<string, number>();
  readonly #edges = new Map<string, { from: number; to: number; count: number }>();

  node(kind: "agent" | "tool", name: string): number {
    const key = `${kind} ${name}`;
    const place = this.#places.get(key) ?? this.#nodes.push({ kind, name, runs: 0, failed: 0 }) - 1;
    this.#places.set(key, place);
    return place;
  }

  run(kind: "agent" | "tool", name: string, failed: boolean): number {
    const place = this.node(kind, name);
    const node = this.#nodes[place];
    if (node) {
      node.runs += 1;
      if (failed) node.failed += 1;
    }
    return place;
  }

  call(from: number, to: number): void {
    const key = `${from} ${to}`;
    const edge = this.#edges.get(key);
    if (edge) edge.count += 1;
    else this.#edges.set(key, { from, to, count: 1 });
  }

  finish(): CallGraph {
    const edges = [...this.#edges.values()];
    const depths = this.#depths(edges);
    return { nodes: this.#nodes.map((node, place) => ({ ...node, depth: depths.get(place) ?? 0 })), edges };
  }

  /** Steps from the agents that nobody called, the shortest way; agents in a circle start at 0. */
  #depths(edges: readonly GraphEdge[]): ReadonlyMap<number, number> {
    const isAgent = (place: number) => this.#nodes[place]?.kind === "agent";
    const called = new Set(edges.map((edge) => edge.to));
    const callees = Map.groupBy(edges, (edge) => edge.from);
    const depths = new Map<number, number>();
    const reach = (starts: readonly number[]) => {
      const queue = [...starts];
      for (const start of starts) depths.set(start, 0);
      for (const place of queue) {
        for (const { to } of callees.get(place) ?? []) {
          if (!isAgent(to) || depths.has(to)) continue;
          depths.set(to, (depths.get(place) ?? 0) + 1);
          queue.push(to);
        }
      }
    };
    const agents = this.#nodes.keys().filter(isAgent).toArray();
    reach(agents.filter((place) => !called.has(place)));
    for (const place of agents) if (!depths.has(place)) reach([place]);
    return depths;
  }
}
