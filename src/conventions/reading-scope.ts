import { type JsonValue, parseJson } from "../core/json.ts";
import type { Message } from "../core/message.ts";
import type { ToolDefinition } from "../core/trace.ts";
import { MessageReader } from "./messages/message-reader.ts";
import { readToolDefinitions } from "./tool-definition.ts";

/** What the spans of one trace share while they are read: texts seen before are not parsed again. */
export class ReadingScope {
  private readonly messageReader = new MessageReader();
  private readonly parsed = new Map<string, JsonValue | undefined>();
  private readonly definitions = new Map<string, readonly ToolDefinition[]>();

  /** The messages in a value of any shape; see {@link MessageReader.read}. */
  messages(value: JsonValue | undefined, defaultRole: "user" | "assistant"): readonly Message[] | undefined {
    return this.messageReader.read(value, defaultRole);
  }

  /** The JSON in a text, parsed once per distinct text; undefined when it is none. */
  json(text: string): JsonValue | undefined {
    if (!this.parsed.has(text)) this.parsed.set(text, parseJson(text));
    return this.parsed.get(text);
  }

  /** Tool definitions in any shape. Every chat span repeats them, so equal texts give the same list. */
  toolDefinitions(value: JsonValue | undefined): readonly ToolDefinition[] | undefined {
    if (value === undefined) return undefined;
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const known = this.definitions.get(text) ?? readToolDefinitions(parseJson(text) ?? []);
    this.definitions.set(text, known);
    return known;
  }
}
