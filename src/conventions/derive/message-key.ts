import { stableJson } from "../../core/json.ts";
import type { Message, Part } from "../../core/message.ts";

/** What makes two messages the same turn although two spans wrote them down differently. */
export interface MessageKey {
  /** Role and content with the ids of tool calls. Empty for a message without content. */
  readonly exact: string;
  /** The same without ids, which some instrumentations drop. */
  readonly loose: string;
  /** Ids of tool calls or of the calls that results belong to. */
  readonly ids: readonly string[];
}

/** Computes keys, once per message object. */
export class MessageKeys {
  private readonly known = new WeakMap<Message, MessageKey>();

  of(message: Message): MessageKey {
    const known = this.known.get(message);
    if (known) return known;
    const key = keyOf(message);
    this.known.set(message, key);
    return key;
  }
}

/** Reasoning is usually not sent back, and empty texts come and go, so neither counts. */
function keyOf(message: Message): MessageKey {
  const pieces = message.parts.map(pieceOf).filter((piece) => piece !== "");
  if (pieces.length === 0) return { exact: "", loose: "", ids: [] };
  const ids = message.parts.flatMap((part) => {
    const id = part.type === "tool_call" || part.type === "tool_result" ? part.id : undefined;
    return id === undefined ? [] : [id];
  });
  const loose = [message.role, ...pieces].join("\u0001");
  return { exact: [loose, ...ids].join("\u0002"), loose, ids };
}

function pieceOf(part: Part): string {
  switch (part.type) {
    case "text":
      return part.content.trim();
    case "tool_call":
      return `call ${part.name} ${stableJson(part.arguments ?? null)}`;
    case "tool_result":
      return `result ${typeof part.result === "string" ? part.result : stableJson(part.result ?? null)}`;
    case "media":
      return `media ${part.modality} ${part.uri ?? ""}`;
    case "other":
      return stableJson(part.value);
    case "reasoning":
      return "";
  }
}
