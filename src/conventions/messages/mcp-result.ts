import { isObject, type JsonObject, type JsonValue } from "../../core/json.ts";

/** Members of the result of a `tools/call` request, and the types of its content (MCP 2025-06-18). */
const MEMBERS = new Set(["content", "structuredContent", "isError", "_meta", "meta"]);
const CONTENT = new Set(["text", "image", "audio", "resource", "resource_link"]);

/**
 * True for the envelope in which MCP returns what a tool gave. A lone `content` counts only with blocks of MCP
 * in it, since tools have members of that name too.
 */
export function isMcpResult(value: JsonValue | undefined): value is JsonObject {
  if (!isObject(value) || !Object.keys(value).every((key) => MEMBERS.has(key))) return false;
  const { content, structuredContent, isError } = value;
  if (content !== undefined && !(Array.isArray(content) && content.every(isBlock))) return false;
  const isNamed = typeof isError === "boolean" || isObject(structuredContent);
  return isNamed || (Array.isArray(content) && content.length > 0);
}

function isBlock(value: JsonValue): boolean {
  return isObject(value) && typeof value.type === "string" && CONTENT.has(value.type);
}

/** What the tool gave: the content, or the structured content where there is no other. */
export function mcpContent({ content = [], structuredContent }: JsonObject): JsonValue {
  const isEmpty = Array.isArray(content) && content.length === 0;
  return isEmpty && structuredContent !== undefined && structuredContent !== null
    ? structuredContent
    : content;
}
