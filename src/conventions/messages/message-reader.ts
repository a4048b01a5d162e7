import { type JsonValue, parseJson } from "../../core/json.ts";
import type { Message, Part } from "../../core/message.ts";
import { LONG_TEXT, LongText } from "../../otlp/long-text.ts";
import { readMessage } from "./read-message.ts";
import { bodySizeOf, type RecentList, RecentLists } from "./recent-lists.ts";
import type { DraftMessage } from "./shape.ts";
import { splitArray } from "./split-array.ts";
import { TextMap } from "./text-map.ts";

/** Lists within lists (LangChain batches) that are followed. */
const MAX_LIST_DEPTH = 4;

/**
 * Reads message lists so that equal messages become the same object.
 *
 * Every chat span repeats the whole history, so most of the text of a trace is repetition. Items are
 * looked up by their JSON text and parsed only the first time.
 */
export class MessageReader {
  private readonly drafts = new TextMap<DraftMessage | null>();
  private readonly plain = new Map<string, DraftMessage>();
  private readonly recent = new RecentLists();
  private readonly settled = new Map<DraftMessage, Map<string, Message>>();

  /**
   * The messages in a value: a list or one message, structured or as JSON text, or a plain text.
   * `defaultRole` is for texts and content blocks without a role.
   */
  read(value: JsonValue | LongText | undefined, defaultRole: string): readonly Message[] | undefined {
    if (value === undefined) return undefined;
    if (value instanceof LongText) return this.readLong(value, defaultRole);
    // Half a surrogate pair would not survive as UTF-8.
    if (typeof value === "string" && value.length >= LONG_TEXT && value.isWellFormed()) {
      return this.readLong(LongText.of(value), defaultRole);
    }
    return this.join(this.draftsOf(value, 0), defaultRole);
  }

  /** A history is mostly the text of an earlier one with more at its end, and then only the end is looked at. */
  private readLong(text: LongText, defaultRole: string): readonly Message[] {
    const same = this.recent.equalTo(text);
    if (same?.defaultRole === defaultRole) {
      this.recent.add(same, same);
      return same.messages;
    }
    const earlier = same ? undefined : this.recent.begunIn(text);
    const added = earlier && this.draftsOfItems(text.textFrom(earlier.bodySize), 0);
    if (earlier && added) return this.goOn(earlier, added, text, defaultRole);
    const listed = same || !isOpened(text.toString()) ? null : this.draftsOfItems(text.toString(), 0);
    const drafts = same?.drafts ?? listed ?? this.draftsOfText(text.toString(), 0);
    const messages = this.join(drafts, defaultRole);
    const bodySize = same?.bodySize ?? (listed && listed.length > 0 ? bodySizeOf(text) : 0);
    this.recent.add({ text, bodySize, drafts, defaultRole, messages }, same);
    return messages;
  }

  private goOn(
    earlier: RecentList,
    added: readonly DraftMessage[],
    text: LongText,
    defaultRole: string,
  ): readonly Message[] {
    const drafts = [...earlier.drafts, ...added];
    // A turn may go on in what was added only where the earlier list ends with an item of several.
    const messages =
      earlier.defaultRole === defaultRole && !earlier.drafts.at(-1)?.joins
        ? [...earlier.messages, ...this.join(added, defaultRole)]
        : this.join(drafts, defaultRole);
    this.recent.add({ text, bodySize: bodySizeOf(text), drafts, defaultRole, messages }, earlier);
    return messages;
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
    if (isOpened(text) && depth <= MAX_LIST_DEPTH) {
      return this.draftsOfItems(text, depth) ?? [this.plainText(text)];
    }
    const parsed = /^\s*[{"]/.test(text) ? parseJson(text) : undefined;
    return parsed === undefined ? [this.plainText(text)] : this.draftsOf(parsed, depth + 1);
  }

  /** The messages of a JSON array, or of the end of one from a comma on; null when it is none. */
  private draftsOfItems(text: string, depth: number): readonly DraftMessage[] | null {
    const items = splitArray(text);
    if (items === null) return null;
    const drafts: DraftMessage[] = [];
    for (const item of items) {
      const found = this.draftsOfItem(item, depth);
      if (found.length === 0 && parseJson(item) === undefined) return null;
      for (const draft of found) drafts.push(draft);
    }
    return drafts;
  }

  private plainText(content: string): DraftMessage {
    const known = this.plain.get(content);
    if (known) return known;
    const draft: DraftMessage = { parts: [{ type: "text", content }] };
    this.plain.set(content, draft);
    return draft;
  }

  /** One item of a list by its JSON text; nothing when it is not JSON. */
  private draftsOfItem(text: string, depth: number): readonly DraftMessage[] {
    if (text.startsWith("[")) return this.draftsOfText(text, depth + 1);
    const known = this.drafts.get(text);
    if (known !== undefined) return known === null ? [] : [known];
    const value = parseJson(text);
    const draft = value === undefined || value === null ? null : readMessage(value);
    this.drafts.add(text, draft);
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

/** Whether a text begins like a JSON array. */
function isOpened(text: string): boolean {
  return /^\s*\[/.test(text);
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
