// An agent in threads, of which one case of a change ends the thread under all that are under way in it, with main tried beside it.
import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { caseOf } from "../../datasets/case-of.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";
import { ShopRepository } from "./shop-repository.ts";

/** Six for each thread; there are as many threads as this. */
const SIZE = Math.min(256, 6 * availableParallelism());

const AGENT = `
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
const { on } = JSON.parse(readFileSync("plan.json", "utf8"));
export default async ({ id }) => {
  if (id === on) setTimeout(() => { throw new Error("planted in " + id); }, 50);
  await sleep(on ? 300 : 1);
  return id + " comes on Monday. " + crypto.randomUUID();
};
`;

const CONFIG = `
import { defineConfig, defineScorer, moduleTask } from "tracegate";
export default defineConfig({
  scorers: [defineScorer("names-a-day", ({ trace }) => /day/.test(trace.output ?? ""))],
  gate: {
    datasets: ["cases.jsonl"],
    history: "history.jsonl",
    quietMs: 20,
    concurrency: ${SIZE},
    task: moduleTask({ path: "agent.mjs", isolation: "thread" }),
  },
});
`;

describe("a case that ends the thread of those beside it", { timeout: 120_000 }, () => {
  const folder = temporaryFolder();
  const shop = new ShopRepository(join(folder.path, "shop"));
  const env = { RUNNER_TEMP: join(folder.path, "tmp") };
  const last = `case-${SIZE - 1}`;

  beforeAll(async () => {
    mkdirSync(env.RUNNER_TEMP);
    const cases = Array.from({ length: SIZE }, (_, index) =>
      caseOf(`case-${index}`, { mustPass: ["names-a-day"], review: { decision: "accepted" } }),
    );
    await shop.begin("", {
      "agent.mjs": AGENT,
      "plan.json": "{}",
      "cases.jsonl": cases.map((one) => `${JSON.stringify(one)}\n`).join(""),
      "tracegate.config.ts": CONFIG,
    });
  }, 120_000);
  afterAll(() => folder.remove());

  it("is found among them by a trial alone, and blamed alone", async () => {
    shop.write({ "plan.json": JSON.stringify({ on: last }) });
    shop.commit("Change the agent");
    const { exitCode, report } = await shop.report([], { env });
    const { verdict, control, run } = report;
    const wentDown = new Set(run.results.flatMap(({ caseId, fault }) => (fault ? [caseId] : [])));
    expect(wentDown.size).toBeGreaterThan(3);
    const blamed = verdict.cases.filter(({ outcome }) => outcome === "regressed");
    expect(blamed.map(({ caseId }) => caseId)).toEqual([last]);
    expect(new Set(control?.results.map(({ caseId }) => caseId))).toEqual(new Set([last]));
    expect(verdict.reasons[0]).toContain(`planted in ${last}`);
    expect(exitCode).toBe(1);
  });
});
