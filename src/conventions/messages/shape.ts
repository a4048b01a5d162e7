import { type JsonObject, type JsonValue, parseJson } from "../../core/json.ts";
import type { FinishReason, Part } from "../../core/message.ts";
import { isMcpResult, mcpContent } from "./mcp-result.ts";

/** A message as found, before its role is settled. */
export interface DraftMessage {
  /** Absent when the sender gives none, as in item lists and bare content blocks. */
  readonly role?: string;
  readonly parts: readonly Part[];
  readonly name?: string;
  readonly finishReason?: FinishReason;
  /** One of several items that make up one turn; neighbours of the same role are joined. */
  readonly joins?: boolean;
}

/** How one provider or library writes messages and their pieces. */
export interface MessageShape {
  readonly name: string;
  /** The message in this shape; undefined when it is another's. */
  readonly message?: (value: JsonObject, read: ReadParts) => DraftMessage | undefined;
  /** The piece of content in this shape; undefined when it is another's. */
  readonly part?: (value: JsonObject) => Part | undefined;
}

/** Reads any content (a text, one piece, a list of pieces) in whatever shape it has. */
export type ReadParts = (content: JsonValue | undefined) => readonly Part[];

/** The text of a member, or undefined. */
export function textAt(value: JsonObject, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const member = value[key];
    if (typeof member === "string") return member;
  }
  return undefined;
}

/** A tool call part; arguments given as JSON text are parsed. */
export function toolCall(name: string, id: string | undefined, input: JsonValue | undefined): Part {
  return {
    type: "tool_call",
    ...(id ? { id } : {}),
    name,
    ...(input === undefined ? {} : { arguments: unpackJson(input) }),
  };
}

/** A tool result part; content blocks that hold only text or JSON are unpacked. */
export function toolResult(
  id: string | undefined,
  name: string | undefined,
  result: JsonValue | undefined,
): Part {
  return {
    type: "tool_result",
    ...(id ? { id } : {}),
    ...(name ? { name } : {}),
    ...(result === undefined ? {} : { result: unpackResult(result) }),
  };
}

/**
 * The value that a text holds when the text is a JSON object, array, string or null, else the text
 * itself. Numbers and booleans stay text: a tool that returned the text "42" returned a text. Texts are
 * opened at most twice.
 */
export function unpackJson(value: JsonValue, times = 2): JsonValue {
  if (typeof value !== "string" || times === 0) return value;
  const text = value.trim();
  if (!/^[[{"]/.test(text) && text !== "null") return value;
  const parsed = parseJson(text);
  return parsed === undefined ? value : unpackJson(parsed, times - 1);
}

/** A tool result without MCP's envelope and the content blocks around it: `[{"type": "text", "text": …}]`, `[{"json": …}]`. */
export function unpackResult(result: JsonValue): JsonValue {
  const unpacked = unpackJson(result);
  const value = isMcpResult(unpacked) ? mcpContent(unpacked) : unpacked;
  if (!Array.isArray(value) || value.length === 0) return value;
  const pieces: JsonValue[] = [];
  for (const block of value) {
    const piece = blockContent(block);
    if (piece === undefined) return value;
    pieces.push(piece);
  }
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return unpackJson(only);
  return pieces.every((piece) => typeof piece === "string") ? unpackJson(pieces.join("\n")) : pieces;
}

function blockContent(block: JsonValue): JsonValue | undefined {
  if (typeof block !== "object" || block === null || Array.isArray(block)) return undefined;
  const keys = Object.keys(block).filter((key) => key !== "type" && key !== "annotations");
  if (keys.length !== 1) return undefined;
  const [key] = keys;
  if (key === "json") return block.json;
  return key === "text" || key === "content" ? textAt(block, key) : undefined;
}
