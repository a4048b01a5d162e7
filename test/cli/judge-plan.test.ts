import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { JudgePlan } from "../../src/app/plan-judging.ts";
import type { SamplingDecision } from "../../src/core/sampling.ts";
import { defineJudge } from "../../src/judges/define-judge.ts";
import { openai } from "../../src/judges/openai.ts";
import { type ModelServer, startModelServer } from "../../src/llmwire/model-server.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteStore } from "../../src/store/sqlite-store.ts";
import { scoreOf, storedTrace } from "../contracts/stored-trace.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { idOf, run } from "./agent-traces.ts";
import { runCli } from "./run-cli.ts";

const folder = temporaryFolder();
let server: ModelServer;
/** Of all that judges see, and the same in words. */
let found: JudgePlan;
let text: string;

const env = () => ({ OPENAI_API_KEY: "test-key", OPENAI_BASE_URL: server.openaiBaseUrl });
const plan = (...args: readonly string[]) =>
  runCli(["judge", "plan", ...args], { cwd: folder.path, env: env() });
const planned = async (...args: readonly string[]): Promise<JudgePlan> => {
  const { stdout, stderr } = await plan("--format", "json", ...args);
  expect(stderr).toBe("");
  return JSON.parse(stdout);
};
const scorerOf = ({ scorers }: JudgePlan, name: string) =>
  scorers.find(({ scorer }) => scorer === name) ?? expect.fail(`no ${name}`);

beforeAll(async () => {
  server = await startModelServer({ reply: () => ({ text: "nobody should ask" }) });
  await fillStore();
  writeFileSync(
    join(folder.path, "tracegate.config.ts"),
    `import { cascade, defineConfig, defineJudge, openai, toolErrors } from "tracegate";
const baseURL = ${JSON.stringify(server.openaiBaseUrl)};
const labels = { yes: 1, no: 0 };
export default defineConfig({
  judge: openai({ model: "gpt-4o", baseURL }),
  scorers: [
    toolErrors(),
    defineJudge("good", { question: "Good?", labels }),
    defineJudge("shoes", { question: "Good?", labels, applies: ({ trace }) => JSON.stringify(trace).includes("shoes") }),
    defineJudge("narrow", { question: "Good?", labels, budgetTokens: 10 }),
    defineJudge("own", { question: "Good?", labels, judge: openai({ model: "our-own-model", baseURL }) }),
    defineJudge("steps", {
      question: "Good?",
      labels,
      judge: cascade({ cheap: openai({ model: "gpt-6-luna", baseURL, api: "decisions" }), strong: openai({ model: "gpt-4o", baseURL }) }),
    }),
  ],
});
`,
  );
});
beforeAll(async () => {
  found = await planned("--days", "2");
  text = (await plan()).stdout;
});
afterAll(async () => {
  await server.close();
  folder.remove();
});

describe("judge plan on what the store has", () => {
  it("prices what the judges would ask, and asks no model", () => {
    const good = scorerOf(found, "good");
    expect(good).toMatchObject({ models: ["gpt-4o"], asked: 40, notAsked: {}, calls: 1_000 });
    expect(good.output).toEqual({ tokens: 50, answers: 3 });
    expect(good.outputTokens).toBeCloseTo(50_000);
    expect(good.aloneUsd).toBeCloseTo((good.inputTokens * 2.5 + 50_000 * 10) / 1e6);
    expect(good.batchUsd).toBeCloseTo((good.aloneUsd ?? 0) / 2);
    expect(server.requests()).toHaveLength(0);
  });

  it("heeds what scorers do not apply to and what does not fit", () => {
    expect(scorerOf(found, "shoes")).toMatchObject({
      asked: 10,
      notAsked: { "not-applicable": 30 },
      calls: 250,
    });
    expect(scorerOf(found, "narrow")).toMatchObject({ asked: 0, notAsked: { "too-large": 40 }, aloneUsd: 0 });
  });

  it("says of a model without a price that the sums are not known", () => {
    expect(scorerOf(found, "own")).toMatchObject({ models: ["our-own-model"], aloneUsd: null });
    expect(found.total).toMatchObject({ aloneUsd: null, unpriced: ["our-own-model"] });
    expect(text).toContain('No price is known of our-own-model: "?" is not nothing.');
    expect(text).toMatch(/^own +our-own-model +40 +\d+k +300k +\? +\? +\? +\?$/m);
  });

  it("corrects its count by what stored answers took, and takes the share of the strong judge from them", () => {
    const { correction, inputTokens } = scorerOf(found, "good");
    expect(correction?.answers).toBe(40);
    // Every stored answer took 2,000 tokens, so the plan comes out at that.
    expect(inputTokens / 1_000 / 2_000).toBeCloseTo(1, 2);

    const steps = scorerOf(found, "steps");
    expect(steps).toMatchObject({ escalated: null, models: ["gpt-6-luna", "gpt-4o"] });
    const { low = 0, high = 0 } = steps.configuredUsd ?? {};
    expect(high - low).toBeCloseTo(steps.aloneUsd ?? 0);
    expect(text).toContain(
      "steps: how often the second step is asked is not known, for no answer is stored.",
    );
  });

  it("plans only what judges see, and says what that is of all traffic", async () => {
    // 40 were drawn, 60 were not.
    expect(found).toMatchObject({ looked: 40, traces: 100, judgedShare: 0.4, tracesPerDay: 100 });
    expect(await planned("--sample", "7")).toMatchObject({ looked: 7, traces: 100, judgedShare: 0.4 });
  });

  it("says so when nothing began in those days", async () => {
    const empty = temporaryFolder();
    try {
      const { exitCode, stderr } = await runCli(["judge", "plan"], { cwd: empty.path, env: env() });
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining("No traces are stored in")]);
    } finally {
      empty.remove();
    }
  });
});

describe("judge plan on files", () => {
  it("takes OTLP files in place of a store, and works out their sampling from the configuration", async () => {
    const path = join(folder.path, "traces.pb");
    writeFileSync(path, run({ traceId: idOf(900) }));
    writeFileSync(join(folder.path, "failed.pb"), run({ traceId: idOf(901), toolError: "no such order" }));

    const ordinary = await planned(path);
    expect(ordinary).toMatchObject({ looked: 1, days: null, tracesPerDay: null, dayUsd: null });
    expect(ordinary.judgedShare).toBeCloseTo(0.1);
    expect((await planned(path, "failed.pb")).judgedShare).toBeCloseTo(0.55);
    expect(scorerOf(ordinary, "good")).toMatchObject({
      output: { tokens: 300, answers: 0 },
      correction: null,
    });
    expect(server.requests()).toHaveLength(0);
  });

  it("names the file that cannot be read", async () => {
    const { exitCode, stderr } = await plan("absent.pb");
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain("absent.pb");
  });
});

/** A hundred traces of an hour ago, 40 of them seen by judges; all of these have an answer to `good`, and every fourth is about shoes. */
async function fillStore(): Promise<void> {
  mkdirSync(join(folder.path, ".tracegate"));
  const database = openDatabase(join(folder.path, ".tracegate"));
  const store = new SqliteStore(database);
  const judge = openai({ model: "gpt-4o", env: env() });
  const good = defineJudge("good", { question: "Good?", labels: { yes: 1, no: 0 } });
  const instrument = good.instrument?.(judge) ?? null;
  for (let number = 1; number <= 100; number++) {
    const sampled = number <= 40;
    const sampling: SamplingDecision = { sampled, probability: 0.4, reason: sampled ? "rate" : "left-out" };
    const { summary, rootAttributes } = storedTrace(number);
    const question = number % 4 === 0 ? "Where are my shoes?" : "Where is my hat?";
    const metadata = { instrument, usage: { inputTokens: 2_000, outputTokens: 40 } };
    const traceId = idOf(number);
    await store.saveScored({
      summary: { ...summary, traceId, startTime: Date.now() - 3_600_000, sampling },
      scores: sampled ? [scoreOf("good", { kind: "judge", metadata })] : [],
      rootAttributes,
      payload: zstdCompressSync(run({ traceId, question })),
      sinks: [],
    });
  }
  for (const [key, outputTokens] of [40, 50, 60].entries()) {
    const claim = { now: Date.now(), scorer: "good", subject: null, holder: "test", leaseMs: 1_000 };
    await store.beginAnswer(String(key), claim);
    const usage = { inputTokens: 2_000, outputTokens };
    const answer = { label: "yes", rationale: "", evidence: [], model: "gpt-4o", usage };
    await store.settle(String(key), answer, { holder: "test", at: Date.now() });
  }
  await store.close();
  database.close();
}
