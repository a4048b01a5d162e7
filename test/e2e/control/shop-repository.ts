import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { GateReport } from "../../../src/core/verdict.ts";
import { type CliOptions, runCli } from "../../cli/run-cli.ts";
import { caseOf } from "../../datasets/case-of.ts";

/**
 * An agent that asks a model (OpenAI's wire format) and sends a span of that call. What it asks lies in a file that it reads from its working
 * directory, as prompts do.
 */
const AGENT = `
import { readFileSync } from "node:fs";
import { BASE } from "./place.mjs";

export default async function answer(one, { endpoint, traceparent }) {
  const question = one.input.messages[0].parts[0].content;
  const content = readFileSync("prompt.txt", "utf8").trim() + "\\n" + question + " " + crypto.randomUUID();
  const asked = await fetch(BASE + "/v1/chat/completions", {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer none" },
    body: JSON.stringify({ model: "shop-model", messages: [{ role: "user", content }] }),
  });
  if (!asked.ok) throw new Error("the model answered " + asked.status);
  const { id, model, choices } = await asked.json();
  const said = choices[0].message.content;
  const text = (value) => ({ stringValue: value });
  const attributes = {
    "gen_ai.operation.name": text("chat"),
    "gen_ai.provider.name": text("openai"),
    "gen_ai.request.model": text("shop-model"),
    "gen_ai.response.model": text(model),
    "gen_ai.response.id": text(id),
    "tracegate.trace.complete": { boolValue: true },
  };
  const [, traceId] = traceparent.split("-");
  const now = String(BigInt(Date.now()) * 1_000_000n);
  const span = { traceId, spanId: traceId.slice(16), name: "chat", kind: 3, startTimeUnixNano: now, endTimeUnixNano: now };
  const spans = [{ ...span, attributes: Object.entries(attributes).map(([key, value]) => ({ key, value })) }];
  await fetch(endpoint + "/v1/traces", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
  });
  return said;
}
`;

/** The configuration, with what is to be said of the control. */
export function configOf(control = "", scorer = "/day/"): string {
  return `
import { defineConfig, defineScorer, moduleTask } from "tracegate";

export default defineConfig({
  scorers: [
    defineScorer("names-a-day", ({ trace }) => ({ value: ${scorer}.test(trace.output ?? ""), explanation: "It said: " + trace.output })),
  ],
  gate: {
    datasets: ["cases.jsonl"],
    history: "history.jsonl",
    quietMs: 50,
    ${control === "" ? "" : `control: ${control},`}
    task: moduleTask({ path: "agent.mjs", isolation: "thread" }),
  },
});
`;
}

const cases = ["monday", "tuesday", "friday"].map((id) =>
  caseOf(id, { mustPass: ["names-a-day"], review: { decision: "accepted" } }),
);

/** A git repository with an agent, cases, and a main that has passed them often enough. */
export class ShopRepository {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  write(files: { readonly [path: string]: string }): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.path, name)), { recursive: true });
      writeFileSync(join(this.path, name), text);
    }
  }

  git(...args: string[]): string {
    return git(this.path, ...args);
  }

  commit(message: string): void {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--allow-empty", "--message", message);
  }

  gate(args: readonly string[] = [], options: Omit<CliOptions, "cwd"> = {}) {
    return runCli(["gate", ...args], { cwd: this.path, ...options });
  }

  /** Runs the gate and reads its report. */
  async report(args: readonly string[] = [], options: Omit<CliOptions, "cwd"> = {}) {
    const { exitCode, stdout, stderr } = await this.gate(["--format", "json", ...args], options);
    if (stdout === "") throw new Error(`no report: ${stderr}`);
    const report: GateReport = JSON.parse(stdout);
    return { exitCode, report, stderr };
  }

  /** Makes the repository with a main that passes all cases, and a branch for a change. */
  async begin(modelUrl: string, files: { readonly [path: string]: string } = {}): Promise<void> {
    mkdirSync(this.path, { recursive: true });
    this.git("init", "--quiet", "--initial-branch=main");
    this.write({
      "tracegate.config.ts": configOf(),
      "agent.mjs": AGENT,
      "place.mjs": `export const BASE = ${JSON.stringify(modelUrl)};\n`,
      "prompt.txt": "Name the day of the delivery.\n",
      "cases.jsonl": cases.map((one) => `${JSON.stringify(one)}\n`).join(""),
      ".gitignore": ".tracegate/\nnode_modules/\nbuilt.json\n",
      ...files,
    });
    this.commit("Begin the shop");
    for (let run = 0; run < 2; run++) {
      const { exitCode, stdout, stderr } = await this.gate(["--record"]);
      if (exitCode !== 0) throw new Error(stdout + stderr);
    }
    this.commit("Record what main passes");
    this.git("switch", "--quiet", "--create", "change");
  }
}

/** Runs git in a folder with a name of its own. */
export function git(cwd: string, ...args: string[]): string {
  const identity = ["-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false"];
  return execFileSync("git", [...identity, ...args], {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}
