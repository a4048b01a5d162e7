import type { Span } from "../../core/span.ts";

/** Who made a span: the instrumentation and the language it runs in. */
export interface Instrumentation {
  readonly scope: string;
  /** Empty when it was not sent. */
  readonly version: string;
  /** `telemetry.sdk.language`; empty when it was not sent. */
  readonly language: string;
}

/** Instrumentations that are set up in the same way. */
export type Family =
  | "otel-javascript"
  | "otel-python"
  | "traceloop"
  | "openinference"
  | "ai-sdk"
  | "anthropic-sdk"
  | "langfuse"
  | "langsmith"
  | "google-adk"
  | "pydantic-ai"
  | "agent-framework"
  | "strands"
  | "other";

/** How each family is recognised by its scope name; the first that fits counts. */
const SCOPES: readonly (readonly [Family, RegExp])[] = [
  ["openinference", /openinference/i],
  ["traceloop", /^@?traceloop/],
  ["otel-javascript", /^@opentelemetry\/instrumentation-/],
  // OpenLLMetry's Python packages share the prefix of the official ones; these are the official ones.
  [
    "otel-python",
    /^opentelemetry\.(util\.genai|instrumentation\.(openai_v2|openai_agents_v2|google_genai|vertexai|botocore))/,
  ],
  ["traceloop", /^opentelemetry\.instrumentation\./],
  ["ai-sdk", /^(ai|gen_ai)$/],
  ["anthropic-sdk", /^com\.anthropic\.sdk\./],
  ["langfuse", /^langfuse/],
  ["langsmith", /^langsmith/],
  ["google-adk", /^(gcp\.vertex\.agent|google[._-]adk)/],
  ["pydantic-ai", /^(pydantic-ai|logfire)/],
  ["agent-framework", /^(agent_framework|semantic_kernel|Experimental\.Microsoft|Microsoft\.)/],
  ["strands", /^strands/],
];

/** The family of an instrumentation by its scope name. */
export function familyOf(scope: string): Family {
  return SCOPES.find(([, pattern]) => pattern.test(scope))?.[0] ?? "other";
}

/** Who made a span. */
export function instrumentationOf(span: Span): Instrumentation {
  return { scope: span.scope.name, version: span.scope.version, language: languageOf(span) };
}

/** `@traceloop/instrumentation-openai 0.27.0 (nodejs)` */
export function nameOfInstrumentation({ scope, version, language }: Instrumentation): string {
  return `${scope || "(no scope)"}${version && ` ${version}`}${language && ` (${language})`}`;
}

function languageOf(span: Span): string {
  try {
    const language = span.resource["telemetry.sdk.language"];
    return typeof language === "string" ? language : "";
  } catch {
    return "";
  }
}
