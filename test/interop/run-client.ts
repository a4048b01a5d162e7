import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { up } from "../../src/app/up.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import type { Trace } from "../../src/core/trace.ts";
import { startModelServer } from "../../src/llmwire/model-server.ts";
import { jsonToProtobuf } from "../../src/otlp/json-to-protobuf.ts";
import { splitByTrace } from "../../src/otlp/split-by-trace.ts";
import { defineScorer } from "../../src/scorers/define-scorer.ts";
import type { Client, Servers } from "./client.ts";
import { startGrpcRecorder } from "./grpc-recorder.ts";
import type { Installation } from "./install.ts";
import { type RecordedRequest, startRecorder } from "./recorder.ts";
import { type ProgramEnd, runProgram } from "./run-program.ts";

/** What became of one client's run. */
export interface ClientRun {
  readonly end: ProgramEnd;
  /** Everything the client sent to the receiver. */
  readonly requests: readonly RecordedRequest[];
  /** Paths of traces and logs that the receiver refused, with its status, e.g. `404 /v1/logs`. */
  readonly refused: readonly string[];
  /** The canonical traces as tracegate scored them, by id. */
  readonly scored: ReadonlyMap<string, Trace>;
  /** Ids of the traces that were sent. */
  readonly sent: readonly string[];
  /** How often the model was asked. */
  readonly modelRequests: number;
}

/** Runs a client's program against a local model and a whole tracegate, and waits for the traces that come out. */
export async function runClient(
  client: Client,
  installation: Installation,
  reply: Parameters<typeof startModelServer>[0]["reply"],
): Promise<ClientRun> {
  const state = await mkdtemp(join(tmpdir(), "tracegate-interop-"));
  const model = await startModelServer({ reply });
  const scored = new Map<string, Trace>();
  const running = await up({
    config: parseConfig(
      { scorers: [defineScorer("arrived", () => true)], directory: state, receiver: { port: 0 } },
      "interop",
    ),
    cwd: state,
    environment: {},
    redis: false,
    onScored: ({ trace }) => scored.set(trace.traceId, trace),
  });
  const recorder = await startRecorder(running.url);
  const grpc = running.grpcUrl === null ? undefined : await startGrpcRecorder(running.grpcUrl);
  try {
    const servers = { model: model.url, otlp: recorder.url, ...(grpc && { otlpGrpc: grpc.url }) };
    const program = client.program ?? `${client.name}.${client.group === "npm" ? "mjs" : "py"}`;
    const end = await runProgram(
      installation.command,
      [...guardOf(client), join(installation.folder, program)],
      {
        cwd: installation.folder,
        env: environmentOf(client, installation, servers),
        timeoutMs: client.timeoutMs ?? 60_000,
      },
    );
    const requests = [...recorder.requests(), ...(grpc?.requests() ?? [])];
    const sent = traceIdsIn(requests);
    await completed(running.url, sent, scored);
    return {
      end,
      requests,
      refused: refusedIn(requests),
      scored,
      sent,
      modelRequests: model.requests().length,
    };
  } finally {
    await recorder.close();
    await grpc?.close();
    await running.stop(2_000);
    await model.close();
    await rm(state, { recursive: true, force: true });
  }
}

/** Node looks for packages in every folder above, and above is this project. */
function guardOf(client: Client): readonly string[] {
  return client.group === "npm" ? ["--import", "./guard.mjs"] : [];
}

/** Nothing of this machine's environment but the way to the interpreter, and nobody's telemetry. */
function environmentOf(
  client: Client,
  { folder, command }: Installation,
  servers: Servers,
): NodeJS.ProcessEnv {
  return {
    PATH: dirname(command),
    HOME: folder,
    LANG: "C.UTF-8",
    // Whoever ignores NO_PROXY for loopback, or calls home, meets a closed port.
    HTTP_PROXY: "http://127.0.0.1:9",
    HTTPS_PROXY: "http://127.0.0.1:9",
    NO_PROXY: "127.0.0.1,localhost",
    NODE_USE_ENV_PROXY: "1",
    NODE_NO_WARNINGS: "1",
    PYTHONDONTWRITEBYTECODE: "1",
    OPENAI_API_KEY: "none",
    OPENAI_BASE_URL: `${servers.model}/v1`,
    ANTHROPIC_API_KEY: "none",
    ANTHROPIC_BASE_URL: servers.model,
    GOOGLE_API_KEY: "none",
    GEMINI_API_KEY: "none",
    GOOGLE_GEMINI_BASE_URL: servers.model,
    OTEL_SERVICE_NAME: "support-agent",
    OTEL_RESOURCE_ATTRIBUTES: "service.version=1.4.2,deployment.environment.name=test",
    OTEL_EXPORTER_OTLP_ENDPOINT: servers.otlp,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    OTEL_METRICS_EXPORTER: "none",
    OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "true",
    ...SILENT,
    ...client.variables?.(servers),
  };
}

/** Every client's own switch for telemetry to its makers. */
const SILENT = {
  DO_NOT_TRACK: "1",
  TELEMETRY_DISABLED: "1",
  ANONYMIZED_TELEMETRY: "False",
  CREWAI_DISABLE_TELEMETRY: "true",
  CREWAI_DISABLE_TRACKING: "true",
  CREWAI_TRACING_ENABLED: "false",
  TRACELOOP_TELEMETRY: "false",
  MLFLOW_DISABLE_TELEMETRY: "true",
  OPENAI_AGENTS_DISABLE_TRACING: "0",
  MASTRA_TELEMETRY_DISABLED: "1",
  POSTHOG_DISABLED: "1",
  HAYSTACK_TELEMETRY_ENABLED: "False",
  LOGFIRE_SEND_TO_LOGFIRE: "false",
  NEXT_TELEMETRY_DISABLED: "1",
} as const;

function refusedIn(requests: readonly RecordedRequest[]): string[] {
  const refused = requests.filter(({ kind, status }) => kind !== "other" && (status < 200 || status > 299));
  return [...new Set(refused.map(({ status, path }) => `${status} ${path}`))];
}

function traceIdsIn(requests: readonly RecordedRequest[]): string[] {
  const ids = new Set<string>();
  for (const { kind, format, body } of requests) {
    if (kind !== "traces") continue;
    const bytes = format === "json" ? jsonToProtobuf(Buffer.from(body).toString("utf8")) : body;
    for (const { traceId } of splitByTrace(bytes).fragments) ids.add(traceId);
  }
  return [...ids];
}

/** Says that the traces are complete and waits until they are scored, or some seconds at the most. */
async function completed(
  url: string,
  traceIds: readonly string[],
  scored: Map<string, Trace>,
): Promise<void> {
  for (const traceId of traceIds) await fetch(`${url}/v1/traces/${traceId}/complete`, { method: "POST" });
  const deadline = performance.now() + 10_000;
  while (traceIds.some((traceId) => !scored.has(traceId)) && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
