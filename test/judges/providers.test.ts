import { expect, it } from "vitest";

import { anthropic } from "../../src/judges/anthropic.ts";
import { judgeProviders } from "../../src/judges/index.ts";
import { openai } from "../../src/judges/openai.ts";
import { judgeContract } from "../contracts/judge.ts";

const openaiLimits = () => ({
  "x-ratelimit-limit-requests": "500",
  "x-ratelimit-remaining-requests": "499",
  "x-ratelimit-reset-requests": "1m0s",
});

judgeContract({
  name: "OpenAI by Responses",
  limitHeaders: openaiLimits,
  apiKeyEnv: "OPENAI_API_KEY",
  model: "gpt-4o-mini",
  // 600 x 0.15 + 400 x 0.075 + 100 x 0.6 USD per million
  cost: 180 / 1_000_000,
  make: (server, settings) => openai({ ...settings, baseURL: server.openaiBaseUrl, api: "responses" }),
});

judgeContract({
  name: "OpenAI by Chat Completions",
  limitHeaders: openaiLimits,
  apiKeyEnv: "OPENAI_API_KEY",
  model: "gpt-4o-mini",
  cost: 180 / 1_000_000,
  make: (server, settings) => openai({ ...settings, baseURL: server.openaiBaseUrl }),
});

judgeContract({
  name: "OpenAI by Decisions",
  limitHeaders: openaiLimits,
  writes: false,
  apiKeyEnv: "OPENAI_API_KEY",
  model: "gpt-6-luna",
  // 1,000 x 0.1 USD per million, cached or not; nothing for the output
  cost: 100 / 1_000_000,
  make: (server, settings) => openai({ ...settings, baseURL: server.openaiBaseUrl, api: "decisions" }),
});

judgeContract({
  name: "Anthropic",
  limitHeaders: (now) => ({
    "anthropic-ratelimit-requests-limit": "500",
    "anthropic-ratelimit-requests-remaining": "499",
    "anthropic-ratelimit-requests-reset": new Date(now + 60_000).toISOString(),
  }),
  apiKeyEnv: "ANTHROPIC_API_KEY",
  model: "claude-haiku-4-5",
  // 600 x 1 + 400 x 0.1 + 100 x 5 USD per million
  cost: 1_140 / 1_000_000,
  make: (server, settings) => anthropic({ ...settings, baseURL: server.anthropicBaseUrl }),
});

it("has a contract run for every provider in the index", () => {
  expect(Object.keys(judgeProviders).sort()).toEqual(["anthropic", "openai"]);
});
