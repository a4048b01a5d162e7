import { afterEach, beforeEach, expect, it } from "vitest";

import { systemClock } from "../../src/core/clock.ts";
import type { Question } from "../../src/core/judge.ts";
import { anthropic } from "../../src/judges/anthropic.ts";
import { askThrough } from "../../src/judges/ask-through.ts";
import { openai } from "../../src/judges/openai.ts";
import type { Fault } from "../../src/llmwire/fault.ts";
import type { ModelReply, ModelRequest } from "../../src/llmwire/model-request.ts";
import { type ModelServer, startModelServer } from "../../src/llmwire/model-server.ts";
import { rememberAnswers } from "../../src/pipeline/remember-answers.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteStore } from "../../src/store/sqlite-store.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

const answer = JSON.stringify({ rationale: "r", evidence: [], label: "yes" });
const question: Question = {
  scorer: "s",
  version: "1",
  instructions: "i",
  content: "c",
  labels: ["yes", "no"],
};
const { signal } = new AbortController();

let server: ModelServer;
let reply: (request: ModelRequest) => ModelReply | Fault;
let store: SqliteStore;
let folder: ReturnType<typeof temporaryFolder>;

beforeEach(async () => {
  server = await startModelServer({ reply: (request) => reply(request) });
  folder = temporaryFolder();
  store = new SqliteStore(openDatabase(folder.path));
});
afterEach(async () => {
  await store.close();
  await server.close();
  folder.remove();
});

/** One job: each asks through the store that all share. */
const job = () => {
  const env = { OPENAI_API_KEY: "k", ANTHROPIC_API_KEY: "k" };
  const fallback = anthropic({ model: "claude-haiku-4-5", env, baseURL: server.anthropicBaseUrl });
  const judge = openai({ model: "gpt-4o-mini", env, baseURL: server.openaiBaseUrl, fallback });
  return askThrough(rememberAnswers(judge, store, systemClock), question, signal);
};
const asked = () => server.requests().map(({ provider, maxTokens }) => `${provider} ${maxTokens}`);

it("pays for a cut answer once: the second try that met a rate limit is where the next job begins", async () => {
  let isLimited = true;
  reply = ({ maxTokens }) => {
    if (maxTokens === 8_000) return { text: "{", finishReason: "length" };
    return isLimited ? { fault: "status", status: 429, headers: { "retry-after": "9" } } : { text: answer };
  };

  expect(await job()).toMatchObject({ unscored: { code: "rate-limited", retryAt: expect.any(Number) } });
  isLimited = false;
  const second = await job();
  const third = await job();

  expect(second).toMatchObject({ label: "yes", calls: 2 });
  expect(second).not.toHaveProperty("remembered");
  expect(third).toMatchObject({ label: "yes", calls: 2, remembered: true });
  expect(third.cost).toBeGreaterThan(second.cost ?? 0);
  expect(asked()).toEqual(["openai 8000", "openai 16000", "openai 16000"]);
});

it("pays for a refusal and for the answer of the other family once", async () => {
  const limits = { "anthropic-ratelimit-requests-remaining": "9" };
  reply = ({ provider }) => (provider === "openai" ? { refusal: "No." } : { text: answer, headers: limits });

  const first = await job();
  const second = await job();

  expect(first).toMatchObject({ label: "yes", provider: "anthropic", model: "claude-haiku-4-5", calls: 2 });
  expect(first.limits).toEqual({ requests: { remaining: 9 } });
  expect(second).toMatchObject({ label: "yes", provider: "anthropic", remembered: true, cost: first.cost });
  expect(second).not.toHaveProperty("limits");
  expect(asked()).toEqual(["openai 8000", "anthropic 8000"]);
});
