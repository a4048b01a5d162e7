/**
 * How often each rule scorer fires on labelled real runs, and how long it takes: `npm run bench:scorers`.
 *
 * Reads `../shared/data` (not part of the repository; skips with a message when it is absent). A scorer
 * "fires" when its value is below its `passAt`. Precision is the share of firings on runs that really failed.
 * Optional arguments: the sets to read (default `tau es`); `--show` prints what fired on passing runs.
 */
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";

import { readTrace } from "../src/conventions/read-trace.ts";
import { isObject, parseJson } from "../src/core/json.ts";
import type { Trace } from "../src/core/trace.ts";
import { jsonToProtobuf } from "../src/otlp/json-to-protobuf.ts";
import { readSpans } from "../src/otlp/read-spans.ts";
import { ruleScorers } from "../src/scorers/index.ts";

const FOLDER = new URL("../../shared/data/", import.meta.url);

/** What the labels say of one run. */
interface Label {
  readonly domain: string;
  readonly failed: boolean;
}

/** Counts of one scorer in one domain. */
interface Tally {
  failing: number;
  passing: number;
  firedOnFailing: number;
  firedOnPassing: number;
  unscored: number;
  totalMs: number;
  slowestMs: number;
}

async function main(): Promise<void> {
  const sets = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
  const show = process.argv.includes("--show");
  for (const set of sets.length > 0 ? sets : ["tau", "es"]) {
    const traces = new URL(`traces.${set}.jsonl.gz`, FOLDER);
    if (!existsSync(traces)) {
      console.log(
        `SKIPPED ${set}: ${traces.pathname} is not here; the labelled runs are not part of the repository.`,
      );
      continue;
    }
    const labels = readLabels(new URL(`labels.${set}.jsonl`, FOLDER));
    const tallies = new Map<string, Tally>();
    let runs = 0;
    for await (const trace of readTraces(traces)) {
      const label = labels.get(trace.traceId);
      if (label === undefined) continue;
      runs += 1;
      await scoreTrace(trace, label, tallies, show);
    }
    console.log(`\n${set}: ${runs} labelled runs\n`);
    printTable(tallies);
  }
}

async function* readTraces(file: URL): AsyncGenerator<Trace> {
  const lines = createInterface({ input: createReadStream(file).pipe(createGunzip()), crlfDelay: Infinity });
  for await (const line of lines) {
    if (line.trim() !== "") yield readTrace(readSpans(jsonToProtobuf(line)));
  }
}

function readLabels(file: URL): ReadonlyMap<string, Label> {
  const labels = new Map<string, Label>();
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const row = parseJson(line);
    if (isObject(row)) {
      labels.set(String(row.trace_id), { domain: String(row.domain), failed: row.label === "fail" });
    }
  }
  return labels;
}

async function scoreTrace(trace: Trace, label: Label, tallies: Map<string, Tally>, show: boolean) {
  for (const scorer of ruleScorers) {
    const start = performance.now();
    const score = await scorer.score({ trace }, { signal: new AbortController().signal });
    const took = performance.now() - start;
    const fired = score.value !== null && score.value < scorer.passAt;
    for (const domain of ["all", label.domain]) {
      const tally = tallyOf(tallies, `${scorer.name}\t${domain}`);
      tally[label.failed ? "failing" : "passing"] += 1;
      if (fired) tally[label.failed ? "firedOnFailing" : "firedOnPassing"] += 1;
      if (score.value === null) tally.unscored += 1;
      tally.totalMs += took;
      tally.slowestMs = Math.max(tally.slowestMs, took);
    }
    if (show && fired && !label.failed) {
      console.log(`${label.domain} ${trace.traceId} ${scorer.name}: ${score.explanation}`);
    }
  }
}

function tallyOf(tallies: Map<string, Tally>, key: string): Tally {
  const known = tallies.get(key);
  if (known !== undefined) return known;
  const fresh = {
    failing: 0,
    passing: 0,
    firedOnFailing: 0,
    firedOnPassing: 0,
    unscored: 0,
    totalMs: 0,
    slowestMs: 0,
  };
  tallies.set(key, fresh);
  return fresh;
}

function printTable(tallies: ReadonlyMap<string, Tally>): void {
  const domains = new Set([...tallies.keys()].map((key) => key.split("\t")[1]));
  const rows = [...tallies].flatMap(([key, tally]) => {
    const [scorer = "", domain = ""] = key.split("\t");
    // Sets of many small domains would fill the screen with rows of a few runs each.
    if (domain !== "all" && domains.size > 6) return [];
    return [[scorer, domain, ...cells(tally)]];
  });
  const order = ruleScorers.map((scorer) => scorer.name);
  rows.sort((a, b) => order.indexOf(a[0] ?? "") - order.indexOf(b[0] ?? "") || (a[1] === "all" ? -1 : 1));
  const head = [
    "scorer",
    "domain",
    "fires on failing",
    "on passing",
    "precision [95 %]",
    "unscored",
    "mean µs",
    "max ms",
  ];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of [head, widths.map((width) => "-".repeat(width)), ...rows]) {
    console.log(
      row
        .map((cell, column) =>
          column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join("  "),
    );
  }
}

function cells(tally: Tally): readonly string[] {
  const fired = tally.firedOnFailing + tally.firedOnPassing;
  const runs = tally.failing + tally.passing;
  const [low, high] = wilson(tally.firedOnFailing, fired);
  return [
    `${tally.firedOnFailing}/${tally.failing} = ${percent(tally.firedOnFailing, tally.failing)}`,
    `${tally.firedOnPassing}/${tally.passing} = ${percent(tally.firedOnPassing, tally.passing)}`,
    fired === 0
      ? "-"
      : `${(tally.firedOnFailing / fired).toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`,
    String(tally.unscored),
    ((1000 * tally.totalMs) / runs).toFixed(0),
    tally.slowestMs.toFixed(1),
  ];
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "-" : `${((100 * part) / whole).toFixed(1)} %`;
}

/** The Wilson score interval of a share at 95 % (E. B. Wilson, 1927). */
function wilson(hits: number, trials: number): readonly [number, number] {
  if (trials === 0) return [0, 1];
  const z = 1.96;
  const share = hits / trials;
  const middle = (share + (z * z) / (2 * trials)) / (1 + (z * z) / trials);
  const half =
    (z / (1 + (z * z) / trials)) *
    Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

await main();
