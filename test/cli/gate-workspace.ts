import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { GateReport } from "../../src/core/verdict.ts";
import { caseOf } from "../datasets/case-of.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { type CliOptions, runCli } from "./run-cli.ts";

/**
 * An agent that sends a span of one model call of 1,200 tokens. It fails the cases named in the file `broken`, notes each case that it begins in
 * `begun.log`, and after as many as the file `hold-after` says it waits until that is gone.
 */
const AGENT = `
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

const lines = (path) => (existsSync(path) ? readFileSync(path, "utf8").split("\\n").filter(Boolean) : []);

export default async function answer(one, { endpoint, traceparent }) {
  appendFileSync("begun.log", one.id + "\\n");
  const begun = lines("begun.log").length;
  while (begun > Number(lines("hold-after")[0] ?? Infinity)) await pause(20);
  const text = (value) => ({ stringValue: value });
  const attributes = {
    "gen_ai.operation.name": text("chat"),
    "gen_ai.provider.name": text("openai"),
    "gen_ai.request.model": text(process.env.AGENT_MODEL ?? "gpt-4o"),
    "gen_ai.response.id": text(crypto.randomUUID()),
    "gen_ai.usage.input_tokens": { intValue: "1000" },
    "gen_ai.usage.output_tokens": { intValue: "200" },
    "tracegate.trace.complete": { boolValue: true },
  };
  const [, traceId] = traceparent.split("-");
  const now = String(BigInt(Date.now()) * 1_000_000n);
  const span = {
    traceId,
    spanId: traceId.slice(16),
    name: "chat",
    kind: 3,
    startTimeUnixNano: now,
    endTimeUnixNano: now,
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value })),
  };
  const sent = await fetch(endpoint + "/v1/traces", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  });
  if (!sent.ok) throw new Error("the spans were refused: " + sent.status);
  return lines("broken").includes(one.id) ? "I do not know." : "It comes on Monday.";
}
`;

const CONFIG = `
import { defineConfig, defineScorer, moduleTask } from "tracegate";

export default defineConfig({
  scorers: [
    defineScorer("names-a-day", ({ trace }) => ({ value: /day/.test(trace.output ?? ""), explanation: "It said: " + trace.output })),
  ],
  gate: {
    task: moduleTask({ path: "agent.mjs", isolation: "thread" }),
    datasets: ["evals/datasets/support.jsonl"],
    concurrency: 2,
    errorRate: Number(process.env.ERROR_RATE ?? 0.05),
    budget: JSON.parse(process.env.BUDGET ?? "{}"),
  },
});
`;

/** A repository with an agent and accepted cases, in git, and main's history recorded. */
export class GateWorkspace {
  readonly #folder = temporaryFolder();
  readonly caseIds: readonly string[];

  constructor(cases: number) {
    this.caseIds = Array.from({ length: cases }, (_, index) => `case-${index}`);
    const dataset = this.caseIds.map((id) =>
      caseOf(id, { mustPass: ["names-a-day"], review: { decision: "accepted" } }),
    );
    mkdirSync(this.at("evals/datasets"), { recursive: true });
    this.write("evals/datasets/support.jsonl", dataset.map((one) => `${JSON.stringify(one)}\n`).join(""));
    this.write("tracegate.config.ts", CONFIG);
    this.write("agent.mjs", AGENT);
    this.write(".gitignore", ["begun.log", "broken", "hold-after", ".tracegate/", ""].join("\n"));
    this.git("init", "--quiet");
    this.commit("The agent and its cases");
  }

  get path(): string {
    return this.#folder.path;
  }

  at(name: string): string {
    return join(this.path, name);
  }

  write(name: string, text: string): void {
    writeFileSync(this.at(name), text);
  }

  git(...args: readonly string[]): void {
    execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], {
      cwd: this.path,
    });
  }

  commit(message: string): void {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message", message);
  }

  /** Names the cases that the agent fails from now on. */
  break(...ids: readonly string[]): void {
    this.write("broken", ids.join("\n"));
  }

  /** Lets the agent wait after it has begun so many trials more; null: no longer. */
  holdAfter(trials: number | null): void {
    rmSync(this.at("begun.log"), { force: true });
    if (trials === null) rmSync(this.at("hold-after"), { force: true });
    else this.write("hold-after", String(trials));
  }

  /** Ids of the cases begun since the log was emptied, in order. */
  begun(): readonly string[] {
    return existsSync(this.at("begun.log")) ? this.read("begun.log").trim().split("\n") : [];
  }

  read(name: string): string {
    return readFileSync(this.at(name), "utf8");
  }

  report(name: string): GateReport {
    return JSON.parse(this.read(name));
  }

  /** Paths of the journals that lie there. */
  journals(): readonly string[] {
    const folder = this.at(".tracegate/gate");
    return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  }

  /** Takes away what earlier runs left, so that the one journal there is the next run's. */
  forgetJournals(): void {
    rmSync(this.at(".tracegate/gate"), { recursive: true, force: true });
  }

  /** Trials in the journal; 0 without one. */
  trialsOnDisk(): number {
    const [path] = this.journals();
    const lines = path === undefined ? [] : readFileSync(path, "utf8").split("\n");
    return lines.filter((line) => line.startsWith('{"kind":"trial"')).length;
  }

  gate(args: readonly string[] = [], options: Omit<CliOptions, "cwd"> = {}) {
    return runCli(["gate", ...args], { cwd: this.path, ...options });
  }

  remove(): void {
    this.#folder.remove();
  }
}
