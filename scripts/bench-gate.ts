/**
 * How right the gate is: `npm run bench:gate`. Simulated pull requests on suites of known reliability, decided by
 * the gate's own functions, by a two-stage exact test, and by the rules of other tools, on the same seeds.
 *
 * Arguments: `--repetitions 2000` per cell, `--history 20` trials per case on main. The published model rows are read from
 * `../shared/data`, which is no part of the repository; without them that part is skipped and says so.
 */
import { parseArgs } from "node:util";
import { seededRandom } from "../src/pipeline/gate-play.ts";
import { DEFAULT_POLICY } from "../src/pipeline/gate-policy.ts";
import { BREAKDOWN_WORLDS, tallyBreakdowns } from "./bench/gate-breakdowns.ts";
import { movingWorlds, tallyControl } from "./bench/gate-control.ts";
import { PEERS } from "./bench/gate-peers.ts";
import { gateRule, type Rule } from "./bench/gate-play.ts";
import { twoStage } from "./bench/gate-two-stage.ts";
import { type Change, drawTasks, EFFECTS, MIXES, readModelRows } from "./bench/gate-worlds.ts";

/** What many repetitions of one rule on one kind of change came to. */
interface Tally {
  readonly repetitions: number;
  readonly block: number;
  readonly inconclusive: number;
  /** Sorted. */
  readonly trials: readonly number[];
  readonly cases: number;
}

/** Name of the gate's own row. */
const GATE = "tracegate";

const RULES: { readonly [name: string]: Rule } = {
  [GATE]: gateRule(DEFAULT_POLICY),
  "two-stage exact": twoStage,
  ...PEERS,
};

function main(): void {
  const { values } = parseArgs({
    options: {
      repetitions: { type: "string", default: "2000" },
      history: { type: "string", default: "20" },
    },
  });
  const [repetitions, history] = [Number(values.repetitions), Number(values.history)];
  console.log(
    `${repetitions} repetitions per cell, ${history} trials per case on main. % blocked, with its standard error; in brackets % inconclusive where any.\n`,
  );
  const own = Object.entries(MIXES).map(
    ([name, mix]) => [name, printMix(name, mix, repetitions, history)] as const,
  );
  printScorers(repetitions, history);
  printControl(repetitions, history);
  printBreakdowns(repetitions, history);
  printModels(repetitions, history);
  printAims(new Map(own));
}

/** Returns the gate's own tallies, by effect. */
function printMix(
  name: string,
  mix: readonly number[],
  repetitions: number,
  history: number,
): ReadonlyMap<string, Tally> {
  const own = new Map<string, Tally>();
  const mean = mix.reduce((sum, chance) => sum + chance, 0) / mix.length;
  console.log(`Mix ${name}: ${mix.length} cases, mean pass rate ${percent(mean)} %`);
  const effects = Object.entries(EFFECTS);
  printRow(["", ...effects.map(([effect]) => effect), "runs", "p95", "extra"]);
  for (const [rule, decide] of Object.entries(RULES)) {
    const tallies = effects.map(([, effect], at) =>
      tally(decide, () => ({ main: mix, here: effect(mix) }), { repetitions, history, seed: 100 + at }),
    );
    const [unchanged] = tallies;
    if (rule === GATE) for (const [at, one] of tallies.entries()) own.set(effects[at]?.[0] ?? "", one);
    printRow([rule, ...tallies.map(shareOf), ...(unchanged ? costOf(unchanged) : [])]);
  }
  console.log("");
  return own;
}

/** The error rate is one, however many scorers judge a case, together or each for itself. */
function printScorers(repetitions: number, history: number): void {
  console.log("Several independent scorers on every case of mix A, a quarter of the repetitions");
  printRow(["", "unchanged", "1 broken", "-5 points", "runs", "p95", "extra"]);
  for (const scorers of [1, 3, 5]) {
    const tallies = ["unchanged", "1 broken", "-5 points"].map((effect, at) => {
      const here = EFFECTS[effect]?.(MIXES.A) ?? [];
      const options = { repetitions: Math.ceil(repetitions / 4), history, seed: 300 + at };
      return tally(gateRule(DEFAULT_POLICY, scorers), () => ({ main: MIXES.A, here }), options);
    });
    const [unchanged] = tallies;
    const label = `${scorers} scorer${scorers === 1 ? "" : "s"}`;
    printRow([label, ...tallies.map(shareOf), ...(unchanged ? costOf(unchanged) : [])]);
  }
  console.log("");
}

/**
 * A block is held against main of today: with a change that broke something, and with a world that moved for main and the change alike.
 */
function printControl(repetitions: number, history: number): void {
  console.log(
    "Before blame: main tried again beside the change. % of all, a quarter of the repetitions; 'alone' is what main's history alone would block",
  );
  for (const [name, mix] of Object.entries(MIXES)) {
    console.log(`Mix ${name}`);
    printRow(["", "alone", "block", "stale", "inconclusive", "main's trials", "added here"]);
    for (const [world, moving] of Object.entries(movingWorlds(mix))) {
      const one = tallyControl(moving, { repetitions: Math.ceil(repetitions / 4), history, seed: 400 });
      const share = (count: number) =>
        shareOf({ ...one, block: count, inconclusive: 0, trials: [], cases: 0 });
      const shares = [one.suspected, one.block, one.stale, one.inconclusive].map(share);
      printRow([world, ...shares, one.controlTrials.toFixed(1), one.addedTrials.toFixed(1)]);
    }
  }
  console.log("");
}

/** An agent that breaks down, by its change or because what it needs is down for main too. */
function printBreakdowns(repetitions: number, history: number): void {
  console.log(
    "Breakdowns, main tried beside the change. % of all, a quarter of the repetitions; 'controlled' is how often main was tried",
  );
  for (const [name, mix] of Object.entries(MIXES)) {
    console.log(`Mix ${name}`);
    printRow(["", "pass", "block", "stale", "inconclusive", "controlled", "main's trials"]);
    for (const [label, world] of Object.entries(BREAKDOWN_WORLDS)) {
      const one = tallyBreakdowns(mix, world, {
        repetitions: Math.ceil(repetitions / 4),
        history,
        seed: 500,
      });
      const shares = [one.pass, one.block, one.stale, one.inconclusive, one.controlled].map(percent);
      printRow([label, ...shares, one.controlTrials.toFixed(1)]);
    }
  }
  console.log("");
}

function printAims(own: ReadonlyMap<string, ReadonlyMap<string, Tally>>): void {
  const blocked = (mix: string, effect: string) => {
    const one = own.get(mix)?.get(effect);
    return one ? one.block / one.repetitions : Number.NaN;
  };
  const extra = (mix: string) => {
    const one = own.get(mix)?.get("unchanged");
    return one
      ? one.trials.reduce((sum, trials) => sum + trials, 0) / one.repetitions / one.cases - 1
      : Number.NaN;
  };
  const repetitions = own.get("A")?.get("unchanged")?.repetitions ?? 1;
  const tolerated = 0.02 + 1.645 * Math.sqrt((0.02 * 0.98) / repetitions);
  console.log("\nAims");
  const aim = (what: string, found: number, reached: boolean) =>
    console.log(`${reached ? "ok  " : "MISS"}  ${what}: ${percent(found)} %`);
  for (const mix of own.keys()) {
    const found = blocked(mix, "unchanged");
    aim(`unchanged agents blocked in mix ${mix}, not significantly above 2 %`, found, found <= tolerated);
  }
  for (const mix of ["A", "B", "C"]) {
    const found = blocked(mix, "1 broken");
    aim(`one broken case of 200 seen in mix ${mix}, 98 % or more`, found, found >= 0.98);
  }
  aim(
    "a loss of 5 points seen in mix A, 90 % or more",
    blocked("A", "-5 points"),
    blocked("A", "-5 points") >= 0.9,
  );
  for (const [mix, price] of [
    ["A", 0.2],
    ["B", 0.2],
    ["C", 0.2],
    ["D", 0.5],
  ] as const) {
    aim(
      `further trials for an unchanged agent in mix ${mix}, ${percent(price)} % or less`,
      extra(mix),
      extra(mix) <= price,
    );
  }
}

/** Every row gets a quarter of the repetitions; there are many rows. */
function printModels(repetitions: number, history: number): void {
  const rows = readModelRows(new URL("../../shared/data/nondeterminism.json", import.meta.url));
  if (rows === null) {
    console.log("SKIPPED: the published model rows (../shared/data/nondeterminism.json) are not here.");
    return;
  }
  console.log(`${rows.length} published models on the tasks of a benchmark, unchanged`);
  printRow(["", "all rows", "worst row", "runs", "p95", "extra"]);
  for (const [rule, decide] of Object.entries(RULES)) {
    const tallies = rows.map((row, at) => {
      const draw = (random: () => number) => {
        const tasks = drawTasks(row, random);
        return { main: tasks, here: tasks };
      };
      return tally(decide, draw, { repetitions: Math.ceil(repetitions / 4), history, seed: 200 + at });
    });
    const worst = tallies.toSorted((a, b) => b.block / b.repetitions - a.block / a.repetitions)[0];
    const all = tallies.reduce(
      (sum, one): Tally => ({
        repetitions: sum.repetitions + one.repetitions,
        block: sum.block + one.block,
        inconclusive: sum.inconclusive + one.inconclusive,
        trials: [...sum.trials, ...one.trials],
        cases: sum.cases + one.cases,
      }),
    );
    const sorted = { ...all, trials: all.trials.toSorted((a, b) => a - b), cases: all.cases / rows.length };
    printRow([rule, shareOf(sorted), worst ? shareOf(worst) : "", ...costOf(sorted)]);
  }
}

function tally(
  rule: Rule,
  draw: (random: () => number) => Change,
  { repetitions, history, seed }: { repetitions: number; history: number; seed: number },
): Tally {
  const random = seededRandom(seed);
  let [block, inconclusive, cases] = [0, 0, 0];
  const trials: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const change = draw(random);
    const outcome = rule(change, history, random);
    if (outcome.status === "block") block += 1;
    if (outcome.status === "inconclusive") inconclusive += 1;
    trials.push(outcome.trials);
    cases = change.main.length;
  }
  return { repetitions, block, inconclusive, trials: trials.toSorted((a, b) => a - b), cases };
}

function shareOf({ block, inconclusive, repetitions }: Tally): string {
  const share = block / repetitions;
  const error = Math.sqrt((share * (1 - share)) / repetitions);
  const open = inconclusive > 0 ? ` (${percent(inconclusive / repetitions)})` : "";
  return `${percent(share)} ±${percent(error)}${open}`;
}

function costOf({ trials, cases }: Tally): string[] {
  const mean = trials.reduce((sum, one) => sum + one, 0) / trials.length;
  const p95 = trials[Math.floor(trials.length * 0.95)] ?? 0;
  return [mean.toFixed(0), String(p95), `${percent(mean / cases - 1)} %`];
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}

function printRow(cells: readonly string[]): void {
  console.log(cells.map((cell, at) => (at === 0 ? cell.padEnd(32) : cell.padStart(18))).join(""));
}

main();
