import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { GateWorkspace } from "./gate-workspace.ts";

const workspace = new GateWorkspace(12);
beforeAll(async () => {
  expect(await workspace.gate(["--record"])).toMatchObject({ exitCode: 0, stderr: "" });
  workspace.commit("The history of main");
});
afterAll(() => workspace.remove());

/** Runs the gate until so many trials are on disk, and kills it there as a lost runner would. */
async function killedAfter(trials: number): Promise<readonly string[]> {
  workspace.forgetJournals();
  workspace.holdAfter(trials);
  const { exitCode } = await workspace.gate([], {
    onStart: async (child) => {
      await expect.poll(() => workspace.trialsOnDisk(), { timeout: 20_000 }).toBe(trials);
      child.kill("SIGKILL");
    },
  });
  expect(exitCode).toBeNull();
  const finished = workspace.begun().slice(0, trials);
  workspace.holdAfter(null);
  return finished;
}

const NOTHING_KEPT: readonly string[] = [];

describe("a gate that was killed", () => {
  it("goes on where it was: what was finished is not made again, and the verdict is that of a whole run", async () => {
    const finished = await killedAfter(6);
    expect(workspace.journals()).toHaveLength(1);
    const { exitCode, stdout, stderr } = await workspace.gate(["--resume", "--report", "out/report.json"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/^Pass: 12 guarding cases held\.\n/);
    expect(workspace.begun().toSorted()).toEqual(
      workspace.caseIds.filter((id) => !finished.includes(id)).toSorted(),
    );
    const report = workspace.report("out/report.json");
    expect(report.run.results.map(({ caseId }) => caseId)).toEqual(workspace.caseIds);
    expect(report.spent).toMatchObject({ tokens: 12 * 1_200, untold: 0 });
    expect(workspace.journals()).toEqual(NOTHING_KEPT);
  });

  it("has nothing to go on with once it has its verdict", async () => {
    expect(await workspace.gate(["--resume"])).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "tracegate: There is no interrupted gate to go on with. Run the gate anew, without --resume.\n",
    });
  });

  it("is not gone on with when the code changed meanwhile, and says which file", async () => {
    await killedAfter(2);
    const agent = workspace.read("agent.mjs");
    workspace.write("agent.mjs", `${agent}// better\n`);
    workspace.write("helper.mjs", "export {};");
    const changed = await workspace.gate(["--resume"]);
    expect(changed).toMatchObject({ exitCode: 2, stdout: "" });
    expect(changed.stderr).toMatch(
      /^tracegate: Since the interrupted gate began, agent\.mjs, helper\.mjs changed, so its trials are of other code\./,
    );
    workspace.commit("A better agent");
    const committed = await workspace.gate(["--resume"]);
    expect(committed.exitCode).toBe(2);
    expect(committed.stderr).toMatch(
      /the newest one, \.tracegate\/gate\/[0-9a-f]+\.jsonl, is of another commit \([0-9a-f]{40} and [0-9a-f]{40}\)\./,
    );
    expect(workspace.begun()).toEqual([]);
  });

  it("begins anew without --resume", async () => {
    await killedAfter(4);
    expect((await workspace.gate()).exitCode).toBe(0);
    expect(workspace.begun()).toHaveLength(12);
  });
});

describe("a gate that is interrupted", () => {
  it("keeps its trials on Ctrl-C, says how to go on, and does", async () => {
    workspace.forgetJournals();
    workspace.holdAfter(6);
    const stopped = await workspace.gate(["--report", "out/report.json"], {
      onStart: async (child) => {
        await expect.poll(() => workspace.trialsOnDisk(), { timeout: 20_000 }).toBe(6);
        child.kill("SIGINT");
      },
    });
    workspace.holdAfter(null);
    expect(stopped.exitCode).toBe(3);
    expect(stopped.stdout).toMatch(/^Inconclusive: interrupted after 6 of 12 cases\./);
    expect(stopped.stdout).toContain("go on with `tracegate gate --resume`");
    expect(workspace.report("out/report.json").ended).toBe("interrupted");
    const resumed = await workspace.gate(["--resume", "--report", "out/report.json"]);
    expect(resumed).toMatchObject({ exitCode: 0, stderr: "" });
    expect(workspace.begun()).toHaveLength(6);
  });
});

describe("a gate whose budget is reached", () => {
  it("is inconclusive, says what it spent and needs, and goes on once the limit is raised", async () => {
    workspace.holdAfter(null);
    const env = (tokens: number) => ({ env: { BUDGET: JSON.stringify({ tokens, usd: 1 }) } });
    const short = await workspace.gate(["--format", "json"], env(6_000));
    expect(short.exitCode).toBe(3);
    const { verdict, spent } = JSON.parse(short.stdout);
    expect(verdict.title).toMatch(
      /^Inconclusive: the budget of 6,000 tokens was reached after [56] of 12 cases\.$/,
    );
    // gpt-4o: 1,000 tokens in for 0.0025 USD, 200 out for 0.002. The trial that was under way comes on top.
    expect([5, 6].map((trials) => trials * 1_200)).toContain(spent.tokens);
    expect(spent.usd).toBeCloseTo((spent.tokens / 1_200) * 0.0045);
    expect(verdict.reasons[0]).toContain("about 14,400 tokens. Raise gate.budget.tokens");

    const before = workspace.begun().length;
    const whole = await workspace.gate(["--resume"], env(20_000));
    expect(whole).toMatchObject({ exitCode: 0, stderr: "" });
    expect(whole.stdout).toMatch(/^ {2}Spent \$0\.05 and 14,400 tokens in /m);
    expect(workspace.begun().length - before).toBe(12 - before);
  });

  it("names a model without a price, whose USD nobody knows", async () => {
    const { stdout } = await workspace.gate([], {
      env: { AGENT_MODEL: "house-model", BUDGET: JSON.stringify({ usd: 1 }) },
    });
    expect(stdout).toContain("No price is known of house-model: the calls count as tokens");
    expect(stdout).toMatch(/Spent 14,400 tokens \(USD unknown for house-model\) in /);
  });

  it("must be more than nothing", async () => {
    const { exitCode, stderr } = await workspace.gate([], { env: { BUDGET: JSON.stringify({ usd: 0 }) } });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("gate.budget.usd");
  });
});

describe("a gate outside git", () => {
  it("cannot be gone on with, for nobody can tell whether the code is still the same", async () => {
    rmSync(workspace.at(".git"), { recursive: true });
    const { exitCode, stderr } = await workspace.gate(["--resume"]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr:
        "tracegate: This is no git checkout with a commit, so nobody can tell whether the code is still the same. Run the gate anew, without --resume.\n",
    });
  });
});
