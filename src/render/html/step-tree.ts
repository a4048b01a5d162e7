import type { Trace, Usage } from "../../core/trace.ts";
import { count, dollars, duration, whole } from "../numbers.ts";
import { digestOf, type Step, saidBy } from "../steps.ts";
import { teaser } from "./folded-text.ts";
import { type Html, html, trustedMarkup } from "./html.ts";
import { hasContent, type StepLinks, spanFacts, stepContent } from "./step-content.ts";

/** Deeper steps are listed beside each other at this depth: browsers stop nesting at some hundred elements. */
const MAX_DEPTH = 32;
/** Steps to the right that the style knows. */
const MAX_INDENT = 12;
/** Least width of a bar, in percent, so that a short step is seen. */
const MIN_BAR = 0.4;
/** Characters of the line under a step's name. */
const DIGEST = 200;

/** What the tree needs beside the steps. */
export interface StepTreeOptions extends StepLinks {
  /** The id of a step's element. */
  readonly anchor: (spanId: string) => string;
}

/**
 * The steps as nested lists: a row each with its bar on the common time axis, below it what it got and gave, and
 * the steps within it. Everything opens and closes without script.
 */
export function stepTree(trace: Trace, steps: readonly Step[], options: StepTreeOptions): Html {
  const markup: string[] = [];
  let open = 0;
  steps.forEach((step, index) => {
    const depth = Math.min(step.depth, MAX_DEPTH);
    for (; open > depth; open--) markup.push("</ol></details></li>\n");
    const hasSteps = Math.min(steps[index + 1]?.depth ?? 0, MAX_DEPTH) > depth;
    markup.push(stepStart(trace, step, hasSteps, options).markup);
    if (hasSteps) open = depth + 1;
    else markup.push("</details></li>\n");
  });
  for (; open > 0; open--) markup.push("</ol></details></li>\n");
  const total = trace.durationMs;
  return html`<div class="axis row" aria-hidden="true"><span class="what">step</span><span class="bar">${[0, 0.25, 0.5, 0.75].map((part) => html`<span>${duration(total * part)}</span>`)}</span><span class="took">took</span><span class="tokens">tokens in / out</span><span class="cost">cost</span></div>
<ol class="steps">${trustedMarkup(markup.join(""))}</ol>`;
}

function stepStart(trace: Trace, step: Step, hasSteps: boolean, options: StepTreeOptions): Html {
  // A fault is what the page is opened for.
  const open = (hasSteps || step.errors.length > 0) && trustedMarkup(" open");
  const content = stepContent(step, options);
  // Where steps follow, the texts between a row and the steps in it would part the two.
  const own = hasContent(step)
    ? html`<details class="own"><summary class="note">what it got and gave</summary>${content}</details>`
    : html`<div class="own">${spanFacts(step)}</div>`;
  const id = options.anchor(step.span.spanId);
  const depth = Math.min(step.depth, MAX_INDENT);
  return html`<li id="${id}" data-depth="${depth}"><details${open}><summary class="row">${rowOf(trace, step)}</summary>${hasSteps ? html`${own}<ol>` : content}`;
}

function rowOf(trace: Trace, step: Step): Html {
  const { span, llmCall } = step;
  const failed = step.errors.length > 0;
  const said = llmCall && !failed ? saidBy(llmCall) : "";
  const digest = teaser([digestOf(step), said].filter(Boolean).join(" · "), DIGEST);
  const tokens = llmCall && tokensInOut(llmCall.usage);
  const since = duration(Math.max(0, span.startTime - trace.startTime));
  return html`<span class="what"><span class="type ${span.type}">${span.type}</span> <bdi class="name">${span.name}</bdi>${failed && html` <strong class="failed">failed</strong>`}${digest !== "" && html`<bdi class="digest">${digest}</bdi>`}</span><span class="bar">${barOf(trace, step, failed)}<span class="unseen">, began at ${since}, took </span></span><span class="took">${span.endTime === 0 ? "never ended" : duration(span.durationMs)}</span><span class="tokens">${tokens !== undefined && html`<span class="unseen">, tokens in and out </span>${tokens}`}</span><span class="cost">${llmCall?.cost !== undefined && html`<span class="unseen">, cost </span>${dollars(llmCall.cost)}`}</span>`;
}

/** `120 / 24`; undefined when neither was reported. */
function tokensInOut({ inputTokens, outputTokens }: Usage): string | undefined {
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  return [inputTokens, outputTokens]
    .map((tokens) => (tokens === undefined ? "?" : whole(tokens)))
    .join(" / ");
}

function barOf(trace: Trace, { span }: Step, failed: boolean): Html {
  const total = trace.durationMs || 1;
  const end = span.endTime === 0 ? trace.endTime : span.endTime;
  const left = clamp(((span.startTime - trace.startTime) / total) * 100, 0, 100 - MIN_BAR);
  const width = clamp(((end - span.startTime) / total) * 100, MIN_BAR, 100 - left);
  const mark = failed && html`<circle class="fault" cx="${percent(left + width)}" cy="7" r="4"/>`;
  return html`<svg aria-hidden="true" focusable="false" width="100%" height="14"><rect class="${span.type}${span.endTime === 0 ? " endless" : ""}" x="${percent(left)}" y="2" width="${percent(width)}" height="10" rx="2"/>${mark}</svg>`;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

function percent(value: number): string {
  return `${Math.round(value * 100) / 100}%`;
}

/** `295 steps, 3 failed`. */
export function stepCount(steps: readonly Step[]): string {
  const failed = steps.filter((step) => step.errors.length > 0).length;
  return `${count(steps.length, "step")}${failed === 0 ? "" : `, ${failed} failed`}`;
}
