import { describe, expect, it } from "vitest";

import type { Answer, NoAnswer, Question } from "../../src/core/judge.ts";
import { sharingRecords } from "../../src/judges/share-records.ts";

const record = "record ".repeat(1_000);
const questionOf = (criterion: string, more: Partial<Question> = {}): Question => ({
  scorer: criterion,
  version: "1",
  instructions: "i",
  content: `${record}\n${criterion}?`,
  labels: ["yes", "no"],
  sharedLength: record.length,
  ...more,
});
const { signal } = new AbortController();
const yes: Answer = { label: "yes", rationale: "", evidence: [], model: "m", usage: {} };

/** A judge that answers each question when it is told to, and says what it was asked. */
function heldJudge() {
  const asked: Question[] = [];
  const held: PromiseWithResolvers<Answer | NoAnswer>[] = [];
  const ask = sharingRecords((question) => {
    asked.push(question);
    const answer = Promise.withResolvers<Answer | NoAnswer>();
    held.push(answer);
    return answer.promise;
  });
  return {
    ask: (question: Question, given = signal) => ask(question, given),
    answer: (index: number, result: Answer | NoAnswer = yes) => held[index]?.resolve(result),
    /** Scorers and whether the record was marked. */
    asked: () =>
      asked.map(({ scorer, sharedLength }) => `${scorer} ${sharedLength === undefined ? "plain" : "marked"}`),
  };
}

describe("questions about one record", () => {
  it("follow the first one, and all of them are marked", async () => {
    const judge = heldJudge();
    const all = Promise.all(["a", "b", "c"].map((name) => judge.ask(questionOf(name))));
    await expect.poll(judge.asked).toEqual(["a marked"]);
    judge.answer(0);
    await expect.poll(judge.asked).toEqual(["a marked", "b marked", "c marked"]);
    judge.answer(1);
    judge.answer(2);

    expect(await all).toEqual([yes, yes, yes]);
    const late = judge.ask(questionOf("d"));
    await expect.poll(judge.asked).toHaveLength(4);
    judge.answer(3);
    expect(await late).toBe(yes);
    expect(judge.asked().at(-1)).toBe("d marked");
  });

  it("do not wait for a first one that failed", async () => {
    const judge = heldJudge();
    const limited: NoAnswer = { unscored: { code: "rate-limited", retryAt: 1 }, reason: "later" };
    const all = Promise.all([judge.ask(questionOf("a")), judge.ask(questionOf("b"))]);
    await expect.poll(judge.asked).toEqual(["a marked"]);
    judge.answer(0, limited);
    await expect.poll(judge.asked).toEqual(["a marked", "b marked"]);
    judge.answer(1);

    expect(await all).toEqual([limited, yes]);
  });

  it("end their wait when their signal fires", async () => {
    const judge = heldJudge();
    const controller = new AbortController();
    const first = judge.ask(questionOf("a"));
    void judge.ask(questionOf("b"), controller.signal);
    await expect.poll(judge.asked).toEqual(["a marked"]);
    controller.abort();
    await expect.poll(judge.asked).toEqual(["a marked", "b marked"]);
    judge.answer(0);

    expect(await first).toBe(yes);
  });
});

describe("a question alone", () => {
  it.each([
    ["on its record", [questionOf("a")]],
    ["with its labels", [questionOf("a"), questionOf("b", { labels: ["pass", "fail"] })]],
    ["with its instructions", [questionOf("a"), questionOf("b", { instructions: "others" })]],
    [
      "on a record too short to keep",
      [questionOf("a", { sharedLength: 9 }), questionOf("b", { sharedLength: 9 })],
    ],
    ["without anything shared", [questionOf("a", { sharedLength: 0 }), questionOf("b", { sharedLength: 0 })]],
  ])("%s is asked without a mark, and waits for nobody", async (_why, questions) => {
    const judge = heldJudge();
    const all = Promise.all(questions.map((question) => judge.ask(question)));
    await expect.poll(judge.asked).toHaveLength(questions.length);
    for (const index of questions.keys()) judge.answer(index);
    await all;

    expect(judge.asked().every((one) => one.endsWith("plain"))).toBe(true);
  });

  it("that comes when the one before is done begins anew, because nothing was kept", async () => {
    const judge = heldJudge();
    for (const [index, name] of ["a", "b"].entries()) {
      const answer = judge.ask(questionOf(name));
      await expect.poll(judge.asked).toHaveLength(index + 1);
      judge.answer(index);
      await answer;
    }

    expect(judge.asked()).toEqual(["a plain", "b plain"]);
  });
});
