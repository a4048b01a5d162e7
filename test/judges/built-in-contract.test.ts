import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Case } from "../../src/core/case.ts";
import type { Judge } from "../../src/core/judge.ts";
import { textOf } from "../../src/core/message.ts";
import type { Scorer } from "../../src/core/scorer.ts";
import { policyAdherence } from "../../src/judges/built-in/policy-adherence.ts";
import { builtInJudges, defaultJudges, openai } from "../../src/judges/index.ts";
import { type ModelServer, startModelServer } from "../../src/llmwire/model-server.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { scriptedJudge } from "../../src/testing/scripted-judge.ts";
import { scorerContract } from "../contracts/scorer.ts";

const documents = [{ title: "Refund policy", text: "No refund after 30 days." }];
const all: readonly Scorer[] = [
  ...builtInJudges.map((judge) => judge({ budgetTokens: 2_000 })),
  policyAdherence({ documents, budgetTokens: 2_000 }),
];

let server: ModelServer;
let judge: Judge;

beforeAll(async () => {
  server = await startModelServer({
    // Cites the first step of the record, or else nothing that the trace has.
    reply: ({ messages }) => {
      const record = messages.map(textOf).join("\n");
      const cited = /^#\d+ ([0-9a-f]{16}) /mu.exec(record)?.[1] ?? "made-up";
      return { text: JSON.stringify({ rationale: "The first step.", evidence: [cited], label: "no" }) };
    },
  });
  judge = openai({ model: "gpt-4o-mini", env: { OPENAI_API_KEY: "k" }, baseURL: server.openaiBaseUrl });
});

afterAll(() => server.close());

const tried: Case = {
  v: 1,
  id: "case",
  input: { messages: [] },
  expected: { status: "shipped" },
  mustPass: [],
  tags: [],
  source: { kind: "written" },
};

/** A run to which every one of them applies. */
const everything = makeTrace({
  messages: [
    { role: "user", parts: [{ type: "text", content: "Where is A-1?" }] },
    { role: "assistant", parts: [{ type: "text", content: "One moment." }] },
    { role: "user", parts: [{ type: "text", content: "It is urgent." }] },
    { role: "assistant", parts: [{ type: "text", content: "A-1 has shipped." }] },
  ],
  toolCalls: [{ name: "get_order", result: "shipped" }, { name: "get_date" }, { name: "get_time" }],
  toolDefinitions: [{ name: "get_order", description: "Looks an order up.", parameters: { type: "object" } }],
  agentCalls: [
    {
      spanId: "0000000000000002",
      parentSpanId: null,
      name: "researcher",
      given: "Look up A-1.",
      returned: "Shipped.",
      error: null,
    },
  ],
});

describe("the built-in judges", () => {
  for (const scorer of all) {
    scorerContract(scorer, { judge: () => judge, ...(scorer.name === "correctness" && { case: tried }) });
  }

  it.each(all.map((scorer) => [scorer.name, scorer] as const))(
    "%s applies to a run that has everything, answers yes or no, and is unscored without a key",
    async (_name, scorer) => {
      const subject = { trace: everything, case: tried };
      const { signal } = new AbortController();
      const asked = scriptedJudge(["yes"]);
      const score = await scorer.score(subject, { signal, judge: asked });

      expect(score).toMatchObject({ value: 1, label: "yes" });
      expect(asked.questions()[0]?.labels).toEqual(["yes", "no", "cannot_judge"]);
      expect((await scorer.score(subject, { signal })).unscored).toEqual({ code: "no-key" });
    },
  );

  it("share one beginning where they are shown the same, so that a provider reads the record once", async () => {
    const beginnings = new Map<string, string[]>();
    for (const scorer of builtInJudges.map((make) => make())) {
      const asked = scriptedJudge(["yes"]);
      await scorer.score({ trace: everything }, { signal: new AbortController().signal, judge: asked });
      const [question] = asked.questions();
      if (question === undefined) continue;
      const { instructions, content, sharedLength, labels } = question;
      const beginning = JSON.stringify([labels, instructions, content.slice(0, sharedLength)]);
      beginnings.set(beginning, [...(beginnings.get(beginning) ?? []), scorer.name]);
      // What differs comes after it.
      expect(content.slice(sharedLength)).toContain("The question\n");
      expect(content.slice(0, sharedLength)).not.toContain("The question\n");
    }

    expect([...beginnings.values()]).toEqual([
      ["groundedness", "instruction-following", "task-completion", "context-retention", "safety", "tone"],
      ["tool-use", "goal-drift", "hand-off"],
    ]);
  });

  it("are few when nobody chose them, because each is a call per trace", () => {
    expect(defaultJudges.map(({ name }) => name)).toEqual(["groundedness", "instruction-following"]);
  });
});
