import { type JsonValue, parseJson } from "../../core/json.ts";
import type { Message, Part } from "../../core/message.ts";
import { readMessage } from "./read-message.ts";
import type { DraftMessage } from "./shape.ts";
import { skipSpace, splitArray } from "./split-array.ts";

/** Lists within lists (LangChain batches) that are followed. */
const MAX_LIST_DEPTH = 4;

/** Histories that may be continued: about as many as agents talk in turns. */
const MAX_RECENT = 8;

/** A list read before: its JSON text, the same up to the closing bracket, and its messages. */
interface RecentList {
  readonly text: string;
  readonly body: string;
  readonly drafts: readonly DraftMessage[];
}

/** True when a list goes on where another one was closed. */
function continues(text: string, body: string): boolean {
  if (text[skipSpace(text, body.length)] !== ",") return false;
  // Comparing slices is a memory comparison; startsWith goes character by character and is far slower.
  return text.slice(0, body.length) === body;
}

/**
 * Reads message lists so that equal messages become the same object.
 *
 * Every chat span repeats the whole history, so most of the text of a trace is repetition. Items are
 * looked up by their JSON text and parsed only the first time.
 */
export class MessageReader {
  private readonly drafts = new Map<string, DraftMessage | null>();
  private readonly plain = new Map<string, DraftMessage>();
  private recent: readonly RecentList[] = [];
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
    const start = text.trimStart()[0];
    if (start === "[" && depth <= MAX_LIST_DEPTH)
      return this.draftsOfList(text, depth) ?? [this.plainText(text)];
    const parsed = start === "{" || start === '"' ? parseJson(text) : undefined;
    return parsed === undefined ? [this.plainText(text)] : this.draftsOf(parsed, depth + 1);
  }

  /**
   * The messages of a JSON array; null when it is none. A history is mostly the text of an earlier one with
   * more at its end, and then only the end is looked at.
   */
  private draftsOfList(text: string, depth: number): readonly DraftMessage[] | null {
    const same = this.recent.find((list) => list.text === text);
    if (same) {
      this.remember(same, same);
      return same.drafts;
    }
    const earlier = this.recent.find(({ body }) => continues(text, body));
    const split = earlier ? splitArray(text, skipSpace(text, earlier.body.length)) : splitArray(text);
    if (split === null) return null;
    const drafts = earlier ? [...earlier.drafts] : [];
    for (const item of split.items) {
      const found = this.draftsOfItem(item, depth);
      if (found.length === 0 && parseJson(item) === undefined) return null;
      for (const draft of found) drafts.push(draft);
    }
    if (depth === 0 && drafts.length > 0) this.remember({ text, body: split.body, drafts }, earlier);
    return drafts;
  }

  /** Puts a list in front. A longer history takes the place of the one it continues. */
  private remember(list: RecentList, replaced: RecentList | undefined): void {
    const others = this.recent.filter((other) => other !== replaced);
    this.recent = [list, ...others].slice(0, MAX_RECENT);
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
