import type { Score } from "../../core/score.ts";
import type { Trace } from "../../core/trace.ts";
import { callGraph, hasSeveralAgents } from "../call-graph.ts";
import { count, dollars, duration } from "../numbers.ts";
import { type Step, stepsOf } from "../steps.ts";
import { toldOnce } from "../told-once.ts";
import { callGraphSvg } from "./call-graph-svg.ts";
import { foldedText } from "./folded-text.ts";
import { type Html, html } from "./html.ts";
import { messageList } from "./message-list.ts";
import { scoreTable } from "./score-table.ts";
import { facts, tokensOf } from "./step-content.ts";
import { stepCount, stepTree } from "./step-tree.ts";

/** A trace to be shown, with its scores where they are known. */
export interface TraceSubject {
  readonly trace: Trace;
  /** Absent: the trace was not scored. */
  readonly scores?: readonly Score[];
}

/**
 * Everything a trace says, as one `<article>`: headline, input and answer, scores, quality, steps on a time axis,
 * the graph of several agents, the conversation. The same subject gives the same markup.
 *
 * @param prefix Begins every id in it, e.g. `t1`, so that several traces fit on one page.
 */
export function traceArticle({ trace, scores }: TraceSubject, prefix: string): Html {
  const steps = stepsOf(trace);
  const { anchor, link } = anchorsOf(steps, prefix);
  const graph = callGraph(trace);
  const tree = stepTree(trace, steps, {
    anchor,
    link,
    told: toldOnce(trace.llmCalls),
    sameInstructions: sameInstructions(trace),
  });
  return html`<article aria-labelledby="${prefix}-name">
<h1 id="${prefix}-name"><bdi>${trace.name || "trace"}</bdi></h1>
${headline(trace)}
${exchange(trace)}
${scores && section("Scores", scores.length === 0 ? html`<p class="note">(none)</p>` : scoreTable(scores, link))}
${quality(trace, link)}
${hasSeveralAgents(graph) && section("Who called whom", callGraphSvg(graph, `${prefix}-graph`))}
${section("Steps", html`<p class="note">${stepCount(steps)}. Every row opens; long texts open in full.</p>${steps.length > 0 && tree}`)}
${lostCalls(trace)}
${conversation(trace)}
</article>
`;
}

function section(title: string, content: Html): Html {
  return html`<section><h2>${title}</h2>${content}</section>`;
}

/** Ids are counted, not taken from the trace, whose ids may be anything. */
function anchorsOf(steps: readonly Step[], prefix: string) {
  const places = new Map(
    steps.map((step, index) => [step.span.spanId, { step, id: `${prefix}-s${index + 1}` }]),
  );
  return {
    anchor: (spanId: string) => places.get(spanId)?.id ?? `${prefix}-s0`,
    link(spanId: string): Html {
      const place = places.get(spanId);
      if (!place) return html`<code>${spanId}</code>`;
      return html`<a href="#${place.id}"><bdi>${place.step.span.name || spanId}</bdi></a>`;
    },
  };
}

function headline(trace: Trace): Html | null {
  const { agent, service, cost } = trace;
  const both = (name: string | undefined, version: string | undefined) =>
    name === undefined ? version : version === undefined ? name : `${name} ${version}`;
  const usd =
    cost.usd === undefined ? "unknown" : `${dollars(cost.usd)}${cost.source ? `, ${cost.source}` : ""}`;
  return facts([
    ["agent", both(agent.name, agent.version)],
    ["service", both(service.name, service.version)],
    ["environment", service.environment],
    ["started", new Date(trace.startTime).toISOString()],
    ["took", duration(trace.durationMs)],
    ["steps", count(trace.spans.length, "span")],
    ["model calls", trace.llmCalls.length],
    ["tool calls", trace.toolCalls.length],
    ["tokens", tokensOf(trace.usage) ?? "unknown"],
    ["cost", usd],
    ["without a price", cost.unpricedModels.join(", ") || undefined],
    ["errors", trace.errors.length],
    ["retries", trace.retries ?? "unknown"],
    ["outcome", trace.outcome],
    ["session", trace.sessionId],
    ["user", trace.userId],
    ["organisation", trace.organisationId],
    ["feature", trace.feature],
    ["tags", trace.tags.join(", ") || undefined],
    ["complete", trace.completion && `${trace.completion}, revision ${trace.revision}`],
    ["trace", trace.traceId],
  ]);
}

function exchange(trace: Trace): Html {
  const shown = (text: string | undefined) =>
    text === undefined ? html`<p class="note">(not recorded)</p>` : foldedText(text);
  const instructions =
    trace.systemInstructions !== undefined &&
    html`<details class="fold"><summary>System instructions</summary><pre>${trace.systemInstructions}</pre></details>`;
  return html`<section class="exchange"><div><h2>Asked</h2>${shown(trace.input)}</div><div><h2>Answered</h2>${shown(trace.output)}</div>${instructions}</section>`;
}

function quality({ quality: { dialects, missing, issues } }: Trace, link: (spanId: string) => Html): Html {
  const spans = (spanIds: readonly string[]) =>
    spanIds.length > 0 &&
    html`<details class="fold"><summary class="note">${count(spanIds.length, "span")}</summary><p>${spanIds.map((spanId, index) => html`${index > 0 && ", "}${link(spanId)}`)}</p></details>`;
  const items = issues.map(
    (issue) => html`<li><code>${issue.code}</code> ${issue.message}${spans(issue.spanIds)}</li>`,
  );
  return section(
    "What the trace can tell",
    html`${items.length > 0 && html`<ul class="issues">${items}</ul>`}${facts([
      ["not recorded", missing.join(", ") || "nothing is missing"],
      ["written as", dialects.join(", ") || "no known dialect"],
    ])}`,
  );
}

/** Calls known only from messages whose model call is not on the page either. */
function lostCalls(trace: Trace): Html | null {
  const known = new Set(trace.spans.map((span) => span.spanId));
  const lost = trace.toolCalls.filter((call) => !known.has(call.spanId ?? call.parentSpanId ?? ""));
  if (lost.length === 0) return null;
  const items = lost.map(
    (call) =>
      html`<li><code>${call.name}</code> ${foldedText(`${JSON.stringify(call.arguments) ?? ""} → ${JSON.stringify(call.result) ?? "(not recorded)"}`)}</li>`,
  );
  return section("Tool calls without a span", html`<ul>${items}</ul>`);
}

function conversation({ messages, llmCalls }: Trace): Html | null {
  if (messages.length === 0) return null;
  // Where model calls were recorded, the steps tell the same.
  const told = llmCalls.some((call) => call.input !== undefined || call.output !== undefined);
  const list = messageList(messages);
  const content = told
    ? html`<details class="fold"><summary>${count(messages.length, "message")}, each once</summary>${list}</details>`
    : list;
  return section("Conversation", content);
}

/** For each call whose system instructions were shown before: the call where they were. */
function sameInstructions({ llmCalls, spans }: Trace): ReadonlyMap<string, string> {
  const known = new Set(spans.map((span) => span.spanId));
  const first = new Map<string, string>();
  const same = new Map<string, string>();
  for (const { systemInstructions, spanId } of llmCalls) {
    if (systemInstructions === undefined || !known.has(spanId)) continue;
    const shown = first.get(systemInstructions);
    if (shown !== undefined) same.set(spanId, shown);
    else first.set(systemInstructions, spanId);
  }
  return same;
}
