import type { Quality, QualityIssue, Trace } from "../../core/trace.ts";
import type { ReadSpan } from "../read-fields.ts";
import { findCutOff, findLostHandOffs, findUnseenAgents } from "./broken-context.ts";
import { findEstimated, findUncounted } from "./counted-calls.ts";
import type { LlmSpans } from "./llm-spans.ts";
import type { SpanNode, SpanTree } from "./span-tree.ts";

/** Milliseconds a child may start before its parent without the clocks being called wrong. */
const SKEW_LIMIT = 100;

/** What the quality report looks at beside the finished trace. */
export interface QualitySources {
  readonly tree: SpanTree;
  readonly llm: LlmSpans;
  readonly usageAggregates: readonly SpanNode[];
  /** Placeholders and streaming chunks that are not in the tree. */
  readonly leftOut: readonly ReadSpan[];
}

/** Which dialects were found, which fields nothing recorded, and what is wrong with the trace itself. */
export function assessQuality(trace: Omit<Trace, "quality">, sources: QualitySources): Quality {
  return {
    dialects: [...new Set(sources.tree.ordered.flatMap((node) => node.dialects))].sort(),
    missing: missingFields(trace),
    issues: [...findIssues(sources), ...findContextIssues(trace, sources)],
  };
}

function missingFields(trace: Omit<Trace, "quality">): readonly string[] {
  const { llmCalls, toolCalls } = trace;
  const called = llmCalls.length > 0;
  const used = toolCalls.length > 0;
  const checks: readonly (readonly [string, boolean])[] = [
    ["input", trace.input !== undefined],
    ["output", trace.output !== undefined],
    ["systemInstructions", trace.systemInstructions !== undefined],
    ["messages", trace.messages.length > 0],
    ["llmCalls", called],
    ["llmCalls.model", !called || llmCalls.some((call) => call.model !== undefined)],
    ["llmCalls.input", !called || llmCalls.some((call) => call.input !== undefined)],
    ["llmCalls.output", !called || llmCalls.some((call) => call.output !== undefined)],
    ["llmCalls.finishReason", !called || llmCalls.some((call) => call.finishReason !== undefined)],
    ["toolDefinitions", trace.toolDefinitions.length > 0],
    ["toolCalls.arguments", !used || toolCalls.some((call) => call.arguments !== undefined)],
    ["toolCalls.result", !used || toolCalls.some((call) => call.result !== undefined)],
    ["usage", Object.keys(trace.usage).length > 0],
    ["cost", trace.cost.usd !== undefined],
    ["sessionId", trace.sessionId !== undefined],
    ["userId", trace.userId !== undefined],
    ["agent.name", trace.agent.name !== undefined],
    ["agent.version", trace.agent.version !== undefined],
  ];
  return checks.flatMap(([name, isThere]) => (isThere ? [] : [name]));
}

function findIssues({ tree, llm, usageAggregates }: QualitySources): readonly QualityIssue[] {
  const { ordered, roots, orphans, cyclic } = tree;
  const duplicated = llm.calls.filter((call) => call.duplicates.length > 0);
  const found: readonly (QualityIssue | null)[] = [
    roots.length === 0 ? issue("rootless", "No root span arrived", tree.tops) : null,
    roots.length > 1 ? issue("several-roots", "Several spans name no parent", roots) : null,
    issue("parent-missing", "The parent of these spans never arrived", orphans),
    issue("parent-cycle", "These spans are their own ancestors", cyclic),
    issue(
      "unended-span",
      "These spans have no end time",
      ordered.filter(({ span }) => span.endTime === 0),
    ),
    issue(
      "clock-skew",
      "These spans end before they start or start before their parent",
      ordered.filter(isSkewed),
    ),
    issue(
      "attributes-dropped",
      "The sender threw attributes away (raise its attribute limit)",
      ordered.filter(({ span }) => span.droppedAttributes > 0),
    ),
    issue(
      "attributes-unreadable",
      "The attributes of these spans could not be decoded",
      ordered.filter((node) => !node.readable),
    ),
    issue(
      "duplicate-llm-span",
      "Two instrumentations recorded the same model calls; each is counted once",
      duplicated.flatMap((call) => [call.node, ...call.duplicates]),
    ),
    issue("aggregate-usage", "Usage is a sum that these spans report, not the figures of single calls", [
      ...usageAggregates,
      ...llm.aggregates,
    ]),
    issue(
      "estimated-tokens",
      "Token counts of these calls come from a tokenizer, not from the provider",
      findEstimated(llm.calls).map((call) => call.node),
    ),
    issue(
      "adjusted-tokens",
      "Token counts of these calls left cache or reasoning tokens out; those were added",
      llm.calls.filter((call) => call.fields.tokensAdjusted).map((call) => call.node),
    ),
    issue(
      "partial-usage",
      "These calls record no token counts although others do, so the sums are too low",
      findUncounted(llm.calls).map((call) => call.node),
    ),
    issue(
      "content-cut",
      "The sender cut the messages it recorded",
      ordered.filter(({ fields }) => fields.contentCut),
    ),
  ];
  return found.filter((entry) => entry !== null);
}

/** What shows where the run left this trace, or where parts of it lost their place. */
function findContextIssues(
  { toolCalls }: Omit<Trace, "quality">,
  { tree, leftOut }: QualitySources,
): readonly QualityIssue[] {
  const lost = findLostHandOffs(tree, toolCalls);
  const agents = [...new Set(lost.map(({ agent }) => agent))].join(", ");
  const found: readonly (QualityIssue | null)[] = [
    issue("joined-spans", "Links, MCP requests or call ids say where these spans belong", tree.joined),
    issue(
      "broken-context",
      "These MCP servers and agents stand apart from the run that called them",
      findCutOff(tree),
    ),
    issue("remote-agent-unseen", "No span came from inside these remote agents", findUnseenAgents(tree)),
    lost.length === 0
      ? null
      : {
          code: "lost-hand-off",
          message: `The run was handed to agents of which no span arrived: ${agents}.`,
          spanIds: lost.map(({ spanId }) => spanId),
        },
    issue("placeholders-left-out", "Placeholders and streaming chunks are left out", leftOut),
  ];
  return found.filter((entry) => entry !== null);
}

function isSkewed({ span, parent }: SpanNode): boolean {
  return (
    (span.endTime > 0 && span.endTime < span.startTime) ||
    (parent !== null && span.startTime < parent.span.startTime - SKEW_LIMIT)
  );
}

function issue(code: QualityIssue["code"], message: string, nodes: readonly ReadSpan[]): QualityIssue | null {
  if (nodes.length === 0) return null;
  return { code, message: `${message}: ${nodes.length}.`, spanIds: nodes.map((node) => node.span.spanId) };
}
