import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { GateReport } from "../../../src/core/verdict.ts";
import type { Fault } from "../../../src/llmwire/fault.ts";
import type { ModelReply } from "../../../src/llmwire/model-request.ts";
import { type ModelServer, startModelServer } from "../../../src/llmwire/model-server.ts";
import { runCli } from "../../cli/run-cli.ts";
import { caseOf } from "../../datasets/case-of.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";

/** Answers, unless the file `agent` says otherwise of a case, by its id. */
const AGENT = `
import { existsSync, readFileSync } from "node:fs";
export default async function answer(one) {
  const faults = existsSync("agent") ? JSON.parse(readFileSync("agent", "utf8")) : {};
  const how = faults[one.id];
  if (how === "throws") throw new Error("connect ECONNREFUSED 10.0.0.7:5432");
  if (how === "hangs") await new Promise((wake) => setTimeout(wake, 60_000));
  if (how === "bad") return "I do not know. " + crypto.randomUUID();
  return "It comes on Monday. " + crypto.randomUUID();
}
`;

function configOf(modelUrl: string): string {
  return `
import { defineConfig, defineJudge, defineScorer, moduleTask, openai } from "tracegate";

export default defineConfig({
  judge: openai({ model: "gpt-4o-mini", baseURL: ${JSON.stringify(modelUrl)}, timeoutMs: 500 }),
  scorers: [
    defineScorer("names-a-day", ({ trace }) => /day/.test(trace.output ?? "")),
    defineJudge("resolved", { question: "Was it done?", labels: { yes: 1, no: 0 } }),
  ],
  judging: { limits: { holdMs: 500 } },
  gate: {
    datasets: [process.env.DATASET ?? "rules.jsonl"],
    history: "history.jsonl",
    trust: ["resolved"],
    quietMs: 10,
    control: false,
    task: moduleTask({ path: "agent.mjs", isolation: "thread", timeoutMs: 1_500 }),
  },
});
`;
}

const YES: ModelReply = { text: JSON.stringify({ rationale: "It was.", evidence: [], label: "yes" }) };
const key = { OPENAI_API_KEY: "sk-test-0123456789" };
const ids = Array.from({ length: 10 }, (_, index) => `case-${index}`);
const folder = temporaryFolder();
const at = (name: string) => join(folder.path, name);
let server: ModelServer;
let reply: ModelReply | Fault = YES;

const dataset = (scorer: string) =>
  ids
    .map((id) => caseOf(id, { mustPass: [scorer], review: { decision: "accepted" } }))
    .map((one) => `${JSON.stringify(one)}\n`)
    .join("");

async function gate(name: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = key) {
  const { exitCode, stdout, stderr } = await runCli(["gate", "--format", "json", ...args], {
    cwd: folder.path,
    env: { DATASET: `${name}.jsonl`, ...env },
  });
  if (stdout === "") throw new Error(stderr);
  const report: GateReport = JSON.parse(stdout);
  const { verdict } = report;
  return { exitCode, report, ...verdict, said: verdict.reasons.join("\n") };
}

const agentOf = (faults: { readonly [id: string]: string }) =>
  writeFileSync(at("agent"), JSON.stringify(faults));
const all = (how: string) => Object.fromEntries(ids.map((id) => [id, how]));
const trialsOnMain = () => readFileSync(at("history.jsonl"), "utf8").trim().split("\n").length;

beforeAll(async () => {
  server = await startModelServer({ reply: () => reply });
  writeFileSync(at("tracegate.config.ts"), configOf(server.openaiBaseUrl));
  writeFileSync(at("agent.mjs"), AGENT);
  writeFileSync(at("rules.jsonl"), dataset("names-a-day"));
  writeFileSync(at("judged.jsonl"), dataset("resolved"));
  for (const name of ["rules", "judged"]) expect((await gate(name, ["--record"])).exitCode).toBe(0);
}, 60_000);
afterAll(async () => {
  await server.close();
  folder.remove();
});
beforeEach(() => {
  reply = YES;
  agentOf({});
});

describe("a fault of the infrastructure is inconclusive with its reason, never a regression and never green", {
  timeout: 60_000,
}, () => {
  const status = (code: number, error: object): Fault => ({
    fault: "status",
    status: code,
    headers: { "retry-after-ms": "10" },
    body: JSON.stringify({ error }),
  });

  it.each([
    ["has no key", YES, {}, "OPENAI_API_KEY"],
    [
      "has a wrong key",
      status(401, { message: "Incorrect API key provided.", code: "invalid_api_key" }),
      key,
      "OPENAI_API_KEY",
    ],
    [
      "is out of quota",
      status(429, { message: "You exceeded your current quota.", code: "insufficient_quota" }),
      key,
      "quota",
    ],
    [
      "limits the rate",
      status(429, { message: "Rate limit reached.", code: "rate_limit_exceeded" }),
      key,
      "Rate limit",
    ],
    ["is down", status(503, { message: "The server is overloaded." }), key, "503"],
    ["never answers", { fault: "hang" } as const, key, "did not answer within 0.5 s"],
    ["answers nonsense", { fault: "broken-json" } as const, key, "JSON"],
  ])("when the judge %s", async (_, fault, env, words) => {
    reply = fault;
    const before = trialsOnMain();
    const end = await gate("judged", ["--record"], env);
    expect({ exitCode: end.exitCode, status: end.status }).toEqual({ exitCode: 3, status: "inconclusive" });
    expect(end.title).toMatch(/^Inconclusive: \d+ of \d+ trials gave no score, more than the 5 % allowed\.$/);
    expect(end.said).toContain(words);
    expect(end.cases.some(({ outcome }) => outcome === "regressed")).toBe(false);
    expect(trialsOnMain()).toBe(before);
  });

  it.each([
    ["crashes, and main is not tried beside it", "throws", "connect ECONNREFUSED 10.0.0.7:5432"],
    ["never ends", "hangs", "did not end within 1500 ms"],
  ])("when the agent %s", async (_, how, words) => {
    agentOf(all(how));
    const end = await gate("rules", ["--record"]);
    expect({ exitCode: end.exitCode, status: end.status }).toEqual({ exitCode: 3, status: "inconclusive" });
    expect(end.said).toContain(words);
    expect(end.report.notes.join("\n")).toContain("Nothing was recorded");
  });

  it("when the agent crashes on one case only, and all others pass", async () => {
    agentOf({ "case-1": "throws" });
    const end = await gate("rules");
    expect(end.exitCode).toBe(3);
    expect(end.title).toMatch(/^Inconclusive: the agent crashes on 1 guarding case, and main was not tried/);
  });

  it("and does not hide a break that the other trials prove", async () => {
    agentOf({ "case-1": "throws", "case-2": "bad", "case-3": "bad" });
    const end = await gate("rules");
    expect(end.exitCode).toBe(1);
    expect(end.cases.filter(({ outcome }) => outcome === "regressed").map(({ caseId }) => caseId)).toEqual([
      "case-2",
      "case-3",
    ]);
    expect(existsSync(at("history.jsonl"))).toBe(true);
  });
});
