import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Span } from "../../../src/core/span.ts";
import { type ModelServer, startModelServer } from "../../../src/llmwire/model-server.ts";
import { readSpans } from "../../../src/otlp/read-spans.ts";
import { idOf, run } from "../../cli/agent-traces.ts";
import { startUp, type UpProcess } from "../../cli/up-process.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";

const folder = temporaryFolder();
const arrived: Span[] = [];
let backend: Server;
let server: ModelServer;
let up: UpProcess;
let arrivals: () => void = () => {};

/** A backend that takes everything, our own service too, and passes it back to tracegate, as a careless collector would. */
async function startLoopingBackend(): Promise<string> {
  backend = createServer(async (request, response) => {
    const body = await buffer(request);
    arrived.push(...readSpans(gunzipSync(body)));
    const headers = { "content-type": "application/x-protobuf", "content-encoding": "gzip" };
    await fetch(`${up.url}/v1/traces`, { method: "POST", headers, body });
    response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
    arrivals();
  }).listen(0, "127.0.0.1");
  await once(backend, "listening");
  const address = backend.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

async function arrival(find: () => Span | undefined): Promise<Span> {
  for (;;) {
    const found = find();
    if (found) return found;
    await new Promise<void>((resolve) => {
      arrivals = resolve;
    });
  }
}

beforeAll(async () => {
  server = await startModelServer({
    reply: () => ({ text: JSON.stringify({ rationale: "It was.", evidence: [], label: "yes" }) }),
  });
  const sinkUrl = await startLoopingBackend();
  writeFileSync(
    join(folder.path, "tracegate.config.ts"),
    `import { defineConfig, defineJudge, openai, otlp } from "tracegate";
export default defineConfig({
  judge: openai({ model: "gpt-6-luna", baseURL: ${JSON.stringify(server.openaiBaseUrl)} }),
  scorers: [defineJudge("resolved", { question: "Was it done?", labels: { yes: 1, no: 0 } })],
  sinks: [otlp({ endpoint: ${JSON.stringify(sinkUrl)} })],
  completion: { afterRootMs: 20 },
});
`,
  );
  up = await startUp(folder.path, { env: { OPENAI_API_KEY: "sk-test-0123456789" } });
});
afterAll(async () => {
  await up.stop("SIGKILL");
  await server.close();
  backend.close();
  backend.closeAllConnections();
  folder.remove();
});

describe("what a judge was asked and answered", () => {
  it("arrives as a trace of our own service, linked to what was judged and linked from the score", async () => {
    const body = run({ traceId: idOf(1), question: "Where is order A-17?" });
    const headers = { "content-type": "application/x-protobuf" };
    await fetch(`${up.url}/v1/traces`, { method: "POST", headers, body: new Uint8Array(body) });

    const call = await arrival(() => arrived.find(({ name }) => name === "evaluate resolved"));
    expect(call.resource["service.name"]).toBe("tracegate");
    expect(call.links).toMatchObject([{ traceId: idOf(1) }]);
    expect(call.attributes).toMatchObject({
      "openinference.span.kind": "EVALUATOR",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-6-luna",
      "gen_ai.evaluation.score.label": "yes",
      "gen_ai.usage.input_tokens": expect.any(Number),
      "gen_ai.usage.cost": expect.any(Number),
    });
    expect(call.attributes["gen_ai.input.messages"]).toContain("Where is order A-17?");
    const root = await arrival(() =>
      arrived.find(
        (span) =>
          span.traceId === idOf(1) &&
          span.events.some(({ attributes }) => attributes["tracegate.judge.trace_id"]),
      ),
    );
    const [event] = root.events.filter(({ name }) => name === "gen_ai.evaluation.result");
    expect(event?.attributes["tracegate.judge.trace_id"]).toBe(call.traceId);
  });

  it("is not judged again when a collector sends it back", async () => {
    // The loop has passed back everything that arrived; another trace shows that it was all taken in.
    const asked = server.requests().length;
    const body = run({ traceId: idOf(2), question: "And order A-18?" });
    await fetch(`${up.url}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/x-protobuf" },
      body: new Uint8Array(body),
    });
    await arrival(() => arrived.find(({ links }) => links.some(({ traceId }) => traceId === idOf(2))));
    expect(server.requests().length).toBe(asked + 1);
  });
});
