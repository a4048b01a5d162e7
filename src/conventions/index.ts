import { anthropicSdk } from "./anthropic-sdk.ts";
import type { Dialect } from "./dialect.ts";
import { handRolled } from "./hand-rolled.ts";
import { openinference } from "./openinference.ts";
import { otelGenai } from "./otel-genai.ts";
import { otelGeneral } from "./otel-general.ts";

/**
 * All dialects by precedence: where two of them read the same field of one span, the earlier one wins. To
 * add one: a file, and a line here.
 */
export const dialects: readonly Dialect[] = [otelGenai, openinference, anthropicSdk, otelGeneral, handRolled];
