import { describe, expect, it } from "vitest";

import type { CaseCounts, Policy } from "../../src/core/verdict.ts";
import { decide, modelFor, suspect } from "../../src/pipeline/gate-decide.ts";
import { DEFAULT_POLICY } from "../../src/pipeline/gate-policy.ts";
import { nextTrials } from "../../src/pipeline/gate-rounds.ts";
import { withSeverity } from "../../src/pipeline/gate-severity.ts";
import { caseOf } from "../datasets/case-of.ts";

function counts(
  caseId: string,
  main: string,
  candidate: string,
  fields: Partial<CaseCounts> = {},
): CaseCounts {
  const read = (text: string) => {
    const [passes = 0, trials = 0] = text.split("/").map(Number);
    return { passes, trials };
  };
  return {
    caseId,
    scorer: "right",
    main: read(main),
    candidate: read(candidate),
    unscored: 0,
    accepted: true,
    blocking: true,
    ...fields,
  };
}

const suite = (size: number, main: string, candidate: string, fields: Partial<CaseCounts> = {}) =>
  Array.from({ length: size }, (_, index) => counts(`case ${index}`, main, candidate, fields));

const release: Policy = { ...DEFAULT_POLICY, mode: "release" };
const madeOnce = (cases: readonly CaseCounts[]) => new Map(cases.map(({ caseId }) => [caseId, 1]));

describe("a loss over all cases", () => {
  /** So many of 100 cases fail, which main never failed. */
  const failing = (fails: number) =>
    suite(100, "20/20", "1/1").map((one, index) =>
      index < fails ? { ...one, candidate: { passes: 0, trials: 1 } } : one,
    );

  it("is ruled out by one pass without a failure, and the reasons say which", () => {
    const verdict = decide(failing(0), DEFAULT_POLICY);
    expect(verdict.status).toBe("pass");
    expect(verdict.losses).toEqual([{ scorer: "right", margin: 0.05, odds: expect.any(Number) }]);
    expect(verdict.losses?.[0]?.odds).toBeLessThan(0.02);
    expect(verdict.reasons[0]).toMatch(
      /^right: a loss of 5 points or more over all cases is ruled out at \d+ to 1\.$/,
    );
  });

  it("is left open by a few failures, each of which was luck when tried again", () => {
    const settled = failing(3).map((one) =>
      one.candidate.passes === 0 ? { ...one, candidate: { passes: 3, trials: 4 } } : one,
    );
    const verdict = decide(settled, DEFAULT_POLICY);
    expect(verdict.cases.filter(({ outcome }) => outcome !== "held")).toEqual([]);
    expect(verdict.status).toBe("inconclusive");
    expect(verdict.title).toBe(
      "Inconclusive: the agent may pass less often than main, but the trials do not settle it.",
    );
    expect(verdict.reasons.join("\n")).toMatch(/right: a loss of 5 points over all cases is not ruled out/);
  });

  it("is asked for in slices of 25 cases, those with the fewest trials first, in an order of the seed", () => {
    const cases = failing(3).map((one, index) =>
      index < 3 ? { ...one, candidate: { passes: 3, trials: 4 } } : one,
    );
    const verdict = decide(cases, DEFAULT_POLICY);
    const made = new Map(cases.map(({ caseId, candidate }) => [caseId, candidate.trials]));
    const next = (seed: string) => nextTrials(verdict, { policy: DEFAULT_POLICY, made, record: false, seed });
    expect(new Set(next("a")).size).toBe(25);
    expect(next("a")).toEqual(next("a"));
    expect(next("a")).not.toEqual(next("b"));
    expect(next("a").filter((id) => ["case 0", "case 1", "case 2"].includes(id))).toEqual([]);
    const spent = new Map(cases.map(({ caseId }) => [caseId, DEFAULT_POLICY.maxPasses]));
    expect(nextTrials(verdict, { policy: DEFAULT_POLICY, made: spent, record: false })).toEqual([]);
  });

  it("is no question for a pull request of a suite too small to answer it", () => {
    const few = suite(4, "5/5", "1/1");
    const verdict = decide(few, DEFAULT_POLICY);
    expect(verdict).toMatchObject({ status: "pass", losses: [{ margin: null, odds: 1 }] });
    expect(nextTrials(verdict, { policy: DEFAULT_POLICY, made: madeOnce(few), record: false })).toEqual([]);
  });

  it("is a larger one for a pull request of fifty cases that fail now and then", () => {
    const [loss] = decide(suite(50, "18/20", "1/1"), DEFAULT_POLICY).losses ?? [];
    expect(loss?.margin).toBeGreaterThan(0.05);
    expect(decide(suite(50, "18/20", "1/1"), release).losses?.[0]?.margin).toBe(0.05);
  });
});

describe("a release", () => {
  it("needs proof: what passes a pull request for want of cases is inconclusive", () => {
    const few = suite(4, "5/5", "1/1");
    const verdict = decide(few, release);
    expect(verdict).toMatchObject({
      status: "inconclusive",
      title: "Inconclusive: it is not proven that the agent lost less than 5 points against main.",
    });
    const next = nextTrials(verdict, { policy: release, made: madeOnce(few), record: false });
    expect(new Set(next)).toEqual(new Set(few.map(({ caseId }) => caseId)));
    expect(decide([], release).status).toBe("inconclusive");
    expect(decide(suite(3, "0/5", "1/1"), release).title).toBe(
      "Inconclusive: nothing is guarded yet, so nothing vouches for a release.",
    );
  });

  it("asks one question over all scorers, in which the scorers of a case count as one case", () => {
    const rows = suite(200, "20/20", "1/1");
    const alone = decide(rows, release).losses?.[0]?.odds ?? 1;
    const twice = decide([...rows, ...rows.map((one) => ({ ...one, scorer: "again" }))], release);
    expect(twice.losses).toEqual([{ scorer: "all scorers", margin: 0.05, odds: expect.closeTo(alone, 6) }]);
    expect(twice.status).toBe("pass");
  });

  it("is blocked while a case that must be fixed fails, though main fails it too", () => {
    const rows = suite(200, "20/20", "1/1");
    const bug = (candidate: string) => [...rows, counts("bug", "0/5", candidate, { mustFix: true })];
    expect(decide(bug("0/1"), release).title).toBe(
      "Inconclusive: 1 case that must be fixed had too few trials to tell.",
    );
    const open = decide(bug("0/1"), release);
    expect(nextTrials(open, { policy: release, made: madeOnce(bug("0/1")), record: false })).toEqual(["bug"]);
    const blocked = decide(bug("0/3"), release);
    expect(blocked.status).toBe("block");
    expect(blocked.title).toBe("Blocked: bug fails right here (0 of 3); it must be fixed.");
    expect(blocked.cases.at(-1)?.outcome).toBe("regressed");
    expect(decide(bug("3/3"), release).status).toBe("pass");
    expect(decide(bug("0/3"), DEFAULT_POLICY).status).toBe("pass");
  });
});

describe("severity", () => {
  const severity = { weights: { "severity:high": 4, "severity:low": 0.5 }, mustFix: ["severity:critical"] };
  const [high, several, none] = withSeverity(
    [counts("high", "5/5", "0/2"), counts("several", "5/5", "1/1"), counts("none", "5/5", "1/1")],
    [
      caseOf("high", { tags: ["severity:high"] }),
      caseOf("several", { tags: ["severity:low", "severity:high", "severity:critical"] }),
      caseOf("none", { tags: ["billing"] }),
    ],
    severity,
  );

  it("comes from the tags of a case: the largest weight, and whether it must be fixed", () => {
    expect(high).toMatchObject({ weight: 4 });
    expect(several).toMatchObject({ weight: 4, mustFix: true });
    expect(none).not.toHaveProperty("weight");
    expect(none).not.toHaveProperty("mustFix");
  });

  it("is multiplied by the weight of the scorer", () => {
    const cases = [caseOf("high", { tags: ["severity:high"] }), caseOf("none", { tags: [] })];
    const weighted = [
      counts("high", "5/5", "0/2", { weight: 2 }),
      counts("none", "5/5", "1/1", { weight: 2 }),
    ];
    expect(withSeverity(weighted, cases, severity)).toMatchObject([{ weight: 8 }, { weight: 2 }]);
  });

  it("gives a severe case a larger share of the error rate, and the others a smaller one", () => {
    const rest = suite(40, "10/10", "1/1");
    const evidenceOf = (broken: Partial<CaseCounts>, others: Partial<CaseCounts> = {}) =>
      decide(
        [counts("broken", "10/10", "0/2", broken), ...rest.map((one) => ({ ...one, ...others }))],
        DEFAULT_POLICY,
      ).evidence;
    expect(evidenceOf({ weight: 4 })).toBeGreaterThan(2 * evidenceOf({}));
    expect(evidenceOf({}, { weight: 4 })).toBeLessThan(evidenceOf({}));
    expect(evidenceOf({ weight: 3 }, { weight: 3 })).toBeCloseTo(evidenceOf({}), 8);
  });
});

describe("breakdowns of the agent", () => {
  /** Of 40 guarding cases the first has only broken down, so many times. */
  const broken = (times: number, fields: Partial<CaseCounts> = {}) =>
    suite(40, "6/6", "1/1").with(
      0,
      counts("case 0", "6/6", "0/0", {
        unscored: times,
        breakdowns: { trials: times, how: "crashed" },
        ...fields,
      }),
    );
  const pairs = (main: string, ofMain: number) => {
    const [passes = 0, trials = 0] = main.split("/").map(Number);
    const sides = { main: { passes, trials }, candidate: { passes: 0, trials } };
    return { control: { ...sides, breakdowns: { ...sides, ofMain } } };
  };
  const suspicion = (cases: readonly CaseCounts[]) =>
    suspect(modelFor(cases, DEFAULT_POLICY), cases, DEFAULT_POLICY);

  it("are a suspicion that asks for main, and no block without it", () => {
    expect(suspicion(broken(3))).toMatchObject({ status: "block", byScores: "inconclusive" });
    const verdict = decide(broken(3), DEFAULT_POLICY);
    expect(verdict.status).toBe("inconclusive");
    expect(verdict.title).toBe(
      "Inconclusive: the agent crashes on 1 guarding case, and main was not tried beside it to tell a broken change from something that is down.",
    );
    expect(verdict.evidence).toBeLessThan(1.5);
    expect(verdict.cases[0]).toMatchObject({ outcome: "unscored", unscored: 3, candidate: { trials: 0 } });
  });

  it("block where main passes beside them, and count as failed trials in the verdict", () => {
    const verdict = decide(broken(7, pairs("5/5", 0)), DEFAULT_POLICY);
    expect(verdict.status).toBe("block");
    expect(verdict.controlEvidence).toBeGreaterThanOrEqual(40);
    expect(verdict.title).toBe("Blocked: case 0 crashes here (7 of 7 trials); main answers.");
    expect(verdict.cases[0]).toMatchObject({
      unscored: 0,
      breakdowns: { trials: 7, how: "crashed" },
      candidate: { passes: 0, trials: 7 },
    });
  });

  it("blame no other case with them that main was not tried on", () => {
    const cases = broken(7, pairs("5/5", 0)).with(1, counts("case 1", "6/6", "4/6"));
    const { status, cases: told } = decide(cases, DEFAULT_POLICY);
    expect(status).toBe("block");
    expect(told.filter(({ outcome }) => outcome === "regressed").map(({ caseId }) => caseId)).toEqual([
      "case 0",
    ]);
    expect(told[1]).toMatchObject({ outcome: "undecided" });
  });

  it("leave it open where main breaks down too, and say so; never stale, for nothing says what main would do", () => {
    const verdict = decide(broken(6, pairs("0/4", 4)), DEFAULT_POLICY);
    expect(verdict.status).toBe("inconclusive");
    expect(verdict.title).toBe(
      "Inconclusive: 1 case breaks down here and on main of today, so what both need may be down.",
    );
  });

  it.each([
    ["crashed", undefined, "crashes", "crash"],
    ["timed-out", 60_000, "does not end within 60 s", "do not end in time"],
    ["timed-out", 1_500, "does not end within 1.5 s", "do not end in time"],
    ["timed-out", undefined, "does not end in time", "do not end in time"],
    ["silent", undefined, "ends without an answer or spans", "end without an answer or spans"],
    ["mixed", 60_000, "breaks down", "break down"],
  ] as const)("are told as what happened: %s within %s ms", (how, limitMs, one, many) => {
    const limit = limitMs === undefined ? {} : { limitMs };
    const breakdowns = { trials: 7, how, ...limit };
    expect(decide(broken(7, { breakdowns, ...pairs("5/5", 0) }), DEFAULT_POLICY).title).toBe(
      `Blocked: case 0 ${one} here (7 of 7 trials); main answers.`,
    );
    expect(decide(broken(3, { breakdowns }), DEFAULT_POLICY).title).toContain(
      `the agent ${one} on 1 guarding case, and main was not tried`,
    );
    const two = broken(7, { breakdowns, ...pairs("6/6", 0) }).with(
      1,
      counts("case 1", "6/6", "0/0", { unscored: 7, breakdowns, ...pairs("6/6", 0) }),
    );
    expect(decide(two, DEFAULT_POLICY).title).toBe(`Blocked: 2 cases that main passes ${many} here.`);
  });

  it("leave it open where main was near the limit in which the change timed out, and say so", () => {
    const control = {
      main: { passes: 0, trials: 0 },
      candidate: { passes: 0, trials: 0 },
      nearLimit: { pairs: 2, tookMs: 41_250, limitMs: 60_000 },
    };
    const breakdowns = { trials: 5, how: "timed-out", limitMs: 60_000 } as const;
    const verdict = decide(broken(5, { breakdowns, control }), DEFAULT_POLICY);
    expect(verdict.status).toBe("inconclusive");
    expect(verdict.title).toBe(
      "Inconclusive: main answers in up to 41.3 s where this change did not end within 60 s, which is too near to the limit to tell a broken change from a slow machine.",
    );
    expect(verdict.reasons.join("\n")).not.toContain("0 of 0");
  });

  it("leave it open where main gives the same answer each time, which counts once, and say so", () => {
    const sides = { main: { passes: 1, trials: 1 }, candidate: { passes: 0, trials: 6 } };
    const control = { ...sides, breakdowns: { ...sides, ofMain: 0 } };
    const verdict = decide(broken(9, { control }), DEFAULT_POLICY);
    expect(verdict.status).toBe("inconclusive");
    expect(verdict.title).toBe(
      "Inconclusive: the agent crashes on 1 guarding case and main answers, but main's answers are the same each time, as recorded ones are, so they count once and cannot settle it.",
    );
  });

  it("ask for further trials of their case until main is worth the asking", () => {
    const cases = broken(1);
    const once = nextTrials(suspicion(cases), {
      policy: DEFAULT_POLICY,
      made: madeOnce(cases),
      record: false,
    });
    expect(once).toEqual(["case 0"]);
    const made = new Map([...madeOnce(cases), ["case 0", 3]]);
    expect(nextTrials(suspicion(broken(3)), { policy: DEFAULT_POLICY, made, record: false })).toEqual([]);
  });

  it("are no more than a missing score where the case gave as many scores", () => {
    const cases = broken(1, { candidate: { passes: 1, trials: 1 } });
    expect(decide(cases, DEFAULT_POLICY).status).toBe("pass");
  });

  it("of many cases at once are one outage for the control, not many", () => {
    const all = suite(40, "6/6", "0/0", {
      unscored: 2,
      breakdowns: { trials: 2, how: "crashed" },
      ...pairs("1/1", 0),
    });
    const verdict = decide(all, DEFAULT_POLICY);
    expect(verdict.controlEvidence).toBeLessThan(5);
    expect(verdict.status).toBe("inconclusive");
  });
});
