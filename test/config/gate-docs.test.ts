import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { configSchema } from "../../src/config/schema.ts";
import { parseCase } from "../../src/datasets/case-schema.ts";
import { blocksOf, REPOSITORY } from "../e2e/readme/blocks.ts";

const page = readFileSync(join(REPOSITORY, "docs/gate.md"), "utf8");

describe("docs/gate.md", () => {
  it("shows cases by hand that can be read", () => {
    const block = blocksOf(page).find(({ name }) => name === "A case by hand / jsonl / 1");
    const cases = block?.text.split("\n").map((line, index) => parseCase(line, `docs/gate.md:${index + 1}`));
    expect(cases).toMatchObject([
      { id: "lisbon-hours", mustPass: [], source: { kind: "written" } },
      { id: "refund-twice", mustPass: ["tool-errors"], tags: ["severity:critical"] },
    ]);
  });

  it("tells of every setting of the gate, with its default where that is a number", () => {
    const { gate } = configSchema.parse({ scorers: [], gate: {} });
    expect(
      Object.keys(gate).filter((key) => !page.includes(`\`${key}\``) && !page.includes(`${key}: {`)),
    ).toEqual([]);
    for (const key of [
      "errorRate",
      "margin",
      "missRate",
      "minHistory",
      "maxTrials",
      "maxPasses",
      "maxUnscored",
      "concurrency",
    ] as const) {
      const row = page.split("\n").find((line) => line.startsWith("|") && line.includes(`\`${key}\``));
      expect({ key, row }).toEqual({ key, row: expect.stringContaining(String(gate[key])) });
    }
  });
});
