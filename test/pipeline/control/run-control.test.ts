import { describe, expect, it } from "vitest";

import type { Task } from "../../../src/core/run.ts";
import type { MainAgent } from "../../../src/pipeline/control/main-agent.ts";
import { type GateOptions, runGate } from "../../../src/pipeline/gate.ts";
import { makeTrace } from "../../../src/testing/make-trace.ts";
import { caseOf } from "../../datasets/case-of.ts";
import {
  agent,
  decodeTrace,
  encodeTrace,
  evaluateAnswer,
  memoryCapture,
  memoryHistory,
  ruleScore,
} from "../gate-fakes.ts";

const ids = Array.from({ length: 12 }, (_, index) => `case-${index}`);
const cases = ids.map((id) => caseOf(id, { mustPass: ["right"], review: { decision: "accepted" } }));
const failing = (...broken: string[]) =>
  agent(({ id }) => (broken.includes(id) ? `bad answer to ${id}` : `good answer to ${id}`));

/** A gate whose main has passed every case ten times, and a main of today to be tried again. */
async function gate(
  change: Task,
  mainNow: Task | { readonly reason: string } | null,
  more: Partial<GateOptions> = {},
) {
  const history = memoryHistory();
  const options = {
    dataset: { name: "cases", path: "cases.jsonl", cases },
    readTrace: decodeTrace,
    evaluate: evaluateAnswer,
    scorers: [{ name: "right", version: "1", kind: "rule" }],
    history,
    commit: "c0ffee",
  } as const;
  const capture = memoryCapture();
  for (let run = 0; run < 10; run++) await runGate({ ...options, task: failing(), capture, record: true });
  let closed = 0;
  const main = mainNow && "reason" in mainNow ? mainNow : mainNow && mainAgent(mainNow, () => closed++);
  const report = await runGate({
    ...options,
    task: change,
    capture,
    ...(main && { prepareMain: async () => main }),
    ...more,
  });
  await capture.close();
  return { report, closed };
}

function mainAgent(task: Task, onClose: () => void): MainAgent {
  return { task, commit: "ba5e", base: "origin/main", close: async () => onClose() };
}

const outcomes = ({ report }: Awaited<ReturnType<typeof gate>>) =>
  report.verdict.cases
    .filter(({ outcome }) => outcome !== "held")
    .map(({ caseId, outcome }) => `${caseId} ${outcome}`);

describe("before a change is blamed, main is tried again on the suspects", () => {
  it("blocks when main still passes them, with both sides' trials in the report", async () => {
    const end = await gate(failing("case-3"), failing());
    const { verdict, control, run } = end.report;
    expect(verdict.status).toBe("block");
    expect(verdict.controlled).toBe(true);
    expect(outcomes(end)).toEqual(["case-3 regressed"]);
    expect(verdict.cases[3]?.control).toEqual({
      main: { passes: 4, trials: 4 },
      candidate: { passes: 0, trials: 4 },
    });
    expect(control).toMatchObject({ commit: "ba5e", base: "origin/main" });
    const trials = control?.results.map(({ caseId, trial }) => `${caseId} ${trial}`) ?? [];
    const beside = run.results
      .filter(({ caseId }) => caseId === "case-3")
      .map(({ trial }) => `case-3 ${trial}`);
    expect(beside.slice(-4)).toEqual(trials);
    expect(verdict.reasons[1]).toMatch(
      /^Main was tried again beside this change: it passed 4 of 4 trials, this change 0 of 4\. That this change is worse than main is now: \d+ to 1; a block needs 40 to 1\.$/,
    );
    expect(end.closed).toBe(1);
  });

  it("is stale when main fails them too, and says how to renew the history", async () => {
    const end = await gate(failing("case-3"), failing("case-3"));
    const { verdict } = end.report;
    expect(verdict.status).toBe("stale");
    expect(verdict.title).toBe(
      "Stale: main now fails 1 case that its history passes, so failing here is no fault of this change.",
    );
    expect(outcomes(end)).toEqual(["case-3 stale"]);
    expect(verdict.reasons.join("\n")).toMatch(
      /right passed 12 of 12 in main's history; now main passes 0 of 2/,
    );
    expect(verdict.reasons.join("\n")).toContain("run `tracegate gate --record` on main");
    expect(end.closed).toBe(1);
  });

  it("blocks for the cases that main still passes when it fails others", async () => {
    const end = await gate(failing("case-3", "case-7"), failing("case-7"));
    expect(end.report.verdict.status).toBe("block");
    expect(outcomes(end)).toEqual(["case-3 regressed", "case-7 stale"]);
    expect(end.report.verdict.title).toMatch(/^Blocked: case-3/);
  });

  it("tries all cases where only all of them together speak against the change", async () => {
    const answers = (broken: number) => {
      let asked = 0;
      return agent(({ id }) => (asked++ % 12 < broken ? `bad ${id}` : `good ${id}`));
    };
    const blocked = await gate(answers(6), failing());
    expect(blocked.report.verdict.status).toBe("block");
    const moved = await gate(answers(6), answers(6));
    expect(["stale", "inconclusive"]).toContain(moved.report.verdict.status);
  });
});

describe("a control that is not possible leaves the block as it is, and says why", () => {
  it.each([
    [
      "main cannot be made ready",
      { reason: "the set-up ended with exit code 1" },
      "the set-up ended with exit code 1",
    ],
    [
      "main's agent does not start",
      agent(() => ({ fault: { code: "agent-failed-to-start", message: "no such file: agent.py" } })),
      "main's agent could not be tried: no such file: agent.py",
    ],
  ])("when %s", async (_, mainNow, reason) => {
    const { report } = await gate(failing("case-3"), mainNow);
    expect(report.verdict.status).toBe("block");
    expect(report.verdict.controlled).toContain(reason);
    expect(report.verdict.reasons[1]).toMatch(
      /^Not controlled: .* whether main passes today was not tried\.$/s,
    );
    expect(report.control).toBeUndefined();
  });

  it("after all that broke, not between", async () => {
    const { report } = await gate(failing("case-3", "case-4"), {
      reason: "the set-up ended with exit code 1",
    });
    const beginnings = report.verdict.reasons.map((reason) => reason.split(/[ :]/, 1)[0]);
    expect(beginnings.slice(0, 3)).toEqual(["case-3", "case-4", "Not"]);
  });

  it("when the budget was used up", async () => {
    const { report } = await gate(failing("case-3"), failing(), { budget: { minutes: 0.000_001 } });
    expect(report.control).toBeUndefined();
    expect(report.verdict.controlled ?? "the budget was used up").toBe("the budget was used up");
  });

  it("or only half of it, when the budget is reached meanwhile: then nothing is blamed", async () => {
    let now = 0;
    const slow = (task: Task): Task => ({
      ...task,
      run(one, setting) {
        now += 60_000;
        return task.run(one, setting);
      },
    });
    // Twelve trials of a minute and the further ones that bring the evidence; the limit falls into the pairs.
    const unlimited = await gate(slow(failing("case-3")), slow(failing()), { clock: { now: () => now } });
    const pairs = unlimited.report.control?.results.length ?? 0;
    const minutes = unlimited.report.run.results.length + pairs - 3;
    now = 0;
    const { report, closed } = await gate(slow(failing("case-3")), slow(failing()), {
      clock: { now: () => now },
      budget: { minutes },
      concurrency: 1,
    });
    expect(report.control?.results.length).toBeGreaterThan(0);
    expect(report.control?.results.length).toBeLessThan(pairs);
    expect({ status: report.verdict.status, ended: report.ended, closed }).toEqual({
      status: "inconclusive",
      ended: "budget",
      closed: 1,
    });
    expect(report.verdict.cases.map(({ outcome }) => outcome)).not.toContain("regressed");
    expect(report.verdict.title).toContain(`the budget of ${minutes} minutes was reached`);
  });

  it("or not at all by a merge that makes no trials", async () => {
    const { report } = await gate(failing("case-3"), failing());
    const known = { results: report.run.results, startedAt: 0, ms: 0 };
    const merged = await gate(failing("case-3"), failing(), { known, decideOnly: true });
    expect(merged.report.control).toBeUndefined();
    expect(merged.report.verdict.status).toBe("block");
    expect(merged.report.verdict.reasons.join(" ")).toContain(
      "Not controlled: `tracegate gate merge` makes no trials without --finish.",
    );
  });

  it("and nothing is said where no block was in question", async () => {
    const { report, closed } = await gate(failing(), failing());
    expect(report.verdict).toMatchObject({ status: "pass" });
    expect(report.verdict.controlled).toBeUndefined();
    expect(closed).toBe(0);
  });
});

describe("what moved", () => {
  it("names the models of now and of main's kept runs, changed tools, and tools that fail", async () => {
    const capture = memoryCapture();
    const traced = (outcome: boolean) =>
      agent(({ id }, { endpoint }) => {
        capture.put(endpoint, encodeTrace(tracedRun(outcome && id !== "case-3")));
        return {};
      });
    const history = memoryHistory();
    const options = {
      dataset: { name: "cases", path: "cases.jsonl", cases },
      readTrace: decodeTrace,
      evaluate: async ({ trace }: Parameters<GateOptions["evaluate"]>[0]) => [
        ruleScore("right", trace.output?.startsWith("good") ?? false),
      ],
      scorers: [{ name: "right", version: "1", kind: "rule" }],
      commit: "c0ffee",
      capture,
    } as const;
    for (let run = 0; run < 10; run++) await runGate({ ...options, history, task: failing(), record: true });
    const { control, verdict } = await runGate({
      ...options,
      history: {
        ...history,
        passingRuns: async () => [
          {
            v: 1,
            caseId: "case-3",
            version: "1",
            commit: "0123456789",
            at: Date.UTC(2026, 8, 1),
            recording: {
              v: 1,
              traceId: "1",
              toolCalls: [],
              llmCalls: [{ provider: "openai", model: "gpt-old", output: null, finishReason: null }],
              toolDefinitions: [{ name: "search", parameters: { type: "object" } }],
              redactions: {},
              truncated: false,
            },
          },
        ],
      },
      task: traced(true),
      prepareMain: async () => mainAgent(traced(true), () => {}),
    });
    expect(verdict.status).toBe("stale");
    expect(control?.moved).toEqual([
      "The models that answer main and this change now are gpt-new (openai); in main's history (commit 0123456, 2026-09-01) they were gpt-old (openai).",
      "The tools that main offers its models differ from main's history (commit 0123456, 2026-09-01): search has another definition.",
      "The tool search fails for main now: 503 Service Unavailable.",
    ]);
    expect(verdict.reasons).toEqual(expect.arrayContaining([...(control?.moved ?? [])]));
  });
});

let answered = 0;

function tracedRun(good: boolean) {
  return makeTrace({
    output: `${good ? "good" : "bad"} ${answered++}`,
    toolDefinitions: [{ name: "search", parameters: { type: "object", required: ["q"] } }],
    llmCalls: [{ provider: "openai", model: "gpt-new", responseId: String(answered) }],
    toolCalls: [{ name: "search", error: { type: "http", message: "503 Service Unavailable" } }],
  });
}
