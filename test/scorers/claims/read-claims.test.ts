import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readClaims } from "../../../src/scorers/claims/read-claims.ts";

const read = (text: string) => readClaims([text]).map((claim) => `${claim.kind} ${claim.text}`);

const values = (text: string) =>
  readClaims([text]).flatMap((claim) =>
    claim.kind === "number" ? [[...claim.readings.map((reading) => reading.value), claim.unit]] : [],
  );

describe("readClaims", () => {
  it.each<[string, (number | string)[]]>([
    ["It costs $1,126.04.", [1126.04, "money"]],
    ["Son S/460.50 en total", [460.5, "money"]],
    ["1.500,50 €", [1500.5, "money"]],
    ["1.500 units", [1500, 1.5, "none"]],
    ["0.125 of it", [0.125, "none"]],
    ["**−$3.17**", [3.17, "money"]],
    ["12.5% off", [12.5, "percent"]],
    ["20 percent", [20, "percent"]],
    ["40 dollars", [40, "money"]],
    ["5GB left", [5, "none"]],
    ["a 30-day window", [30, "none"]],
    ["about 1.2 million people", [1_200_000, "none"]],
    ["\\$482 per person", [482, "money"]],
    ["1,234,567 rows", [1234567, "none"]],
  ])("reads the number of %o", (text, expected) => {
    expect(values(text)).toEqual([expected]);
  });

  it("reads both ends of a range, with or without an en dash", () => {
    expect(values("5-7 days")).toEqual([
      [5, "none"],
      [7, "none"],
    ]);
    expect(values("$40–$60")).toEqual([
      [40, "money"],
      [60, "money"],
    ]);
  });

  it.each([
    ["Order #W1234567 is open.", ["id #W1234567"]],
    ["Use `credit_card_7815826`.", ["id credit_card_7815826"]],
    ["Use credit\\_card\\_7815826.", ["id credit_card_7815826"]],
    ["Reservation M05KNL", ["id M05KNL"]],
    ["See https://example.com/a/12", ["id https://example.com/a/12"]],
    ["Reservation EHGLP3", ["id EHGLP3"]],
    ["Write to ana22@example.com", ["id ana22@example.com"]],
    ["Call 555-123-2001", ["id 555-123-2001"]],
    ["Item 8997785118", ["id 8997785118"]],
  ])("reads the id of %o", (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each([
    ["on May 23, 2026", [{ year: 2026, month: 5, day: 23 }]],
    ["el 15 de marzo", [{ month: 3, day: 15 }]],
    ["on 2026-05-23T10:00:00Z", [{ year: 2026, month: 5, day: 23 }]],
    ["am 3. Oktober 2026", [{ year: 2026, month: 10, day: 3 }]],
    ["April 15th", [{ month: 4, day: 15 }]],
    [
      "03/04/2026",
      [
        { year: 2026, month: 4, day: 3 },
        { year: 2026, month: 3, day: 4 },
      ],
    ],
  ])("reads the date of %o", (text, days) => {
    expect(readClaims([text]).filter((claim) => claim.kind === "date")).toMatchObject([{ days }]);
  });

  it.each([
    ["at 2:30 PM", [870]],
    ["at 14:30", [870]],
    ["at 2:30", [150, 870]],
    ["at 9 a.m.", [540]],
    ["at 12:00 AM", [0]],
  ])("reads the time of %o", (text, minutes) => {
    expect(readClaims([text])).toMatchObject([{ kind: "time", minutes }]);
  });

  it.each([
    "1. First\n2) Second\n33. Third",
    "We are here 24/7.",
    "Your id looks like `sara_doe_496`.",
    "the order number (e.g., #W0000000)",
    "por ejemplo, MAT201",
    "I switched to 4g_5g_preferred mode, over 4G",
    "H2O and B2B",
    "call it OPTION_WITH_A_LONG_NAME_725",
    "no figures at all",
  ])("reads no claim that needs a source in %o", (text) => {
    expect(read(text).filter((claim) => !/^number \d{1,2}G?$/.test(claim))).toEqual([]);
  });

  it("reads the values of a JSON answer, without its keys and escapes", () => {
    expect(read('{"message": "Total:\\n$40.50 \\u2013 done", "step_12345": true}')).toEqual([
      "number $40.50",
    ]);
  });

  it("says each claim once, over all texts", () => {
    expect(readClaims(["$40.50, again $40.50", "$40.50"])).toHaveLength(1);
  });

  it("reads what a plain number means, however it is grouped", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9_999_999 }),
        fc.constantFrom("en-US", "de-DE"),
        (number, locale) => {
          const text = `total ${new Intl.NumberFormat(locale).format(number)} points`;
          const found = readClaims([text]);
          if (found[0]?.kind === "id") expect(String(number)).toHaveLength(7);
          else expect(values(text)[0]).toContain(number);
        },
      ),
      { seed: 5 },
    );
  });
});
