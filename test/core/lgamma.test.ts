import { describe, expect, it } from "vitest";

import { lgamma, logBeta } from "../../src/core/lgamma.ts";

/** ln Γ(x), computed with 70 digits by Stirling's series beyond 60, 40 of them kept. */
const TABLE: readonly (readonly [number, string])[] = [
  [1e-8, "18.42068073818020890537530597313548290288"],
  [0.001, "6.907178885383853682512344668076982502159"],
  [0.1, "2.252712651734205959869701646368495118615"],
  [0.5, "0.5723649429247000870717136756765293558236"],
  [1.5, "-0.1207822376352452223455184457816472122518"],
  [2.5, "0.2846828704729191596324946696827019243201"],
  [3, "0.6931471805599453094172321214581765680755"],
  [7.5, "7.534364236758732955158367632436685767027"],
  [11.999, "17.49986522764610438530666877833008414644"],
  [12, "17.50230784587388583928765290721619967170"],
  [25.25, "55.58568604486942970798867062217891593339"],
  [171.5, "709.1431630309282422723639046173352276318"],
  [1000, "5905.220423209181211826076912361440789848"],
  [123456.75, "1323901.561573014233847065699763548372905"],
  [1e8, "1742068066.103834709276216502789188614304"],
];

describe("lgamma", () => {
  it.each(TABLE)("of %f is right to 13 digits", (x, expected) => {
    expect(Math.abs(lgamma(x) / Number(expected) - 1)).toBeLessThan(1e-13);
  });

  it("is zero to 14 places at 1 and 2", () => {
    expect(Math.abs(lgamma(1))).toBeLessThan(1e-14);
    expect(Math.abs(lgamma(2))).toBeLessThan(1e-14);
  });

  it("is not a number where the logarithm of gamma is none", () => {
    expect([0, -1, -0.5, Number.NaN].map(lgamma)).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
  });
});

describe("logBeta", () => {
  it("of halves is ln π", () => {
    expect(logBeta(0.5, 0.5)).toBeCloseTo(Math.log(Math.PI), 14);
  });
});
