import { describe, expect, it } from "vitest";

import type { Judge } from "../../src/core/judge.ts";
import { cascade } from "../../src/judges/cascade.ts";
import { defineJudge } from "../../src/judges/define-judge.ts";
import { panel } from "../../src/judges/panel.ts";
import { Experience } from "../../src/pipeline/plan-experience.ts";
import { type PlannedQuestion, planningJudge } from "../../src/pipeline/plan-judge.ts";
import { plannedCall } from "../../src/pipeline/plan-tokens.ts";
import { makeTrace } from "../../src/testing/index.ts";
import { scoreOf } from "../contracts/stored-trace.ts";

const named = (model: string, more: Partial<Judge> = {}): Judge => ({
  provider: "test",
  model,
  identity: model,
  ask: () => expect.fail("a plan asks nobody"),
  ...more,
});
const good = defineJudge("good", { question: "Good?", labels: { yes: 1, no: 0 } });

async function planned(judge: Judge, scorer = good): Promise<readonly PlannedQuestion[]> {
  const questions: PlannedQuestion[] = [];
  const { signal } = new AbortController();
  const prepare = (one: Judge) => planningJudge(one, (each) => questions.push(each));
  await scorer.score({ trace: makeTrace() }, { signal, judge: prepare(judge), prepare });
  return questions;
}

const rolesOf = (questions: readonly PlannedQuestion[]) =>
  questions.map(({ judge, role }) => [judge.model, role]);

describe("a judge that only plans", () => {
  it("tells of the question and asks nobody", async () => {
    const [one] = await planned(named("a"));
    expect(one).toMatchObject({ role: "always", judge: { model: "a" }, question: { scorer: "good" } });
  });

  it("tells of both steps of a cascade, or of the one that the scorer's tier names", async () => {
    const both = cascade({ cheap: named("small"), strong: named("large") });
    expect(rolesOf(await planned(both))).toEqual([
      ["small", "cheap"],
      ["large", "strong"],
    ]);
    const tier = (name: "cheap" | "strong") =>
      defineJudge("good", { question: "Good?", labels: { yes: 1, no: 0 }, tier: name });
    expect(rolesOf(await planned(both, tier("cheap")))).toEqual([["small", "cheap"]]);
    expect(rolesOf(await planned(both, tier("strong")))).toEqual([["large", "strong"]]);
  });

  it("tells of every judge of a panel and of its arbiter", async () => {
    const three = panel([named("a"), named("b")], { arbiter: named("c") });
    expect(rolesOf(await planned(three))).toEqual([
      ["a", "always"],
      ["b", "always"],
      ["c", "arbiter"],
    ]);
  });

  it("plans a scorer's own judge, too", async () => {
    const own = defineJudge("own", { question: "Good?", labels: { yes: 1, no: 0 }, judge: named("own") });
    expect(rolesOf(await planned(named("configured"), own))).toEqual([["own", "always"]]);
  });

  it("counts no output of a judge that bills none", async () => {
    const free = named("a", { terms: { sharesRecords: false, paysOutput: false } });
    const [one] = await planned(free);
    if (one === undefined) throw new Error("nothing planned");
    expect(plannedCall(one, { outputTokens: 300, factor: 1 })).toMatchObject({ outputTokens: 0 });
  });
});

describe("what stored answers teach a plan", () => {
  const judge = named("a");
  const instrument = good.instrument?.(judge) ?? expect.fail("no instrument");
  const answered = (metadata: object) =>
    scoreOf("good", { kind: "judge", metadata: { instrument, ...metadata } });

  async function learned(times: number, metadata: (estimated: number) => object): Promise<Experience> {
    const questions = await planned(judge);
    const [one] = questions;
    if (one === undefined) throw new Error("nothing planned");
    const estimated = plannedCall(one, { outputTokens: 0, factor: 1 }).inputTokens;
    const experience = new Experience([good], judge);
    for (let count = 0; count < times; count++) experience.add(questions, [answered(metadata(estimated))]);
    return experience;
  }

  it("corrects the estimate by what 20 answers took", async () => {
    const usage = (estimated: number) => ({ usage: { inputTokens: 1.5 * estimated } });
    expect((await learned(19, usage)).correction("good")).toBeNull();
    expect((await learned(20, usage)).correction("good")).toEqual({ answers: 20, factor: 1.5 });
  });

  it("learns nothing from sums over several calls, or from another version", async () => {
    const several = (estimated: number) => ({ calls: 2, usage: { inputTokens: 3 * estimated } });
    expect((await learned(30, several)).correction("good")).toBeNull();
    const other = (estimated: number) => ({
      instrument: "other",
      tier: "strong",
      usage: { inputTokens: estimated },
    });
    const experience = await learned(30, other);
    expect([experience.correction("good"), experience.escalated("good")]).toEqual([null, null]);
  });

  it("knows how often the second step was asked", async () => {
    expect((await learned(1, () => ({}))).escalated("good")).toBeNull();
    let number = 0;
    const tiers = () => ({ tier: number++ % 4 === 0 ? "strong" : "cheap" });
    expect((await learned(8, tiers)).escalated("good")).toEqual({ answers: 8, share: 0.25 });
    expect((await learned(2, () => ({ panelAgrees: false }))).escalated("good")).toEqual({
      answers: 2,
      share: 1,
    });
  });
});
