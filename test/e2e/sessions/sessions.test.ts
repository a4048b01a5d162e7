import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { textOf } from "../../../src/core/message.ts";
import { type ModelServer, startModelServer } from "../../../src/llmwire/model-server.ts";
import { type Collector, startCollector } from "../../../src/testing/collector.ts";
import { otlp } from "../../../src/testing/spans.ts";
import { idOf, sketchOf } from "../../cli/agent-traces.ts";
import { startUp, type UpProcess } from "../../cli/up-process.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";

/** Long enough for two traces to arrive on a slow machine. */
const IDLE_MS = 3_000;

const config = (modelUrl: string, sinkUrl: string) => `
import { defineConfig, defineJudge, defineSessionScorer, openai, otlp, overSession } from "tracegate";

export default defineConfig({
  judge: openai({ model: "gpt-4o-mini", baseURL: ${JSON.stringify(modelUrl)} }),
  // Those of traces may wait for a batch; a conversation that goes on would be another question by then.
  judging: { withinMs: 86_400_000 },
  scorers: [],
  sessionScorers: [
    overSession(defineJudge("resolved", { question: "Was it done?", labels: { yes: 1, no: 0 } })),
    defineSessionScorer("short", {}, ({ traces }) => traces.length < 3),
  ],
  sinks: [otlp({ endpoint: ${JSON.stringify(sinkUrl)} })],
  completion: { afterRootMs: 20, sessionIdleMs: ${IDLE_MS} },
});
`;

const folder = temporaryFolder();
let backend: Collector;
let server: ModelServer;
let up: UpProcess;
const asked: string[] = [];

beforeAll(async () => {
  backend = await startCollector();
  server = await startModelServer({
    reply: ({ messages }) => {
      asked.push(messages.map(textOf).join("\n"));
      return { text: JSON.stringify({ rationale: "It was.", evidence: [], label: "yes" }) };
    },
  });
  writeFileSync(join(folder.path, "tracegate.config.ts"), config(server.openaiBaseUrl, backend.url));
  up = await startUp(folder.path, { env: { OPENAI_API_KEY: "sk-test-0123456789" } });
});
afterAll(async () => {
  await up.stop("SIGKILL");
  await server.close();
  await backend.close();
  folder.remove();
});

async function send(number: number, question: string): Promise<void> {
  const { spans, ...sketch } = sketchOf({ traceId: idOf(number), question });
  const [root] = spans;
  const attributes = { ...root.attributes, "gen_ai.conversation.id": "chat-1" };
  await up.send(otlp({ ...sketch, spans: [{ ...root, attributes }] }));
}

describe("a conversation of several traces", { timeout: 60_000 }, () => {
  it("is scored once when nothing has come for a while, and the score is at its last trace", async () => {
    await send(1, "Where is order A-17?");
    await send(2, "And when will it come?");
    await backend.waitFor(
      (sink) => sink.rootAttributes(idOf(2))?.["tracegate.version.session-resolved"] !== undefined,
    );

    expect(backend.rootAttributes(idOf(2))).toMatchObject({
      "tracegate.score.session-resolved": 1,
      "tracegate.score.short": 1,
    });
    expect(backend.rootAttributes(idOf(1))?.["tracegate.score.session-resolved"]).toBeUndefined();
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain("Where is order A-17?");
    expect(asked[0]).toContain("And when will it come?");
  });

  it("is scored again, as a whole, when it goes on", async () => {
    await send(3, "Thank you, bye.");
    await backend.waitFor(
      (sink) => sink.rootAttributes(idOf(3))?.["tracegate.version.session-resolved"] !== undefined,
    );

    expect(backend.rootAttributes(idOf(3))).toMatchObject({ "tracegate.score.short": 0 });
    expect(asked).toHaveLength(2);
    expect(asked[1]).toMatch(/A-17[\s\S]*when will it come[\s\S]*Thank you, bye/);
  });
});
