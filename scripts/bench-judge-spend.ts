/**
 * What judging costs, and what a judge is shown: `npm run bench:judge-spend`.
 *
 * Renders real runs of `../shared/data` (not part of the repository; skips with a message when it is absent) and counts the tokens of the
 * questions that the judges would send; no model is asked. Tokens are characters / 4. `--short` takes every seventh run, `--es` and
 * `--whowhen` another set.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { readTraces } from "../src/app/read-traces.ts";
import type { Question } from "../src/core/judge.ts";
import { BATCH_PRICE, costOf } from "../src/core/prices.ts";
import type { Scorer } from "../src/core/scorer.ts";
import type { Trace } from "../src/core/trace.ts";
import { builtInJudges, defaultJudges } from "../src/judges/index.ts";
import { CHARACTERS_PER_TOKEN, renderTrace } from "../src/judges/render-trace.ts";
import { scriptedJudge } from "../src/testing/scripted-judge.ts";
import { recordedCascade } from "./bench/recorded-cascade.ts";

const FOLDER = new URL("../../shared/data/", import.meta.url);
const STRONG = "gpt-6-sol";
const CHEAP = "gpt-6-luna";
/** Providers keep no shorter beginnings, tokens. */
const SHORTEST_KEPT = 1_024;
/** More than any run has. */
const EVERYTHING = 10_000_000;

/** Tokens that the questions about all runs take: at the full price, read again, and written to be read again. */
interface Tokens {
  calls: number;
  plain: number;
  read: number;
  written: number;
}

/** Judges, and what they ask with the whole record and with one that was made to fit. */
interface Plan {
  readonly name: string;
  readonly whole: readonly Scorer[];
  readonly fitted: readonly Scorer[];
  readonly tokens: { readonly whole: Tokens; readonly fitted: Tokens; readonly kept: Tokens };
}

/** One way to write records: tokens, share kept and ms, a number a run. */
interface Sizes {
  readonly name: string;
  readonly tokens: number[];
  readonly kept: number[];
  readonly ms: number[];
}

async function main(): Promise<void> {
  const [set = "tau"] = ["es", "whowhen"].filter((name) => process.argv.includes(`--${name}`));
  const file = fileURLToPath(new URL(`traces.${set}.jsonl.gz`, FOLDER));
  if (!existsSync(file)) {
    console.log(`Skipped: ${file} is not there.`);
    return;
  }
  const every = process.argv.includes("--short") ? 7 : 1;
  const strictest = builtInJudges.map((judge) => judge({ budgetTokens: EVERYTHING }));
  const names = new Set(defaultJudges.map(({ name }) => name));
  const plans = [
    planOf(
      "the default judges",
      strictest.filter(({ name }) => names.has(name)),
      defaultJudges,
    ),
    planOf(
      "all built-in judges that apply",
      strictest,
      builtInJudges.map((judge) => judge()),
    ),
  ];
  const sizes = [EVERYTHING, 24_000, 8_000].map(sizesOf);
  const { signal } = new AbortController();
  let read = 0;
  let taken = 0;
  for await (const trace of readTraces({ files: [file], onProblem: console.error, signal })) {
    read += 1;
    if (read % every !== 0) continue;
    taken += 1;
    measure(trace, sizes);
    for (const plan of plans) await ask(plan, trace);
  }
  console.log(`${taken} of ${read} runs of ${set}\n`);
  printSizes(sizes);
  const cascade = recordedCascade(fileURLToPath(new URL("judge_verdicts.jsonl", FOLDER)));
  for (const plan of plans) printSpend(plan, taken, cascade);
}

function planOf(name: string, whole: readonly Scorer[], fitted: readonly Scorer[]): Plan {
  const none = (): Tokens => ({ calls: 0, plain: 0, read: 0, written: 0 });
  return { name, whole, fitted, tokens: { whole: none(), fitted: none(), kept: none() } };
}

function sizesOf(budgetTokens: number): Sizes & { readonly budgetTokens: number } {
  const name = budgetTokens === EVERYTHING ? "everything, history once" : `budget ${budgetTokens}`;
  return { name, budgetTokens, tokens: [], kept: [], ms: [] };
}

function measure(trace: Trace, all: readonly (Sizes & { readonly budgetTokens: number })[]): void {
  for (const { budgetTokens, tokens, kept, ms } of all) {
    const options = { context: "trajectory", labels: ["yes", "no"], reminder: "", budgetTokens } as const;
    const start = performance.now();
    const rendered = renderTrace(trace, options);
    ms.push(performance.now() - start);
    if ("neededTokens" in rendered)
      throw new Error(`${trace.traceId} does not fit into ${budgetTokens} tokens`);
    tokens.push(rendered.content.length / CHARACTERS_PER_TOKEN);
    kept.push(rendered.kept);
  }
}

/** Adds what the judges would send about one run; those that do not apply send nothing. */
async function ask({ whole, fitted, tokens }: Plan, trace: Trace): Promise<void> {
  for (const question of await questionsOf(whole, trace)) addPlain(tokens.whole, question);
  const questions = await questionsOf(fitted, trace);
  for (const question of questions) addPlain(tokens.fitted, question);
  const beginnings = Map.groupBy(questions, ({ labels, instructions, content, sharedLength }) =>
    JSON.stringify([labels, instructions, content.slice(0, sharedLength)]),
  );
  for (const alike of beginnings.values()) addKept(tokens.kept, alike);
}

async function questionsOf(scorers: readonly Scorer[], trace: Trace): Promise<readonly Question[]> {
  const judge = scriptedJudge(() => "yes");
  for (const scorer of scorers)
    await scorer.score({ trace }, { signal: new AbortController().signal, judge });
  return judge.questions();
}

function addPlain(tokens: Tokens, { instructions, content }: Question): void {
  tokens.calls += 1;
  tokens.plain += (instructions.length + content.length) / CHARACTERS_PER_TOKEN;
}

/** The first question has the beginning kept, the others read it; one that is alone, or too short, has nothing kept. */
function addKept(tokens: Tokens, alike: readonly Question[]): void {
  for (const [index, question] of alike.entries()) {
    const { instructions, content, sharedLength = 0 } = question;
    const beginning = (instructions.length + sharedLength) / CHARACTERS_PER_TOKEN;
    if (alike.length === 1 || beginning < SHORTEST_KEPT) {
      addPlain(tokens, question);
      continue;
    }
    tokens.calls += 1;
    tokens.plain += (content.length - sharedLength) / CHARACTERS_PER_TOKEN;
    tokens[index === 0 ? "written" : "read"] += beginning;
  }
}

/** In a batch questions may be asked all at once: each then has the beginning kept, and none reads it. */
function noneFound({ read, written, ...tokens }: Tokens): Tokens {
  return { ...tokens, read: 0, written: written + read };
}

function printSizes(all: readonly Sizes[]): void {
  const rows = all.map(({ name, tokens, kept, ms }) => [
    name,
    ...[0.5, 0.9, 1].map((share) => Math.round(quantile(tokens, share)).toLocaleString("en")),
    ...[0.5, 0.1, 0].map((share) => quantile(kept, share).toFixed(2)),
    ...[0.5, 0.9, 1].map((share) => quantile(ms, share).toFixed(1)),
  ]);
  const head = ["record", "tokens p50", "p90", "max", "kept p50", "p10", "least", "ms p50", "p90", "max"];
  print([head, ...rows]);
}

function printSpend({ name, tokens }: Plan, runs: number, cascade: ReturnType<typeof recordedCascade>): void {
  const usd = (counts: Tokens, model: string, factor = 1) =>
    (factor * spend(counts, model, cascade) * 1_000) / runs;
  const first = usd(tokens.whole, STRONG);
  const cheapFirst = 2 * usd(tokens.kept, CHEAP) + cascade.escalated * usd(tokens.kept, STRONG);
  const missed = noneFound(tokens.kept);
  const unknown = "not known: no model was asked";
  const row = (mode: string, counts: Tokens, cost: number, known: string) => {
    const input = ((counts.plain + counts.read + counts.written) * 1_000) / runs / 1_000_000;
    return [mode, input.toFixed(1), cost.toFixed(2), (cost / first).toFixed(3), known];
  };
  console.log(`\n${name}: ${(tokens.fitted.calls / runs).toFixed(1)} calls a run, per 1,000 runs`);
  print([
    ["way", "input, M tokens", "USD", "of the first", "agreement with the labels"],
    row(`one call per criterion, everything (${STRONG})`, tokens.whole, first, unknown),
    row("this renderer", tokens.fitted, usd(tokens.fitted, STRONG), unknown),
    row("and the record kept by the provider", tokens.kept, usd(tokens.kept, STRONG), "the same questions"),
    row(
      "this renderer, in batches",
      tokens.fitted,
      usd(tokens.fitted, STRONG, BATCH_PRICE),
      "the same questions",
    ),
    row(
      "kept, in batches, all found",
      tokens.kept,
      usd(tokens.kept, STRONG, BATCH_PRICE),
      "the same questions",
    ),
    row("kept, in batches, none found", missed, usd(missed, STRONG, BATCH_PRICE), "the same questions"),
    row(
      `cascade, kept (${CHEAP} twice, then ${STRONG})`,
      tokens.kept,
      cheapFirst,
      `of these models not known; gpt-4o as both: ${describe(cascade.cascade)}`,
    ),
    row("cascade, kept, in batches, all found", tokens.kept, BATCH_PRICE * cheapFirst, "the same questions"),
  ]);
  console.log(
    "Nothing says in which order the questions of a batch are asked, so what is kept may not be found: what batches cost lies between all and none.",
  );
  console.log(
    `The cascade is that of ${cascade.traces} runs with recorded gpt-4o answers: two short questions, and the thorough one where they disagree (${percent(cascade.escalated)}). ` +
      `Thorough alone: ${describe(cascade.thorough)}; the first short one alone: ${describe(cascade.cheap)}; the cascade says the same as the thorough one in ${percent(cascade.sameAsThorough)}.`,
  );
}

/** USD for all runs; every answer has as many tokens as the recorded ones had on average. */
function spend(
  { calls, plain, read, written }: Tokens,
  model: string,
  { outputTokens }: { outputTokens: number },
): number {
  const usage = {
    inputTokens: plain + read + written,
    cacheReadTokens: read,
    cacheWriteTokens: written,
    outputTokens: calls * outputTokens,
  };
  const cost = costOf(model, usage);
  if (cost === undefined) throw new Error(`${model} has no price`);
  return cost;
}

function describe({ share, kappa }: { readonly share: number; readonly kappa: number }): string {
  return `${percent(share)}, kappa ${kappa.toFixed(2)}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function print(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === 0 || column === row.length - 1
        ? cell.padEnd(widths[column] ?? 0)
        : cell.padStart(widths[column] ?? 0),
    );
    console.log(cells.join("  ").trimEnd());
  }
}

await main();
