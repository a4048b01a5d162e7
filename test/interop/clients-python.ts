import type { Client } from "./client.ts";

/** What every agent needs whose client brings no exporter of its own. */
const OTEL = {
  "opentelemetry-sdk": "1.45.2",
  "opentelemetry-exporter-otlp-proto-http": "1.45.1",
};

/** Packages that agree with each other share a virtual environment. */
const PLAIN = { group: "python", set: "otel" } as const;
const OPENAI = "3.51.0";

/** The clients from PyPI. To add one: a program in `python/`, and an entry here. */
export const pythonClients: readonly Client[] = [
  {
    ...PLAIN,
    name: "python-opentelemetry-instrumentation-openai-v2",
    program: "otel_openai_v2.py",
    packages: {
      "opentelemetry-instrumentation-openai-v2": "2.4b0",
      "opentelemetry-util-genai": "0.4b0",
      openai: OPENAI,
      ...OTEL,
    },
  },
  {
    ...PLAIN,
    name: "python-opentelemetry-instrumentation-openai-v2-latest",
    program: "otel_openai_v2.py",
    packages: {
      "opentelemetry-instrumentation-openai-v2": "2.4b0",
      "opentelemetry-util-genai": "0.4b0",
      openai: OPENAI,
      ...OTEL,
    },
    variables: () => ({
      OTEL_SEMCONV_STABILITY_OPT_IN: "gen_ai_latest_experimental",
      OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "SPAN_ONLY",
    }),
  },
  {
    ...PLAIN,
    name: "python-openinference-instrumentation-openai",
    program: "openinference_openai.py",
    packages: { "openinference-instrumentation-openai": "0.1.66", openai: OPENAI, ...OTEL },
  },
  {
    ...PLAIN,
    name: "python-opentelemetry-instrumentation-openai",
    program: "traceloop_openai.py",
    packages: { "opentelemetry-instrumentation-openai": "0.62.4", openai: OPENAI, ...OTEL },
  },
  {
    ...PLAIN,
    name: "python-openai-agents",
    program: "openai_agents.py",
    packages: {
      "openai-agents": "0.24.0",
      "openinference-instrumentation-openai-agents": "2.6.0",
      openai: OPENAI,
      ...OTEL,
    },
  },
  {
    ...PLAIN,
    name: "python-langfuse",
    program: "langfuse_openai.py",
    packages: { langfuse: "5.0.4", openai: OPENAI },
    variables: ({ otlp }) => ({
      LANGFUSE_BASE_URL: otlp,
      LANGFUSE_HOST: otlp,
      LANGFUSE_PUBLIC_KEY: "pk-lf-none",
      LANGFUSE_SECRET_KEY: "sk-lf-none",
      LANGFUSE_RELEASE: "1.4.2",
      LANGFUSE_TRACING_ENVIRONMENT: "test",
    }),
  },
  {
    ...PLAIN,
    name: "python-langsmith",
    program: "langsmith_openai.py",
    packages: { "langsmith[otel]": "0.14.17", openai: OPENAI },
    variables: ({ otlp }) => ({
      LANGSMITH_TRACING: "true",
      LANGSMITH_TRACING_MODE: "otel",
      LANGSMITH_API_KEY: "none",
      LANGSMITH_ENDPOINT: otlp,
      LANGSMITH_PROJECT: "support",
    }),
  },
  {
    name: "python-openinference-instrumentation-langchain",
    group: "python",
    set: "langchain",
    program: "openinference_langchain.py",
    packages: {
      "openinference-instrumentation-langchain": "0.1.80",
      langchain: "1.4.7",
      "langchain-openai": "1.7.3",
      langgraph: "1.2.22",
      ...OTEL,
    },
  },
  {
    name: "python-openinference-instrumentation-langgraph",
    group: "python",
    set: "langchain",
    program: "openinference_langgraph.py",
    packages: { "openinference-instrumentation-langchain": "0.1.80", langgraph: "1.2.22" },
  },
  {
    name: "python-openinference-instrumentation-llama-index",
    group: "python",
    set: "llama-index",
    program: "openinference_llama_index.py",
    packages: {
      "openinference-instrumentation-llama-index": "4.6.1",
      "llama-index-core": "0.14.25",
      "llama-index-llms-openai": "0.8.3",
      ...OTEL,
    },
  },
  {
    name: "python-openinference-instrumentation-crewai",
    group: "python",
    // CrewAI writes the system prompt itself, around role, goal and backstory.
    values: {
      systemInstructions:
        "You are support_agent. You are a support agent.\nYour personal goal is: You are a support agent.",
    },
    set: "crewai",
    program: "openinference_crewai.py",
    packages: {
      "openinference-instrumentation-crewai": "1.1.21",
      "openinference-instrumentation-openai": "0.1.66",
      crewai: "1.15.30",
      ...OTEL,
    },
  },
  {
    name: "python-pydantic-ai",
    group: "python",
    set: "pydantic-ai",
    program: "pydantic_ai_agent.py",
    packages: { "pydantic-ai-slim[openai]": "2.68.0", openai: OPENAI, ...OTEL },
  },
  {
    name: "python-pydantic-ai-form-2",
    group: "python",
    set: "pydantic-ai",
    program: "pydantic_ai_agent.py",
    packages: { "pydantic-ai-slim[openai]": "2.68.0", openai: OPENAI, ...OTEL },
    variables: () => ({ FORM: "2" }),
  },
  {
    name: "python-google-adk",
    group: "python",
    values: {
      systemInstructions:
        'You are a support agent.\n\nYou are an agent. Your internal name is "support_agent".',
      "llmCalls.provider": ["gcp.gemini", "gcp.gemini"],
      "llmCalls.requestModel": ["gemini-2.5-flash", "gemini-2.5-flash"],
      // Gemini stops alike for an answer and for a call.
      "llmCalls.finishReasons": ["stop", "stop"],
    },
    set: "google-adk",
    program: "google_adk.py",
    packages: {
      "google-adk": "2.13.0",
      "google-genai": "2.34.0",
      "opentelemetry-exporter-otlp-proto-http": "1.44.0",
    },
  },
  {
    name: "python-strands-agents",
    group: "python",
    set: "strands-agents",
    program: "strands_agents.py",
    packages: { "strands-agents[openai,otel]": "1.61.1", "opentelemetry-exporter-otlp-proto-http": "1.45.1" },
  },
  {
    name: "python-strands-agents-experimental",
    group: "python",
    set: "strands-agents",
    program: "strands_agents.py",
    packages: { "strands-agents[openai,otel]": "1.61.1", "opentelemetry-exporter-otlp-proto-http": "1.45.1" },
    variables: () => ({ OTEL_SEMCONV_STABILITY_OPT_IN: "gen_ai_latest_experimental" }),
  },
  {
    name: "python-agent-framework",
    group: "python",
    set: "agent-framework",
    program: "agent_framework_agent.py",
    packages: {
      "agent-framework-core": "1.23.0",
      "agent-framework-openai": "1.17.0",
      openai: OPENAI,
      ...OTEL,
    },
  },
  {
    name: "python-mlflow",
    group: "python",
    set: "mlflow",
    program: "mlflow_openai.py",
    packages: { mlflow: "3.17.2", openai: OPENAI, ...OTEL },
    // Its database for what it also keeps lies in the working directory.
    variables: () => ({ MLFLOW_TRACKING_URI: "sqlite:///mlflow.db" }),
  },
  {
    name: "python-mlflow-genai",
    group: "python",
    set: "mlflow",
    program: "mlflow_openai.py",
    packages: { mlflow: "3.17.2", openai: OPENAI, ...OTEL },
    variables: () => ({
      MLFLOW_TRACKING_URI: "sqlite:///mlflow.db",
      MLFLOW_ENABLE_OTEL_GENAI_SEMCONV: "true",
    }),
  },
];
