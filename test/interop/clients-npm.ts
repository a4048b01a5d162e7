import type { Client } from "./client.ts";

/** What every agent needs whose client brings no exporter of its own. */
const OTEL = {
  "@opentelemetry/api": "1.10.0",
  "@opentelemetry/resources": "2.12.1",
  "@opentelemetry/sdk-trace-node": "2.12.0",
  "@opentelemetry/exporter-trace-otlp-proto": "0.301.1",
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
    program: "anthropic-sdk.mjs",
    packages: { "@anthropic-ai/sdk": "1.10.0", ...OTEL },
    variables: () => ({ ANTHROPIC_OPEN_TELEMETRY_TRACES_CONTENT_MODE: "content" }),
    short: true,
  },
];
