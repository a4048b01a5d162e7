import { isObject, type JsonObject, type JsonValue } from "../../core/json.ts";
import type { Part } from "../../core/message.ts";
import { readFinishReason } from "../finish-reason.ts";
import {
  type DraftMessage,
  type MessageShape,
  type ReadParts,
  textAt,
  toolCall,
  toolResult,
} from "./shape.ts";

/**
 * OpenAI Chat Completions, and whatever follows it: `{role, content, tool_calls, tool_call_id}`. Being the
 * plainest, it also reads messages of other providers whose content blocks are their own. A choice
 * `{message, finish_reason}` is opened.
 */
export const openaiChatShape: MessageShape = {
  name: "openai-chat",
  message(value, read) {
    if (isObject(value.message) && !("role" in value)) {
      const inner = readMessage(value.message, read);
      const finishReason = readFinishReason(value.finish_reason);
      return inner && finishReason ? { ...inner, finishReason } : inner;
    }
    return readMessage(value, read);
  },
  part(value) {
    if (value.type === "image_url") {
      const image = value.image_url;
      return media("image", isObject(image) ? textAt(image, "url") : textAt(value, "image_url"));
    }
    if (value.type === "input_audio") return media("audio", undefined);
    if (value.type === "refusal") return { type: "text", content: textAt(value, "refusal") ?? "" };
    return undefined;
  },
};

function readMessage(value: JsonObject, read: ReadParts): DraftMessage | undefined {
  const role = textAt(value, "role");
  const calls = value.tool_calls;
  if (role === undefined && !Array.isArray(calls)) return undefined;
  if (!("content" in value) && !Array.isArray(calls) && !("function_call" in value)) {
    return role !== undefined && Object.keys(value).length <= 2 ? { role, parts: [] } : undefined;
  }
  const name = textAt(value, "name");
  const callId = textAt(value, "tool_call_id");
  const isResult = callId !== undefined || role === "tool" || role === "function";
  const content = value.content;
  const finishReason = readFinishReason(value.finish_reason);
  const reasoning = textAt(value, "reasoning_content", "reasoning");
  return {
    ...(role ? { role: isResult ? "tool" : role } : {}),
    parts: [
      ...(reasoning ? [{ type: "reasoning", content: reasoning } as const] : []),
      ...(isResult ? resultParts(content, callId, name, read) : read(content)),
      ...(Array.isArray(calls) ? calls.flatMap(readCall) : []),
      ...readCall(value.function_call),
    ],
    ...(name && !isResult ? { name } : {}),
    ...(finishReason ? { finishReason } : {}),
  };
}

/** Content that is already a list of tool results is taken as such; all else is the result itself. */
function resultParts(
  content: JsonValue | undefined,
  callId: string | undefined,
  name: string | undefined,
  read: ReadParts,
): readonly Part[] {
  const parts = Array.isArray(content) ? read(content) : [];
  if (parts.length > 0 && parts.every((part) => part.type === "tool_result")) return parts;
  return [toolResult(callId, name, content)];
}

function readCall(value: JsonValue | undefined): Part[] {
  if (!isObject(value)) return [];
  const called = isObject(value.function) ? value.function : value;
  const name = textAt(called, "name");
  if (name === undefined) return [];
  return [toolCall(name, textAt(value, "id"), called.arguments ?? called.args ?? called.input)];
}

function media(modality: string, uri: string | undefined): Part {
  const reference = uri && !uri.startsWith("data:") ? { uri } : {};
  return { type: "media", modality, ...reference };
}
