import type {
  LlmCall,
  MemoryOperation,
  Retrieval,
  RetrievedDocument,
  ToolCall,
  Usage,
} from "../../core/trace.ts";
import { count, dollars, duration, whole } from "../numbers.ts";
import type { Step } from "../steps.ts";
import type { ToldMessage } from "../told-once.ts";
import { foldedText, foldedValue } from "./folded-text.ts";
import { type Html, html, type Piece } from "./html.ts";
import { messageItem, messageList } from "./message-list.ts";

/** What the content of a step refers to in the rest of its page. */
export interface StepLinks {
  /** A link to the step of a span; its id as text where the page has no such step. */
  readonly link: (spanId: string) => Html;
  /** The input of a model call without what was said before it. */
  readonly told: ReadonlyMap<string, readonly ToldMessage[]>;
  /** The call whose system instructions are the same and were shown before, by span id. */
  readonly sameInstructions: ReadonlyMap<string, string>;
}

/** All that the trace says of one step: faults, input, output, reasons, what no dialect understood. */
export function stepContent(step: Step, links: StepLinks): Html {
  const { span, llmCall } = step;
  return html`<div class="content">
${step.errors.map((error) => html`<p class="fault"><strong>${error.type}</strong></p>${error.message === undefined ? null : foldedText(error.message)}`)}
${reasonsOf(step).map((text) => section("Reason given", foldedText(text)))}
${llmCall && llmContent(llmCall, links)}
${step.toolCalls.map((call) => toolContent(call, span.spanId))}
${step.retrievals.map(retrievalContent)}
${step.memoryOperations.map(memoryContent)}
${step.annotations.map((score) => section(`Score from elsewhere: ${score.name}`, foldedText([score.value, score.label, score.explanation, score.annotatorKind].filter((fact) => fact !== undefined).join(" · "))))}
${spanFacts(step)}
</div>`;
}

/** True when a step has more to show than its own row. */
export function hasContent(step: Step): boolean {
  return (
    step.llmCall !== undefined ||
    [
      step.toolCalls,
      step.retrievals,
      step.memoryOperations,
      step.errors,
      step.rationales,
      step.annotations,
    ].some((list) => list.length > 0)
  );
}

/** Those that the model's output does not show already. */
function reasonsOf({ rationales, llmCall }: Step): readonly string[] {
  const shown = new Set(
    (llmCall?.output ?? []).flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === "reasoning" ? [part.content] : [])),
    ),
  );
  return rationales.map(({ text }) => text).filter((text) => !shown.has(text));
}

function section(title: string, content: Piece): Html {
  return html`<section class="part-of-step"><h4><bdi>${title}</bdi></h4>${content}</section>`;
}

function llmContent(call: LlmCall, links: StepLinks): Html {
  return html`${facts([
    ["model", modelOf(call)],
    ["provider", call.provider],
    ["agent", call.agent],
    ["finish reason", call.finishReason],
    ["tokens", tokensOf(call.usage)],
    ["cost", call.cost === undefined ? undefined : dollars(call.cost)],
    [
      "first token after",
      call.timeToFirstTokenMs === undefined ? undefined : duration(call.timeToFirstTokenMs),
    ],
    ["retries", call.retries ?? undefined],
    ["prompt", [call.promptName, call.promptVersion].filter(Boolean).join(" ") || undefined],
    ["parameters", Object.keys(call.parameters).length === 0 ? undefined : JSON.stringify(call.parameters)],
    ["response id", call.responseId],
  ])}${instructionsOf(call, links)}${section("Input", inputOf(call, links))}${section("Output", call.output === undefined ? missing() : messageList(call.output))}`;
}

function modelOf({ model, requestModel }: LlmCall): string | undefined {
  if (requestModel === undefined || requestModel === model) return model;
  return `${model}, asked for ${requestModel}`;
}

function instructionsOf(call: LlmCall, links: StepLinks): Html | null {
  if (call.systemInstructions === undefined) return null;
  const same = links.sameInstructions.get(call.spanId);
  const shown =
    same === undefined
      ? foldedText(call.systemInstructions)
      : html`<p class="note">the same as in ${links.link(same)}</p>`;
  return section("System instructions", shown);
}

function inputOf(call: LlmCall, links: StepLinks): Html {
  if (call.input === undefined) return missing();
  if (call.input.length === 0) return html`<p class="note">(empty)</p>`;
  const items = (links.told.get(call.spanId) ?? []).map((told) =>
    "message" in told
      ? messageItem(told.message)
      : html`<li class="earlier note">${count(told.earlier, "earlier message")}, the last of them in ${links.link(told.spanId)}</li>`,
  );
  return html`<ol class="messages">${items}</ol>`;
}

function toolContent(call: ToolCall, spanId: string): Html {
  const title = call.spanId === spanId ? call.name : `${call.name} (a call without a span of its own)`;
  return section(
    `Tool ${title}`,
    html`${facts([
      ["agent", call.agent],
      ["call id", call.callId],
      ["failed with", call.spanId === spanId ? undefined : call.error?.type],
    ])}<h5>Arguments</h5>${call.arguments === undefined ? missing() : foldedValue(call.arguments)}<h5>Result</h5>${call.result === undefined ? missing() : foldedValue(call.result)}`,
  );
}

function retrievalContent({ query, documents }: Retrieval): Html {
  const found =
    documents === undefined
      ? missing()
      : html`<ol class="documents">${documents.map(documentItem)}</ol>${documents.length === 0 && html`<p class="note">(none)</p>`}`;
  return html`${section("Query", query === undefined ? missing() : foldedText(query))}${section("Documents", found)}`;
}

function documentItem(one: RetrievedDocument): Html {
  return html`<li>${facts([
    ["id", one.id],
    ["score", one.score],
    ["metadata", one.metadata === undefined ? undefined : JSON.stringify(one.metadata)],
  ])}${one.content === undefined ? missing() : foldedText(one.content)}</li>`;
}

function memoryContent(operation: MemoryOperation): Html {
  return section(
    `Memory: ${operation.operation}`,
    html`${facts([
      ["store", operation.storeId],
      ["query", operation.query],
    ])}${operation.records === undefined ? missing() : foldedValue(operation.records)}`,
  );
}

/** The span itself, and what no dialect understood of it; folded. */
export function spanFacts({ span }: Step): Html {
  const attributes = Object.entries(span.attributes);
  const list = facts([
    ["span", span.spanId],
    ["name", span.name],
    ["kind", span.kind],
    ["scope", span.scope],
    ["started", new Date(span.startTime).toISOString()],
    ["status", [span.status.code, span.status.message].filter(Boolean).join(": ")],
  ]);
  const others =
    attributes.length === 0
      ? null
      : html`<dl class="attributes">${attributes.map(([key, value]) => html`<dt><bdi>${key}</bdi></dt><dd>${foldedValue(value)}</dd>`)}</dl>`;
  const title = attributes.length === 0 ? "Span" : `Span and ${count(attributes.length, "other attribute")}`;
  return html`<details class="fold"><summary>${title}</summary>${list}${others}</details>`;
}

/** Short facts in a line each; those that are not known are left out. */
export function facts(list: readonly (readonly [string, string | number | undefined])[]): Html | null {
  const known = list.filter(([, value]) => value !== undefined);
  if (known.length === 0) return null;
  return html`<dl class="facts">${known.map(([name, value]) => html`<div><dt>${name}</dt><dd><bdi>${value}</bdi></dd></div>`)}</dl>`;
}

/** `120 in, 24 out, 96 of the input from cache`; undefined when nothing was reported. */
export function tokensOf(usage: Usage): string | undefined {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens } = usage;
  const numbers = [
    inputTokens === undefined ? undefined : `${whole(inputTokens)} in`,
    outputTokens === undefined ? undefined : `${whole(outputTokens)} out`,
    cacheReadTokens === undefined ? undefined : `${whole(cacheReadTokens)} of the input from cache`,
    cacheWriteTokens === undefined ? undefined : `${whole(cacheWriteTokens)} of the input into cache`,
    reasoningTokens === undefined ? undefined : `${whole(reasoningTokens)} of the output for reasoning`,
  ];
  return numbers.filter((text) => text !== undefined).join(", ") || undefined;
}

function missing(): Html {
  return html`<p class="note">(not recorded)</p>`;
}
