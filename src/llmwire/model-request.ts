import type { JsonObject } from "../core/json.ts";
import type { FinishReason, Message } from "../core/message.ts";
import type { ToolDefinition, Usage } from "../core/trace.ts";

/** The wire formats we speak, by the API they belong to. */
export type WireFormat =
  | "openai-chat"
  | "openai-responses"
  | "openai-decisions"
  | "anthropic-messages"
  | "gemini-generate-content";

/** What a client asked a model, in one shape for all wire formats. */
export interface ModelRequest {
  readonly provider: "openai" | "anthropic" | "google";
  readonly format: WireFormat;
  readonly model: string;
  /**
   * In order; system and developer text as `system` messages first where the format keeps it apart.
   * Tool results are messages of role `tool`; their `result` is the text as it was sent.
   */
  readonly messages: readonly Message[];
  readonly tools: readonly ToolDefinition[];
  /** JSON Schema the answer must follow. */
  readonly responseSchema?: JsonObject;
  readonly stream: boolean;
  /** Tokens the model may write. */
  readonly maxTokens?: number;
  readonly temperature?: number;
  /** The body as received, for what the fields above leave out. */
  readonly body: JsonObject;
  /** Id of the batch it came in. Absent: it was asked live. */
  readonly batch?: string;
}

/** Why a model stopped, as far as the wire formats can say it. */
export type ReplyFinishReason = Exclude<FinishReason, "error" | "other">;

/** A call of a tool that the model asks for. */
export interface ReplyToolCall {
  /** Made up deterministically when absent. */
  readonly id?: string;
  readonly name: string;
  readonly arguments: JsonObject;
}

/** What a model answers, in one shape for all wire formats. */
export interface ModelReply {
  readonly text?: string;
  readonly toolCalls?: readonly ReplyToolCall[];
  /** Default: `tool_call` with tool calls, else `stop`; a refusal is told apart by the format itself. */
  readonly finishReason?: ReplyFinishReason;
  /** Tokens; default: a quarter of the characters, as a stand-in. */
  readonly usage?: Usage;
  /** The model declines, in these words. */
  readonly refusal?: string;
  /** Model that answered; default: the one requested. */
  readonly model?: string;
  /** How sure it is of each choice, for formats that tell. Default: all on the choice in the text. */
  readonly probabilities?: { readonly [choice: string]: number };
  /** Sent beside the content type, e.g. rate limits. */
  readonly headers?: { readonly [name: string]: string };
}
