import OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Question } from "../../src/core/judge.ts";
import { anthropic } from "../../src/judges/anthropic.ts";
import { openai } from "../../src/judges/openai.ts";
import type { ModelBatchOptions } from "../../src/llmwire/batch-book.ts";
import { type ModelServer, startModelServer } from "../../src/llmwire/model-server.ts";
import type { JudgeSettings } from "../contracts/judge.ts";
import { judgeBatchFaultsContract } from "../contracts/judge-batch-faults.ts";
import { type JudgeBatchesSubject, judgeBatchesContract } from "../contracts/judge-batches.ts";

const subjects: readonly JudgeBatchesSubject[] = [
  ...(["responses", "chat"] as const).map((api) => ({
    name: `OpenAI, made of ${api}`,
    apiKeyEnv: "OPENAI_API_KEY",
    model: "gpt-6-luna",
    hasIds: true,
    takesBytes: 200_000_000,
    make: (server: ModelServer, settings: JudgeSettings) =>
      openai({ ...settings, baseURL: server.openaiBaseUrl, api }),
  })),
  {
    name: "Anthropic",
    apiKeyEnv: "ANTHROPIC_API_KEY",
    model: "claude-haiku-4-5",
    hasIds: false,
    takesBytes: 256_000_000,
    make: (server, settings) => anthropic({ ...settings, baseURL: server.anthropicBaseUrl }),
  },
];
for (const subject of subjects) {
  judgeBatchesContract(subject);
  judgeBatchFaultsContract(subject);
}

it("are not offered where the provider has none", () => {
  expect(openai({ model: "gpt-6-luna", api: "decisions" })).not.toHaveProperty("batches");
});

describe("in a batch", () => {
  const record = `<<trace 1>>\n${"record ".repeat(1_000)}\n<<end of trace 1>>`;
  const { signal } = new AbortController();
  const env = { OPENAI_API_KEY: "key-1", ANTHROPIC_API_KEY: "key-1" };
  const text = JSON.stringify({ rationale: "r", evidence: [], label: "yes" });
  let server: ModelServer;
  let options: ModelBatchOptions;
  let cacheWriteTokens = 0;

  beforeEach(async () => {
    options = {};
    cacheWriteTokens = 0;
    server = await startModelServer({
      reply: () => ({ text, usage: { inputTokens: 10_000, outputTokens: 100, cacheWriteTokens } }),
      batches: { looked: (batch) => options.looked?.(batch) ?? "ended" },
    });
  });
  afterEach(() => server.close());

  const question = (asked: string, change: Partial<Question> = {}): Question => ({
    scorer: "s",
    version: "1",
    instructions: "Rules and rubric.",
    content: `${record}\n\n${asked}`,
    sharedLength: record.length,
    labels: ["yes", "no"],
    ...change,
  });
  const run = async (provider: "openai" | "anthropic", asked: readonly Question[]) => {
    const judge =
      provider === "openai"
        ? openai({ model: "gpt-6-luna", env, baseURL: server.openaiBaseUrl, api: "responses" })
        : anthropic({ model: "claude-haiku-4-5", env, baseURL: server.anthropicBaseUrl });
    const keyed = asked.map((one, index) => ({ key: String(index), question: one }));
    const sent = await judge.batches?.submit("b", keyed, signal);
    if (sent === undefined || !("batchId" in sent)) throw new Error("not sent");
    const questions = new Map(keyed.map((one) => [one.key, one.question]));
    return judge.batches?.look(sent.batchId, async () => questions, signal);
  };

  it.each([
    ["anthropic", /"cache_control":\{"type":"ephemeral","ttl":"1h"\}/g],
    ["openai", /"prompt_cache_breakpoint":\{"mode":"explicit"\}/g],
  ] as const)(
    "%s is told to keep what two questions of it begin with, and nothing else",
    async (provider, mark) => {
      const marks = () => server.requests().map(({ body }) => JSON.stringify(body).match(mark)?.length ?? 0);
      await run(provider, [question("Done?")]);
      expect(marks()).toEqual([0]);

      const other = { content: `another ${record}` };
      await run(provider, [question("Done?"), question("Polite?"), question("Safe?", other)]);
      expect(marks().slice(1).sort()).toEqual([1, 2, 2]);

      await run(provider, [question("Done?"), question("Safe?", { labels: ["yes", "perhaps"] })]);
      expect(marks().slice(4)).toEqual([0, 0]);
    },
  );

  it("Anthropic's price of keeping for an hour is told: twice that of reading, not one and a quarter", async () => {
    cacheWriteTokens = 8_000;
    const progress = await run("anthropic", [question("Done?"), question("Polite?")]);

    // (2,000 + 2 x 8,000) x 1 + 100 x 5 USD per million, half of it.
    const cost = expect.closeTo((18_000 + 500) / 2_000_000, 12);
    const usage = { inputTokens: 10_000, outputTokens: 100, cacheWriteTokens: 8_000 };
    expect(progress).toMatchObject({
      state: "ended",
      results: [{ result: { cost, usage } }, { result: { cost } }],
    });
  });

  it("OpenAI deletes questions and answers after a week", async () => {
    await run("openai", [question("Done?")]);

    const body = server.batches()[0]?.body;
    expect(body?.output_expires_after).toEqual({ anchor: "created_at", seconds: 604_800 });
    const client = new OpenAI({ baseURL: server.openaiBaseUrl, apiKey: "k" });
    const { created_at, expires_at } = await client.files.retrieve(String(body?.input_file_id));
    expect(expires_at).toBe(created_at + 604_800);
  });

  it.each([
    ["token_limit_exceeded", "rate-limited"],
    ["model_not_found", "unknown-model"],
    ["invalid_json_line", "bad-request"],
  ])("OpenAI's validation failed with %s is a refusal of the whole batch: %s", async (code, unscored) => {
    options = { looked: () => ({ code, message: "It is like this." }) };
    const progress = await run("openai", [question("Done?"), question("Polite?")]);

    const refusal = { unscored: { code: unscored }, reason: expect.stringContaining("It is like this.") };
    expect(progress).toEqual({ state: "refused", refusal: expect.objectContaining(refusal) });
    expect(server.requests()).toEqual([]);
  });
});
