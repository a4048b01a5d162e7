import { expect, it } from "vitest";

import { openai } from "../../src/judges/openai.ts";
import { startModelServer } from "../../src/llmwire/model-server.ts";

const question = { scorer: "s", version: "1", instructions: "i", content: "c", labels: ["yes"] };
const ask = async (api: "responses" | "chat", body: object) => {
  const server = await startModelServer({
    reply: () => ({ fault: "status", status: 200, body: JSON.stringify(body) }),
  });
  const judge = openai({ model: "m", env: { OPENAI_API_KEY: "k" }, baseURL: server.openaiBaseUrl, api });
  try {
    return await judge.ask(question, new AbortController().signal);
  } finally {
    await server.close();
  }
};

it("calls a response with status failed provider-down, with the server's sentence", async () => {
  const error = { code: "server_error", message: "The model crashed." };
  const answer = await ask("responses", {
    id: "r",
    model: "m",
    status: "failed",
    output: [],
    error,
    usage: null,
  });

  expect(answer).toMatchObject({
    unscored: { code: "provider-down" },
    reason: expect.stringMatching(/^127\.0\.0\.1:\d+ failed: The model crashed\.$/),
  });
});

it("calls a response cut by the content filter refused", async () => {
  const incomplete_details = { reason: "content_filter" };
  const answer = await ask("responses", {
    id: "r",
    model: "m",
    status: "incomplete",
    output: [],
    incomplete_details,
  });

  expect(answer).toMatchObject({ unscored: { code: "refused" } });
});

it.each([[{}], [{ choices: [] }], [{ model: "m", choices: [{}] }]])(
  "does not fall over a compatible server that answers %j",
  async (body) => {
    const answer = await ask("chat", body);
    expect(answer).toMatchObject({
      unscored: { code: expect.stringMatching(/provider-down|schema-broken/) },
    });
  },
);
