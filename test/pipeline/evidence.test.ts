import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Counts } from "../../src/core/verdict.ts";
import { weigh } from "../../src/pipeline/evidence.ts";
import { type HistoryUnit, logCaseEvidence, modelOf } from "../../src/pipeline/evidence-model.ts";
import { fitReliabilities, GRID, logLikelihood } from "../../src/pipeline/evidence-null.ts";

/** A unit of history with the trials of a change. */
interface EvidenceUnit extends HistoryUnit {
  readonly candidate: Counts;
}

const RULE = { margin: 0.05, missRate: 0.1, widen: true };

const counts = (passes: number, trials: number): Counts => ({ passes, trials });

function unit(main: Counts, candidate: Counts, fields: Partial<EvidenceUnit> = {}): EvidenceUnit {
  return { scorer: "s", main, candidate, guarding: true, blocking: true, ...fields };
}

const suite = (size: number, main: Counts, first: Counts) =>
  Array.from({ length: size }, (_, index) => unit(main, index === 0 ? first : counts(1, 1)));

const weighEvidence = (units: readonly EvidenceUnit[], rule = RULE) =>
  weigh(
    modelOf(units, rule),
    units.map(({ candidate }) => candidate),
  );

const jointOf = (units: readonly EvidenceUnit[]) => Math.exp(weighEvidence(units).joint);

describe("the reliabilities that main's history allows", () => {
  it("are a distribution for every case", () => {
    for (const posterior of fitReliabilities([
      counts(3, 3),
      counts(0, 0),
      counts(7, 10),
      counts(500, 1000),
    ])) {
      expect(posterior.map(Math.exp).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    }
  });

  it("lie where the history is", () => {
    const [reliable = [], coin = []] = fitReliabilities([
      ...Array.from({ length: 20 }, () => counts(20, 20)),
      ...Array.from({ length: 20 }, () => counts(10, 20)),
    ]).filter((_, index) => index % 20 === 0);
    const mean = (posterior: readonly number[]) =>
      posterior.reduce((sum, log, index) => sum + Math.exp(log) * (GRID[index] ?? 0), 0);
    expect(mean(reliable)).toBeGreaterThan(0.97);
    expect(mean(coin)).toBeCloseTo(0.5, 1);
  });

  it("borrow from the other cases: three passes mean more where all cases always pass", () => {
    const spread = [counts(3, 3), ...Array.from({ length: 10 }, (_, index) => counts(index % 4, 3))];
    const steady = [counts(3, 3), ...Array.from({ length: 10 }, () => counts(3, 3))];
    const ofFirst = (histories: readonly Counts[]) =>
      logCaseEvidence(fitReliabilities(histories)[0] ?? [], counts(0, 2));
    expect(ofFirst(steady)).toBeGreaterThan(ofFirst(spread) + 1);
  });
});

describe("the evidence of one case", () => {
  const [posterior = []] = fitReliabilities([counts(5, 5)]);
  const evidence = (passes: number, trials: number) =>
    Math.exp(logCaseEvidence(posterior, counts(passes, trials)));

  it("is one before the first trial, falls with a pass and grows with every failure", () => {
    expect(evidence(0, 0)).toBe(1);
    expect(evidence(1, 1)).toBeLessThan(1);
    const failing = [1, 2, 3, 4, 5, 6].map((trials) => evidence(0, trials));
    expect(failing).toEqual(failing.toSorted((a, b) => a - b));
  });

  it("has a mean of one when nothing changed, over every outcome of any number of trials", () => {
    for (const trials of [1, 2, 3, 6]) {
      const choose = [1];
      for (let k = 1; k <= trials; k++) choose.push(((choose[k - 1] ?? 0) * (trials - k + 1)) / k);
      const mean = choose.reduce((sum, ways, passes) => {
        const outcome = counts(passes, trials);
        const chance = posterior.reduce(
          (total, log, index) => total + Math.exp(log + logLikelihood(GRID[index] ?? 0, outcome)),
          0,
        );
        return sum + ways * chance * evidence(passes, trials);
      }, 0);
      expect(mean).toBeCloseTo(1, 10);
    }
  });
});

describe("the joint evidence", () => {
  it.each([
    // cases, main trials each, failures of one case in as many trials: below or above the limit of 20
    [3, 3, [3, 9.6, 22, 41.9, 71.5, 113.1]],
    [3, 5, [4.9, 24.4, 75.9, 184.4, 386.6, 733.5]],
    [6, 5, [3.9, 22.3, 71, 173.8, 365.6, 695]],
    [50, 10, [1.6, 63.4, 484.6, 1912.3, 6004.2, 16328.6]],
    [200, 20, [0.5, 54, 2955.5, 27405.1, 148240.1, 664254.8]],
  ])(
    "of %i cases with %i passes each on main, when one fails again and again, is %j",
    (size, trials, expected) => {
      const found = expected.map((_, index) =>
        jointOf(suite(size, counts(trials, trials), counts(0, index + 1))),
      );
      expect(found.map((value) => Math.round(value * 10) / 10)).toEqual(expected);
    },
  );

  it("is none without a guarding case, and none before the first trial", () => {
    expect(jointOf([])).toBe(1);
    expect(jointOf([unit(counts(0, 5), counts(0, 6), { guarding: false })])).toBe(1);
    expect(jointOf([unit(counts(5, 5), counts(0, 0))])).toBeCloseTo(1, 12);
  });

  it("grows when all cases get a little worse, though none is broken", () => {
    const worse = Array.from({ length: 100 }, (_, index) =>
      unit(counts(20, 20), counts(index % 5 === 0 ? 0 : 1, 1)),
    );
    expect(jointOf(worse)).toBeGreaterThan(1_000);
  });

  it("leaves advisory judges out, but says what they saw", () => {
    const broken = unit(counts(10, 10), counts(0, 6), { scorer: "judge", blocking: false });
    const evidence = weighEvidence([broken, unit(counts(10, 10), counts(1, 1))]);
    expect(Math.exp(evidence.joint)).toBeLessThan(1);
    expect(evidence.units[0]).toBeGreaterThan(5);
  });

  it("averages over scorers: a second one that holds makes it weaker, not void", () => {
    const one = suite(4, counts(10, 10), counts(0, 4));
    const other = suite(4, counts(10, 10), counts(1, 1)).map((held) => ({ ...held, scorer: "t" }));
    const share = jointOf([...one, ...other]) / jointOf(one);
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(1);
  });

  it("lets a scorer with two cases borrow from the others what three passes on main mean", () => {
    const pair = suite(2, counts(3, 3), counts(0, 3)).map((unit) => ({ ...unit, scorer: "small" }));
    const rest = suite(8, counts(3, 3), counts(1, 1));
    const [alone = 0] = weighEvidence(pair).units;
    const [among = 0] = weighEvidence([...pair, ...rest]).units;
    expect(among).toBeGreaterThan(alone + 1);
  });

  it("is a finite number for any counts", () => {
    const someCounts = fc
      .tuple(fc.nat(3_000), fc.nat(3_000))
      .map(([passes, fails]) => counts(passes, passes + fails));
    fc.assert(
      fc.property(fc.array(fc.tuple(someCounts, someCounts), { maxLength: 8 }), (pairs) => {
        const { joint, units } = weighEvidence(pairs.map(([main, candidate]) => unit(main, candidate)));
        for (const value of [joint, ...units]) expect(Number.isFinite(value)).toBe(true);
      }),
      { seed: 5, numRuns: 100 },
    );
  });
});
