import { type Message, textOf } from "../../core/message.ts";
import type { LlmCall } from "../../core/trace.ts";
import type { SpanFields } from "../span-fields.ts";
import { lastText } from "../value-text.ts";
import { splitSystem } from "./llm-calls.ts";
import type { SpanNode } from "./span-tree.ts";

/**
 * The request that started the run: what the root recorded, else the top-most agent spans, else the last
 * user turn of the first model call.
 */
export function readInput(spans: readonly SpanNode[], calls: readonly LlmCall[]): string | undefined {
  const recorded = spans.map(({ fields }) => inputOf(fields));
  const first = calls.find((call) => call.input !== undefined);
  return firstFilled([...recorded, first && inputOf({ inputMessages: first.input ?? [] })]);
}

/**
 * The final answer: what the root recorded, else the top-most agent spans (the last to end first), else the
 * text of the model call that ended last. That call's answer without text is an empty output.
 */
export function readOutput(spans: readonly SpanNode[], calls: readonly LlmCall[]): string | undefined {
  const [root, ...rest] = spans;
  const byEnd = rest.toSorted((one, other) => other.span.endTime - one.span.endTime);
  const recorded = (root ? [root, ...byEnd] : byEnd).map(({ fields }) => outputText(fields));
  return firstFilled([...recorded, lastAnswer(calls)]);
}

/** What the application told the model, as the root, an agent or the first model call recorded it. */
export function readSystemInstructions(
  spans: readonly SpanNode[],
  calls: readonly LlmCall[],
): string | undefined {
  const recorded = spans.map(
    ({ fields }) => fields.systemInstructions ?? splitSystem(fields.inputMessages).system,
  );
  return firstFilled([...recorded, ...calls.map((call) => call.systemInstructions)]);
}

function inputOf(fields: SpanFields): string | undefined {
  const { inputMessages, input } = fields;
  // A list recorded as empty is an empty request; one without a user's text says nothing about it.
  const text = inputMessages?.length === 0 ? "" : inputMessages && lastText(inputMessages, "user");
  return firstFilled([text, input]);
}

/** What a span recorded as its answer; empty when it recorded output without text. */
export function outputText({ outputMessages, output }: SpanFields): string | undefined {
  return firstFilled([outputMessages && answerText(outputMessages), output]);
}

/** The last text in the output; empty when there is output but no text in it. */
function answerText(messages: readonly Message[]): string | undefined {
  return lastText(messages, "assistant") ?? messages.map(textOf).findLast((text) => text !== "") ?? "";
}

function lastAnswer(calls: readonly LlmCall[]): string | undefined {
  let last: LlmCall | undefined;
  for (const call of calls) {
    if (call.output !== undefined && (last === undefined || (call.endTime ?? 0) >= (last.endTime ?? 0))) {
      last = call;
    }
  }
  return last?.output && answerText(last.output);
}

/** The first text that is not empty, else the first that was recorded. */
function firstFilled(texts: readonly (string | undefined)[]): string | undefined {
  return texts.find((text) => text) ?? texts.find((text) => text !== undefined);
}
