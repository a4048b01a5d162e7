import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { labelProbabilities, type TokenChoice } from "../../src/judges/label-probabilities.ts";
import { openai } from "../../src/judges/openai.ts";
import type { ModelReply } from "../../src/llmwire/model-request.ts";
import { type ModelServer, startModelServer } from "../../src/llmwire/model-server.ts";

const labels = ["yes", "no", "cannot_judge"];

/** A token that stood there, and its rivals by their probability. */
const token = (text: string, rivals: { readonly [token: string]: number } = {}): TokenChoice => ({
  token: text,
  logprob: Math.log(rivals[text] ?? 1),
  top_logprobs: Object.entries(rivals).map(([rival, p]) => ({ token: rival, logprob: Math.log(p) })),
});

describe("labelProbabilities", () => {
  it("reads them where the label begins, whole labels and their first pieces", () => {
    const place = token("yes", { yes: 0.7, no: 0.1, cannot: 0.1, ye: 0.06, maybe: 0.04 });
    const told = labelProbabilities([token('{"label":'), token(' "'), place, token('"}')], labels);

    expect(told?.yes).toBeCloseTo(0.76 / 0.96, 10);
    expect(told?.no).toBeCloseTo(0.1 / 0.96, 10);
    expect(told?.cannot_judge).toBeCloseTo(0.1 / 0.96, 10);
  });

  it("reads them where a token has the quotes, too", () => {
    const place = token('"no"}', { '"no"}': 0.5, '"yes': 0.25, '"no': 0.25, yes: 0.1 });

    expect(labelProbabilities([token('{"label": '), place], labels)).toEqual({
      yes: expect.closeTo(0.25, 10),
      no: expect.closeTo(0.75, 10),
      cannot_judge: 0,
    });
  });

  it("takes the last label, because a reason may quote one", () => {
    const quoted = token('{"rationale":"he wrote \\"label\\": \\"yes\\"","label":"');

    expect(labelProbabilities([quoted, token("no", { no: 1 })], labels)?.no).toBe(1);
  });

  it.each([
    ["no tokens", undefined],
    ["no label in them", [token("yes")]],
    ["nothing after the label's quote", [token('{"label":"')]],
    ["a token that begins two labels", [token('{"label":"'), token("n", { n: 0.9, yes: 0.1 })]],
    ["nothing of a label", [token('{"label":"'), token("perhaps")]],
  ])("says nothing for %s", (_what, tokens) => {
    expect(labelProbabilities(tokens, ["yes", "no", "not_sure"])).toBeUndefined();
  });
});

describe("a judge that is asked for probabilities", () => {
  let server: ModelServer;
  let reply: ModelReply;
  beforeEach(async () => {
    const text = JSON.stringify({ rationale: "r", evidence: [], label: "yes" });
    reply = { text, probabilities: { yes: 0.75, no: 0.25 } };
    server = await startModelServer({ reply: () => reply });
  });
  afterEach(() => server.close());

  it.each(["responses", "chat"] as const)("tells them with %s, and asks for them only then", async (api) => {
    const settings = { model: "m", env: { OPENAI_API_KEY: "k" }, baseURL: server.openaiBaseUrl, api };
    const question = { scorer: "s", version: "1", instructions: "i", content: "c", labels };
    const { signal } = new AbortController();
    const asking = openai({ ...settings, effort: "none", probabilities: true });
    const plain = openai(settings);
    const sure = await asking.ask(question, signal);
    const silent = await plain.ask(question, signal);

    expect(sure).toMatchObject({
      label: "yes",
      probabilities: { yes: expect.closeTo(0.75, 10), no: expect.closeTo(0.25, 10), cannot_judge: 0 },
    });
    expect(silent).not.toHaveProperty("probabilities");
    expect(server.requests().map(({ body }) => body.top_logprobs)).toEqual([20, undefined]);
    expect(asking.identity).not.toBe(plain.identity);
  });
});
