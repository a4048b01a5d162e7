// A service that tracegate starts and that a change lets die under a request, of one case or of all, with main tried beside it.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { caseOf } from "../../datasets/case-of.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";
import { ShopRepository } from "./shop-repository.ts";

const SERVE = `
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
const { on } = JSON.parse(readFileSync("plan.json", "utf8"));
createServer(async (request, response) => {
  const { caseId } = await json(request);
  if (on === "all" || on === caseId) {
    console.error("planted in " + caseId);
    process.exit(9);
  }
  response.end(JSON.stringify({ answer: caseId + " comes on Monday. " + crypto.randomUUID() }));
}).listen(Number(process.env.PORT));
`;

const CONFIG = `
import { defineConfig, defineScorer, httpTask } from "tracegate";
export default defineConfig({
  scorers: [defineScorer("names-a-day", ({ trace }) => /day/.test(trace.output ?? ""))],
  gate: {
    datasets: ["cases.jsonl"],
    history: "history.jsonl",
    quietMs: 20,
    task: httpTask({ url: "http://127.0.0.1:0/", start: { command: ["node", "serve.mjs"] }, quietMs: 20, settleMs: 20 }),
  },
});
`;

describe("a service that dies under a request", { timeout: 120_000 }, () => {
  const folder = temporaryFolder();
  const shop = new ShopRepository(join(folder.path, "shop"));
  const env = { RUNNER_TEMP: join(folder.path, "tmp") };

  beforeAll(async () => {
    mkdirSync(env.RUNNER_TEMP);
    const cases = Array.from({ length: 40 }, (_, index) =>
      caseOf(`case-${index}`, { mustPass: ["names-a-day"], review: { decision: "accepted" } }),
    );
    await shop.begin("", {
      "serve.mjs": SERVE,
      "plan.json": "{}",
      "cases.jsonl": cases.map((one) => `${JSON.stringify(one)}\n`).join(""),
      "tracegate.config.ts": CONFIG,
    });
  }, 120_000);
  afterAll(() => folder.remove());

  it.each([
    // What was under way beside it may have gone down with it each time; only the case that main was tried on is to blame.
    [
      "one case",
      "case-3",
      /^Blocked: (?:case-3 .*crashes here \((\d) of \1 trials\); main answers|\d cases crash here; main answers on the one that it was tried on)\.$/,
    ],
    ["all cases", "all", /^Blocked: \d+ cases crash here; main answers on the \d that it was tried on\.$/],
  ])("by a change, on %s, has starts left for the control and is blocked", async (_, on, title) => {
    shop.git("checkout", "--quiet", "--force", "-B", "change", "main");
    shop.write({ "plan.json": JSON.stringify({ on }) });
    shop.commit("Change the agent");
    const { exitCode, report } = await shop.report([], { env });
    expect(report.verdict.title).toMatch(title);
    expect(report.verdict.reasons[0]).toContain("planted in case-");
    const blamed = report.verdict.cases.flatMap(({ caseId, outcome }) =>
      outcome === "regressed" ? [caseId] : [],
    );
    if (on !== "all") expect(blamed).toEqual([on]);
    expect(exitCode).toBe(1);
  });
});
