import type { CallGraph, GraphEdge, GraphNode } from "../call-graph.ts";
import { count } from "../numbers.ts";
import { teaser } from "./folded-text.ts";
import { type Html, html } from "./html.ts";

const NODE = { width: 190, height: 40 };
const GAP = { column: 120, row: 22 };
const EDGE = 14;
const STRIDE = { column: NODE.width + GAP.column, row: NODE.height + GAP.row };

/** The graph of who called whom, and the same as a table for those who do not see it. `id` is unique in the page. */
export function callGraphSvg(graph: CallGraph, id: string): Html {
  const places = layOut(graph);
  const width = Math.max(...places.map((place) => place.x)) + NODE.width + EDGE;
  const height = Math.max(...places.map((place) => place.y)) + NODE.height + EDGE;
  const edges = graph.edges.map((edge, index) => {
    const before = graph.edges.slice(0, index).filter((other) => other.to === edge.to).length;
    return edgeOf(edge, graph, places, Math.max(0.3, 0.7 - before * 0.15));
  });
  const nodes = graph.nodes.map((node, index) => nodeOf(node, places[index] ?? { x: 0, y: 0 }));
  return html`<div class="graph" tabindex="0" role="region" aria-label="Graph of who called whom"><svg role="img" aria-labelledby="${id}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><title id="${id}">${sentence(graph)}</title><defs><marker id="${id}-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse" markerUnits="userSpaceOnUse"><path d="M0 0 8 4 0 8z"/></marker></defs>${edges.map(({ path, thick }) => html`<path class="edge" marker-end="url(#${id}-tip)" stroke-width="${thick}" d="${path}"/>`)}${nodes}${edges.map(({ label, x, y }) => html`<text class="count" x="${x}" y="${y}">${label}</text>`)}</svg></div>${callTable(graph)}`;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Agents in columns by depth, tools beside what their callers call; in callers' order, so that few lines cross. */
function layOut({ nodes, edges }: CallGraph): readonly Place[] {
  const callers = Map.groupBy(edges, (edge) => edge.to);
  const columns = nodes.map((node, index) => {
    if (node.kind === "agent") return node.depth;
    return 1 + Math.max(-1, ...(callers.get(index) ?? []).map(({ from }) => nodes[from]?.depth ?? 0));
  });
  const rows = new Map<number, number>();
  for (let column = 0; column <= Math.max(...columns); column++) {
    const weighed = nodes.flatMap(({ kind }, index) => {
      if (columns[index] !== column) return [];
      const above = (callers.get(index) ?? []).flatMap(({ from }) => rows.get(from) ?? []);
      const mean = above.reduce((sum, row) => sum + row, 0) / (above.length || 1);
      return { index, mean, isTool: kind === "tool" };
    });
    weighed.sort(
      (one, other) =>
        one.mean - other.mean || Number(one.isTool) - Number(other.isTool) || one.index - other.index,
    );
    weighed.forEach(({ index }, row) => {
      rows.set(index, row);
    });
  }
  const heights = Map.groupBy(columns, (column) => column);
  const tallest = Math.max(...heights.values().map((column) => column.length));
  return columns.map((column, index) => {
    const above = (tallest - (heights.get(column)?.length ?? 0)) / 2;
    return {
      x: EDGE + column * STRIDE.column,
      y: EDGE + ((rows.get(index) ?? 0) + above) * STRIDE.row,
    };
  });
}

function nodeOf(node: GraphNode, { x, y }: Place): Html {
  const runs = node.runs === 0 ? "" : `${node.kind} · ${count(node.runs, "run")}`;
  const line = node.failed === 0 ? runs : `${runs}, ${node.failed} failed`;
  return html`<g class="node ${node.kind}${node.failed === 0 ? "" : " failed"}"><title>${node.name}</title><rect x="${x}" y="${y}" width="${NODE.width}" height="${NODE.height}" rx="${node.kind === "agent" ? 10 : 2}"/><text x="${x + 12}" y="${y + 17}">${teaser(node.name, 24)}</text><text class="runs" x="${x + 12}" y="${y + 32}">${line}</text></g>`;
}

/** A curve, and where its number stands: at a share of its last stretch, 0..1. */
function edgeOf(edge: GraphEdge, { nodes }: CallGraph, places: readonly Place[], share: number) {
  const from = places[edge.from] ?? ORIGIN;
  const to = places[edge.to] ?? ORIGIN;
  const startX = from.x + NODE.width;
  let at = { x: startX, y: from.y + NODE.height / 2 };
  let path = `M${at.x} ${at.y}`;
  // Back, or within a column, around the right sides of both; forwards from the right side to the left.
  const forwards = to.x > from.x;
  for (let x = from.x + STRIDE.column; forwards && x < to.x; x += STRIDE.column) {
    const y = gapNear(at.y, x, places);
    path += `${curve(at, { x, y }, GAP.column / 2)} H${x + NODE.width}`;
    at = { x: x + NODE.width, y };
  }
  const end = { x: forwards ? to.x : to.x + NODE.width, y: to.y + NODE.height / 2 };
  const bend = forwards ? (end.x - at.x) / 2 : GAP.column * 0.7;
  const controlX = forwards ? end.x - bend : end.x + bend;
  return {
    path: path + curve(at, end, bend, controlX),
    thick: nodes[edge.to]?.kind === "tool" ? 1.25 : 1.75,
    label: `×${edge.count}`,
    x: Math.round(onCurve(share, at.x, at.x + bend, controlX, end.x)),
    y: Math.round(onCurve(share, at.y, at.y, end.y, end.y)) - 4,
  };
}

const ORIGIN: Place = { x: 0, y: 0 };

function curve(from: Place, to: Place, bend: number, controlX = to.x - bend): string {
  return ` C${from.x + bend} ${from.y} ${controlX} ${to.y} ${to.x} ${to.y}`;
}

/** The point of a cubic Bézier curve at a share of its way, in one coordinate. */
function onCurve(share: number, one: number, two: number, three: number, four: number): number {
  const left = 1 - share;
  return left ** 3 * one + 3 * left ** 2 * share * two + 3 * left * share ** 2 * three + share ** 3 * four;
}

/** The free line nearest to a height in the column that starts at `x`. */
function gapNear(height: number, x: number, places: readonly Place[]): number {
  const nodes = places.filter((place) => place.x === x);
  const lines = nodes.flatMap(({ y }) => [y - GAP.row / 2, y + NODE.height + GAP.row / 2]);
  return lines.reduce(
    (best, line) => (Math.abs(line - height) < Math.abs(best - height) ? line : best),
    lines[0] ?? height,
  );
}

function sentence({ nodes }: CallGraph): string {
  const agents = nodes.filter((node) => node.kind === "agent").length;
  return `${count(agents, "agent")} and ${count(nodes.length - agents, "tool")}; the table below says who called whom`;
}

function callTable({ nodes, edges }: CallGraph): Html {
  const rows = edges.map(
    ({ from, to, count: times }) =>
      html`<tr><td><bdi>${nodes[from]?.name}</bdi></td><td><bdi>${nodes[to]?.name}</bdi></td><td>${nodes[to]?.kind}</td><td class="number">${times}</td></tr>`,
  );
  return html`<details class="fold"><summary>Who called whom, as a table</summary><table><thead><tr><th scope="col">caller</th><th scope="col">called</th><th scope="col">kind</th><th scope="col" class="number">times</th></tr></thead><tbody>${rows}</tbody></table></details>`;
}
