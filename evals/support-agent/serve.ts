import { createInterface } from "node:readline";

import { answer, type Request } from "./agent.ts";
import { startTelemetry } from "./telemetry.ts";

/**
 * The agent as it runs in production: requests as JSON lines on stdin, answers as JSON lines on stdout,
 * spans to OTEL_EXPORTER_OTLP_ENDPOINT, a few requests at a time.
 */
const telemetry = startTelemetry(
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT ?? "http://127.0.0.1:4318",
  process.env.AGENT_VERSION ?? "dev",
);
const waiting: Request[] = [];
for await (const line of createInterface({ input: process.stdin })) waiting.push(JSON.parse(line));

async function serve(): Promise<void> {
  for (let request = waiting.shift(); request; request = waiting.shift()) {
    const text = await answer(request, telemetry);
    console.log(JSON.stringify({ id: request.id, text }));
  }
}
await Promise.all([serve(), serve(), serve(), serve()]);
await telemetry.close();
