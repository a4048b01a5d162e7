import { afterEach, describe, expect, it } from "vitest";

import { isAnswer } from "../../src/core/judge.ts";
import { priceOf } from "../../src/core/prices.ts";
import { DEFAULT_MODELS, judgeFromEnvironment } from "../../src/judges/default-judge.ts";
import { type ModelServer, startModelServer } from "../../src/llmwire/model-server.ts";

let server: ModelServer | undefined;
afterEach(() => server?.close());

const question = {
  scorer: "s",
  version: "1",
  instructions: "i",
  content: "c",
  labels: ["yes", "cannot_judge"],
};

describe("judgeFromEnvironment", () => {
  it("gives none without a key", () => {
    expect(judgeFromEnvironment({})).toBeUndefined();
    expect(judgeFromEnvironment({ OPENAI_API_KEY: "" })).toBeUndefined();
    expect(judgeFromEnvironment({ OPENAI_BASE_URL: "http://127.0.0.1:1/v1" })).toBeUndefined();
  });

  it("takes the provider whose key is there, OpenAI first, with a cheap priced model", () => {
    const openai = judgeFromEnvironment({ OPENAI_API_KEY: "k", ANTHROPIC_API_KEY: "k" });
    const anthropic = judgeFromEnvironment({ ANTHROPIC_API_KEY: "k" });

    expect([openai?.provider, openai?.model]).toEqual(["openai", DEFAULT_MODELS.openai]);
    expect([anthropic?.provider, anthropic?.model]).toEqual(["anthropic", DEFAULT_MODELS.anthropic]);
    for (const model of Object.values(DEFAULT_MODELS)) expect(priceOf(model)?.output).toBeLessThan(1);
  });

  it("takes another model when the environment names one", () => {
    const env = { OPENAI_API_KEY: "k", TRACEGATE_JUDGE_MODEL: "gpt-6-sol" };
    expect(judgeFromEnvironment(env)?.model).toBe("gpt-6-sol");
  });

  it("asks the server of OPENAI_BASE_URL by Chat Completions, with the key it was given", async () => {
    const answer = JSON.stringify({ rationale: "r", evidence: [], label: "yes" });
    server = await startModelServer({ reply: () => ({ text: answer }) });
    const judge = judgeFromEnvironment({ OPENAI_API_KEY: "k", OPENAI_BASE_URL: server.openaiBaseUrl });
    const result = await judge?.ask(question, new AbortController().signal);

    expect(result && isAnswer(result) && result.label).toBe("yes");
    expect(server.requests().map((request) => request.format)).toEqual(["openai-chat"]);
  });

  it("asks the server of ANTHROPIC_BASE_URL", async () => {
    const answer = JSON.stringify({ rationale: "r", evidence: [], label: "yes" });
    server = await startModelServer({ reply: () => ({ text: answer }) });
    const env = { ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: server.anthropicBaseUrl };
    const result = await judgeFromEnvironment(env)?.ask(question, new AbortController().signal);

    expect(result && isAnswer(result) && result.label).toBe("yes");
    expect(server.requests().map((request) => request.format)).toEqual(["anthropic-messages"]);
  });
});
