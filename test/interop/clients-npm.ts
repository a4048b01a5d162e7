import type { Client } from "./client.ts";

/** What every agent needs whose client brings no exporter of its own. */
const OTEL = {
  "@opentelemetry/api": "1.9.1",
  "@opentelemetry/resources": "2.12.0",
  "@opentelemetry/sdk-trace-node": "2.12.0",
  "@opentelemetry/exporter-trace-otlp-proto": "0.223.1",
};

/** The story on a Gemini model: ids of calls are made up by the client. */
const GEMINI = {
  "llmCalls.provider": ["gcp.gemini", "gcp.gemini"],
  "llmCalls.requestModel": ["gemini-2.5-flash", "gemini-2.5-flash"],
  // It counts thoughts apart from the rest of the output.
  "quality.issues": ["adjusted-tokens"],
};

const STRANDS = {
  "@strands-agents/sdk": "1.19.0",
  openai: "6.49.0",
  zod: "4.6.7",
  "@modelcontextprotocol/sdk": "1.25.3",
  "@opentelemetry/exporter-trace-otlp-http": "0.219.0",
  "@opentelemetry/exporter-metrics-otlp-http": "0.219.0",
  "@opentelemetry/sdk-metrics": "2.12.1",
  ...OTEL,
};

/** The clients from npm. To add one: a program in `npm/`, and an entry here. */
export const npmClients: readonly Client[] = [
  {
    name: "opentelemetry-instrumentation-openai",
    group: "npm",
    program: "otel-openai.mjs",
    packages: {
      "@opentelemetry/instrumentation-openai": "0.22.0",
      openai: "6.49.0",
      "@opentelemetry/api": "1.10.0",
      "@opentelemetry/sdk-node": "0.301.0",
    },
    variables: () => ({ OTEL_LOGS_EXPORTER: "otlp", OTEL_TRACES_EXPORTER: "otlp" }),
    short: true,
  },
  {
    name: "arizeai-openinference-instrumentation-openai",
    group: "npm",
    program: "openinference-openai.mjs",
    packages: {
      "@arizeai/openinference-instrumentation-openai": "4.2.7",
      "@arizeai/openinference-core": "2.7.1",
      openai: "7.55.0",
      ...OTEL,
    },
    short: true,
  },
  {
    name: "arizeai-openinference-instrumentation-anthropic",
    group: "npm",
    values: { "quality.issues": ["duplicate-llm-span"] },
    shape: "anthropic",
    program: "openinference-anthropic.mjs",
    packages: {
      "@arizeai/openinference-instrumentation-anthropic": "0.2.8",
      "@arizeai/openinference-core": "2.7.1",
      "@anthropic-ai/sdk": "1.10.0",
      ...OTEL,
    },
  },
  {
    name: "anthropic-ai-sdk",
    group: "npm",
    shape: "anthropic",
    program: "anthropic-sdk.mjs",
    packages: { "@anthropic-ai/sdk": "1.10.0", ...OTEL },
    variables: () => ({ ANTHROPIC_OPEN_TELEMETRY_TRACES_CONTENT_MODE: "content" }),
    short: true,
  },
  {
    name: "traceloop-node-server-sdk",
    group: "npm",
    program: "traceloop.mjs",
    packages: { "@traceloop/node-server-sdk": "0.27.0", openai: "6.49.0" },
  },
  {
    name: "traceloop-node-server-sdk-anthropic",
    group: "npm",
    values: { "quality.issues": ["duplicate-llm-span"] },
    shape: "anthropic",
    program: "traceloop-anthropic.mjs",
    packages: { "@traceloop/node-server-sdk": "0.27.0", "@anthropic-ai/sdk": "0.137.0" },
  },
  {
    name: "traceloop-node-server-sdk-0.14",
    group: "npm",
    program: "traceloop.mjs",
    packages: { "@traceloop/node-server-sdk": "0.14.6", openai: "4.104.0" },
  },
  {
    name: "arizeai-openinference-instrumentation-langchain",
    group: "npm",
    program: "openinference-langchain.mjs",
    packages: {
      "@arizeai/openinference-instrumentation-langchain": "4.1.1",
      langchain: "1.5.14",
      "@langchain/langgraph": "1.4.13",
      "@langchain/core": "1.2.13",
      "@langchain/openai": "1.6.0",
      ...OTEL,
    },
  },
  {
    name: "openai-agents",
    group: "npm",
    packages: {
      "@openai/agents": "0.20.0",
      "@arizeai/openinference-instrumentation-openai-agents": "0.2.15",
      zod: "4.6.7",
      ...OTEL,
    },
  },
  {
    name: "ai-4",
    group: "npm",
    packages: { ai: "4.3.19", "@ai-sdk/openai": "1.3.24", zod: "3.25.76", ...OTEL },
  },
  {
    name: "ai-5",
    group: "npm",
    packages: { ai: "5.0.277", "@ai-sdk/openai": "2.0.131", zod: "4.6.7", ...OTEL },
  },
  {
    name: "ai-6",
    group: "npm",
    program: "ai-5.mjs",
    packages: { ai: "6.0.322", "@ai-sdk/openai": "3.0.141", zod: "4.6.7", ...OTEL },
  },
  {
    name: "ai-7",
    group: "npm",
    set: "ai-7",
    packages: {
      ai: "7.0.173",
      "@ai-sdk/otel": "1.0.173",
      "@ai-sdk/openai": "4.0.118",
      zod: "4.6.7",
      ...OTEL,
    },
  },
  {
    name: "ai-7-legacy",
    group: "npm",
    set: "ai-7",
    packages: {
      ai: "7.0.173",
      "@ai-sdk/otel": "1.0.173",
      "@ai-sdk/openai": "4.0.118",
      zod: "4.6.7",
      ...OTEL,
    },
  },
  {
    name: "langfuse-otel",
    group: "npm",
    // It sends input without what came from the cache and output without reasoning.
    values: { "quality.issues": ["adjusted-tokens"] },
    program: "langfuse.mjs",
    packages: {
      "@langfuse/otel": "5.11.1",
      "@langfuse/openai": "5.11.1",
      "@langfuse/tracing": "5.11.1",
      "@opentelemetry/exporter-trace-otlp-http": "0.223.1",
      openai: "7.55.0",
      ...OTEL,
    },
    variables: ({ otlp }) => ({
      LANGFUSE_BASE_URL: otlp,
      LANGFUSE_PUBLIC_KEY: "pk-lf-none",
      LANGFUSE_SECRET_KEY: "sk-lf-none",
      LANGFUSE_RELEASE: "1.4.2",
      LANGFUSE_TRACING_ENVIRONMENT: "test",
    }),
  },
  {
    name: "langsmith",
    group: "npm",
    packages: { langsmith: "0.10.5", openai: "7.55.0", ...OTEL },
    variables: ({ otlp }) => ({
      LANGSMITH_TRACING: "true",
      LANGSMITH_OTEL_ENABLED: "true",
      LANGSMITH_API_KEY: "none",
      LANGSMITH_ENDPOINT: otlp,
      LANGSMITH_PROJECT: "support",
      OTEL_EXPORTER_OTLP_ENDPOINT: `${otlp}/otel/v1/traces`,
    }),
  },
  {
    name: "strands-agents-sdk",
    group: "npm",
    program: "strands.mjs",
    set: "strands",
    packages: STRANDS,
  },
  {
    name: "strands-agents-sdk-experimental",
    group: "npm",
    program: "strands.mjs",
    set: "strands",
    packages: STRANDS,
    variables: () => ({ OTEL_SEMCONV_STABILITY_OPT_IN: "gen_ai_latest_experimental" }),
  },
  {
    name: "mastra-otel-exporter",
    group: "npm",
    // One span per chunk of a stream.
    values: { "quality.issues": ["placeholders-left-out"] },
    program: "mastra.mjs",
    packages: {
      "@mastra/otel-exporter": "1.4.0",
      "@mastra/core": "1.71.0",
      "@mastra/observability": "1.17.9",
      "@ai-sdk/openai": "3.0.141",
      zod: "4.6.7",
      "@opentelemetry/exporter-trace-otlp-proto": "0.301.1",
      "@opentelemetry/exporter-logs-otlp-proto": "0.301.0",
    },
  },
  {
    name: "opentelemetry-exporter-trace-otlp-grpc",
    group: "npm",
    program: "exporter-grpc.mjs",
    packages: {
      "@opentelemetry/exporter-trace-otlp-grpc": "0.223.1",
      "@opentelemetry/otlp-exporter-base": "0.223.1",
      "@arizeai/openinference-instrumentation-openai": "4.2.7",
      "@arizeai/openinference-core": "2.7.1",
      openai: "7.55.0",
      ...OTEL,
    },
    variables: ({ otlpGrpc = "" }) => ({
      OTEL_EXPORTER_OTLP_ENDPOINT: otlpGrpc,
      OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
    }),
  },
  {
    name: "google-adk",
    group: "npm",
    // With a second copy of the API its tracer would never see the provider.
    packages: { "@google/adk": "2.0.0", zod: "4.6.7", ...OTEL, "@opentelemetry/api": "1.9.0" },
    values: {
      ...GEMINI,
      systemInstructions:
        'You are an agent. Your internal name is "support_agent".\n\nYou are a support agent.',
    },
  },
];
