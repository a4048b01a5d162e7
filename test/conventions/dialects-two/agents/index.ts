import type { OtlpSketch } from "../../../../src/testing/spans.ts";
import { ARGUMENTS, RESULT } from "../order.ts";
import { agentFramework } from "./agent-framework.ts";
import { braintrust } from "./braintrust.ts";
import { crewaiTraceloop } from "./crewai.ts";
import { genkit } from "./genkit.ts";
import { googleAdk } from "./google-adk.ts";
import { mastra } from "./mastra.ts";
import { mlflow } from "./mlflow.ts";
import { strands } from "./strands.ts";
import { weave } from "./weave.ts";

/** One client's trace of the golden story, and what its spans cannot say. */
export interface Agent {
  readonly client: string;
  readonly sketch: OtlpSketch;
  /** Fields of the story that this client does not record, or records otherwise. */
  readonly gaps?: { readonly [field: string]: unknown };
}

const ONE_CALL = [
  { name: "get_order_status", callId: "call_1", input: ARGUMENTS, result: RESULT, error: null },
];

export const agents: readonly Agent[] = [
  { client: "mlflow", sketch: mlflow() },
  {
    client: "crewai (OpenLLMetry)",
    sketch: crewaiTraceloop(),
    // Its model spans report no cache; CrewAI's tools have no span.
    gaps: { usage: { inputTokens: 202, outputTokens: 42 }, tools: ONE_CALL },
  },
  { client: "google-adk (Python)", sketch: googleAdk("snake") },
  {
    client: "google-adk (TypeScript)",
    sketch: googleAdk("camel"),
  },
  { client: "strands (stable)", sketch: strands("stable") },
  { client: "strands (latest)", sketch: strands("latest") },
  { client: "agent-framework", sketch: agentFramework() },
  { client: "mastra", sketch: mastra() },
  { client: "braintrust (JSON)", sketch: braintrust("json") },
  { client: "braintrust (flat)", sketch: braintrust("flat") },
  { client: "weave", sketch: weave() },
  { client: "genkit", sketch: genkit() },
];
