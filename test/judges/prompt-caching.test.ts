import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { isObject, type JsonObject, type JsonValue } from "../../src/core/json.ts";
import type { Question } from "../../src/core/judge.ts";
import { anthropic } from "../../src/judges/anthropic.ts";
import { defineJudge } from "../../src/judges/define-judge.ts";
import { openai } from "../../src/judges/openai.ts";
import { type ModelServer, startModelServer } from "../../src/llmwire/model-server.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";

const record = `<<trace 1>>\n${"record ".repeat(1_000)}\n<<end of trace 1>>`;
const question: Question = {
  scorer: "s",
  version: "1",
  instructions: "Rules and rubric.",
  content: `${record}\n\nWas it done?`,
  labels: ["yes", "no"],
};
const shared = { ...question, sharedLength: record.length };
const { signal } = new AbortController();

let server: ModelServer;
beforeEach(async () => {
  const text = JSON.stringify({ rationale: "r", evidence: [], label: "yes" });
  server = await startModelServer({ reply: () => ({ text }) });
});
afterEach(() => server.close());

const env = { OPENAI_API_KEY: "k", ANTHROPIC_API_KEY: "k" };
const bodyOf = async (model: string, asked: Question) => {
  const judge = model.startsWith("claude")
    ? anthropic({ model, env, baseURL: server.anthropicBaseUrl })
    : openai({ model, env, baseURL: server.openaiBaseUrl, api: "responses" });
  // Two at once, so that there is something to share.
  const answers = await Promise.all([judge.ask(asked, signal), judge.ask(asked, signal)]);
  expect(answers).toMatchObject([{ label: "yes" }, { label: "yes" }]);
  return server.requests().at(-1)?.body;
};

describe("what a provider is told to keep of a prompt", () => {
  it("is, with Anthropic, the instructions, and the record where other questions share it", async () => {
    const kept = { cache_control: { type: "ephemeral" } };
    const system = [{ type: "text", text: "Rules and rubric.", ...kept }];

    expect(await bodyOf("claude-haiku-4-5", question)).toMatchObject({
      system,
      messages: [{ role: "user", content: [{ type: "text", text: question.content }] }],
    });
    const both = await bodyOf("claude-haiku-4-5", shared);
    expect(both?.system).toEqual(system);
    expect(both?.messages).toEqual([
      {
        role: "user",
        content: [
          { type: "text", text: record, ...kept },
          { type: "text", text: "\n\nWas it done?" },
        ],
      },
    ]);
  });

  it("is the same with OpenAI's models that are told, and nothing that no other call reads", async () => {
    const kept = { prompt_cache_breakpoint: { mode: "explicit" } };
    const body = await bodyOf("gpt-6-luna", shared);

    expect(body?.prompt_cache_options).toEqual({ mode: "explicit" });
    expect(body?.input).toEqual([
      { role: "system", content: [{ type: "input_text", text: "Rules and rubric.", ...kept }] },
      {
        role: "user",
        content: [
          { type: "input_text", text: record, ...kept },
          { type: "input_text", text: "\n\nWas it done?" },
        ],
      },
    ]);
  });

  it.each(["gpt-4o-mini", "gpt-5", "gpt-5.5-pro", "o4-mini"])(
    "is left to %s, which knows no marks",
    async (model) => {
      const text = JSON.stringify(await bodyOf(model, shared));

      expect(text).not.toContain("prompt_cache_breakpoint");
      expect(text).not.toContain("prompt_cache_options");
      expect(text).toContain("prompt_cache_key");
    },
  );

  it.each(["gpt-5.6-luna", "gpt-5.10", "gpt-6", "gpt-10.2"])("is told to %s", async (model) => {
    expect(JSON.stringify(await bodyOf(model, question))).toContain("prompt_cache_breakpoint");
  });

  it("goes under a key that equal beginnings have in common", async () => {
    const key = async (asked: Question) => (await bodyOf("gpt-6-luna", asked))?.prompt_cache_key;
    const other = { ...question, content: `${record}\n\nWas it polite?` };

    expect(await key(other)).toBe(await key(question));
    expect(await key({ ...other, sharedLength: record.length })).toBe(await key(shared));
    expect(await key({ ...question, instructions: "Others." })).not.toBe(await key(question));
  });
});

it("shares the record of a trace between two judges that are shown the same of it", async () => {
  const judge = anthropic({ model: "claude-haiku-4-5", env, baseURL: server.anthropicBaseUrl });
  const trace = makeTrace({ input: "A long story, please.", output: "Once upon a time. ".repeat(1_000) });
  const scorers = ["Was it done?", "Was it polite?"].map((asked, index) =>
    defineJudge(`criterion-${index}`, { question: asked, labels: { yes: 1, no: 0 }, judge }),
  );
  const scores = await Promise.all(scorers.map((scorer) => scorer.score({ trace }, { signal })));

  expect(scores.map(({ label }) => label)).toEqual(["yes", "yes"]);
  const [first, second] = server.requests().map(({ body }) => partsOf(body));
  expect(first?.[0]).toMatchObject({ cache_control: { type: "ephemeral" } });
  expect(second?.[0]).toEqual(first?.[0]);
  expect(second?.[1]).not.toEqual(first?.[1]);
});

function partsOf(body: JsonObject): readonly JsonValue[] {
  const [turn] = Array.isArray(body.messages) ? body.messages : [];
  return isObject(turn) && Array.isArray(turn.content) ? turn.content : [];
}
