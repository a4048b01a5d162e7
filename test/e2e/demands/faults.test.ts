import { afterEach, describe, expect, it } from "vitest";

import { pausedScorers, resumeScorer } from "../../../src/app/paused-scorers.ts";
import { unscoredTraces } from "../../../src/app/unscored-traces.ts";
import { passed } from "../../../src/core/score.ts";
import type { Fault } from "../../../src/llmwire/fault.ts";
import { toolErrors } from "../../../src/scorers/tool-errors.ts";
import { idOf, run } from "../../cli/agent-traces.ts";
import { judgeOf, type LiveSite, startLive, YES } from "./live-site.ts";

let live: LiveSite;
afterEach(() => live.stop());

const bodyOf = (number: number) => run({ traceId: idOf(number), question: `Where is order ${number}?` });
/** It names no time to come back at, so that `worker.judgeRetries` decides. */
const AWAY: Fault = { fault: "status", status: 503 };
const NO_MONEY: Fault = {
  fault: "status",
  status: 429,
  body: JSON.stringify({
    error: { message: "You exceeded your current quota.", code: "insufficient_quota" },
  }),
};
const WRONG_KEY: Fault = { fault: "status", status: 401 };

const decisionOf = async (number: number, scorer: string) =>
  (await live.why(idOf(number))).decisions.find((decision) => decision.scorer === scorer);
const until = (what: () => Promise<unknown>, value: unknown) =>
  expect.poll(what, { timeout: 20_000, interval: 50 }).toEqual(value);

describe("demand 9: a passing fault becomes a permanent failure", () => {
  it("a provider that was away for a while leaves no trace without a score", async () => {
    let away = true;
    live = await startLive({
      scorers: [judgeOf("resolved")],
      worker: { judgeRetries: { attempts: 50, baseMs: 50, maxMs: 200 } },
      reply: () => (away ? AWAY : YES),
    });
    await live.send(bodyOf(1));
    expect(await live.scored(idOf(1))).toMatchObject([{ value: null, unscored: { code: "provider-down" } }]);
    await until(async () => (await decisionOf(1, "resolved"))?.state, "waiting");
    away = false;
    await until(async () => (await decisionOf(1, "resolved"))?.state, "scored");
    expect((await live.running.store.trace(idOf(1)))?.scores).toMatchObject([{ value: 1, unscored: null }]);
  });
});

describe("demand 10: evaluations are pending for days", () => {
  it("what waits says until when, and when the tries are spent it waits no more and says why", async () => {
    live = await startLive({
      scorers: [judgeOf("resolved")],
      worker: { judgeRetries: { attempts: 3, baseMs: 400, maxMs: 400 } },
      reply: () => AWAY,
    });
    await live.send(bodyOf(1));
    await live.scored(idOf(1));
    const first = await decisionOf(1, "resolved");
    if (first?.state === "waiting") expect(first.retryAt).toBeGreaterThan(first.at);
    await until(async () => (await decisionOf(1, "resolved"))?.state, "failed");
    const last = await decisionOf(1, "resolved");
    expect(last).toMatchObject({ attempts: 3, retryAt: null });
    expect(last?.reason).toContain("Given up after 3 tries");
  });
});

describe("demand 14: the online path has no rate limit and no retry", () => {
  it("a rate limit is waited out for as long as the provider says, and then asked again", async () => {
    const asks: number[] = [];
    live = await startLive({
      scorers: [judgeOf("resolved")],
      worker: { judgeRetries: { attempts: 5, baseMs: 10, maxMs: 20 } },
      reply: (ask) => {
        asks.push(performance.now());
        return ask === 1 ? { fault: "status", status: 429, headers: { "retry-after": "2" } } : YES;
      },
    });
    await live.send(bodyOf(1));
    await until(async () => (await decisionOf(1, "resolved"))?.state, "scored");
    const [first = 0, second = 0] = asks;
    expect(asks).toHaveLength(2);
    expect(second - first).toBeGreaterThanOrEqual(1_900);
  });
});

describe("demand 18: a backfill says what it will cost, and is run once", () => {
  it("traces that waited for a paused judge are made up for, for about what was said", async () => {
    let refuse = false;
    live = await startLive({ scorers: [judgeOf("resolved")], reply: () => (refuse ? NO_MONEY : YES) });
    await live.send(bodyOf(1));
    await live.scored(idOf(1));
    refuse = true;
    for (const number of [2, 3, 4]) await live.send(bodyOf(number));
    for (const number of [2, 3, 4]) await live.scored(idOf(number));
    const { store } = live.running;
    await until(async () => (await pausedScorers(store))[0]?.traces, 3);
    const [paused] = await pausedScorers(store);
    expect(paused?.estimate).toMatchObject({ inputTokens: 3_000, outputTokens: 150, answers: 1 });
    expect(paused?.estimate.usd).toBeCloseTo(3 * (1_000 * 0.15e-6 + 50 * 0.6e-6), 6);
    refuse = false;
    const before = live.asked();
    expect(await resumeScorer(store, "resolved", Date.now())).toBe(3);
    for (const number of [2, 3, 4])
      await until(async () => (await decisionOf(number, "resolved"))?.state, "scored");
    expect(live.asked() - before).toBe(3);
  });
});

describe("demand 19: pull only traces that have no score yet", () => {
  it("those without one are listed with the reason, and only these are judged later", async () => {
    let refuse = false;
    live = await startLive({
      scorers: [toolErrors(), judgeOf("resolved")],
      reply: () => (refuse ? WRONG_KEY : YES),
    });
    const { store } = live.running;
    const unscored = () => unscoredTraces(store, { scorers: [], limit: 10 });
    await live.send(bodyOf(1));
    await until(async () => (await decisionOf(1, "resolved"))?.state, "scored");
    expect(await unscored()).toEqual([]);
    refuse = true;
    for (const number of [2, 3]) await live.send(bodyOf(number));
    await until(async () => (await unscored()).map(({ state }) => state), ["paused", "paused"]);
    const found = await unscored();
    expect(found.map(({ traceId, scorer }) => `${traceId} ${scorer}`).toSorted()).toEqual([
      `${idOf(2)} resolved`,
      `${idOf(3)} resolved`,
    ]);
    expect(found[0]?.next).toContain("tracegate resume resolved");
    expect(await unscoredTraces(store, { scorers: ["tool-errors"], limit: 10 })).toEqual([]);
    expect(await unscoredTraces(store, { scorers: ["resolved"], limit: 1 })).toEqual(found.slice(0, 1));
    refuse = false;
    const before = live.asked();
    await resumeScorer(store, "resolved", Date.now());
    await until(unscored, []);
    expect(live.asked() - before).toBe(2);
  });
});

describe("demand 24: pause by class of error, and make up for what was missed", () => {
  it("a refused key pauses the judge, the rest goes on, and nobody asks in vain meanwhile", async () => {
    let refuse = true;
    live = await startLive({
      scorers: [toolErrors(), judgeOf("resolved")],
      reply: () => (refuse ? WRONG_KEY : YES),
    });
    await live.send(bodyOf(1));
    await live.scored(idOf(1));
    await until(async () => (await live.running.store.pauses()).map(({ scorer }) => scorer), ["resolved"]);
    const before = live.asked();
    for (const number of [2, 3, 4, 5]) await live.send(bodyOf(number));
    for (const number of [2, 3, 4, 5]) {
      const scores = await live.scored(idOf(number));
      expect(scores).toMatchObject([{ value: 1 }, { value: null, unscored: { code: "paused" } }]);
    }
    expect(live.asked()).toBe(before);
    expect((await decisionOf(2, "resolved"))?.next).toContain("tracegate resume resolved");
    refuse = false;
    await resumeScorer(live.running.store, "resolved", Date.now());
    for (const number of [1, 2, 3, 4, 5])
      await until(async () => (await decisionOf(number, "resolved"))?.state, "scored");
  });
});

describe("demand 25: failures hide inside a completed run; spent credit looks green or like bad quality", () => {
  it("a judge without money has no score, neither 1 nor 0, and everything that shows it says so", async () => {
    live = await startLive({ scorers: [judgeOf("resolved")], reply: () => NO_MONEY });
    await live.send(bodyOf(1));
    const [score] = await live.scored(idOf(1));
    expect(score).toMatchObject({ value: null, unscored: { code: "quota" } });
    expect(score && passed(score)).toBe(null);
    await live.sink.waitFor((sink) => sink.rootAttributes(idOf(1)) !== null);
    const attributes = live.sink.rootAttributes(idOf(1));
    expect(attributes).toMatchObject({ "tracegate.unscored.resolved": "quota" });
    expect(attributes).not.toHaveProperty("tracegate.score.resolved");
    expect(await live.metrics()).toMatch(
      /^tracegate_scores_total\{scorer="resolved",outcome="unscored",label="quota"\} 1 /m,
    );
    expect((await live.why(idOf(1))).decisions).toMatchObject([{ scorer: "resolved", state: "paused" }]);
  });
});
