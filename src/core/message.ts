import type { JsonValue } from "./json.ts";

/** A piece of a message; the names follow the OTel GenAI message schema. */
export type Part =
  | { readonly type: "text"; readonly content: string }
  | { readonly type: "reasoning"; readonly content: string }
  | {
      readonly type: "tool_call";
      readonly id?: string;
      readonly name: string;
      readonly arguments?: JsonValue;
    }
  | {
      readonly type: "tool_result";
      readonly id?: string;
      readonly name?: string;
      readonly result?: JsonValue;
    }
  | { readonly type: "media"; readonly modality: string; readonly mimeType?: string; readonly uri?: string }
  | { readonly type: "other"; readonly value: JsonValue };

/** One turn. `role` is `system`, `user`, `assistant` or `tool` unless the sender used another word. */
export interface Message {
  readonly role: string;
  readonly parts: readonly Part[];
  readonly name?: string;
  readonly finishReason?: FinishReason;
}

/** Why a model stopped, in one vocabulary for all providers. */
export type FinishReason = "stop" | "length" | "tool_call" | "content_filter" | "error" | "other";

/** The text parts of a message, joined by line breaks. Reasoning and tool traffic are left out. */
export function textOf(message: Message): string {
  return message.parts.flatMap((part) => (part.type === "text" ? [part.content] : [])).join("\n");
}

/** A message of one text part. */
export function textMessage(role: string, content: string): Message {
  return { role, parts: [{ type: "text", content }] };
}
