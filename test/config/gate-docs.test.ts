import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";

import { configSchema } from "../../src/config/schema.ts";
import type { Case } from "../../src/core/case.ts";
import type { Scorer } from "../../src/core/scorer.ts";
import { parseCase } from "../../src/datasets/case-schema.ts";
import { offerOwnModules } from "../../src/tasks/own-modules.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { blocksOf, REPOSITORY } from "../e2e/readme/blocks.ts";

const page = readFileSync(join(REPOSITORY, "docs/gate.md"), "utf8");

describe("docs/gate.md", () => {
  it("shows cases by hand that can be read", () => {
    const block = blocksOf(page).find(({ name }) => name === "A case by hand / jsonl / 1");
    const cases = block?.text.split("\n").map((line, index) => parseCase(line, `docs/gate.md:${index + 1}`));
    expect(cases).toMatchObject([
      { id: "lisbon-hours", mustPass: [], source: { kind: "written" } },
      { id: "refund-twice", mustPass: ["tool-errors", "refunds"], tags: ["severity:critical"] },
    ]);
  });

  it("shows a scorer that reads what a case expects", async () => {
    const block = blocksOf(page).find(({ name }) => name === "A case by hand / ts / 1");
    // The file is type-checked, and what is run here.
    const file = join(import.meta.dirname, "docs/expected.config.ts");
    expect(`${block?.text}\n`).toBe(readFileSync(file, "utf8"));
    const urlOf = (path: string) => pathToFileURL(join(REPOSITORY, path)).href;
    const entries = { index: urlOf("src/index.ts"), testing: urlOf("src/testing/index.ts") };
    offerOwnModules({ entries, prefer: "own" });
    const { default: config } = await import(file);
    const scorer: Scorer = config.scorers.find(({ name }: Scorer) => name === "refunds");
    const lines = blocksOf(page)
      .find(({ name }) => name === "A case by hand / jsonl / 1")
      ?.text.split("\n");
    const tried = parseCase(lines?.[1] ?? "", "docs/gate.md");
    const scored = (refunds: number, subject: { case?: Case } = { case: tried }) => {
      const toolCalls = Array.from({ length: refunds }, () => ({ name: "create_refund", result: {} }));
      return scorer.score(
        { trace: makeTrace({ toolCalls }), ...subject },
        { signal: AbortSignal.timeout(1_000) },
      );
    };
    expect(await scored(1)).toMatchObject({ value: 1, explanation: "1 refunds were made" });
    expect(await scored(2)).toMatchObject({ value: 0 });
    expect(await scored(2, {})).toMatchObject({ value: null, unscored: { code: "not-applicable" } });
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
