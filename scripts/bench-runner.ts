/**
 * How fast the gate runs cases: `npm run bench:runner`, beside promptfoo, evalite and vitest-evals, which are installed into
 * `.tracegate/bench-runner`. Every run is a process of its own, start-up included; the same agent (it answers after 0 or 20 ms) and
 * the same check for all, no cache, results in a file, output piped. Medians; the runs of a cell alternate.
 *
 * Arguments: `--runs 3` (cells that last over half a minute run once), `--cases 200,1000,5000`, `--latency 0,20`,
 * `--concurrency 1,20,100`, `--without evalite`, `--built` (takes what an earlier run has built); `--short`: 200 and 1,000 cases, 20 at once, once each, without the peers.
 * Exit code 1: a run of ours did not try every case, or start-up took more than half a second of CPU time.
 */
import { loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { type Cell, type Contestant, ISOLATED, OWN, PEERS } from "./bench/runner-contestants.ts";
import { buildOwn, type CellRun, installPeer, runCell } from "./bench/runner-projects.ts";

const ROOT = join(import.meta.dirname, "..");
const SCRATCH = join(ROOT, ".tracegate/bench-runner");
/** A cell whose agents alone take longer is run once, s. */
const LONG = 30;
const START_UP_SECONDS = 0.5;

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "3" },
    cases: { type: "string", default: "200,1000,5000" },
    latency: { type: "string", default: "0,20" },
    concurrency: { type: "string", default: "1,20,100" },
    without: { type: "string", multiple: true, default: [] },
    short: { type: "boolean", default: false },
    built: { type: "boolean", default: false },
  },
});
const numbers = (text: string) => text.split(",").map(Number);
let failed = false;

function contestants(): readonly Contestant[] {
  const peers = values.short ? [] : PEERS.filter(({ name }) => !values.without.includes(name));
  const there = peers.filter((peer) => {
    process.stderr.write(`installing ${peer.name} ...\n`);
    const problem = installPeer(peer, SCRATCH);
    if (problem) console.log(`${peer.name} could not be installed and is left out: ${problem}`);
    return problem === null;
  });
  return [...OWN, ...there];
}

function cells(): readonly Cell[] {
  const [counts, concurrencies] = values.short ? ["200,1000", "20"] : [values.cases, values.concurrency];
  return numbers(counts).flatMap((cases) =>
    numbers(values.latency).flatMap((latencyMs) =>
      numbers(concurrencies).map((concurrency) => ({ cases, latencyMs, concurrency })),
    ),
  );
}

/** The runs of every contestant on one cell, in turns, so that what disturbs them disturbs all. */
async function runAll(
  all: readonly Contestant[],
  cell: Cell,
): Promise<ReadonlyMap<string, readonly CellRun[]>> {
  const runs = new Map<string, CellRun[]>(all.map(({ name }) => [name, []]));
  const alone = (cell.cases * cell.latencyMs) / cell.concurrency / 1e3;
  const wanted = values.short || alone > LONG ? 1 : Number(values.runs);
  for (let turn = 0; turn < wanted; turn++) {
    for (const contestant of all) {
      const run = await runCell(contestant, cell, SCRATCH);
      if (run.problem) console.log(`${contestant.name}, ${JSON.stringify(cell)}: ${run.problem}`);
      if (run.problem && !PEERS.includes(contestant)) failed = true;
      if (!run.problem) runs.get(contestant.name)?.push(run);
    }
  }
  return runs;
}

type Figure = "seconds" | "cpuSeconds" | "peakBytes";

function median(runs: readonly CellRun[] = [], figure: Figure): number {
  const sorted = runs.map((run) => run[figure]).toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

function column(runs: readonly CellRun[] | undefined): string {
  const [wall, cpu, peak] = [median(runs, "seconds"), median(runs, "cpuSeconds"), median(runs, "peakBytes")];
  if (Number.isNaN(wall)) return "-".padStart(21);
  return `${wall.toFixed(2).padStart(7)} ${cpu.toFixed(2).padStart(7)} ${(peak / 1e6).toFixed(0).padStart(5)}`;
}

/** How many times as much the best peer takes. */
function ratio(runs: ReadonlyMap<string, readonly CellRun[]>, figure: Figure): string {
  const peers = PEERS.map(({ name }) => median(runs.get(name), figure)).filter((one) => !Number.isNaN(one));
  const own = median(runs.get(OWN[0]?.name ?? ""), figure);
  return peers.length === 0 ? "" : `${(Math.min(...peers) / own).toFixed(2)}x`.padStart(8);
}

async function startUp(all: readonly Contestant[]): Promise<void> {
  const runs = await runAll(all, { cases: 1, latencyMs: 0, concurrency: 1 });
  const own = median(runs.get(OWN[0]?.name ?? ""), "cpuSeconds");
  const line = all.map(({ name }) => {
    return `${name} ${median(runs.get(name), "seconds").toFixed(2)} (${median(runs.get(name), "cpuSeconds").toFixed(2)})`;
  });
  console.log(`\nOne case, wall s (CPU s): ${line.join("; ")}`);
  if (own > START_UP_SECONDS) {
    failed = true;
    console.log(`Start-up took ${own} s of CPU time; the limit is ${START_UP_SECONDS} s.`);
  }
}

async function isolated(): Promise<void> {
  const cell = { cases: 200, latencyMs: 0, concurrency: 4 };
  const [one, many] = [await runAll([ISOLATED], { ...cell, cases: 1 }), await runAll([ISOLATED], cell)];
  const cpu = (runs: ReadonlyMap<string, readonly CellRun[]>) =>
    median(runs.get(ISOLATED.name), "cpuSeconds");
  const perTrial = ((cpu(many) - cpu(one)) / 199) * 1e3;
  console.log(`${ISOLATED.name} (the default): ${perTrial.toFixed(1)} ms of CPU time per trial`);
}

if (!values.built) {
  process.stderr.write("building tracegate ...\n");
  buildOwn(ROOT, SCRATCH);
}
const all = contestants();
for (const contestant of all) await runCell(contestant, { cases: 1, latencyMs: 0, concurrency: 1 }, SCRATCH);
console.log(
  `Wall s, CPU s and peak MB; medians of ${values.short ? 1 : values.runs}. Load before: ${loadavg()[0]?.toFixed(1)}\n`,
);
console.log(
  `${" ".repeat(19)}  ${all.map(({ name }) => name.padStart(21)).join("  ")}  best peer / tracegate`,
);
console.log(`cases   ms  at once  ${all.map(() => "   wall     CPU    MB").join("  ")}      wall      CPU`);
for (const cell of cells()) {
  const runs = await runAll(all, cell);
  const { cases, latencyMs, concurrency } = cell;
  const head = `${String(cases).padStart(5)} ${String(latencyMs).padStart(4)} ${String(concurrency).padStart(8)}`;
  const columns = all.map(({ name }) => column(runs.get(name))).join("  ");
  console.log(`${head}  ${columns}  ${ratio(runs, "seconds")} ${ratio(runs, "cpuSeconds")}`);
}
await startUp(all);
await isolated();
console.log(`Load after: ${loadavg()[0]?.toFixed(1)}`);
process.exitCode = failed ? 1 : 0;
