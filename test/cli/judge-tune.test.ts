import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { textOf } from "../../src/core/message.ts";
import { type ModelServer, startModelServer } from "../../src/llmwire/model-server.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteStore } from "../../src/store/sqlite-store.ts";
import { storedTrace } from "../contracts/stored-trace.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { idOf, run } from "./agent-traces.ts";
import { runCli } from "./run-cli.ts";

const TRACES = 200;
const folder = temporaryFolder();
let server: ModelServer;

beforeAll(async () => {
  // Sure and right about even questions; about odd ones unsure, and wrong about every fourth.
  server = await startModelServer({
    reply(request) {
      const text = request.messages.map(textOf).join("\n");
      const number = Number(/Question (\d+)\?/.exec(text)?.[1]);
      const label = number % 4 === 1 ? "no" : "yes";
      const probability = number % 2 === 0 ? 0.99 : 0.6;
      const other = label === "yes" ? "no" : "yes";
      return { text: label, probabilities: { [label]: probability, [other]: 1 - probability } };
    },
  });
  mkdirSync(join(folder.path, ".tracegate"));
  const database = openDatabase(join(folder.path, ".tracegate"));
  const store = new SqliteStore(database);
  for (let number = 1; number <= TRACES; number++) {
    const { summary, rootAttributes } = storedTrace(number);
    const payload = zstdCompressSync(run({ traceId: idOf(number), question: `Question ${number}?` }));
    await store.saveScored({
      summary: { ...summary, traceId: idOf(number) },
      scores: [],
      rootAttributes,
      payload,
      sinks: [],
    });
  }
  await store.close();
  database.close();
  const labels = Array.from({ length: TRACES }, (_, index) =>
    JSON.stringify({ traceId: idOf(index + 1), scorer: "good", passed: true }),
  );
  writeFileSync(join(folder.path, "labels.jsonl"), labels.join("\n"));
  writeFileSync(
    join(folder.path, "tracegate.config.ts"),
    `import { cascade, defineConfig, defineJudge, openai } from "tracegate";
const baseURL = ${JSON.stringify(server.openaiBaseUrl)};
export default defineConfig({
  scorers: [defineJudge("good", { question: "Good?", labels: { yes: 1, no: 0 } })],
  judge: cascade({
    cheap: openai({ model: "gpt-6-luna", baseURL, api: "decisions" }),
    strong: openai({ model: "gpt-6-sol", baseURL }),
  }),
});
`,
  );
});
afterAll(async () => {
  await server.close();
  folder.remove();
});

const tune = (...args: readonly string[]) =>
  runCli(["judge", "tune", "--labels", "labels.jsonl", ...args], {
    cwd: folder.path,
    env: { OPENAI_API_KEY: "test-key" },
  });

describe("judge tune", () => {
  it("finds the probability from which on the cheap judge is right often enough, asking only the cheap one", async () => {
    const { exitCode, stdout, stderr } = await tune("--format", "json");

    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    const [found] = JSON.parse(stdout);
    expect(found).toMatchObject({ scorer: "good", pairs: TRACES, unanswered: 0 });
    expect(found.threshold.confidence).toBeGreaterThan(0.6);
    expect(found.threshold).toMatchObject({ accepted: 100, disagreeing: 0, coverage: 0.5 });
    expect(new Set(server.requests().map(({ model }) => model))).toEqual(new Set(["gpt-6-luna"]));
  });

  it("says so when nothing can be proven", async () => {
    const { stdout } = await tune("--target", "0.01");
    expect(stdout).toContain("At no probability can the cheap judge be shown to be wrong in at most 1.0 %.");
  });
});
