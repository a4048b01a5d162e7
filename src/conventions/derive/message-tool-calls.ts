import type { JsonValue } from "../../core/json.ts";
import type { Part } from "../../core/message.ts";
import type { Turn } from "./conversation.ts";

/** A tool call as the conversation shows it. */
export interface MessageToolCall {
  readonly callId?: string;
  readonly name: string;
  readonly arguments?: JsonValue;
  readonly result?: JsonValue;
  /** The model call that asked for it. */
  readonly spanId: string;
  /** False when it was history already when the run began. */
  readonly isNew: boolean;
}

type OpenCall = { -readonly [Key in keyof MessageToolCall]: MessageToolCall[Key] };

/**
 * The tool calls in a conversation with their results: joined by call id, or, where the ids are missing, in
 * the order in which the calls were made.
 */
export function readMessageToolCalls(turns: readonly Turn[]): readonly MessageToolCall[] {
  const calls: OpenCall[] = [];
  const byId = new Map<string, OpenCall>();
  const unanswered: OpenCall[] = [];
  let answered = 0;
  for (const { message, spanId, isNew } of turns) {
    for (const part of message.parts) {
      if (part.type === "tool_call") {
        if (part.id !== undefined && byId.has(part.id)) continue;
        const call = toCall(part, spanId, isNew);
        calls.push(call);
        if (part.id === undefined) unanswered.push(call);
        else byId.set(part.id, call);
      } else if (part.type === "tool_result") {
        const call = part.id === undefined ? undefined : byId.get(part.id);
        const target = call ?? unanswered[answered++];
        if (target && part.result !== undefined && target.result === undefined) target.result = part.result;
      }
    }
  }
  return calls;
}

function toCall(part: Extract<Part, { type: "tool_call" }>, spanId: string, isNew: boolean): OpenCall {
  return {
    name: part.name,
    spanId,
    isNew,
    ...(part.id === undefined ? {} : { callId: part.id }),
    ...(part.arguments === undefined ? {} : { arguments: part.arguments }),
  };
}
