import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type ModelServer, startModelServer } from "../../../src/llmwire/model-server.ts";
import { openDatabase } from "../../../src/store/open-database.ts";
import { SqliteStore } from "../../../src/store/sqlite-store.ts";
import type { StateDatabase } from "../../../src/store/state-database.ts";
import { idOf, run } from "../../cli/agent-traces.ts";
import { runCli } from "../../cli/run-cli.ts";
import { startUp, type UpProcess } from "../../cli/up-process.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";

const NUMBERS = Array.from({ length: 12 }, (_, index) => index + 1);
const SOON = { timeout: 40_000, interval: 250 };
const PROVIDERS = [
  ["OpenAI", 'openai({ model: "gpt-4o", api: "responses", baseURL: process.env.OPENAI_AT })'],
  ["Anthropic", 'anthropic({ model: "claude-haiku-4-5", baseURL: process.env.ANTHROPIC_AT })'],
] as const;

describe.each(PROVIDERS)("judges that ask %s in batches", (_provider, judge) => {
  let folder: ReturnType<typeof temporaryFolder>;
  let server: ModelServer;
  let up: UpProcess;
  let database: StateDatabase;
  let store: SqliteStore;
  let hasEnded: boolean;

  beforeEach(async () => {
    hasEnded = false;
    folder = temporaryFolder();
    server = await startModelServer({
      reply: () => ({
        text: JSON.stringify({ rationale: "It was.", evidence: [], label: "yes" }),
        usage: { inputTokens: 3_000, outputTokens: 100 },
      }),
      batches: { looked: () => (hasEnded ? "ended" : "running") },
    });
    const config = `
import { anthropic, defineConfig, defineJudge, openai, toolErrors } from "tracegate";
export default defineConfig({
  judge: ${judge},
  scorers: [toolErrors(), defineJudge("resolved", { question: "Was it done?", labels: { yes: 1, no: 0 }, withinMs: 86_400_000 })],
  sampling: false,
  completion: { afterRootMs: 20 },
  judging: { batches: { gatherMs: 1_000, lookMs: 4_000 } },
});
`;
    writeFileSync(join(folder.path, "tracegate.config.ts"), config);
    up = await start();
    database = openDatabase(join(folder.path, ".tracegate"));
    store = new SqliteStore(database);
  });
  afterEach(async () => {
    database.close();
    await up.stop("SIGKILL");
    await server.close();
    folder.remove();
  });

  const start = () =>
    startUp(folder.path, {
      env: {
        OPENAI_API_KEY: "sk-test-0123456789",
        ANTHROPIC_API_KEY: "sk-ant-0123456789",
        OPENAI_AT: server.openaiBaseUrl,
        ANTHROPIC_AT: server.anthropicBaseUrl,
      },
    });
  const decision = async (number: number) => {
    const why = await runCli(["why", idOf(number), "--format", "json"], { cwd: folder.path });
    return JSON.parse(why.stdout).decisions.find(({ scorer }: { scorer: string }) => scorer === "resolved");
  };
  const states = () =>
    Promise.all(
      NUMBERS.map(async (number) => {
        const rows = await store.ledger(idOf(number));
        return rows.find(({ scorer }) => scorer === "resolved")?.state;
      }),
    );
  const metric = async (name: string) => {
    const text = await (await fetch(`${up.url}/metrics`)).text();
    return Number(
      text
        .split("\n")
        .find((line) => line.startsWith(name))
        ?.split(" ")
        .at(-1),
    );
  };
  const inBatches = () => server.batches().flatMap(({ items }) => items.map(({ customId }) => customId));

  it("score rules at once and the rest when the batch has ended, each question paid once at half the price, also over a kill", async () => {
    for (const number of NUMBERS)
      await up.send(run({ traceId: idOf(number), question: `question ${number}` }));
    for (const number of NUMBERS) await up.scored(idOf(number));
    // What the provider has is noted, and nobody has looked how far it is.
    await expect.poll(() => inBatches().length, SOON).toBe(NUMBERS.length);
    await expect.poll(async () => (await store.knownBatches()).size, SOON).toBe(server.batches().length);
    await up.stop("SIGKILL");
    up = await start();
    expect(await decision(1)).toMatchObject({
      state: "waiting",
      attempts: 0,
      reason: expect.stringContaining("Asked in a batch, at half the price"),
      next: expect.stringContaining("soon after the batch has ended"),
    });
    expect(await metric('tracegate_batch_questions{state="sent"}')).toBe(NUMBERS.length);

    hasEnded = true;
    await expect.poll(states, SOON).toEqual(NUMBERS.map(() => "scored"));
    expect(new Set(inBatches()).size).toBe(inBatches().length);
    expect(server.requests()).toHaveLength(NUMBERS.length);
    const { scores = [] } = (await store.trace(idOf(3))) ?? {};
    const resolved = scores.find(({ name }) => name === "resolved");
    expect(resolved).toMatchObject({ value: 1, label: "yes" });
    const price = judge.includes("claude") ? [1, 5] : [2.5, 10];
    const [input = 0, output = 0] = price;
    expect(resolved?.metadata.costUsd).toBeCloseTo((3_000 * input + 100 * output) / 2 / 1e6, 9);
  }, 120_000);
});
