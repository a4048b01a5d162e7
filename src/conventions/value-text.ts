import { isObject, type JsonObject, type JsonValue } from "../core/json.ts";
import { type Message, textOf } from "../core/message.ts";
import { roleOfDump } from "./messages/langchain-dump-shape.ts";
import { unpackJson } from "./messages/shape.ts";
import type { ReadingScope } from "./reading-scope.ts";

/** Member names under which senders keep the text of a request or an answer. */
const NAMES = {
  user: ["input", "question", "query", "prompt", "message", "text", "content"],
  assistant: ["output", "answer", "response", "result", "message", "text", "content"],
} as const;

/**
 * The text a person would see in a recorded input or output: the value itself, the last turn of a list of
 * messages, the first of several arguments, or a well-known member. When none of these applies it stays the
 * JSON text, so that nothing is lost.
 */
export function valueText(
  value: JsonValue | undefined,
  role: "user" | "assistant",
  scope: ReadingScope,
): string | undefined {
  if (value === undefined) return undefined;
  const unpacked = unpackJson(value);
  return innerText(unpacked, role, scope, 3) ?? (typeof value === "string" ? value : JSON.stringify(value));
}

function innerText(
  value: JsonValue,
  role: "user" | "assistant",
  scope: ReadingScope,
  depth: number,
): string | undefined {
  if (typeof value === "string") return value;
  if (depth === 0 || typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value)) {
    if (value.some(looksLikeMessage)) return lastText(scope.messages(value, role) ?? [], role);
    const [first] = value;
    return typeof first === "string" ? first : undefined;
  }
  if (Array.isArray(value.messages)) return innerText(value.messages, role, scope, depth - 1);
  if (looksLikeMessage(value)) return lastText(scope.messages([value], role) ?? [], role);
  return memberText(value, role, scope, depth);
}

function memberText(
  value: JsonObject,
  role: "user" | "assistant",
  scope: ReadingScope,
  depth: number,
): string | undefined {
  for (const name of NAMES[role]) {
    const member = value[name];
    const text = member === undefined ? undefined : innerText(member, role, scope, depth - 1);
    if (text !== undefined) return text;
  }
  const members = Object.values(value);
  return members.length === 1 && typeof members[0] === "string" ? members[0] : undefined;
}

function looksLikeMessage(value: JsonValue): boolean {
  return isObject(value) && ("role" in value || value.lc === 1 || roleOfDump(value) !== undefined);
}

/** The text of the last message of a role; undefined when there is none with text. */
export function lastText(messages: readonly Message[], role: "user" | "assistant"): string | undefined {
  for (let index = messages.length - 1; index >= 0; index--) {
    const message = messages[index];
    if (message?.role !== role) continue;
    const text = textOf(message);
    if (text !== "") return text;
  }
  return undefined;
}
