import { agentFramework } from "./agent-framework.ts";
import { aiSdk } from "./ai-sdk.ts";
import { anthropicSdk } from "./anthropic-sdk.ts";
import { braintrust } from "./braintrust.ts";
import { crewai } from "./crewai.ts";
import type { Dialect } from "./dialect.ts";
import { genkit } from "./genkit.ts";
import { googleAdk } from "./google-adk.ts";
import { handRolled } from "./hand-rolled.ts";
import { langfuse } from "./langfuse.ts";
import { langsmith } from "./langsmith.ts";
import { logfire } from "./logfire.ts";
import { mastra } from "./mastra.ts";
import { mcp } from "./mcp.ts";
import { mlflow } from "./mlflow.ts";
import { openaiAgents } from "./openai-agents.ts";
import { openinference } from "./openinference.ts";
import { openinferenceBodies } from "./openinference-bodies.ts";
import { otelGenai } from "./otel-genai.ts";
import { otelGeneral } from "./otel-general.ts";
import { pydanticAi } from "./pydantic-ai.ts";
import { strands } from "./strands.ts";
import { traceloop } from "./traceloop.ts";
import { weave } from "./weave.ts";

/**
 * All dialects by precedence: where two of them read the same field of one span, the earlier one wins. To
 * add one: a file, and a line here.
 */
export const dialects: readonly Dialect[] = [
  otelGenai,
  crewai,
  openaiAgents,
  openinferenceBodies,
  openinference,
  traceloop,
  aiSdk,
  langfuse,
  langsmith,
  anthropicSdk,
  mcp,
  pydanticAi,
  logfire,
  mlflow,
  googleAdk,
  strands,
  agentFramework,
  mastra,
  braintrust,
  weave,
  genkit,
  otelGeneral,
  handRolled,
];
