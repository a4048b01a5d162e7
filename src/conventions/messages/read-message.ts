import { isObject, type JsonObject, type JsonValue } from "../../core/json.ts";
import type { Part } from "../../core/message.ts";
import { messageShapes } from "./index.ts";
import { type DraftMessage, unpackJson } from "./shape.ts";

/** One entry of a message list, in whatever shape it has. */
export function readMessage(value: JsonValue): DraftMessage {
  if (typeof value === "string") return { parts: [{ type: "text", content: value }] };
  if (!isObject(value)) return { parts: value === null ? [] : [{ type: "other", value }] };
  for (const { message } of messageShapes) {
    const draft = message?.(value, readParts);
    if (draft) return draft;
  }
  // Not a message: a bare content block, which joins its neighbours.
  const role = value.role;
  return { parts: [readPart(value)], joins: true, ...(typeof role === "string" ? { role } : {}) };
}

/** Content in whatever shape it has: a text, a piece, a list of both, or JSON text of these. */
export function readParts(content: JsonValue | undefined): readonly Part[] {
  if (content === undefined || content === null || content === "") return [];
  if (typeof content === "string") return readText(content);
  if (Array.isArray(content)) return content.flatMap((item) => readItem(item));
  return isObject(content) ? [readPart(content)] : [{ type: "text", content: String(content) }];
}

/** A text that is the JSON of content blocks is opened; any other text stays as it is. */
function readText(content: string): readonly Part[] {
  const plain: Part = { type: "text", content };
  if (!content.startsWith("[{")) return [plain];
  const unpacked = unpackJson(content, 1);
  if (!Array.isArray(unpacked)) return [plain];
  const parts = unpacked.flatMap((item) => readItem(item));
  return parts.some((part) => part.type === "other") ? [plain] : parts;
}

function readItem(item: JsonValue): readonly Part[] {
  if (typeof item === "string") return [{ type: "text", content: item }];
  if (isObject(item)) return [readPart(item)];
  return item === null ? [] : [{ type: "other", value: item }];
}

function readPart(value: JsonObject): Part {
  for (const { part } of messageShapes) {
    const found = part?.(value);
    if (found) return found;
  }
  return { type: "other", value };
}
