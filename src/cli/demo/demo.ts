import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { TracegateError } from "../../core/errors.ts";
import type { GateReport } from "../../core/verdict.ts";
import type { ModelServer } from "../../llmwire/model-server.ts";
import type { Session } from "../session.ts";
import { judgeEnvironment } from "./judge-environment.ts";
import type { Narrator } from "./narrator.ts";
import { runCli } from "./run-cli.ts";
import { scoreTraffic } from "./score-traffic.ts";
import { createWorkspace, FAULTS, type Workspace } from "./workspace.ts";

/** Requests in the demo's working day. */
const REQUESTS = 60;

/** What the demo did; `--format json` prints it. Verdicts are the gate's own. */
export interface DemoResult {
  readonly traces: number;
  readonly scored: number;
  readonly harvested: number;
  readonly gate: {
    readonly main: GateReport["verdict"]["status"];
    readonly fix: GateReport["verdict"]["status"];
    readonly regression: GateReport["verdict"]["status"];
  };
}

/** Options of {@link runDemo}. */
export interface DemoOptions {
  readonly session: Session;
  /** Root of the clone. */
  readonly repository: string;
  readonly model: ModelServer;
  /** Send the jobs through BullMQ: at this URL, or (true) at the usual one; false: the embedded queue. */
  readonly redis: string | boolean;
  readonly narrator: Narrator;
}

/** Production, harvest, main, fix and regression, one after the other, in a little repository of its own. */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const { narrator } = options;
  const workspace = await createWorkspace(options.repository);
  narrator.opening(shown(workspace.path), options.redis !== false);
  for (const fault of FAULTS) await workspace.plant(fault);
  const commit = await workspace.commit("Release the support agent");

  const { traces, scored } = await scoreTraffic({ ...options, workspace, commit, count: REQUESTS });
  const demo = new Steps(options, workspace);
  const harvested = await demo.harvest();
  const main = await demo.gateMain();
  const fix = await demo.gateFix();
  const regression = await demo.gateRegression();
  narrator.closing(shown(workspace.path));
  return {
    traces,
    scored,
    harvested,
    gate: { main: main.verdict.status, fix: fix.verdict.status, regression: regression.verdict.status },
  };
}

class Steps {
  readonly #options: DemoOptions;
  readonly #workspace: Workspace;

  constructor(options: DemoOptions, workspace: Workspace) {
    this.#options = options;
    this.#workspace = workspace;
  }

  async harvest(): Promise<number> {
    const harvest = await this.#run(["harvest", "--format", "json"], [0]);
    const again = await this.#run(["harvest", "--format", "json"], [0]);
    const review = await this.#run(["review", "--accept-all", "--by", "demo"], [0]);
    const commit = await this.#workspace.commit("Accept the failures of today as eval cases");
    const { added } = JSON.parse(harvest);
    const cases = await readFile(join(this.#workspace.path, "evals/datasets/support.jsonl"), "utf8");
    this.#options.narrator.harvested({ added, addedAgain: JSON.parse(again).added, review, commit, cases });
    return added.length;
  }

  async gateMain(): Promise<GateReport> {
    const report = await this.#gate(["--record"], "main");
    await this.#workspace.commit("Record what main passes");
    this.#options.narrator.gated("main", report);
    return report;
  }

  async gateFix(): Promise<GateReport> {
    await this.#workspace.branch("fix");
    for (const fault of FAULTS) await this.#workspace.repair(fault);
    await this.#workspace.commit("Fix what customers ran into");
    const report = await this.#gate([], "fix");
    this.#options.narrator.gated("fix", report);
    await this.#workspace.merge("fix");
    this.#options.narrator.adopted(await this.#run(["gate", "--adopt", reportPath("fix")], [0]));
    await this.#workspace.commit("Adopt the runs of the merged fix as history");
    return report;
  }

  async gateRegression(): Promise<GateReport> {
    await this.#workspace.branch("shorter-order-numbers");
    await this.#workspace.plant("tools/orders.ts");
    await this.#workspace.commit("Find orders by a part of their number");
    const report = await this.#gate([], "regression");
    this.#options.narrator.gated("regression", report);
    return report;
  }

  async #gate(args: readonly string[], name: string): Promise<GateReport> {
    await this.#run(["gate", ...args, "--report", reportPath(name)], [0, 1]);
    return JSON.parse(await readFile(join(this.#workspace.path, reportPath(name)), "utf8"));
  }

  /** Output of a command; throws when it ends with another code than expected. */
  async #run(args: readonly string[], expected: readonly number[]): Promise<string> {
    const { session, model, narrator } = this.#options;
    narrator.progress(`tracegate ${args.join(" ")}`);
    const result = await runCli(args, {
      cwd: this.#workspace.path,
      environment: judgeEnvironment(session.environment, model),
      signal: session.signal,
    });
    if (expected.includes(result.exitCode)) return result.stdout;
    throw new TracegateError(
      "internal",
      `tracegate ${args.join(" ")} ended with ${result.exitCode} in ${this.#workspace.path}: ${result.stderr.slice(-2_000)}`,
    );
  }
}

/** Shorter, and right for commands typed in this folder. */
function shown(path: string): string {
  return relative(process.cwd(), path) || ".";
}

function reportPath(name: string): string {
  return join(".tracegate", `${name}.json`);
}
