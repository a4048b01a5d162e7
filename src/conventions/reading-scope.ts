import { type JsonValue, parseJson } from "../core/json.ts";
import type { Message } from "../core/message.ts";
import type { ToolDefinition } from "../core/trace.ts";
import { LongText } from "../otlp/long-text.ts";
import { MessageReader } from "./messages/message-reader.ts";
import { readToolDefinitions } from "./tool-definition.ts";

/** Lists of tools that are compared as bytes; an agent seldom has more than one. */
const MAX_RECENT = 4;

interface RecentDefinitions {
  readonly text: LongText;
  readonly definitions: readonly ToolDefinition[];
}

/** What the spans of one trace share while they are read: texts seen before are not parsed again. */
export class ReadingScope {
  private readonly messageReader = new MessageReader();
  private readonly parsed = new Map<string, JsonValue | undefined>();
  private recentDefinitions: readonly RecentDefinitions[] = [];
  private readonly definitions = new Map<string, readonly ToolDefinition[]>();

  /** The messages in a value of any shape; see {@link MessageReader.read}. */
  messages(
    value: JsonValue | LongText | undefined,
    defaultRole: "user" | "assistant",
  ): readonly Message[] | undefined {
    return this.messageReader.read(value, defaultRole);
  }

  /** The JSON in a text, parsed once per distinct text; undefined when it is none. */
  json(text: string): JsonValue | undefined {
    if (!this.parsed.has(text)) this.parsed.set(text, parseJson(text));
    return this.parsed.get(text);
  }

  /** Tool definitions in any shape. Every chat span repeats them, so equal texts give the same list. */
  toolDefinitions(value: JsonValue | LongText | undefined): readonly ToolDefinition[] | undefined {
    if (value === undefined) return undefined;
    if (value instanceof LongText) {
      const same = this.recentDefinitions.find((recent) => recent.text.equals(value));
      if (same) return same.definitions;
      const definitions = this.toolDefinitions(value.toString()) ?? [];
      this.recentDefinitions = [{ text: value, definitions }, ...this.recentDefinitions].slice(0, MAX_RECENT);
      return definitions;
    }
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const known = this.definitions.get(text) ?? readToolDefinitions(parseJson(text) ?? []);
    this.definitions.set(text, known);
    return known;
  }
}
