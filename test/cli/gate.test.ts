import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { GateReport } from "../../src/core/verdict.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { idOf, run } from "./agent-traces.ts";
import { type CliOptions, runCli } from "./run-cli.ts";

/** An agent whose behaviour a file says; each answer differs, as a model's would. */
const AGENT = `
import { readFileSync, writeFileSync } from "node:fs";

export async function answer() {
  const behaviour = readFileSync("behaviour", "utf8");
  if (behaviour === "crash") throw new Error("no such model");
  writeFileSync("started", "");
  if (behaviour === "hang") await new Promise((wake) => setTimeout(wake, 600_000));
  return (behaviour === "good" ? "It comes on Monday." : "I do not know.") + " " + crypto.randomUUID();
}
`;

const CONFIG = `
import { commandTask, defineConfig, defineScorer, moduleTask } from "tracegate";

const command = [process.execPath, "--input-type=module", "-e", "console.log(await (await import('./agent.mjs')).answer())"];

export default defineConfig({
  scorers: [
    defineScorer("names-a-day", ({ trace }) => ({ value: /day/.test(trace.output ?? ""), explanation: "It said: " + trace.output })),
  ],
  gate: {
    task: process.env.AS_COMMAND ? commandTask({ command }) : moduleTask({ path: "agent.mjs", export: "answer" }),
    quietMs: 50,
    trust: process.env.TRUST ? [process.env.TRUST] : [],
    datasets: ["evals/datasets/harvested.jsonl", ...(process.env.SECOND ? [process.env.SECOND] : [])],
  },
});
`;

const HISTORY = "evals/history.jsonl";
const folder = temporaryFolder();
const at = (name: string) => join(folder.path, name);
const gate = (args: readonly string[] = [], options: Omit<CliOptions, "cwd"> = {}) =>
  runCli(["gate", ...args], { cwd: folder.path, ...options });
const behave = (behaviour: "good" | "bad" | "crash" | "hang") => writeFileSync(at("behaviour"), behaviour);
const trialsOnMain = () =>
  existsSync(at(HISTORY)) ? readFileSync(at(HISTORY), "utf8").trim().split("\n").length : 0;

beforeAll(async () => {
  writeFileSync(at("tracegate.config.ts"), CONFIG);
  writeFileSync(at("agent.mjs"), AGENT);
  writeFileSync(at("trace.pb"), run({ traceId: idOf(1), answer: "I do not know." }));
  await runCli(["harvest", "trace.pb"], { cwd: folder.path });
  await runCli(["review", "--accept-all", "--by", "Ada"], { cwd: folder.path });
});
afterAll(() => folder.remove());

/** The steps of a case's life, one after the other. */
describe("gate", () => {
  it("passes on main although main fails the case, and records its trials", async () => {
    behave("bad");
    const { exitCode, stdout, stderr } = await gate(["--record"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/^Pass: nothing is guarded yet\./);
    expect(trialsOnMain()).toBe(3);
  });

  it("credits the fix, writes a report, and adopts its trials once it is merged", async () => {
    behave("good");
    const fix = await gate(["--report", "out/fix.json"]);
    expect(fix.exitCode).toBe(0);
    expect(fix.stdout).toMatch(/^Pass, 1 case fixed/);
    const report: GateReport = JSON.parse(readFileSync(at("out/fix.json"), "utf8"));
    expect(report).toMatchObject({ v: 1, recorded: false, verdict: { status: "pass" } });
    expect(report.run.results[0]?.trace?.output).toContain("Monday");
    expect(trialsOnMain()).toBe(3);

    const adopted = await gate(["--adopt", "out/fix.json"]);
    expect(adopted).toEqual({
      exitCode: 0,
      stdout: "3 trials of out/fix.json added to main's history\n",
      stderr: "",
    });
    expect(trialsOnMain()).toBe(6);
  });

  it("blocks with 1 when a change breaks the guarding case, in the machine formats too", async () => {
    behave("bad");
    const { exitCode, stdout } = await gate(["--format", "json", "--report", "out/broken.json"]);
    expect(exitCode).toBe(1);
    const { verdict }: GateReport = JSON.parse(stdout);
    expect(verdict.status).toBe("block");
    expect(verdict.cases).toMatchObject([
      { scorer: "names-a-day", state: "guarding", outcome: "regressed", main: { passes: 3, trials: 3 } },
    ]);
    expect(await gate(["--adopt", "out/broken.json"])).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "tracegate: out/broken.json says block; only the report of a change that passed is adopted.\n",
    });
    expect(trialsOnMain()).toBe(6);
  });

  it("adopts no report that is stale, of a run with faults, or no report at all", async () => {
    const fix: GateReport = JSON.parse(readFileSync(at("out/fix.json"), "utf8"));
    const adopt = async (report: unknown) => {
      writeFileSync(at("out/other.json"), JSON.stringify(report));
      const { exitCode, stderr } = await gate(["--adopt", "out/other.json"]);
      expect({ exitCode, trials: trialsOnMain() }).toEqual({ exitCode: 2, trials: 6 });
      return stderr;
    };
    expect(await adopt({ ...fix, verdict: { ...fix.verdict, status: "stale" } })).toMatch(
      "out/other.json says stale; only the report of a change that passed is adopted.",
    );
    const fault = { code: "agent-timed-out", message: "late" };
    const results = fix.run.results.map((result, index) => (index === 0 ? { ...result, fault } : result));
    expect(await adopt({ ...fix, run: { ...fix.run, results } })).toMatch(
      "In out/other.json 1 case could not be tried, and only whole runs enter the history.",
    );
    for (const other of [{ v: 1 }, null, [], { ...fix, v: 2 }])
      expect(await adopt(other)).toMatch(/other\.json is not a report of this version/);
  });

  it("plans what it can see, without running the agent, for people and machines", async () => {
    const { exitCode, stdout } = await gate(["plan"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^1 guarding case of 1, 3 trials each on main \(median\), mode pull-request\.\n/);
    expect(stdout).toMatch(/1 case broken +\d+ ±[\d.]+ %/);
    const json = await gate(["plan", "--mode", "release", "--format", "json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({ v: 1, mode: "release", cases: 1, guarding: 1 });
    expect(trialsOnMain()).toBe(6);
  });

  it("is inconclusive with 3 for a release that one case cannot prove", async () => {
    behave("good");
    const { exitCode, stdout } = await gate(["--mode", "release"]);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(
      /^Inconclusive: it is not proven that the agent lost less than 5 points against main\./,
    );
  });

  it("shows no secret of the environment, in no file and not in the terminal", async () => {
    behave("crash");
    // The agent's own words, which a fault repeats.
    const env = { SHOP_API_KEY: "no such model" };
    const files = ["--report", "out/s.json", "--html", "out/s.html", "--junit", "out/s.xml"];
    const { stdout } = await gate(files, { env });
    const written = ["out/s.json", "out/s.html", "out/s.xml"].map((name) => readFileSync(at(name), "utf8"));
    expect([stdout, ...written].filter((text) => text.includes("no such model"))).toEqual([]);
    expect(stdout).toContain("***");
  });

  it("runs a command as the agent, too: as another task it has a history of its own", async () => {
    behave("good");
    const { exitCode, stdout } = await gate(["--format", "json"], { env: { AS_COMMAND: "1" } });
    expect(exitCode).toBe(0);
    const { verdict }: GateReport = JSON.parse(stdout);
    expect(verdict.cases).toMatchObject([{ main: { trials: 0 }, candidate: { passes: 1, trials: 1 } }]);
  });

  it("is inconclusive with 3 when the agent does not start, says why, and records nothing", async () => {
    behave("crash");
    const { exitCode, stdout } = await gate(["--record", "--report", "out/crash.json"]);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^Inconclusive: /);
    expect(stdout).toMatch(
      / agent\.mjs#answer: Error: no such model at .*answer \(file:.+agent\.mjs:6:\d+\) \(Tried twice\.\)\n/,
    );
    // The whole stack is for the one who asks for it.
    const { run }: GateReport = JSON.parse(readFileSync(at("out/crash.json"), "utf8"));
    expect(run.results[0]?.fault?.message.match(/^ +at /gm)?.length).toBeGreaterThan(1);
    expect(stdout.match(/ at /g)).toHaveLength(1);
    expect(stdout).toContain("Nothing was recorded");
    expect(trialsOnMain()).toBe(6);
  });

  it("is inconclusive with 3 on Ctrl-C, records nothing, and leaves no agent behind", async () => {
    behave("hang");
    const before = readFileSync(at(HISTORY), "utf8");
    writeFileSync(at("agent.mjs"), AGENT.replace('"started", ""', '"started", String(process.pid)'));
    writeFileSync(at("started"), "");
    const { exitCode, stdout } = await gate(["--record"], {
      onStart: async (child) => {
        await expect.poll(() => readFileSync(at("started"), "utf8"), { timeout: 15_000 }).not.toBe("");
        child.kill("SIGINT");
      },
    });
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^Inconclusive: interrupted after 0 of 1 case\./);
    expect(readFileSync(at(HISTORY), "utf8")).toBe(before);
    const agent = Number(readFileSync(at("started"), "utf8"));
    await expect
      .poll(() => existsSync(`/proc/${agent}/cmdline`) && readFileSync(`/proc/${agent}/cmdline`, "utf8"))
      .toBeFalsy();
    behave("good");
    expect((await gate()).exitCode).toBe(0);
  });

  it("does not run with a dataset line it cannot read, because its case would go unguarded", async () => {
    const dataset = at("evals/datasets/harvested.jsonl");
    const whole = readFileSync(dataset, "utf8");
    try {
      appendFileSync(dataset, "not a case\n");
      const { exitCode, stdout, stderr } = await gate();
      expect(exitCode).toBe(2);
      expect(stdout).toBe("");
      expect(stderr).toContain(`${dataset}:2: this line is not JSON.`);
    } finally {
      writeFileSync(dataset, whole);
    }
  });
});

describe("gate with two datasets", () => {
  it("tries a case once that is in both, and says so", async () => {
    const first = readFileSync(at("evals/datasets/harvested.jsonl"), "utf8").split("\n")[0];
    writeFileSync(at("second.jsonl"), `${first}\n`);
    const { exitCode, stdout } = await gate([], { env: { SECOND: "second.jsonl" } });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Pass: 1 guarding case held\./);
    expect(stdout).toMatch(
      /second\.jsonl: case [0-9a-f]{16} is in an earlier dataset too; that one counts\./,
    );
  });
});

describe("gate where nothing guards yet", () => {
  const first = temporaryFolder();
  afterAll(() => first.remove());

  it("says to record main, unless it was just told to", async () => {
    writeFileSync(join(first.path, "tracegate.config.ts"), CONFIG);
    writeFileSync(join(first.path, "agent.mjs"), AGENT);
    writeFileSync(join(first.path, "behaviour"), "crash");
    writeFileSync(join(first.path, "cases.jsonl"), '{"id": "lisbon", "input": "When?"}\n');
    const run = (...more: string[]) =>
      runCli(["gate", "--dataset", "cases.jsonl", ...more], { cwd: first.path });
    expect((await run()).stdout).toContain("Run `tracegate gate --record` on main.");
    const { stdout } = await run("--record");
    expect(stdout).toContain(
      "No case guards yet: a case guards once main has passed it in most of 3 trials or more.\n",
    );
    expect(stdout).toContain("Nothing was recorded: 1 case could not be tried");
    expect(stdout).not.toContain("--record");
  });
});

describe("gate, wrongly used, ends with 2 and says what to do", () => {
  const elsewhere = temporaryFolder();
  afterAll(() => elsewhere.remove());

  it("without a configuration", async () => {
    expect(await runCli(["gate"], { cwd: elsewhere.path })).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "tracegate: There is no tracegate.config.ts here or in evals/, so there is no agent to run. Write one, and in it set gate.task to moduleTask({ path }), commandTask({ command }), httpTask({ url }) or replayTask({ task }).\n",
    });
  });

  it("without a task in the configuration", async () => {
    writeFileSync(join(elsewhere.path, "tracegate.config.ts"), "export default {};");
    const { exitCode, stderr } = await runCli(["gate"], { cwd: elsewhere.path });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: `tracegate: ${join(elsewhere.path, "tracegate.config.ts")}: gate.task is missing, so there is no agent to run. Set it to moduleTask({ path }), commandTask({ command }), httpTask({ url }) or replayTask({ task }).\n`,
    });
  });

  it("without the dataset", async () => {
    expect(await gate(["--dataset", "missing.jsonl"])).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `tracegate: ${at("missing.jsonl")}: there is no such dataset. Harvest failures into it, or write the first case by hand. Other files: gate.datasets, or --dataset.\n`,
    });
  });

  it("with trust in a scorer that is not there", async () => {
    expect(await gate([], { env: { TRUST: "names-a-dya" } })).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: 'tracegate: gate.trust: there is no scorer "names-a-dya". Known: names-a-day.\n',
    });
  });

  it("with a report that is none, or two orders at once", async () => {
    writeFileSync(at("none.json"), '{"v": 7}');
    expect((await gate(["--adopt", "none.json"])).stderr).toMatch(/none\.json (cannot be read as|is not) a/);
    expect(await gate(["--adopt", "none.json", "--record"])).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "tracegate: --adopt and --record exclude each other. Choose one.\n",
    });
  });
});
