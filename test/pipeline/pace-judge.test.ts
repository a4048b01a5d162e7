import { describe, expect, it } from "vitest";

import { systemClock } from "../../src/core/clock.ts";
import { TracegateError } from "../../src/core/errors.ts";
import { isAnswer, type NoAnswer, type Question } from "../../src/core/judge.ts";
import type { Limiter } from "../../src/core/limiter.ts";
import { paceJudge } from "../../src/pipeline/pace-judge.ts";
import { MemoryLimiter } from "../../src/store/memory-limiter.ts";
import { type ScriptedReply, scriptedJudge } from "../../src/testing/scripted-judge.ts";

const QUESTION: Question = {
  scorer: "resolved",
  version: "1",
  instructions: "i".repeat(200),
  content: "c".repeat(200),
  labels: ["yes", "no"],
};
const NEVER = new AbortController().signal;
const YES = { label: "yes", usage: { inputTokens: 100, outputTokens: 20 } };
const limited = (waitMs: number): NoAnswer => {
  const retryAt = systemClock.now() + waitMs;
  const unscored = { code: "rate-limited", retryAt } as const;
  return { unscored, reason: "OpenAI said 429: Slow down.", limits: { retryAt } };
};

function paced(
  replies: readonly ScriptedReply[] | (() => ScriptedReply),
  {
    limiter = new MemoryLimiter({}, systemClock),
    holdMs = 2_000,
  }: { limiter?: Limiter; holdMs?: number } = {},
) {
  const judge = scriptedJudge(replies);
  const ask = (signal = NEVER) =>
    paceJudge(judge, { limiter, clock: systemClock, holdMs }).ask(QUESTION, signal);
  return { judge, ask, limiter };
}

describe("a paced judge", () => {
  it("asks again by itself after a short rate limit, when the provider said", async () => {
    const started = systemClock.now();
    const { judge, ask } = paced([limited(150), YES]);
    expect(isAnswer(await ask())).toBe(true);
    expect(judge.questions()).toHaveLength(2);
    expect(systemClock.now() - started).toBeGreaterThanOrEqual(149);
  });

  it("gives its slot back when the provider wants a longer wait, and holds the others back", async () => {
    const { judge, ask } = paced([limited(90_000), YES]);
    expect(await ask()).toMatchObject({ unscored: { code: "rate-limited" }, reason: /Slow down/ });
    const second = await ask();
    expect(second).toMatchObject({ unscored: { code: "rate-limited" }, calls: 0, reason: /^Not sent yet/ });
    if (!isAnswer(second)) expect(second.unscored.retryAt).toBeGreaterThan(systemClock.now() + 80_000);
    expect(judge.questions()).toHaveLength(1);
  });

  it("waits no longer while a provider pauses that has refused everything for a while, until it answers", async () => {
    let refuses = true;
    const scripted = scriptedJudge(() => (refuses ? limited(50) : YES));
    const limiter = new MemoryLimiter({}, systemClock);
    const judge = paceJudge(scripted, { limiter, clock: systemClock, holdMs: 60_000, refusedMs: 200 });
    const asked = () => scripted.questions().length;
    expect(await judge.ask(QUESTION, NEVER)).toMatchObject({ unscored: { code: "rate-limited" } });
    expect(asked()).toBeGreaterThan(3);
    const before = asked();
    expect(await judge.ask(QUESTION, NEVER)).toMatchObject({ unscored: { code: "rate-limited" } });
    expect(asked()).toBeLessThanOrEqual(before + 1);
    refuses = false;
    await expect.poll(async () => isAnswer(await judge.ask(QUESTION, NEVER))).toBe(true);
  });

  it("waits out the pauses of a provider that answers between them, however long they are together", async () => {
    const replies = Array.from({ length: 8 }, () => [limited(60), limited(60), YES]).flat();
    const limiter = new MemoryLimiter({}, systemClock);
    const options = { limiter, clock: systemClock, holdMs: 60_000, refusedMs: 50 };
    const judge = paceJudge(scriptedJudge(replies), options);
    for (let call = 0; call < 8; call += 1) expect(isAnswer(await judge.ask(QUESTION, NEVER))).toBe(true);
  });

  it("takes refusals of calls that were under way together for one, and a pause for no refusal", async () => {
    const refused = Array.from({ length: 6 }, () => limited(300));
    const replies = [...refused, ...Array.from({ length: 12 }, () => YES)];
    const limiter = new MemoryLimiter({}, systemClock);
    const options = { limiter, clock: systemClock, holdMs: 60_000, refusedMs: 50 };
    const judge = paceJudge(scriptedJudge(replies), options);
    const asked = Array.from({ length: 12 }, () => judge.ask(QUESTION, NEVER));
    expect((await Promise.all(asked)).every(isAnswer)).toBe(true);
  });

  it("goes by the reset of a limit that is used up, where no time is named", async () => {
    const resetAt = systemClock.now() + 200;
    const limits = {
      requests: { limit: 500, remaining: 3, resetAt: resetAt + 90_000 },
      tokens: { remaining: 0, resetAt },
    };
    const { ask } = paced([{ ...limited(60_000), limits }, YES]);
    expect(isAnswer(await ask())).toBe(true);
    expect(systemClock.now()).toBeGreaterThanOrEqual(resetAt - 1);
  });

  it("pauses for a second, and longer each time, where a provider names no time at all", async () => {
    const unnamed: NoAnswer = { ...limited(60_000), limits: {} };
    const pauses: number[] = [];
    const limiter = new MemoryLimiter({}, systemClock);
    const pause = limiter.pause.bind(limiter);
    limiter.pause = async (lane, until) => {
      pauses.push(until - systemClock.now());
      // Let the next one through at once.
      await pause(lane, systemClock.now());
    };
    const { ask } = paced([unnamed, unnamed, unnamed, YES, unnamed, YES], { limiter, holdMs: 10_000 });
    expect(isAnswer(await ask())).toBe(true);
    expect(isAnswer(await ask())).toBe(true);
    const bounds = [1_000, 2_000, 4_000, 1_000];
    expect(pauses).toHaveLength(bounds.length);
    for (const [index, most] of bounds.entries()) {
      expect(pauses[index]).toBeLessThanOrEqual(most);
      expect(pauses[index]).toBeGreaterThan(most / 2 - 20);
    }
  });

  it("pauses its lane, and makes no second call, when an overloaded provider names a time", async () => {
    const overloaded: NoAnswer = {
      unscored: { code: "provider-down", retryAt: systemClock.now() + 30_000 },
      reason: "Anthropic said 529: Overloaded.",
      limits: { retryAt: systemClock.now() + 30_000 },
    };
    const { judge, ask } = paced([overloaded, YES], { holdMs: 60_000 });
    expect(await ask()).toEqual(overloaded);
    const stop = AbortSignal.timeout(50);
    expect(await ask(stop)).toMatchObject({ unscored: { code: "rate-limited" }, calls: 0 });
    expect(judge.questions()).toHaveLength(1);
  });

  it("waits for its turn, and was not asked when it is stopped meanwhile", async () => {
    const limiter = new MemoryLimiter({ limits: { requests: 60 }, share: 1 }, systemClock);
    const { judge, ask } = paced(() => YES, { limiter, holdMs: 60_000 });
    const soon = systemClock.now() + 1_000;
    // Ten are saved up, and the next would be due in a second.
    await Promise.all(
      Array.from({ length: 10 }, () => limiter.enter("scripted scripted", { input: 0, output: 0 }, soon)),
    );
    expect(await ask(AbortSignal.timeout(30))).toMatchObject({
      unscored: { code: "rate-limited" },
      calls: 0,
    });
    expect(judge.questions()).toHaveLength(0);
    // Its place went back.
    const next = await limiter.enter("scripted scripted", { input: 0, output: 0 }, systemClock.now() + 1_100);
    expect(next.state).toBe("wait");
  });

  it("reserves what calls have taken so far, and settles what a call took", async () => {
    const limiter = new MemoryLimiter({ limits: { tokens: 60_000 }, share: 1 }, systemClock);
    const settled: unknown[] = [];
    const watching: Limiter = {
      enter: (lane, need, patience) => {
        settled.push(need);
        return limiter.enter(lane, need, patience);
      },
      again: (lane, ticket) => limiter.again(lane, ticket),
      pause: (lane, until) => limiter.pause(lane, until),
      settle: (lane, ticket, used, limits) => {
        settled.push(used);
        return limiter.settle(lane, ticket, used, limits);
      },
      close: async () => {},
    };
    const judge = paceJudge(
      scriptedJudge(() => YES),
      { limiter: watching, clock: systemClock },
    );
    for (let calls = 0; calls < 60; calls += 1) await judge.ask(QUESTION, NEVER);
    // 400 characters are 100 tokens; the output is learned.
    expect(settled[0]).toEqual({ input: 100, output: 300 });
    expect(settled[1]).toEqual({ input: 100, output: 20 });
    expect(settled.at(-2)).toEqual({ input: 100, output: 21 });
  });

  it("paces the judge it falls back on in a lane of its own", async () => {
    const limiter = new MemoryLimiter({}, systemClock);
    const fallback = { ...scriptedJudge([YES]), model: "other" };
    const judge = paceJudge(
      { ...scriptedJudge([YES]), fallback },
      { limiter, clock: systemClock, holdMs: 0 },
    );
    await limiter.pause("scripted other", systemClock.now() + 60_000);
    expect(isAnswer(await judge.ask(QUESTION, NEVER))).toBe(true);
    expect(await judge.fallback?.ask(QUESTION, NEVER)).toMatchObject({ calls: 0 });
    expect(fallback.questions()).toHaveLength(0);
  });

  it("sends nothing while the limiter does not answer", async () => {
    const away = async (): Promise<never> => {
      throw new TracegateError("unavailable", "Redis: away.", { retryable: true });
    };
    const limiter: Limiter = { enter: away, again: away, settle: away, pause: away, close: async () => {} };
    const { judge, ask } = paced([YES], { limiter });
    expect(await ask()).toMatchObject({
      unscored: { code: "rate-limited" },
      calls: 0,
      reason: /Redis: away/,
    });
    expect(judge.questions()).toHaveLength(0);
  });
});
