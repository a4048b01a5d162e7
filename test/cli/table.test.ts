import { expect, it } from "vitest";

import { table } from "../../src/cli/print/table.ts";

const columns = [
  { heading: "CASE", max: 6 },
  { heading: "REASON", max: 10 },
];
const rows = [["a-long-name", "It said nothing of the refund."]];

it("cuts long cells on a terminal", () => {
  expect(table(columns, rows, { isTerminal: true })).toBe("CASE    REASON\na-lon…  It said n…");
});

it("gives a pipe or file the whole of the last column", () => {
  const whole = "CASE    REASON\na-lon…  It said nothing of the refund.";
  expect(table(columns, rows, { isTerminal: false })).toBe(whole);
  expect(table(columns, rows), "tests have no terminal").toBe(whole);
});
