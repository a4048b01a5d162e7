import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type Collector, startCollector } from "../../../src/testing/collector.ts";
import { idOf } from "../../cli/agent-traces.ts";
import { runCli } from "../../cli/run-cli.ts";
import { startUp, type UpProcess } from "../../cli/up-process.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";
import { filesWith, planted, plantedOpen, WORD } from "./planted-traces.ts";

const DATASET = "evals/datasets/harvested.jsonl";
const folder = temporaryFolder();
const at = (path: string) => join(folder.path, path);
const tracegate = (args: readonly string[]) => runCli(args, { cwd: folder.path });
const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.org", ...args], {
    cwd: folder.path,
  });
const recordings = () => (existsSync(at("evals/recordings")) ? readdirSync(at("evals/recordings")) : []);
const state = (texts: readonly string[]) => filesWith(at(".tracegate"), texts);

/** Of ann: scored, in git, open, in the hands of a scorer. Of bob: scored. */
const [SCORED, IN_GIT, OPEN, HELD, OTHER] = [1, 2, 3, 4, 5].map(idOf) as [
  string,
  string,
  string,
  string,
  string,
];
const ANN = [SCORED, IN_GIT, OPEN, HELD];

const config = (sinkUrl: string) => `
import { appendFileSync, existsSync } from "node:fs";
import { defineConfig, defineScorer, otlp, toolErrors } from "tracegate";

const quoting = defineScorer("quoting", ({ trace }) => ({ value: 1, explanation: "It asks: " + trace.input }));
const patient = defineScorer("patient", async ({ trace, signal }) => {
  if (trace.input.startsWith("hold")) appendFileSync("held", "x");
  while (trace.input.startsWith("hold") && !existsSync("go") && !signal.aborted)
    await new Promise((wake) => setTimeout(wake, 20));
  return true;
});

export default defineConfig({
  scorers: [toolErrors(), quoting, patient],
  completion: { afterRootMs: 50, idleMs: 600_000 },
  worker: { ruleTimeoutMs: 120_000 },
  sinks: [otlp({ endpoint: ${JSON.stringify(sinkUrl)} })],
});
`;

let sink: Collector;
let up: UpProcess;
beforeAll(async () => {
  sink = await startCollector();
  git("init", "-q");
  writeFileSync(at(".gitignore"), ".tracegate\nheld\ngo\n");
  writeFileSync(at("tracegate.config.ts"), config(sink.url));
  up = await startUp(folder.path);
  await up.send(planted({ traceId: IN_GIT, question: "Two?" }, "ann"));
  await up.scored(IN_GIT);
  await tracegate(["harvest"]);
  git("add", ".");
  git("commit", "-q", "-m", "Harvest");
  await up.send(planted({ traceId: SCORED, question: "One?" }, "ann"));
  await up.send(planted({ traceId: OTHER, question: "Five?" }, "bob"));
  await Promise.all([up.scored(SCORED), up.scored(OTHER)]);
  await tracegate(["harvest"]);
  await sink.waitFor((one) => [SCORED, IN_GIT].every((id) => one.rootAttributes(id) !== undefined));
  await up.send(plantedOpen({ traceId: OPEN }, "ann"));
  await up.send(planted({ traceId: HELD, question: "hold" }, "ann"));
  const deadline = Date.now() + 15_000;
  while (!existsSync(at("held")) && Date.now() < deadline) await new Promise((wake) => setTimeout(wake, 20));
}, 60_000);
afterAll(async () => {
  await up.stop("SIGKILL");
  await sink.close();
  folder.remove();
});

describe("purging a user, beside a running up", () => {
  it("wants a whole trace id or a user, and somebody who says yes", async () => {
    const wrong = [
      ["--trace", "abc"],
      ["--trace", SCORED, "--user", "ann"],
    ];
    for (const args of wrong) expect((await tracegate(["purge", ...args])).exitCode).toBe(2);
    const asked = await tracegate(["purge", "--user", "ann"]);
    expect([asked.exitCode, asked.stdout]).toEqual([2, "Nothing was deleted. Say yes, or give --yes.\n"]);
  }, 60_000);

  it("says beforehand what there is, and deletes nothing", async () => {
    const { stdout, stderr } = await tracegate(["purge", "--user", "ann", "--dry-run", "--format", "json"]);
    expect(stderr).toBe("");
    const plan = JSON.parse(stdout);
    expect(plan.traces.map(({ traceId }: { traceId: string }) => traceId).sort()).toEqual([...ANN].sort());
    expect(
      plan.files.map(({ kind, traceId, commits }: Record<string, unknown>) => [
        kind,
        traceId,
        Array.isArray(commits) ? commits.length : 0,
      ]),
    ).toEqual([
      ["case", IN_GIT, 1],
      ["case", SCORED, 0],
      ["recording", expect.any(String), expect.any(Number)],
      ["recording", expect.any(String), expect.any(Number)],
    ]);
    expect(state([SCORED]).length).toBeGreaterThan(0);
    expect(recordings()).toHaveLength(3);
  }, 60_000);

  it("deletes what is kept and what waits, and says how to remove what is in git and in backends", async () => {
    const { stdout, stderr, exitCode } = await tracegate(["purge", "--user", "ann", "--yes"]);
    expect([stderr, exitCode]).toEqual(["", 0]);
    expect(stdout).toContain("Deleted 4 traces");
    expect(stdout).toContain(`sed -i '/${IN_GIT}/d' '${DATASET}'`);
    expect(stdout).toMatch(/git filter-repo --invert-paths --path 'evals\/recordings\/\w+\.json'/);
    expect(stdout).toMatch(
      new RegExp(
        `otlp has 2 of these traces:\n    ${SCORED}\n    ${IN_GIT}|otlp has 2 of these traces:\n    ${IN_GIT}\n    ${SCORED}`,
      ),
    );
    const lines = readFileSync(at(DATASET), "utf8");
    expect([SCORED, IN_GIT, OTHER].map((id) => lines.includes(id))).toEqual([false, true, true]);
    expect(recordings()).toHaveLength(2);
  }, 60_000);

  it("drops what is in hand when it ends, and what arrives again, and why says so", async () => {
    writeFileSync(at("go"), "");
    for (const body of [planted({ traceId: SCORED }, "ann"), planted({ traceId: OPEN }, "ann")])
      expect((await up.send(body)).status).toBe(200);
    await up.complete(OPEN);
    const after = idOf(6);
    await up.send(planted({ traceId: after }, "bob"));
    await up.scored(after);
    for (const id of ANN) {
      const { stdout, exitCode } = await tracegate(["why", id]);
      expect(stdout).toMatch(
        new RegExp(`^${id}  purged\n  Everything of this trace was purged at .* is dropped\\.`),
      );
      expect(exitCode).toBe(0);
    }
    expect((await tracegate(["why", OTHER])).stdout).toContain("scored");
  }, 60_000);

  it("leaves neither ids nor texts in any byte of the state folder, nor in git's files but those it named, nor texts in the log", async () => {
    expect(await up.stop()).toBe(0);
    expect(state(ANN)).toEqual([]);
    expect(state(["One?", "Two?", "hold"].map((question) => `${question} ${WORD}`))).toEqual([]);
    expect(state([OTHER, `Five? ${WORD}`]).length).toBeGreaterThan(0);
    const named = filesWith(at("evals"), ANN).map((line) => line.slice(at("").length));
    expect(named.filter((line) => !line.endsWith(IN_GIT))).toEqual([]);
    expect(JSON.stringify(up.log)).not.toContain(WORD);
  }, 60_000);
});
