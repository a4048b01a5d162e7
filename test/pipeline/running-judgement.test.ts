import { describe, expect, it } from "vitest";

import type { HistoryEntry, Result } from "../../src/core/run.ts";
import { countCases } from "../../src/pipeline/gate-counts.ts";
import { criteriaOf } from "../../src/pipeline/gate-criteria.ts";
import { judge, modelFor } from "../../src/pipeline/gate-decide.ts";
import { seededRandom } from "../../src/pipeline/gate-play.ts";
import { DEFAULT_POLICY } from "../../src/pipeline/gate-policy.ts";
import { withSeverity } from "../../src/pipeline/gate-severity.ts";
import { RunningJudgement } from "../../src/pipeline/running-judgement.ts";
import { defineScorer } from "../../src/scorers/define-scorer.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { startCpuWatch } from "../contracts/cpu-time.ts";
import { caseOf } from "../datasets/case-of.ts";

const NAMES = ["right", "polite", "rare"];
const severity = { weights: { "severity:high": 4 }, mustFix: ["severity:critical"] };

/** Cases with a history, some scorers named by them and some that apply only now and then. */
function world(size: number, random: () => number) {
  const cases = Array.from({ length: size }, (_, index) =>
    caseOf(`case-${index}`, {
      mustPass: random() < 0.3 ? ["right"] : [],
      tags: random() < 0.2 ? ["severity:high"] : random() < 0.1 ? ["severity:critical"] : [],
    }),
  );
  const scorers = NAMES.map((name) => ({ name, version: "1", kind: "rule" as const }));
  const criteria = criteriaOf(cases, { scorers, taskIdentity: "agent", trust: [] });
  const history = criteria.flatMap(({ case: { id: caseId }, scorer, key }): HistoryEntry[] =>
    scorer.name === "rare" || random() < 0.1
      ? []
      : [{ caseId, scorer: scorer.name, key, passes: 8 + Math.floor(random() * 3), trials: 10 }],
  );
  return { cases, criteria, history, severity, policy: DEFAULT_POLICY };
}

async function trialOf(caseId: string, trial: number, random: () => number): Promise<Result> {
  const scores = NAMES.flatMap((name) => {
    if (name === "rare" && random() < 0.8) return [];
    const value = random() < 0.85 ? 1 : 0;
    return [defineScorer(name, () => value)];
  });
  const subject = { trace: makeTrace() };
  const made = await Promise.all(
    scores.map((scorer) => scorer.score(subject, { signal: new AbortController().signal })),
  );
  const evidenceHash = random() < 0.2 ? "the same answer" : null;
  return { caseId, trial, trace: null, scores: made, fault: null, durationMs: 1, evidenceHash };
}

describe("a running judgement", () => {
  it("is after every round what the decision is on all trials so far", async () => {
    const random = seededRandom(7);
    const yardstick = world(40, random);
    const { cases, criteria, history, policy } = yardstick;
    const running = new RunningJudgement(yardstick);
    const results: Result[] = [];
    for (let round = 1; round <= 12; round++) {
      const tried = cases.filter(() => random() < (round === 1 ? 1 : 0.2));
      const added = await Promise.all(tried.map(({ id }) => trialOf(id, round, random)));
      results.push(...added);
      running.add(added);
      const counts = withSeverity(countCases(criteria, history, results), cases, severity);
      expect(running.judge()).toEqual(judge(modelFor(counts, policy), counts, policy));
    }
  });

  it("costs a round of a few trials a small part of counting all of them again", async () => {
    const random = seededRandom(8);
    const yardstick = world(2_000, random);
    const { cases, criteria, history, policy } = yardstick;
    const first = await Promise.all(cases.map(({ id }) => trialOf(id, 1, random)));
    const again = await Promise.all(cases.slice(0, 4).map(({ id }) => trialOf(id, 2, random)));
    const whole = startCpuWatch();
    for (let round = 0; round < 5; round++) {
      const counts = withSeverity(countCases(criteria, history, [...first, ...again]), cases, severity);
      judge(modelFor(counts, policy), counts, policy);
    }
    const wholeMs = whole();
    const running = new RunningJudgement(yardstick);
    running.add(first);
    running.judge();
    const part = startCpuWatch();
    for (let round = 0; round < 5; round++) {
      running.add(again);
      running.judge();
    }
    expect(part()).toBeLessThan(wholeMs / 2);
  });
});
