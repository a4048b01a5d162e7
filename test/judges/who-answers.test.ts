import { describe, expect, it } from "vitest";

import type { NoAnswer } from "../../src/core/judge.ts";
import { anthropic } from "../../src/judges/anthropic.ts";
import { openai } from "../../src/judges/openai.ts";
import { whoAnswers } from "../../src/judges/who-answers.ts";
import { startModelServer } from "../../src/llmwire/model-server.ts";

const question = { scorer: "s", version: "1", instructions: "i", content: "c", labels: ["yes"] };
const env = { OPENAI_API_KEY: "k", ANTHROPIC_API_KEY: "k" };

describe("what another server says is not put in the provider's mouth", () => {
  it.each([
    ["OpenAI's format", "openai"],
    ["Anthropic's format", "anthropic"],
  ] as const)("by a server that speaks %s", async (_, format) => {
    const error = { error: { type: "not_found_error", code: "model_not_found", message: "No such model." } };
    const server = await startModelServer({
      reply: () => ({ fault: "status", status: 404, body: JSON.stringify(error) }),
    });
    const judge =
      format === "openai"
        ? openai({ model: "m", env, baseURL: server.openaiBaseUrl })
        : anthropic({ model: "m", env, baseURL: server.anthropicBaseUrl });
    try {
      const { host } = new URL(server.openaiBaseUrl);
      const answer = await judge.ask(question, new AbortController().signal);
      const { reason } = answer as NoAnswer;
      expect(reason.startsWith(`${host} said 404: `)).toBe(true);
      expect(reason).toContain("Check the model's name and the base URL of the judge.");
      expect(reason).not.toMatch(/OpenAI|Anthropic/);
    } finally {
      await server.close();
    }
  });

  it("nor where nobody is there, or no key is set", async () => {
    const baseURL = "http://127.0.0.1:1/v1";
    const { signal } = new AbortController();
    expect(await openai({ model: "m", env, baseURL }).ask(question, signal)).toMatchObject({
      reason: expect.stringMatching(/^127\.0\.0\.1:1 could not be reached: /),
    });
    expect(await openai({ model: "m", env: {}, baseURL }).ask(question, signal)).toMatchObject({
      reason:
        "No key for 127.0.0.1:1: set the environment variable OPENAI_API_KEY. If 127.0.0.1:1 asks for none, any text will do.",
    });
  });
});

describe("whoAnswers", () => {
  it.each([
    [undefined, "OpenAI", false],
    ["https://api.openai.com/v1", "OpenAI", false],
    ["https://eu.api.openai.com/v1", "OpenAI", false],
    ["https://notopenai.com/v1", "notopenai.com", true],
    ["https://user:secret@gateway.example:8443/openai.com/v1", "gateway.example:8443", true],
    ["no address", "OpenAI", false],
  ])("calls %s %s", (baseURL, title, isOtherServer) => {
    expect(whoAnswers("OpenAI", "openai.com", baseURL)).toEqual({ title, isOtherServer });
  });
});
