import { type JsonValue, parseJson } from "../../core/json.ts";
import type { Message, Part } from "../../core/message.ts";
import { readMessage } from "./read-message.ts";
import type { DraftMessage } from "./shape.ts";
import { splitArray } from "./split-array.ts";

/** Lists within lists (LangChain batches) that are followed. */
const MAX_LIST_DEPTH = 4;

/**
 * Reads message lists so that equal messages become the same object.
 *
 * Every chat span repeats the whole history, so most of the text of a trace is repetition. Items are
 * looked up by their JSON text and parsed only the first time.
 */
export class MessageReader {
  private readonly drafts = new Map<string, DraftMessage | null>();
  private readonly settled = new Map<DraftMessage, Map<string, Message>>();

  /**
   * The messages in a value: a list or one message, structured or as JSON text, or a plain text.
   * `defaultRole` is for texts and content blocks without a role.
   */
  read(value: JsonValue | undefined, defaultRole: string): readonly Message[] | undefined {
    if (value === undefined) return undefined;
    return this.join(this.draftsOf(value, 0), defaultRole);
  }

  private draftsOf(value: JsonValue, depth: number): readonly DraftMessage[] {
    if (value === null || value === "" || value === "null") return [];
    if (typeof value === "string") return this.draftsOfText(value, depth);
    if (Array.isArray(value)) {
      return depth > MAX_LIST_DEPTH
        ? [readMessage(value)]
        : value.flatMap((item) => this.draftsOfItem(JSON.stringify(item), depth));
    }
    if (typeof value === "object") {
      // A whole request or response body holds the list under one of these names.
      const list = value.messages ?? value.contents ?? value.choices;
      if (Array.isArray(list) && !("role" in value)) return this.draftsOf(list, depth);
    }
    return [readMessage(value)];
  }

  private draftsOfText(text: string, depth: number): readonly DraftMessage[] {
    const plain: readonly DraftMessage[] = [{ parts: [{ type: "text", content: text }] }];
    const start = text.trimStart()[0];
    if (start === "[") {
      const items = splitArray(text);
      if (items === null || depth > MAX_LIST_DEPTH) return plain;
      const drafts: DraftMessage[] = [];
      for (const item of items) {
        const found = this.draftsOfItem(item, depth);
        if (found.length === 0 && parseJson(item) === undefined) return plain;
        drafts.push(...found);
      }
      return drafts;
    }
    if (start !== "{" && start !== '"') return plain;
    const parsed = parseJson(text);
    return parsed === undefined ? plain : this.draftsOf(parsed, depth + 1);
  }

  /** One item of a list by its JSON text; nothing when it is not JSON. */
  private draftsOfItem(text: string, depth: number): readonly DraftMessage[] {
    if (text.startsWith("[")) return this.draftsOfText(text, depth + 1);
    const known = this.drafts.get(text);
    if (known !== undefined) return known === null ? [] : [known];
    const value = parseJson(text);
    const draft = value === undefined || value === null ? null : readMessage(value);
    this.drafts.set(text, draft);
    return draft === null ? [] : [draft];
  }

  /** Joins what belongs to one turn and settles the roles. */
  private join(drafts: readonly DraftMessage[], defaultRole: string): readonly Message[] {
    const messages: Message[] = [];
    const open: { role: string; parts: Part[] }[] = [];
    for (const draft of drafts) {
      const role = roleOf(draft, defaultRole);
      const [turn] = open;
      if (!draft.joins) {
        open.length = 0;
        messages.push(this.settle(draft, role));
      } else if (turn?.role === role) turn.parts.push(...draft.parts);
      else {
        open[0] = { role, parts: [...draft.parts] };
        messages.push(open[0]);
      }
    }
    return messages;
  }

  private settle(draft: DraftMessage, role: string): Message {
    const byRole = this.settled.get(draft) ?? new Map<string, Message>();
    if (byRole.size === 0) this.settled.set(draft, byRole);
    const known = byRole.get(role);
    if (known) return known;
    const { parts, name, finishReason } = draft;
    const message: Message = {
      role,
      parts,
      ...(name === undefined ? {} : { name }),
      ...(finishReason === undefined ? {} : { finishReason }),
    };
    byRole.set(role, message);
    return message;
  }
}

const ROLE_NAMES: { readonly [name: string]: string } = {
  model: "assistant",
  ai: "assistant",
  human: "user",
  function: "tool",
};

/** The role in our words. A message of nothing but tool results is a `tool` message whoever sends it. */
function roleOf(draft: DraftMessage, defaultRole: string): string {
  const { parts } = draft;
  if (parts.length > 0 && parts.every((part) => part.type === "tool_result")) return "tool";
  if (draft.role !== undefined) return ROLE_NAMES[draft.role.toLowerCase()] ?? draft.role;
  return parts.some((part) => part.type === "tool_call" || part.type === "reasoning")
    ? "assistant"
    : defaultRole;
}
