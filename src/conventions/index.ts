import { aiSdk } from "./ai-sdk.ts";
import { anthropicSdk } from "./anthropic-sdk.ts";
import type { Dialect } from "./dialect.ts";
import { handRolled } from "./hand-rolled.ts";
import { langfuse } from "./langfuse.ts";
import { langsmith } from "./langsmith.ts";
import { openaiAgents } from "./openai-agents.ts";
import { openinference } from "./openinference.ts";
import { openinferenceBodies } from "./openinference-bodies.ts";
import { otelGenai } from "./otel-genai.ts";
import { otelGeneral } from "./otel-general.ts";
import { traceloop } from "./traceloop.ts";

/**
 * All dialects by precedence: where two of them read the same field of one span, the earlier one wins. To
 * add one: a file, and a line here.
 */
export const dialects: readonly Dialect[] = [
  otelGenai,
  openaiAgents,
  openinferenceBodies,
  openinference,
  traceloop,
  aiSdk,
  langfuse,
  langsmith,
  anthropicSdk,
  otelGeneral,
  handRolled,
];
