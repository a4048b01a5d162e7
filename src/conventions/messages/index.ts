import { aiSdkShape } from "./ai-sdk-shape.ts";
import { anthropicShape } from "./anthropic-shape.ts";
import { bedrockShape } from "./bedrock-shape.ts";
import { geminiShape } from "./gemini-shape.ts";
import { genaiShape } from "./genai-shape.ts";
import { genkitShape } from "./genkit-shape.ts";
import { langchainDumpShape } from "./langchain-dump-shape.ts";
import { langchainShape } from "./langchain-shape.ts";
import { openaiChatShape } from "./openai-chat-shape.ts";
import { openaiResponsesShape } from "./openai-responses-shape.ts";
import type { MessageShape } from "./shape.ts";

/**
 * All message shapes, most specific first; the first that recognises a value reads it. To add one: a
 * file, and a line here.
 */
export const messageShapes: readonly MessageShape[] = [
  langchainShape,
  langchainDumpShape,
  genaiShape,
  openaiResponsesShape,
  anthropicShape,
  aiSdkShape,
  bedrockShape,
  genkitShape,
  geminiShape,
  openaiChatShape,
];
