import { OpenAI } from "openai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Fault } from "../../src/llmwire/fault.ts";
import type { ModelReply } from "../../src/llmwire/model-request.ts";
import { type ModelServer, startModelServer } from "../../src/llmwire/model-server.ts";

let server: ModelServer;
let reply: ModelReply | Fault;
beforeEach(async () => {
  server = await startModelServer({ reply: () => reply });
});
afterEach(() => server.close());

const decide = () => {
  const client = new OpenAI({ baseURL: server.openaiBaseUrl, apiKey: "none", maxRetries: 0 });
  const choices = [{ value: "yes" }, { value: "no" }];
  const asked = { type: "choice", name: "label", instructions: "Was it done?", choices } as const;
  return client.decisions
    .create({
      model: "gpt-6-luna",
      input: [
        { role: "developer", content: "Rules." },
        { role: "user", content: "Record." },
      ],
      questions: [asked, { ...asked, name: "again" }],
    })
    .withResponse();
};

describe("OpenAI Decisions", () => {
  it("carries the input and the choices in, and an answer per question, probabilities and usage out", async () => {
    const usage = { inputTokens: 100, outputTokens: 2, cacheReadTokens: 30 };
    const headers = { "x-ratelimit-remaining-requests": "7" };
    reply = { text: "no", probabilities: { yes: 0.2, no: 0.8 }, usage, headers };
    const { data, response } = await decide();

    expect(server.requests()[0]).toMatchObject({
      provider: "openai",
      format: "openai-decisions",
      model: "gpt-6-luna",
      messages: [
        { role: "system", parts: [{ type: "text", content: "Rules." }] },
        { role: "user", parts: [{ type: "text", content: "Record." }] },
      ],
      responseSchema: { properties: { label: { enum: ["yes", "no"] } } },
    });
    const answer = { type: "choice", choice: "no", confidence: 0.8 };
    expect(data.answers).toMatchObject([
      { ...answer, name: "label" },
      { ...answer, name: "again" },
    ]);
    expect(data.answers[0]).toMatchObject({
      probabilities: [
        { value: "yes", probability: 0.2 },
        { value: "no", probability: 0.8 },
      ],
    });
    expect(data.usage).toMatchObject({ input_tokens: 100, input_tokens_details: { cached_tokens: 30 } });
    expect(response.headers.get("x-ratelimit-remaining-requests")).toBe("7");
  });

  it("takes the label of a reply that is written as JSON, so that one reply serves every format", async () => {
    reply = { text: JSON.stringify({ rationale: "r", label: "yes" }) };

    expect((await decide()).data.answers[0]).toMatchObject({ choice: "yes", confidence: 1 });
  });

  it("declines every question of a refused request", async () => {
    reply = { refusal: "No." };

    expect((await decide()).data.answers).toEqual([
      { type: "refusal", name: "label" },
      { type: "refusal", name: "again" },
    ]);
  });

  it("closes the connection before any answer when it is told to reset", async () => {
    reply = { fault: "reset" };

    await expect(decide()).rejects.toBeInstanceOf(OpenAI.APIConnectionError);
    expect(server.requests()).toHaveLength(1);
  });
});
