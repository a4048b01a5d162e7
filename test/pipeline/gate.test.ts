import { describe, expect, it } from "vitest";

import type { Case, Review } from "../../src/core/case.ts";
import { textMessage } from "../../src/core/message.ts";
import type { Task, TrialFault } from "../../src/core/run.ts";
import type { Score } from "../../src/core/score.ts";
import type { Subject } from "../../src/core/scorer.ts";
import type { CaseCounts, Counts } from "../../src/core/verdict.ts";
import { decide, type GateOptions, runGate } from "../../src/pipeline/gate.ts";
import { DEFAULT_POLICY } from "../../src/pipeline/gate-policy.ts";
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
  seededRandom,
} from "./gate-fakes.ts";

const review: Review = { decision: "accepted" };
const accepted = (id: string, fields: Partial<Case> = {}) =>
  caseOf(id, { mustPass: ["right"], review, ...fields });
const ids = ["order", "refund", "warranty", "recipe"];
const cases = ids.map((id) => accepted(id));
const right = { name: "right", version: "1", kind: "rule" } as const;

/** A repository under the gate: one dataset, one history, and whatever agent is tried. */
function repository(options: Partial<GateOptions> & { readonly cases?: readonly Case[] } = {}) {
  const history = memoryHistory();
  let now = Date.UTC(2026, 10, 20);
  const gate = async (task: Task, more: Partial<GateOptions> = {}) => {
    const capture = memoryCapture();
    const report = await runGate({
      dataset: { name: "cases", path: "evals/datasets/cases.jsonl", cases: options.cases ?? cases },
      task,
      capture,
      readTrace: decodeTrace,
      evaluate: evaluateAnswer,
      scorers: [right],
      history,
      commit: "c0ffee",
      clock: { now: () => now++ },
      ...options,
      ...more,
    });
    await capture.close();
    return report;
  };
  return { history, gate };
}

/** Answers well, except for the cases named. */
const agentThatBreaks = (...broken: string[]) =>
  agent(({ id }) => (broken.includes(id) ? `bad answer to ${id}` : `good answer to ${id}`));

const trialsPerCase = (report: Awaited<ReturnType<typeof runGate>>) =>
  Object.fromEntries(ids.map((id) => [id, report.run.results.filter(({ caseId }) => caseId === id).length]));

describe("the loop of a case: main fails it, a change fixes it, another brings it back", () => {
  it("passes, credits and blocks in that order", async () => {
    const { gate, history } = repository();

    const main = await gate(agentThatBreaks("refund"), { record: true });
    expect(main.verdict).toMatchObject({
      status: "pass",
      title: "Pass: nothing is guarded yet.",
      evidence: 1,
    });
    expect(main.recorded).toBe(true);
    expect(main.notes).toContain(
      "Main's run was recorded. From the next run on 3 cases guard: a change that breaks one is blocked.",
    );
    expect(trialsPerCase(main)).toEqual({ order: 3, refund: 3, warranty: 3, recipe: 3 });

    const unchanged = await gate(agentThatBreaks("refund"));
    expect(unchanged.verdict).toMatchObject({ status: "pass", title: "Pass: 3 guarding cases held." });
    expect(unchanged.verdict.reasons).toEqual(["1 case main fails too; it never blocks."]);
    expect(unchanged.recorded).toBe(false);
    expect(trialsPerCase(unchanged)).toEqual({ order: 1, refund: 1, warranty: 1, recipe: 1 });

    const fix = await gate(agentThatBreaks(), { record: true });
    expect(fix.verdict).toMatchObject({
      status: "pass",
      title: "Pass, 1 case fixed: 3 guarding cases held.",
    });
    expect(fix.verdict.reasons).toEqual([
      'Fixed: refund ("Question refund?"): right passed 0 of 3 on main and 3 of 3 here.',
    ]);
    expect(trialsPerCase(fix)).toEqual({ order: 1, refund: 3, warranty: 1, recipe: 1 });

    const before = history.trials.length;
    const regression = await gate(agentThatBreaks("refund"));
    expect(regression.verdict.status).toBe("block");
    expect(regression.verdict.title).toBe(
      'Blocked: refund ("Question refund?") fails right here (0 of 3); main passes it (3 of 3).',
    );
    expect(regression.verdict.reasons).toEqual([
      'refund ("Question refund?"): right passed 3 of 3 on main and 0 of 3 here. The answer was "bad answer to refund".',
      expect.stringMatching(/^The evidence of a break is \d+ to 1; the gate blocks at 20 to 1\.$/),
    ]);
    expect(regression.verdict.cases.map(({ outcome }) => outcome)).toEqual([
      "held",
      "regressed",
      "held",
      "held",
    ]);
    expect(trialsPerCase(regression)).toEqual({ order: 1, refund: 3, warranty: 1, recipe: 1 });
    expect(history.trials).toHaveLength(before);
  });

  it("lets no foreign text break out of its line, where a CI log would obey it", async () => {
    const hostile = cases.map((one) => ({
      ...one,
      input: { messages: [textMessage("user", `A\n::error::owned \u001b[31m${"x".repeat(200)}`)] },
    }));
    const { gate } = repository({ cases: hostile });
    await gate(agentThatBreaks(), { record: true });
    const { verdict } = await gate(agent(() => `bad\r\n::set-env name=PATH::/tmp${"y".repeat(2_000)}`));
    for (const line of [verdict.title, ...verdict.reasons]) {
      expect(line).not.toMatch(/\p{Cc}/u);
      expect(line.length).toBeLessThan(900);
    }
  });

  it("names every broken case, each tried more than once", async () => {
    const { gate } = repository();
    for (let run = 0; run < 4; run++) await gate(agentThatBreaks(), { record: true });
    const { verdict } = await gate(agentThatBreaks(...ids));
    expect(verdict.title).toBe("Blocked: 4 cases that main passes fail here.");
    for (const one of verdict.cases) {
      expect(one.outcome).toBe("regressed");
      expect(one.candidate.trials).toBeGreaterThan(1);
    }
  });
});

describe("a case that fails now and then", () => {
  it("does not block when it fails as on main", async () => {
    const random = seededRandom(3);
    const flaky = agent(({ id }) => (id === "refund" && random() > 0.7 ? "bad" : "good"));
    let blocked = 0;
    for (let repetition = 0; repetition < 25; repetition++) {
      const { gate } = repository();
      for (let run = 0; run < 8; run++) await gate(flaky, { record: true });
      const { verdict } = await gate(flaky);
      if (verdict.status === "block") blocked += 1;
    }
    expect(blocked).toBe(0);
  });

  it("is tried again until it is settled, at most six times, and then named as unsettled", async () => {
    const { gate } = repository();
    await gate(agentThatBreaks(), { record: true });
    const outcomes = [false, false, true, false, true, true];
    const report = await gate(
      agent(({ id }, { trial }) => (id === "order" && !outcomes[trial - 1] ? "bad" : "good")),
    );
    expect(trialsPerCase(report)).toEqual({ order: 6, refund: 1, warranty: 1, recipe: 1 });
    expect(report.verdict.status).not.toBe("block");
    expect(report.verdict.reasons.join("\n")).toContain(
      'Unsettled: order ("Question order?"): right passed 3 of 3 on main and 3 of 6 here.',
    );
  });

  it("never blocks by a single failure, however strict the policy", async () => {
    const strict = { ...DEFAULT_POLICY, errorRate: 0.1 };
    const verdictAfter = (trials: number) => decide([onlyCase({ passes: 0, trials })], strict);
    expect(verdictAfter(1).evidence).toBeGreaterThan(10);
    expect(verdictAfter(1).status).toBe("inconclusive");
    expect(verdictAfter(2).status).toBe("block");
    const { gate } = repository({ cases: [accepted("only")], policy: strict });
    for (let run = 0; run < 25; run++) await gate(agentThatBreaks(), { record: true });
    const report = await gate(agent((_, { trial }) => (trial === 1 ? "bad" : "good")));
    expect(report.verdict.status).toBe("pass");
    expect(report.run.results.length).toBeGreaterThan(1);
  });
});

function onlyCase(candidate: Counts): CaseCounts {
  const main = { passes: 20, trials: 20 };
  return { caseId: "only", scorer: "right", main, candidate, unscored: 0, accepted: true, blocking: true };
}

describe("what could not be measured", () => {
  const faulty = agent(({ id }) =>
    id === "order" ? { fault: { code: "agent-failed-to-start", message: "no model key" } } : "good",
  );

  it("is inconclusive with the reason, never a regression, and enters no history", async () => {
    const { gate, history } = repository();
    await gate(agentThatBreaks(), { record: true });
    const before = history.trials.length;
    const report = await gate(faulty, { record: true });
    expect(report.verdict).toMatchObject({
      status: "inconclusive",
      title: "Inconclusive: 1 of 4 trials gave no score, more than the 5 % allowed.",
      reasons: ['order ("Question order?"): right gave no score in 1 trial. no model key (Tried twice.)'],
    });
    expect(report.recorded).toBe(false);
    expect(history.trials).toHaveLength(before);
    expect(report.notes).toContain(
      "Nothing was recorded: 1 case could not be tried, and only whole runs enter the history.",
    );
  });

  it("is inconclusive when a judge that may block gives no score", async () => {
    const evaluate = async (): Promise<readonly Score[]> => [
      ruleScore("right", "provider-down", "The provider is down."),
    ];
    const { verdict } = await repository({ evaluate }).gate(agentThatBreaks());
    expect(verdict.status).toBe("inconclusive");
    expect(verdict.reasons[0]).toBe(
      'order ("Question order?"): right gave no score in 1 trial. The provider is down.',
    );
    expect(verdict.cases.every(({ outcome }) => outcome === "unscored")).toBe(true);
  });

  it("says how many trials were made again after a fault, and of which kind", async () => {
    const { gate } = repository();
    const tried = new Set<string>();
    const { notes, verdict } = await gate(
      agent(({ id }) => {
        const first = !tried.has(id) && id !== "recipe";
        tried.add(id);
        return first ? { fault: { code: "agent-timed-out", message: "late" } } : "good";
      }),
    );
    expect(verdict.status).toBe("pass");
    expect(notes).toContain(
      "3 trials made a second time after a fault (agent-timed-out: 3); a failing score never is.",
    );
  });

  it("may be a small share of the cases that do not guard: then it is said, and the rest decides", async () => {
    const { gate } = repository({ policy: { maxUnscored: 0.3 } });
    await gate(agentThatBreaks("order"), { record: true });
    const { verdict } = await gate(faulty);
    expect(verdict.status).toBe("pass");
    expect(verdict.title).toBe("Pass: 3 guarding cases held.");
    expect(verdict.reasons[0]).toContain("no model key");
  });

  it("is never green for a guarding case, however few they are: the change may be what breaks its agent", async () => {
    const { gate } = repository({ policy: { maxUnscored: 0.4 } });
    await gate(agentThatBreaks(), { record: true });
    const report = await gate(faulty);
    expect(report.verdict).toMatchObject({
      status: "inconclusive",
      title: "Inconclusive: 1 guarding case gave no score, so nobody knows whether this change breaks it.",
    });
    expect(report.verdict.reasons[0]).toContain("no model key");
  });

  it("is tried once more where a guarding case gave no score, unless it went off its recording", async () => {
    const { gate } = repository({ policy: { maxUnscored: 0.4 } });
    await gate(agentThatBreaks(), { record: true });
    const stumbling = (code: TrialFault["code"]) => {
      let attempts = 0;
      return agent(({ id }) =>
        id === "order" && attempts++ < 2 ? { fault: { code, message: "away" } } : "good",
      );
    };
    const recovered = await gate(stumbling("agent-timed-out"));
    expect(recovered.verdict).toMatchObject({ status: "pass", title: "Pass: 4 guarding cases held." });
    expect(trialsPerCase(recovered)).toEqual({ order: 2, refund: 1, warranty: 1, recipe: 1 });
    const diverged = await gate(stumbling("replay-diverged"));
    expect(diverged.verdict.status).toBe("inconclusive");
    expect(trialsPerCase(diverged)).toEqual({ order: 1, refund: 1, warranty: 1, recipe: 1 });
  });

  it("is inconclusive when there is no case at all: an empty gate does not pretend", async () => {
    const { verdict, notes } = await repository({ cases: [] }).gate(agentThatBreaks());
    expect(verdict).toMatchObject({
      status: "inconclusive",
      title: "Inconclusive: no accepted case was tried, so nothing was measured.",
    });
    expect(notes).toHaveLength(1);
  });

  it("is inconclusive when the gate is interrupted, and nothing is recorded", async () => {
    const { gate, history } = repository();
    const controller = new AbortController();
    const task = agent(({ id }) => {
      if (id === "warranty") controller.abort();
      return "good";
    });
    const report = await gate(task, { signal: controller.signal, concurrency: 1, record: true });
    expect(report.verdict).toMatchObject({
      status: "inconclusive",
      title: "Inconclusive: interrupted after 2 of 4 cases.",
    });
    expect(report.recorded).toBe(false);
    expect(history.trials).toEqual([]);
  });

  it("counts answers out of a cache once, and says so", async () => {
    const { gate } = repository();
    for (let run = 0; run < 5; run++) await gate(agentThatBreaks(), { record: true });
    const capture = memoryCapture();
    const cached = agent(({ id }, { endpoint }) => {
      const output = id === "order" ? "bad" : "good";
      capture.put(endpoint, encodeTrace(makeTrace({ output, llmCalls: [{ responseId: `cached-${id}` }] })));
      return {};
    });
    const report = await gate(cached, { capture });
    const { verdict, notes } = report;
    expect(verdict.status).toBe("inconclusive");
    expect(verdict.cases[0]).toMatchObject({ candidate: { passes: 0, trials: 1 }, outcome: "undecided" });
    expect(notes.join("\n")).toContain(
      "1 case with byte-identical answers in several trials, which count as one.",
    );
    // The repetition bought nothing, so a third trial would not either.
    expect(trialsPerCase(report)).toEqual({ order: 2, refund: 1, warranty: 1, recipe: 1 });
  });
});

describe("which cases count", () => {
  it("only accepted ones in use are tried; those that wait for a review are counted", async () => {
    const some = [
      accepted("in"),
      caseOf("waiting", { mustPass: ["right"] }),
      accepted("out", { review: { decision: "retired" } }),
      accepted("no", { review: { decision: "rejected" } }),
      caseOf("by-hand", { mustPass: [], source: { kind: "written" } }),
    ];
    const { run, notes, verdict } = await repository({ cases: some }).gate(agentThatBreaks());
    expect(run.results.map(({ caseId }) => caseId)).toEqual(["in", "by-hand"]);
    expect(verdict.cases.map(({ scorer }) => scorer)).toEqual(["right", "right"]);
    expect(notes[0]).toBe("1 case waiting for a review; not tried. Run `tracegate review`.");
  });

  it("a case that names an unknown scorer is an error, for it would silently guard nothing", async () => {
    const attempt = repository({ cases: [accepted("a", { mustPass: ["rigth"] })] }).gate(agentThatBreaks());
    await expect(attempt).rejects.toThrow(
      "Case a must pass rigth, but the configuration has no scorer of that name (it has right). Add the scorer, or change mustPass of the case.",
    );
  });

  const judge = { name: "grounded", version: "1", kind: "judge" } as const;
  const judged = async ({ trace }: Subject): Promise<readonly Score[]> => [
    { ...ruleScore("grounded", trace.output?.startsWith("good") ?? false), kind: "judge" },
  ];
  const judgedCases = ids.map((id) => accepted(id, { mustPass: ["grounded"] }));

  it("a judge nobody trusts reports and does not block; one that is trusted does", async () => {
    const advisory = repository({ cases: judgedCases, evaluate: judged, scorers: [judge] });
    for (let run = 0; run < 3; run++) await advisory.gate(agentThatBreaks(), { record: true });
    const report = await advisory.gate(agentThatBreaks("order"));
    expect(report.verdict).toMatchObject({
      status: "inconclusive",
      title: "Inconclusive: only advisory judges looked at the cases, and they do not block.",
      reasons: [expect.stringContaining("Advisory only, does not block: order")],
    });
    expect(report.notes.join("\n")).toContain(
      "4 cases looked at by advisory judges only, which cannot block",
    );

    const trusted = repository({
      cases: judgedCases,
      evaluate: judged,
      scorers: [judge],
      trust: ["grounded"],
    });
    for (let run = 0; run < 3; run++) await trusted.gate(agentThatBreaks(), { record: true });
    expect((await trusted.gate(agentThatBreaks("order"))).verdict.status).toBe("block");
  });

  it("what makes trials incomparable starts a new history", async () => {
    const trust = ["grounded"];
    const { gate } = repository({ cases: judgedCases, evaluate: judged, trust });
    const states = async (options: Partial<GateOptions>, task: Task = agentThatBreaks()) =>
      (await gate(task, options)).verdict.cases[0]?.state;
    const before = { scorers: [judge], judgeIdentity: "small" };
    for (let run = 0; run < 3; run++) await gate(agentThatBreaks(), { ...before, record: true });
    expect(await states(before)).toBe("guarding");
    expect(await states({ ...before, commit: "other" })).toBe("guarding");
    expect(await states({ ...before, judgeIdentity: "large" })).toBe("open");
    expect(await states({ ...before, scorers: [{ ...judge, version: "2" }] })).toBe("open");
    expect(await states(before, { ...agentThatBreaks(), identity: "module other.ts" })).toBe("open");
    const dataset = { name: "cases", path: "", cases: judgedCases.map((one) => ({ ...one, expected: 1 })) };
    expect(await states({ ...before, dataset })).toBe("open");
  });
});
