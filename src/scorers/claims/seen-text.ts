import { type JsonValue, parseJson } from "../../core/json.ts";
import type { Message } from "../../core/message.ts";
import type { Trace } from "../../core/trace.ts";
import { toolFailure } from "../tool-failure.ts";
import { jsonLeaves } from "./json-leaves.ts";

/**
 * Everything the agent could take facts from, as one text: instructions, tool definitions, what users and
 * tools said, what retrievals and memory returned, and the arguments of calls that succeeded (they say what
 * was done). The agent's own earlier words are not among it.
 */
export function seenText(trace: Trace): string {
  const texts = new Set<string>();
  const add = (value: JsonValue | undefined) => {
    if (value === undefined) return;
    for (const text of textsOf(value)) texts.add(text);
  };
  add(trace.systemInstructions);
  add(trace.input);
  add(trace.userId);
  add(trace.sessionId);
  for (const tool of trace.toolDefinitions) {
    add(tool.description);
    add(tool.parameters);
  }
  for (const message of trace.messages) addMessage(message, add);
  for (const call of trace.toolCalls) {
    add(call.result);
    add(call.error?.message);
    if (toolFailure(call) === undefined) add(call.arguments);
  }
  for (const { documents = [] } of trace.retrievals) {
    for (const document of documents) {
      add(document.id);
      add(document.content);
      add(document.metadata);
    }
  }
  for (const operation of trace.memoryOperations) add(operation.records);
  return [...texts].join("\n");
}

function addMessage(message: Message, add: (value: JsonValue | undefined) => void): void {
  for (const part of message.parts) {
    if (part.type === "tool_result") add(part.result);
    else if (part.type === "text" && message.role !== "assistant") add(part.content);
    else if (part.type === "other" && message.role !== "assistant") add(part.value);
  }
}

/** A text that is JSON is read for its leaves, so that escapes and separators do not hide them. */
function textsOf(value: JsonValue): readonly string[] {
  const parsed = typeof value === "string" && /^\s*[{[]/.test(value) ? parseJson(value) : undefined;
  return jsonLeaves(parsed ?? value, true);
}
