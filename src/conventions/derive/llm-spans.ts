import { mergeFields } from "../merge-fields.ts";
import type { SpanFields } from "../span-fields.ts";
import { nearestAncestors, type SpanNode, type SpanTree } from "./span-tree.ts";

/** One model call: its span, and the span of a second instrumentation of the same call. */
export interface LlmSpan {
  readonly node: SpanNode;
  readonly duplicates: readonly SpanNode[];
  /** The fields of all of them, merged. */
  readonly fields: SpanFields;
}

/** The model calls of a trace, and the LLM spans that only sum up others. */
export interface LlmSpans {
  readonly calls: readonly LlmSpan[];
  readonly aggregates: readonly SpanNode[];
}

/** Milliseconds by which the clocks of two instrumentations of one call may disagree. */
const CLOCK_SLACK = 5;

/**
 * Finds each model call once, though two instrumentations may have recorded it: an LLM span below another is
 * the same call when both have the same response id, or when it is the only LLM span below the other, lies
 * inside its time and names the same model. An LLM span above several others is a sum, not a call.
 */
export function findLlmSpans(tree: SpanTree): LlmSpans {
  const outerOf = nearestAncestors(tree, (node) => node.type === "llm");
  const spans = tree.ordered.filter((node) => node.type === "llm");
  const inner = new Map<SpanNode, SpanNode[]>();
  for (const node of spans) {
    const outer = outerOf.get(node);
    if (outer) addTo(inner, outer, node);
  }
  const duplicateOf = new Map<SpanNode, SpanNode>();
  const aggregates = new Set<SpanNode>();
  for (const [outer, nodes] of inner) {
    const same = nodes.filter((node) => isSameCall(outer, node, nodes.length === 1));
    for (const node of same) duplicateOf.set(node, outer);
    if (same.length === 0 && nodes.length > 1) aggregates.add(outer);
  }
  pairSiblings(spans, duplicateOf);
  const duplicates = new Map<SpanNode, SpanNode[]>();
  for (const node of duplicateOf.keys()) addTo(duplicates, firstOf(node, duplicateOf), node);
  const calls = spans
    .filter((node) => !duplicateOf.has(node) && !aggregates.has(node))
    .map((node) => toCall(node, duplicates.get(node) ?? []));
  return { calls, aggregates: [...aggregates] };
}

function addTo(lists: Map<SpanNode, SpanNode[]>, key: SpanNode, node: SpanNode): void {
  const list = lists.get(key);
  if (list) list.push(node);
  else lists.set(key, [node]);
}

/** The outermost span of a call. */
function firstOf(node: SpanNode, duplicateOf: Map<SpanNode, SpanNode>): SpanNode {
  const passed: SpanNode[] = [];
  let first = node;
  for (let outer = duplicateOf.get(first); outer; outer = duplicateOf.get(first)) {
    passed.push(first);
    first = outer;
  }
  // Shortens the way for the next one, so that a long chain of duplicates costs no more than its length.
  for (const on of passed) duplicateOf.set(on, first);
  return first;
}

function isSameCall(outer: SpanNode, inner: SpanNode, isOnly: boolean): boolean {
  const [one, other] = [outer.fields.responseId, inner.fields.responseId];
  if (one !== undefined && other !== undefined) return one === other;
  return isOnly && liesWithin(inner, outer) && isSameModel(outer.fields, inner.fields);
}

function liesWithin({ span: inner }: SpanNode, { span: outer }: SpanNode): boolean {
  return (
    inner.startTime >= outer.startTime - CLOCK_SLACK &&
    (outer.endTime === 0 || inner.endTime <= outer.endTime + CLOCK_SLACK)
  );
}

function isSameModel(one: SpanFields, other: SpanFields): boolean {
  const names = [one.requestModel, one.responseModel].filter((name) => name !== undefined);
  const others = [other.requestModel, other.responseModel].filter((name) => name !== undefined);
  return names.length === 0 || others.length === 0 || names.some((name) => others.includes(name));
}

/** Two instrumentations may also sit side by side: same response id, at the same time. */
function pairSiblings(spans: readonly SpanNode[], duplicateOf: Map<SpanNode, SpanNode>): void {
  const byResponse = new Map<string, SpanNode>();
  for (const node of spans) {
    const { responseId } = node.fields;
    if (responseId === undefined || duplicateOf.has(node)) continue;
    const first = byResponse.get(responseId);
    if (first && node.span.startTime < first.span.endTime) duplicateOf.set(node, first);
    else byResponse.set(responseId, node);
  }
}

function toCall(node: SpanNode, duplicates: readonly SpanNode[]): LlmSpan {
  const nearestToWire = duplicates.toSorted((one, other) => other.depth - one.depth);
  const fields = mergeFields([node.fields, ...nearestToWire.map((duplicate) => duplicate.fields)]);
  // The instrumentation nearest to the provider counts tokens as the provider does.
  const counting = nearestToWire.find((duplicate) => duplicate.fields.usage)?.fields;
  if (!counting) return { node, duplicates, fields };
  const { usage, tokensEstimated = false, tokensAdjusted = false } = counting;
  return {
    node,
    duplicates,
    fields: { ...fields, usage: { ...fields.usage, ...usage }, tokensEstimated, tokensAdjusted },
  };
}
