/**
 * Runs the gate a thousand times and sees that its exit code is right, that nothing of its output is missing and that nothing is left
 * running: `npm run test:soak`. Instant agents, 1 to 5,000 cases, every verdict, output piped, to a file, to a terminal, to a slow
 * reader and to one that leaves early.
 *
 * Arguments: `--runs 1000`, `--seed 1`, `--at-once 2`; `--short`: 40 runs of 200 cases at most. Exit code 1: a run went wrong.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { seededRandom } from "../src/pipeline/gate-play.ts";
import { buildOwn } from "./bench/runner-projects.ts";
import { soakFolder } from "./bench/soak-folder.ts";
import { planSoak, type Reader, type SoakRun } from "./bench/soak-plan.ts";
import { soakOnce } from "./bench/soak-run.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string" },
    seed: { type: "string", default: "1" },
    "at-once": { type: "string", default: "2" },
    short: { type: "boolean", default: false },
  },
});

const ROOT = join(import.meta.dirname, "..");
const SCRATCH = join(ROOT, ".tracegate/soak");

/** Terminals and shells are not everywhere. */
function readers(): readonly Reader[] {
  const has = (command: string, args: readonly string[]) =>
    spawnSync(command, args, { stdio: "ignore" }).status === 0;
  return [
    "pipe",
    "slow",
    "leaves",
    "file",
    ...(has("bash", ["-c", "head -1 </dev/null"]) ? (["head"] as const) : []),
    ...(has("script", ["-qec", "true", "/dev/null"]) ? (["terminal"] as const) : []),
  ];
}

function tell(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, count]) => `${name} ${count}`).join(", ");
}

function countBy(runs: readonly SoakRun[], name: (run: SoakRun) => string): ReadonlyMap<string, number> {
  return new Map([...Map.groupBy(runs, name)].map(([key, group]) => [key, group.length]));
}

buildOwn(ROOT, SCRATCH);
const place = mkdtempSync(join(SCRATCH, "tracegate/runs-"));
const main = join(SCRATCH, "tracegate/node_modules/tracegate/dist/cli/main.js");
const all = planSoak(Number(values.runs ?? (values.short ? 40 : 1_000)), {
  random: seededRandom(Number(values.seed)),
  readers: readers(),
  most: values.short ? 200 : 5_000,
});
const problems: string[] = [];
const begun = performance.now();
try {
  const queue = all.values();
  const work = async (_: unknown, worker: number) => {
    for (const run of queue) {
      const folder = soakFolder(join(place, String(worker)), run.cases);
      const problem = await soakOnce(run, main, folder, `${process.pid}-${run.number}`);
      if (problem) {
        problems.push(`${JSON.stringify(run)}: ${problem}`);
        console.log(problems.at(-1));
      }
    }
  };
  await Promise.all(Array.from({ length: Number(values["at-once"]) }, work));
} finally {
  rmSync(place, { recursive: true, force: true });
}
const cases = all.map((run) => run.cases).toSorted((a, b) => a - b);
console.log(
  `${all.length - problems.length} of ${all.length} runs right, ${((performance.now() - begun) / 1e3).toFixed(0)} s`,
);
console.log(
  `cases: ${cases[0]} to ${cases.at(-1)}, median ${cases[cases.length >> 1]}, ${cases.reduce((sum, one) => sum + one, 0)} in all`,
);
console.log(`behaviour: ${tell(countBy(all, (run) => run.behaviour))}`);
console.log(`reader: ${tell(countBy(all, (run) => run.reader))}`);
console.log(
  `format: ${tell(countBy(all, (run) => run.format))}; ${tell(countBy(all, (run) => run.isolation))}`,
);
process.exitCode = problems.length > 0 ? 1 : 0;
