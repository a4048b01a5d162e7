// An agent that crashes, hangs or ends in silence by its change, by what it needs, or does not start, in each kind of task, with main tried beside it.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { caseOf } from "../../datasets/case-of.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";
import { ShopRepository } from "./shop-repository.ts";

const AGENTS = {
  // What each agent does of a case; `plan.json` is part of its code, the provider is not.
  "work.mjs": `
import { readFileSync } from "node:fs";
import { PROVIDER } from "./place.mjs";

export async function work(id) {
  const { ask } = await import(PROVIDER);
  const { on, how, slowMs = 0 } = JSON.parse(readFileSync("plan.json", "utf8"));
  if (on === "all" || on === id) {
    if (how === "hangs") await new Promise((wake) => setTimeout(wake, 600_000));
    if (how === "silent") return "";
    throw new Error("planted in " + id);
  }
  await new Promise((wake) => setTimeout(wake, slowMs));
  return ask(id);
}
`,
  "agent.mjs": `
import { work } from "./work.mjs";
export default async (one) => (await work(one.id)) || undefined;
`,
  "command.mjs": `
import { text } from "node:stream/consumers";
import { work } from "./work.mjs";
console.log(await work(JSON.parse(await text(process.stdin)).id));
`,
  "serve.mjs": `
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { work } from "./work.mjs";
createServer(async (request, response) => {
  try {
    const { caseId } = await json(request);
    const answer = await work(caseId);
    response.end(answer === "" ? "" : JSON.stringify({ answer }));
  } catch (error) {
    response.writeHead(500).end(JSON.stringify({ error: error.message }));
  }
}).listen(Number(process.env.PORT));
`,
  "plan.json": "{}",
};

/** A way to run the agent: the words of the configuration, in which LIMIT is its time limit. */
export interface Way {
  readonly name: string;
  readonly task: string;
  /** Number of cases. */
  readonly size: number;
  /** Its time limit where something hangs, ms; main, under way on a busy machine, must stay below half of it. */
  readonly limitMs: number;
}

/** What the gate makes of an agent that breaks down. */
export function describeBreakdowns({ name, task, size, limitMs }: Way): void {
  describe(`an agent that is ${name}`, { timeout: 120_000 }, () => suite({ task, size, limitMs }));
}

function suite({ task, size, limitMs }: Omit<Way, "name">): void {
  const folder = temporaryFolder();
  const shop = new ShopRepository(join(folder.path, "shop"));
  const provider = join(folder.path, "provider.mjs");
  const env = { RUNNER_TEMP: join(folder.path, "tmp") };
  // Only where something hangs: a process takes its time on a busy machine.
  const impatient = { ...env, LIMIT_MS: String(limitMs) };
  const answering = () =>
    writeFileSync(provider, 'export const ask = (id) => id + " comes on Monday. " + crypto.randomUUID();\n');

  beforeAll(async () => {
    mkdirSync(env.RUNNER_TEMP);
    answering();
    const cases = Array.from({ length: size }, (_, index) =>
      caseOf(`case-${index}`, { mustPass: ["names-a-day"], review: { decision: "accepted" } }),
    );
    await shop.begin("", {
      ...AGENTS,
      "place.mjs": `export const PROVIDER = ${JSON.stringify(provider)};\n`,
      "cases.jsonl": cases.map((one) => `${JSON.stringify(one)}\n`).join(""),
      "tracegate.config.ts": `
import { commandTask, defineConfig, defineScorer, httpTask, moduleTask } from "tracegate";
const LIMIT = Number(process.env.LIMIT_MS ?? 60_000);
export default defineConfig({
  scorers: [defineScorer("names-a-day", ({ trace }) => /day/.test(trace.output ?? ""))],
  gate: { datasets: ["cases.jsonl"], history: "history.jsonl", quietMs: 20, task: ${task} },
});
`,
    });
  }, 120_000);
  afterEach(() => {
    answering();
    shop.git("checkout", "--quiet", "--force", "-B", "change", "main");
  });
  afterAll(() => folder.remove());

  const change = (plan: { readonly on?: string; readonly how?: string; readonly slowMs?: number }) => {
    shop.write({ "plan.json": JSON.stringify(plan), "README.md": "Changed.\n" });
    shop.commit("Change the agent");
  };

  it("and crashes on one of its cases by a change is blocked, with what it said", async () => {
    change({ on: "case-3", how: "crashes" });
    const { exitCode, report } = await shop.report([], { env });
    expect(report.verdict.title).toMatch(
      /^Blocked: case-3 .*crashes here \((\d) of \1 trials\); main answers\.$/,
    );
    expect(report.verdict.reasons[0]).toContain("planted in case-3");
    expect(report.verdict.controlled).toBe(true);
    expect(exitCode).toBe(1);
  });

  it("and crashes on all of them by a change is blocked", async () => {
    change({ on: "all", how: "crashes" });
    const { exitCode, report } = await shop.report([], { env });
    expect(report.verdict.title).toBe(
      `Blocked: ${size} cases crash here; main answers on the 3 that it was tried on.`,
    );
    expect(exitCode).toBe(1);
  });

  it("and crashes because its provider is down, here and on main, is not", async () => {
    change({});
    writeFileSync(provider, 'export const ask = () => { throw new Error("the model answered 503"); };\n');
    const { exitCode, report } = await shop.report([], { env });
    expect(report.verdict.status).toBe("inconclusive");
    expect(report.verdict.reasons[0]).toMatch(/^Not controlled: main crashes too: .*the model answered 503/s);
    expect(exitCode).toBe(3);
  });

  it("and hangs on one of its cases by a change is blocked", async () => {
    change({ on: "case-3", how: "hangs" });
    const { exitCode, report } = await shop.report([], { env: impatient });
    expect(report.verdict.title).toMatch(
      /^Blocked: case-3 .*does not end within [\d.]+ s here \((\d) of \1 trials\); main answers\.$/,
    );
    expect(exitCode).toBe(1);
  });

  it("and hangs on all of them by a change is blocked, after trials of main on one", async () => {
    change({ on: "all", how: "hangs" });
    const { exitCode, report } = await shop.report([], { env: impatient });
    expect(report.verdict.title).toBe(
      `Blocked: ${size} cases do not end in time here; main answers on the one that it was tried on.`,
    );
    expect(report.control?.results.length).toBeLessThanOrEqual(6);
    expect(exitCode).toBe(1);
  });

  it("and ends without an answer or spans by a change is blocked, on one case and on all", async () => {
    change({ on: "case-3", how: "silent" });
    const one = await shop.report([], { env });
    expect(one.report.verdict.title).toMatch(
      /^Blocked: case-3 .*ends without an answer or spans here \((\d) of \1 trials\); main answers\.$/,
    );
    expect(one.exitCode).toBe(1);
    change({ on: "all", how: "silent" });
    const all = await shop.report([], { env });
    expect(all.report.verdict.title).toBe(
      `Blocked: ${size} cases end without an answer or spans here; main answers on the 3 that it was tried on.`,
    );
  });

  it("and hangs because its provider does, here and on main, is not", async () => {
    change({});
    writeFileSync(provider, "export const ask = () => new Promise((wake) => setTimeout(wake, 600_000));\n");
    const { exitCode, report } = await shop.report([], { env: impatient });
    expect(report.verdict.status).toBe("inconclusive");
    expect(report.verdict.reasons[0]).toMatch(/^Not controlled: main does not end in time either: /);
    expect(exitCode).toBe(3);
  });

  it("and hangs where main, too, needs most of the time, is not", async () => {
    const slow = (slowMs: number) =>
      `export const ask = async (id) => { await new Promise((wake) => setTimeout(wake, ${slowMs})); return id + " comes on Monday. " + crypto.randomUUID(); };\n`;
    change({ on: "case-3", how: "hangs" });
    writeFileSync(provider, slow(0.55 * limitMs));
    const { exitCode, report } = await shop.report([], { env: impatient });
    expect(report.verdict.title).toMatch(
      /^Inconclusive: main answers in up to [\d.]+ s where this change did not end/,
    );
    expect(exitCode).toBe(3);
  });

  it("and does not start at all, here and on main, is not", async () => {
    change({});
    rmSync(provider);
    const { exitCode, report } = await shop.report([], { env });
    expect(report.verdict.status).toBe("inconclusive");
    expect(report.verdict.cases.some(({ outcome }) => outcome === "regressed")).toBe(false);
    expect(exitCode).toBe(3);
  });
}
