import { execFile } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { temporaryFolder } from "../store/temporary-folder.ts";
import { MAIN } from "./run-cli.ts";

const folder = temporaryFolder();
const at = (name: string) => join(folder.path, name);

const CONFIG = `
import { defineConfig, defineScorer, moduleTask } from "tracegate";
export default defineConfig({
  scorers: [defineScorer("right", ({ trace }) => trace.output === "right")],
  gate: {
    task: moduleTask({ path: "agent.js", isolation: "thread" }),
    datasets: ["cases.jsonl"],
    history: "history.jsonl",
    concurrency: 20,
  },
});
`;

beforeAll(() => {
  writeFileSync(at("package.json"), '{ "type": "module" }');
  writeFileSync(at("tracegate.config.js"), CONFIG);
  writeFileSync(at("agent.js"), 'export default () => "right";');
});
afterAll(() => folder.remove());

function writeCases(count: number): void {
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify({ id: `case-${index}`, input: `Question ${index}?`, review: { decision: "accepted" } }),
  );
  writeFileSync(at("cases.jsonl"), lines.join("\n"));
}

const ENVIRONMENT = { ...process.env, NODE_OPTIONS: "" };

/** CPU time of a command line and all it starts, s: the least of some runs, for the first one fills Node's compile cache. */
async function cpuOf(args: readonly string[], runs: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    rmSync(at("history.jsonl"), { force: true });
    const script = '"$@" > /dev/null || exit 1; times';
    const line = ["-c", script, "sh", process.execPath, MAIN, ...args];
    const { stdout } = await promisify(execFile)("sh", line, { cwd: folder.path, env: ENVIRONMENT });
    // The second line is of the children: user, then system time.
    const [user = 0, system = 0] = [...(stdout.split("\n")[1] ?? "").matchAll(/(\d+)m([\d.]+)s/g)].map(
      ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
    );
    least = Math.min(least, user + system);
  }
  return least;
}

/** Packages of node_modules that a command line loads. */
async function packagesOf(args: readonly string[]): Promise<readonly string[]> {
  writeFileSync(
    at("hook.mjs"),
    `
    import { registerHooks } from "node:module";
    import { isMainThread } from "node:worker_threads";
    const found = new Set();
    registerHooks({
      load(url, context, next) {
        const name = url.match(/node_modules\\/((?:@[^/]+\\/)?[^/]+)/)?.[1];
        if (name) found.add(name);
        return next(url, context);
      },
    });
    if (isMainThread) process.on("exit", () => process._rawDebug("LOADED " + [...found].join(" ")));
    `,
  );
  const line = ["--import", at("hook.mjs"), MAIN, ...args];
  const { stderr } = await promisify(execFile)(process.execPath, line, {
    cwd: folder.path,
    env: ENVIRONMENT,
  });
  return (/LOADED (.*)/.exec(stderr)?.[1] ?? "").split(" ").filter(Boolean).sort();
}

describe("the gate's start", () => {
  it("loads no package but those that read the command line and the configuration", async () => {
    writeCases(1);
    expect(await packagesOf(["gate", "--help"])).toEqual(["commander"]);
    expect(await packagesOf(["gate"])).toEqual(["commander", "zod"]);
  });

  it("takes less than 0.25 s of CPU time for its help, and 0.5 s for one case", async () => {
    writeCases(1);
    expect(await cpuOf(["gate", "--help"], 4)).toBeLessThan(0.25);
    expect(await cpuOf(["gate"], 4)).toBeLessThan(0.5);
  });
});

describe("the gate's work", { timeout: 120_000 }, () => {
  it.each([
    ["without a history", ["gate"]],
    ["that records the first one", ["gate", "--record"]],
  ])("%s grows no faster than its cases", async (_, args) => {
    const cpu = async (cases: number, runs: number) => {
      writeCases(cases);
      return cpuOf(args, runs);
    };
    const start = await cpu(1, 2);
    expect((await cpu(5_000, 1)) - start).toBeLessThan(6 * ((await cpu(1_000, 1)) - start));
  });
});
