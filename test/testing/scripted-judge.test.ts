import { expect, it } from "vitest";

import { scriptedJudge } from "../../src/testing/scripted-judge.ts";

const question = { scorer: "s", version: "1", instructions: "i", content: "c", labels: ["yes", "no"] };
const { signal } = new AbortController();

it("answers from its list in order, remembers the questions, and complains when the list is used up", async () => {
  const judge = scriptedJudge(["yes", { label: "no", rationale: "because" }]);

  expect(await judge.ask(question, signal)).toMatchObject({ label: "yes", evidence: [] });
  expect(await judge.ask(question, signal)).toMatchObject({ label: "no", rationale: "because" });
  await expect(judge.ask(question, signal)).rejects.toThrow("has 2 answer(s) and was asked 3 time(s)");
  expect(judge.questions()).toHaveLength(3);
});

it("answers by a function, also with a reason for no answer", async () => {
  const judge = scriptedJudge(({ labels }) => ({ unscored: { code: "refused" }, reason: labels.join() }));

  expect(await judge.ask(question, signal)).toEqual({ unscored: { code: "refused" }, reason: "yes,no" });
});
