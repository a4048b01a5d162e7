import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { TracegateError } from "../../src/core/errors.ts";
import { type Answer, isAnswer, type Judge, type NoAnswer, type Question } from "../../src/core/judge.ts";
import { ledgerStateOf } from "../../src/core/ledger-state.ts";
import { type Budget, budgetJudge } from "../../src/pipeline/budget-judge.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteStore } from "../../src/store/sqlite-store.ts";
import type { StateDatabase } from "../../src/store/state-database.ts";
import { type ScriptedReply, scriptedJudge } from "../../src/testing/scripted-judge.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

const NOON = Date.parse("2026-11-20T12:00:00Z");
const NEVER = new AbortController().signal;
// gpt-4o: 2.5 and 10 USD per million, so this is 0.01 USD and 3,100 tokens.
const USAGE = { inputTokens: 2_800, outputTokens: 300 };
const YES = { label: "yes", usage: USAGE, cost: 0.01 };
const ANY: Budget = { all: {}, perScorer: {}, perTenant: {}, ordinaryShare: 0.8, carryOver: false };

let folder: ReturnType<typeof temporaryFolder>;
let database: StateDatabase;
let store: SqliteStore;
let now: number;
beforeEach(() => {
  now = NOON;
  folder = temporaryFolder();
  database = openDatabase(folder.path);
  store = new SqliteStore(database);
});
afterEach(() => {
  database.close();
  folder.remove();
});

const questionOf = (more: Partial<Question> = {}): Question => ({
  scorer: "resolved",
  version: "1",
  instructions: "i".repeat(5_600),
  content: "c".repeat(5_600),
  labels: ["yes", "no"],
  ...more,
});
const urgent = { billing: { isUrgent: true } };
function judgeOf(
  budget: Partial<Budget>,
  replies: readonly ScriptedReply[] | (() => ScriptedReply) = () => YES,
  more: Partial<Judge> = {},
) {
  const scripted = { ...scriptedJudge(replies), model: "gpt-4o", ...more };
  const options = { budget: { ...ANY, ...budget }, store, clock: { now: () => now }, random: () => 0.5 };
  const judge = budgetJudge(scripted, options);
  return {
    asked: () => scripted.questions().length,
    ask: (given?: Partial<Question>) => judge.ask(questionOf(given), NEVER),
    judge,
  };
}
async function many(count: number, ask: () => Promise<Answer | NoAnswer>) {
  const results: (Answer | NoAnswer)[] = [];
  for (let number = 0; number < count; number += 1) results.push(await ask());
  return results.filter(isAnswer).length;
}

describe("a judge within a budget", () => {
  it("leaves a share of the day's budget to what is urgent, and asks nothing when it is spent", async () => {
    const { ask, asked } = judgeOf({ all: { usd: 0.2005 } });
    expect(await many(20, ask)).toBe(16);
    const late = await ask();
    expect(late).toMatchObject({ unscored: { code: "over-budget" }, calls: 0 });
    expect(late).toMatchObject({
      reason:
        "Today's budget of all judges has too little left: 0.16 USD spent of the 0.16 USD that ordinary traces may use.",
    });
    expect(await many(8, () => ask(urgent))).toBe(4);
    expect(asked()).toBe(20);
    expect(await ask(urgent)).toMatchObject({
      reason: expect.stringMatching(/ 0\.20 USD spent of the 0\.20 USD\.$/),
    });
  });

  it("counts what calls have cost, not what was guessed", async () => {
    const cheap = { label: "yes", usage: { inputTokens: 2_800, outputTokens: 0 }, cost: 0.001 };
    const { ask } = judgeOf({ all: { usd: 0.1 }, ordinaryShare: 1 }, () => cheap);
    expect(await many(60, ask)).toBe(60);
  });

  it("gives back what a call took that cost nothing, and keeps it where nobody knows", async () => {
    const limited: NoAnswer = { unscored: { code: "rate-limited", retryAt: 9 }, reason: "429", calls: 0 };
    const { ask } = judgeOf({ all: { usd: 0.0105 }, ordinaryShare: 1 }, [limited, limited, YES]);
    expect(await many(3, ask)).toBe(1);
    const late: NoAnswer = { unscored: { code: "timed-out", retryAt: 9 }, reason: "No answer within 90 s." };
    now += 86_400_000;
    const broken = judgeOf({ all: { usd: 0.0105 }, ordinaryShare: 1 }, [late, YES]);
    expect(await broken.ask()).toEqual(late);
    expect(await broken.ask()).toMatchObject({
      unscored: { code: "over-budget" },
      reason:
        "Today's budget of all judges has too little left: 0.00 USD spent and 0.01 USD reserved for calls of unknown cost, under way or broken off, of the 0.01 USD that ordinary traces may use.",
    });
  });

  it("is over two workers one budget", async () => {
    const [one, two] = [
      judgeOf({ all: { usd: 0.1005 }, ordinaryShare: 1 }),
      judgeOf({ all: { usd: 0.1005 }, ordinaryShare: 1 }),
    ];
    const results = await Promise.all(
      Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? one : two).ask()),
    );
    expect(results.filter(isAnswer)).toHaveLength(10);
  });

  it("begins anew at midnight UTC, and brings back then what fell off if it is to", async () => {
    const { ask } = judgeOf({ all: { usd: 0.0105 }, ordinaryShare: 1, carryOver: true });
    await ask();
    const late = await ask();
    const retryAt = Date.parse("2026-11-21T00:05:00Z");
    expect(late).toMatchObject({ unscored: { code: "over-budget", retryAt } });
    if (!isAnswer(late)) expect(ledgerStateOf(late.unscored)).toBe("waiting");
    expect(ledgerStateOf({ code: "over-budget" })).toBe("over-budget");
    now = retryAt;
    expect(isAnswer(await ask())).toBe(true);
  });

  it("has a budget of its own for a scorer, and for every tenant", async () => {
    const { ask } = judgeOf({
      perScorer: { tone: { tokens: 3_200 } },
      perTenant: { usd: 0.0205 },
      ordinaryShare: 1,
    });
    expect(isAnswer(await ask({ scorer: "tone" }))).toBe(true);
    expect(await ask({ scorer: "tone" })).toMatchObject({
      reason: expect.stringContaining('of "tone" has too little left: '),
    });
    expect(await many(3, () => ask({ scorer: "constructor" }))).toBe(3);
    const of = (tenant: string) => ask({ billing: { isUrgent: false, tenant } });
    expect(await many(4, () => of("acme"))).toBe(2);
    expect(await of("acme")).toMatchObject({
      reason: expect.stringContaining("of this tenant has too little left: "),
    });
    expect(isAnswer(await of("other"))).toBe(true);
  });

  it("counts a model without a price in tokens, and refuses it where only USD count", async () => {
    const usage = { label: "yes", usage: USAGE };
    const inUsd = judgeOf({ all: { usd: 1 } }, () => usage, { model: "our-own" });
    expect(await inUsd.ask(urgent)).toMatchObject({
      unscored: { code: "over-budget" },
      reason: "our-own has no price, so the USD of all judges cannot be counted; set tokensPerDay there.",
    });
    expect(inUsd.asked()).toBe(0);
    const inTokens = judgeOf({ all: { usd: 1, tokens: 6_300 }, ordinaryShare: 1 }, () => usage, {
      model: "our-own",
    });
    expect(await many(4, inTokens.ask)).toBe(2);
  });

  it("treats the second step of a cascade as urgent, for the first was not sure", async () => {
    const strong = { ...scriptedJudge(() => YES), model: "gpt-4o" };
    const { judge, ask } = judgeOf({ all: { usd: 0.0505 }, ordinaryShare: 0.4 }, () => YES, {
      stronger: { judge: strong, acceptAbove: 0.9 },
    });
    expect(await many(5, ask)).toBe(2);
    expect(await many(5, async () => (await judge.stronger?.judge.ask(questionOf(), NEVER)) ?? never())).toBe(
      3,
    );
  });

  it("asks nothing while the store is away", async () => {
    const away = async (): Promise<never> => {
      throw new TracegateError("unavailable", "PostgreSQL is away.", { retryable: true });
    };
    const scripted = scriptedJudge([YES]);
    const options = {
      budget: ANY,
      store: { reserveSpend: away, settleSpend: away },
      clock: { now: () => now },
    };
    const result = await budgetJudge(scripted, options).ask(questionOf(), NEVER);
    expect(result).toMatchObject({ unscored: { code: "rate-limited", retryAt: NOON + 30_000 }, calls: 0 });
    expect(scripted.questions()).toHaveLength(0);
  });
});

function never(): never {
  throw new Error("There is a second step.");
}
