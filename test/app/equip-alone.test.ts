import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { evaluatorOf } from "../../src/app/gate-setup.ts";
import { configSchema } from "../../src/config/schema.ts";
import { defineJudge } from "../../src/judges/define-judge.ts";
import { openai } from "../../src/judges/openai.ts";
import type { Fault } from "../../src/llmwire/fault.ts";
import { type ModelServer, startModelServer } from "../../src/llmwire/model-server.ts";
import { makeTrace } from "../../src/testing/index.ts";

const REFUSED: Fault = { fault: "status", status: 429, headers: { "retry-after-ms": "200" } };
const YES = { text: JSON.stringify({ rationale: "Yes.", evidence: [], label: "yes" }) };
const OPTIONS = { question: "Was it done?", labels: { yes: 1, no: 0 } };

describe("judges of a command that scores by itself, such as the gate", () => {
  let server: ModelServer;
  let refusals: number;
  beforeEach(async () => {
    refusals = 3;
    server = await startModelServer({ reply: () => (refusals-- > 0 ? REFUSED : YES) });
  });
  afterEach(() => server.close());

  const judge = () =>
    openai({ model: "gpt-4o", api: "chat", baseURL: server.openaiBaseUrl, env: { OPENAI_API_KEY: "k" } });
  const scored = async (config: object) => {
    const { evaluate } = evaluatorOf(configSchema.parse(config), {});
    const subjects = Array.from({ length: 8 }, () => ({ trace: makeTrace({ output: "Done." }) }));
    const scores = await Promise.all(subjects.map((one) => evaluate(one, new AbortController().signal)));
    return scores.flat().map(({ value, unscored }) => value ?? unscored?.code);
  };

  it("wait for their turn instead of taking a rate limit for an answer", async () => {
    const scorers = [defineJudge("done", OPTIONS)];
    expect(await scored({ judge: judge(), scorers })).toEqual(Array(8).fill(1));
    expect(server.requests().length).toBeGreaterThan(8);
  });

  it("do so when a scorer brings its own, too, and share their lane", async () => {
    const own = defineJudge("own", { ...OPTIONS, judge: judge() });
    expect(await scored({ judge: judge(), scorers: [defineJudge("done", OPTIONS), own] })).toEqual(
      Array(16).fill(1),
    );
  });
});
