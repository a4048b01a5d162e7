import type { Message, Part } from "../../core/message.ts";
import { textOf } from "../../core/message.ts";
import { costOf } from "../../core/prices.ts";
import type { LlmCall } from "../../core/trace.ts";
import { present } from "../present.ts";
import type { SpanFields } from "../span-fields.ts";
import type { SpanPlace } from "./call-place.ts";
import type { LlmSpan } from "./llm-spans.ts";
import { errorOf } from "./span-error.ts";
import type { SpanNode } from "./span-tree.ts";

/** The model calls as `Trace` shows them. System messages are taken out of the input. */
export function readLlmCalls(
  spans: readonly LlmSpan[],
  placeOf: (node: SpanNode) => SpanPlace,
): readonly LlmCall[] {
  const siblings = new Map<SpanNode | null, number>();
  for (const { node } of spans) siblings.set(node.parent, (siblings.get(node.parent) ?? 0) + 1);
  return withDerivedRetries(
    spans.map((span) => readLlmCall(span, placeOf(span.node), siblings.get(span.node.parent) === 1)),
  );
}

function readLlmCall(
  { node, duplicates, fields: recorded }: LlmSpan,
  place: SpanPlace,
  isOnlyCall: boolean,
): LlmCall {
  const step = isOnlyCall && node.parent?.type === "step" ? node.parent.fields : {};
  const fields = withStep(recorded, step);
  const { system, rest } = splitSystem(fields.inputMessages);
  const error = errorOf(node) ?? duplicates.map(errorOf).find((found) => found !== null) ?? null;
  return {
    ...place,
    ...present({
      provider: fields.provider,
      model: fields.responseModel ?? fields.requestModel,
      requestModel: fields.requestModel,
      responseModel: fields.responseModel,
      responseId: fields.responseId,
      systemInstructions: fields.systemInstructions ?? system,
      input: rest,
      output: fields.outputMessages,
      finishReason: finishReasonOf(fields),
      cost: fields.cost ?? estimatedCost(fields),
      timeToFirstTokenMs: fields.timeToFirstTokenMs,
      promptName: fields.prompt?.name,
      promptVersion: fields.prompt?.version,
    }),
    parameters: fields.parameters ?? {},
    usage: fields.usage ?? {},
    retries: fields.retries ?? null,
    error,
  };
}

/** Mastra records what was asked and answered on the step around the call, and not all of it on the call. */
function withStep(fields: SpanFields, step: SpanFields): SpanFields {
  const isSilent = !fields.outputMessages?.some((message) => message.parts.some(saysSomething));
  return {
    ...fields,
    ...present({
      inputMessages: fields.inputMessages ?? step.inputMessages,
      outputMessages: (isSilent ? step.outputMessages : undefined) ?? fields.outputMessages,
      responseModel: fields.responseModel ?? step.responseModel,
      responseId: fields.responseId ?? step.responseId,
    }),
  };
}

function saysSomething(part: Part): boolean {
  return part.type !== "text" || part.content !== "";
}

/** USD by the price table; the model that answered is looked up first. */
export function estimatedCost({ usage, responseModel, requestModel }: SpanFields): number | undefined {
  if (!usage) return undefined;
  const cost = responseModel === undefined ? undefined : costOf(responseModel, usage);
  return cost ?? (requestModel === undefined ? undefined : costOf(requestModel, usage));
}

function finishReasonOf(fields: SpanFields): LlmCall["finishReason"] {
  return (
    fields.finishReason ?? fields.outputMessages?.findLast((message) => message.finishReason)?.finishReason
  );
}

/** The text of the system messages that open a list, and the list without them. */
export function splitSystem(messages: readonly Message[] | undefined): {
  readonly system: string | undefined;
  readonly rest: readonly Message[] | undefined;
} {
  const first = messages?.findIndex((message) => !isSystem(message)) ?? -1;
  if (!messages || first === 0 || messages.length === 0) return { system: undefined, rest: messages };
  const count = first < 0 ? messages.length : first;
  return { system: messages.slice(0, count).map(textOf).join("\n"), rest: messages.slice(count) };
}

/** Instructions of the application; OpenAI calls them `developer` messages. */
export function isSystem(message: Message): boolean {
  return message.role === "system" || message.role === "developer";
}

/**
 * Counts the failed calls right before a success with the same input under the same parent. Only a call
 * with failures before it gets a number: none seen does not mean none made.
 */
function withDerivedRetries(calls: readonly LlmCall[]): readonly LlmCall[] {
  const failures = new Map<string | null, { readonly last: LlmCall; readonly count: number }>();
  return calls.map((call) => {
    const before = failures.get(call.parentSpanId);
    const count = before !== undefined && isSameRequest(before.last, call) ? before.count : 0;
    if (call.error !== null) {
      failures.set(call.parentSpanId, { last: call, count: count + 1 });
      return call;
    }
    failures.delete(call.parentSpanId);
    return call.retries === null && count > 0 ? { ...call, retries: count } : call;
  });
}

function isSameRequest(one: LlmCall, other: LlmCall): boolean {
  const [input, otherInput] = [one.input, other.input];
  if (input === undefined || otherInput === undefined || input.length !== otherInput.length) return false;
  // Equal messages are the same object within one trace.
  return (
    one.requestModel === other.requestModel && input.every((message, index) => message === otherInput[index])
  );
}

/** Retries seen in the whole trace; null when no call can show any. */
export function sumRetries(calls: readonly LlmCall[]): number | null {
  const known = calls.flatMap((call) => call.retries ?? []);
  return known.length === 0 ? null : known.reduce((sum, retries) => sum + retries, 0);
}
