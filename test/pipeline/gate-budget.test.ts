import { describe, expect, it } from "vitest";

import type { Case } from "../../src/core/case.ts";
import type { Result, Task } from "../../src/core/run.ts";
import type { GateReport } from "../../src/core/verdict.ts";
import { type GateOptions, runGate } from "../../src/pipeline/gate.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { caseOf } from "../datasets/case-of.ts";
import {
  agent,
  decodeTrace,
  encodeTrace,
  evaluateAnswer,
  memoryCapture,
  memoryHistory,
  ruleScore,
} from "./gate-fakes.ts";

const cases: readonly Case[] = Array.from({ length: 20 }, (_, index) =>
  caseOf(`case-${index}`, { mustPass: ["right"], review: { decision: "accepted" } }),
);

/** Each model call: 1,000 tokens in and 200 out, which is 0.0045 USD of gpt-4o. */
const CALL_USD = 0.0045;

interface World {
  readonly broken?: readonly string[];
  readonly model?: string;
  /** False: the agent's spans tell no tokens. */
  readonly tells?: boolean;
}

/** A repository in which main passes every case, and an agent that calls a model once per trial. */
async function world({ broken = [], model = "gpt-4o", tells = true }: World = {}) {
  const history = memoryHistory();
  let now = Date.UTC(2026, 10, 20);
  const gate = async (more: Partial<GateOptions> = {}, wrong = broken): Promise<GateReport> => {
    const capture = memoryCapture();
    const task: Task = agent(({ id }, { endpoint }) => {
      now += 6_000;
      const output = wrong.includes(id) ? "bad" : "good";
      const usage = tells ? { inputTokens: 1_000, outputTokens: 200 } : {};
      const call = { model, usage, ...(tells && model === "gpt-4o" ? { cost: CALL_USD } : {}) };
      const trace = makeTrace({ output, llmCalls: [{ ...call, responseId: `r${now}` }] });
      const cost = { usd: call.cost ?? 0, unpricedModels: model === "gpt-4o" ? [] : [model] };
      capture.put(endpoint, encodeTrace({ ...trace, cost }));
      return {};
    });
    const report = await runGate({
      dataset: { name: "cases", path: "", cases },
      task,
      capture,
      readTrace: decodeTrace,
      evaluate: evaluateAnswer,
      scorers: [{ name: "right", version: "1", kind: "rule" }],
      history,
      commit: "c0ffee",
      concurrency: 1,
      clock: { now: () => now },
      ...more,
    });
    await capture.close();
    return report;
  };
  await gate({ record: true }, []);
  return { gate, history };
}

describe("the budget of a gate", () => {
  it("tells what the run spent, as the agent's traces and the judges tell it", async () => {
    const { gate } = await world();
    const evaluate: GateOptions["evaluate"] = async (subject) => [
      ...(await evaluateAnswer(subject)),
      {
        ...ruleScore("grounded", true),
        kind: "judge",
        metadata: { judgeModel: "gpt-4o-mini", usage: { inputTokens: 90, outputTokens: 10 }, costUsd: 0.001 },
      },
    ];
    const { spent, ended } = await gate({ evaluate });
    expect(ended).toBe("whole");
    expect(spent).toEqual({
      usd: expect.closeTo(20 * (CALL_USD + 0.001)),
      tokens: 20 * 1_300,
      ms: 20 * 6_000,
      unpriced: [],
      untold: 0,
    });
  });

  it.each([
    [{ usd: 0.02 }, "0.02 USD", "gate.budget.usd", 5],
    [{ tokens: 6_000 }, "6,000 tokens", "gate.budget.tokens", 5],
    [{ minutes: 1 }, "1 minute", "gate.budget.minutes", 10],
  ])(
    "%j that is reached makes no new trial and ends inconclusive",
    async (budget, allowed, setting, trials) => {
      const { gate, history } = await world({ broken: ["case-0", "case-1", "case-2"] });
      const recorded = history.trials.length;
      const report = await gate({ budget, record: true });
      expect(report.ended).toBe("budget");
      expect(report.run.results).toHaveLength(trials);
      expect(report.verdict).toMatchObject({
        status: "inconclusive",
        title: `Inconclusive: the budget of ${allowed} was reached after ${trials} of 20 cases.`,
      });
      expect(report.verdict.reasons[0]).toContain(`${20 - trials} trials or more were still to be made`);
      expect(report.verdict.reasons[0]).toContain(`Raise ${setting}`);
      expect(report.verdict.cases.map(({ outcome }) => outcome)).not.toContain("regressed");
      expect(history.trials).toHaveLength(recorded);
      expect(report.notes).toContain("Nothing was recorded: the budget was reached before the run ended.");
    },
  );

  it("says about what the rest would take", async () => {
    const { gate } = await world();
    const { verdict } = await gate({ budget: { tokens: 6_000 } });
    expect(verdict.reasons[0]).toBe(
      "6,000 tokens are spent, and 15 trials or more were still to be made, which would take it to about 24,000 tokens. Raise gate.budget.tokens and go on with `tracegate gate --resume`.",
    );
  });

  it("is no matter when it suffices to the last trial", async () => {
    const { gate } = await world();
    const { verdict, ended } = await gate({ budget: { tokens: 20 * 1_200 } });
    expect({ status: verdict.status, ended }).toEqual({ status: "pass", ended: "whole" });
  });

  it("never passes what it kept from being tried again", async () => {
    const { gate } = await world({ broken: ["case-7"] });
    const { verdict } = await gate({ budget: { tokens: 20 * 1_200 } });
    expect(verdict.title).toBe("Inconclusive: the budget of 24,000 tokens was reached after 20 of 20 cases.");
    expect(verdict.cases.find(({ caseId }) => caseId === "case-7")?.outcome).toBe("undecided");
  });

  it("does not undo a block that all cases together had brought before it was reached", async () => {
    const { gate } = await world({ broken: cases.map(({ id }) => id) });
    const { verdict, ended } = await gate({ budget: { tokens: 20 * 1_200 } });
    expect({ status: verdict.status, ended }).toEqual({ status: "block", ended: "budget" });
    expect(verdict.reasons.at(-1)).toMatch(
      /^The budget in tokens was reached, so 1 trial that would have confirmed it was not made\.$/,
    );
  });

  it("counts a model without a price in tokens, and says that its USD are unknown", async () => {
    const { gate } = await world({ model: "house-model" });
    const capped = await gate({ budget: { usd: 0.001, tokens: 6_000 } });
    expect(capped.spent).toMatchObject({ usd: 0, tokens: 6_000, unpriced: ["house-model"] });
    expect(capped.notes).toContain(
      "No price is known of house-model: the calls count as tokens, and their USD are unknown. Set gate.budget.tokens to limit them.",
    );
  });

  it("says which trials it is blind to, where traces tell no tokens", async () => {
    const { gate } = await world({ tells: false });
    expect((await gate({ budget: { usd: 1 } })).notes).toContain(
      "20 trials with traces that do not tell all tokens; what they cost is in no budget.",
    );
    expect((await gate()).notes.join("\n")).not.toContain("budget");
  });

  it("pays for the trials of an interrupted run, too", async () => {
    const { gate } = await world();
    const first = await gate({ budget: { tokens: 6_000 } });
    const known = { results: first.run.results, startedAt: first.run.startedAt, ms: 30_000 };
    const again = await gate({ budget: { tokens: 12_000 }, known });
    expect(again.run.results).toHaveLength(10);
    expect(again.spent).toMatchObject({ tokens: 12_000, ms: 30_000 + 5 * 6_000 });
    const whole = await gate({ known });
    expect(whole.verdict.status).toBe("pass");
    expect(whole.run.results).toHaveLength(20);
    expect(whole.run.results.slice(0, 5)).toEqual(first.run.results);
  });
});

describe("trials that are known already", () => {
  it("are not made again, except for those that ended in a fault", async () => {
    const { gate } = await world();
    const done = await gate();
    const faulty = (result: Result): Result => ({
      ...result,
      trace: null,
      scores: [],
      fault: { code: "no-trace", message: "lost" },
      evidenceHash: null,
    });
    const results = done.run.results.map((result, index) => (index % 4 === 0 ? faulty(result) : result));
    const made: string[] = [];
    const known = { results, startedAt: 0, ms: 0 };
    const report = await gate({ known, onResult: ({ caseId }) => void made.push(caseId) });
    expect(made).toEqual(["case-0", "case-4", "case-8", "case-12", "case-16"]);
    expect(report.verdict.status).toBe("pass");
    expect(report.run.results.every(({ fault }) => fault === null)).toBe(true);
  });
});
