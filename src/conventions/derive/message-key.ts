import { isObject, type JsonValue, stableJson } from "../../core/json.ts";
import type { Message, Part } from "../../core/message.ts";

/**
 * What makes two messages the same turn although two spans wrote them down differently. Of each content there
 * is one object per {@link MessageKeys}, so comparing contents is comparing objects.
 */
export interface MessageKey<Content> {
  /** Role and content with the ids of tool calls. The same as `loose` where there are none. */
  readonly exact: Content;
  /** The same without ids, which some instrumentations drop. */
  readonly loose: Content;
  /** Ids of tool calls or of the calls that results belong to. */
  readonly ids: readonly string[];
  /** Nothing is said in it. */
  readonly isEmpty: boolean;
}

/** Messages of one sketch: mostly one or the same again, and only for others it is spelt out what they say. */
interface Bucket<Content> {
  readonly first: Message;
  readonly content: Content;
  readonly byText: Map<string, Content>;
}

/** Computes keys, once per message object. */
export class MessageKeys<Content extends object> {
  private readonly create: () => Content;
  private readonly empty: MessageKey<Content>;
  private readonly known = new Map<Message, MessageKey<Content>>();
  private readonly buckets = new Map<string, Bucket<Content>>();
  private readonly withIds = new Map<Content, Map<string, Content>>();

  /** `create` makes the object that stands for a content. */
  constructor(create: () => Content) {
    this.create = create;
    const content = create();
    this.empty = { exact: content, loose: content, ids: [], isEmpty: true };
  }

  of(message: Message): MessageKey<Content> {
    const known = this.known.get(message);
    if (known) return known;
    const key = this.keyOf(message);
    this.known.set(message, key);
    return key;
  }

  private keyOf(message: Message): MessageKey<Content> {
    const sketch = sketchOf(message);
    if (sketch === "") return this.empty;
    const loose = this.looseOf(message, sketch);
    const ids = idsOf(message);
    return { exact: ids.length === 0 ? loose : this.exactOf(loose, ids), loose, ids, isEmpty: false };
  }

  private looseOf(message: Message, sketch: string): Content {
    const bucket = this.buckets.get(sketch);
    if (!bucket) {
      const content = this.create();
      this.buckets.set(sketch, { first: message, content, byText: new Map() });
      return content;
    }
    const { first, content, byText } = bucket;
    if (isPlainlySame(message, first)) return content;
    if (byText.size === 0) byText.set(textOf(first), content);
    return entryOf(byText, textOf(message), this.create);
  }

  private exactOf(loose: Content, ids: readonly string[]): Content {
    const byIds = entryOf(this.withIds, loose, () => new Map<string, Content>());
    return entryOf(byIds, ids.join("\u0002"), this.create);
  }
}

/** The entry of a key, made when it is missing. */
function entryOf<Key, Value>(entries: Map<Key, Value>, key: Key, create: () => Value): Value {
  const known = entries.get(key);
  if (known !== undefined) return known;
  const value = create();
  entries.set(key, value);
  return value;
}

function idsOf(message: Message): readonly string[] {
  const ids: string[] = [];
  for (const part of message.parts) {
    if ((part.type === "tool_call" || part.type === "tool_result") && part.id !== undefined)
      ids.push(part.id);
  }
  return ids;
}

/**
 * A short text that is equal for messages of equal content, and rarely for others: sizes stand for texts.
 * Empty for a message without content. Reasoning is usually not sent back, and empty texts come and go, so
 * neither counts.
 */
function sketchOf({ role, parts }: Message): string {
  let sketch = "";
  for (const part of parts) sketch += sketchOfPart(part);
  return sketch === "" ? "" : role + sketch;
}

function sketchOfPart(part: Part): string {
  switch (part.type) {
    case "text": {
      const size = part.content.trim().length;
      return size === 0 ? "" : ` text ${size}`;
    }
    case "tool_call":
      return ` call ${part.name} ${sizeOf(part.arguments)}`;
    case "tool_result":
      return ` result ${sizeOf(part.result)}`;
    case "media":
      return ` media ${part.modality}`;
    case "other":
      return ` other ${sizeOf(part.value)}`;
    case "reasoning":
      return "";
  }
}

/** Levels of a value that its size is taken from. */
const MAX_DEPTH = 6;

/** Characters in a value, roughly; the order of members does not matter. */
function sizeOf(value: JsonValue | undefined, depth = 0): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return String(value ?? null).length;
  if (depth === MAX_DEPTH) return 1;
  let size = 2;
  if (Array.isArray(value)) for (const item of value) size += 1 + sizeOf(item, depth + 1);
  else for (const key in value) size += key.length + sizeOf(value[key], depth + 1);
  return size;
}

/** True for messages with the same parts; false says nothing, for there are several ways to say the same. */
function isPlainlySame(one: Message, other: Message): boolean {
  if (one.role !== other.role || one.parts.length !== other.parts.length) return false;
  return one.parts.every((part, index) => isSamePart(part, other.parts[index]));
}

function isSamePart(one: Part, other: Part | undefined): boolean {
  switch (one.type) {
    case "text":
      return other?.type === "text" && one.content === other.content;
    case "tool_call":
      return other?.type === "tool_call" && one.name === other.name && isSame(one.arguments, other.arguments);
    case "tool_result":
      return other?.type === "tool_result" && isSame(one.result, other.result);
    default:
      return false;
  }
}

/** True for equal values with their members in the same order. */
function isSame(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  if (one === other) return true;
  if (Array.isArray(one)) {
    return (
      Array.isArray(other) && one.length === other.length && one.every((item, at) => isSame(item, other[at]))
    );
  }
  if (!isObject(one) || !isObject(other)) return false;
  const names = Object.keys(one);
  const others = Object.keys(other);
  return (
    names.length === others.length &&
    names.every((name, at) => name === others[at] && isSame(one[name], other[name]))
  );
}

/** What a message says, in full. */
function textOf({ role, parts }: Message): string {
  const pieces = parts.map(textOfPart).filter((piece) => piece !== "");
  return [role, ...pieces].join("\u0001");
}

function textOfPart(part: Part): string {
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
