import { styleText } from "node:util";

import type { ScoredTraceResult } from "../../app/score-traces.ts";
import { passed } from "../../core/score.ts";
import type { GateReport } from "../../core/verdict.ts";
import { gateText } from "../print/gate-text.ts";
import { count, plain } from "../print/plain.ts";
import type { Progress } from "../print/progress.ts";
import { clip } from "../print/table.ts";

/** Tells the demo as it goes; `print` is a line to the person, or nothing at all with `--format json`. */
export class Narrator {
  readonly #print: (text: string) => void;
  readonly #progress: Progress;
  readonly #begun = Date.now();
  /** Columns: those of the terminal; where there is none, what a page shows without scrolling. */
  readonly #width = Math.min(process.stdout.columns || 110, 150);
  #step = 0;

  constructor(print: (text: string) => void, progress: Progress) {
    this.#print = print;
    this.#progress = progress;
  }

  progress(text: string): void {
    this.#progress.update(text);
  }

  fault(message: string): void {
    this.#print(styleText("red", `  ${message}`));
  }

  opening(path: string, redis: boolean): void {
    this.#print(
      [
        "A support agent of a kitchen shop, its faults, its fix, and a change that brings one fault back.",
        "The agent, its OpenTelemetry spans, the OpenAI and Anthropic clients and every tracegate command are real.",
        `${styleText("bold", "Simulated")}: the models. A local server speaks both wire formats and follows a few rules.`,
        `Queue: ${redis ? "BullMQ on Redis" : "embedded"}. Repository: ${path}`,
      ].join("\n"),
    );
  }

  serving(url: string, modelUrl: string, requests: number): void {
    this.#heading("Production: the agent serves a day of requests");
    this.#print(`  tracegate up listens on ${url}; simulated models on ${modelUrl}; ${requests} requests`);
  }

  found(
    failing: readonly ScoredTraceResult[],
    traces: number,
    queue: string,
    rootAttributes: { readonly [key: string]: unknown },
  ): void {
    this.#progress.done();
    this.#print(
      `  ${count(traces, "trace")} scored (queue: ${queue}), ${failing.length} failed, every one with HTTP 200. One of each kind:`,
    );
    for (const group of Map.groupBy(failing, failedNames).values()) this.#print(this.#kind(group));
    const scorer = failing[0]?.scores.find((score) => passed(score) === false)?.name;
    const written = Object.entries(rootAttributes).filter(([key]) => key.endsWith(`.${scorer}`));
    this.#print("\n  Written back to the root span of the first one, among others:");
    for (const [key, value] of written) this.#print(this.#fit(`    ${key} = ${plain(String(value))}`));
  }

  /** One failure for all that were condemned by the same scorers. */
  #kind(group: readonly ScoredTraceResult[]): string {
    const [first] = group;
    if (!first) return "";
    const { input = "", output = "" } = first.trace;
    const worst = first.scores.find((score) => passed(score) === false);
    const lines = [
      `  ${`${group.length}×`.padEnd(4)}asked     ${plain(input)}`,
      `      answered  ${plain(output)}`,
      `      failed    ${worst?.name}: ${plain(worst?.explanation ?? "")}`,
    ];
    return `\n${lines.map((line) => this.#fit(line)).join("\n")}`;
  }

  /** Output of an agent has no length; a line of ours has. */
  #fit(line: string): string {
    return clip(line, this.#width);
  }

  harvested(result: {
    readonly added: readonly unknown[];
    readonly addedAgain: readonly unknown[];
    readonly review: string;
    readonly commit: string;
    readonly cases: string;
  }): void {
    this.#heading("Harvest: the failures become eval cases in git");
    this.#print(
      [
        `  tracegate harvest     ${count(result.added.length, "new case")} in evals/datasets/support.jsonl (${result.cases.length} bytes)`,
        `  tracegate harvest     ${count(result.addedAgain.length, "new case")}: the same traffic again changes no byte`,
        `  tracegate review      ${result.review.trim().split("\n").at(-1)}`,
        `  git commit            ${result.commit}`,
      ].join("\n"),
    );
  }

  gated(step: "main" | "fix" | "regression", report: GateReport): void {
    this.#heading(HEADINGS[step]);
    this.#print(indent(gateText(report)));
  }

  adopted(output: string): void {
    this.#progress.done();
    this.#print(
      [
        `  tracegate gate --adopt  ${output.trim()}`,
        "  Merged: what the fix proved is history now, so its cases guard from here on.",
      ].join("\n"),
    );
  }

  closing(path: string): void {
    const seconds = ((Date.now() - this.#begun) / 1_000).toFixed(0);
    this.#print(`\nDone in ${seconds} s. Look around: git -C ${path} log --stat`);
  }

  #heading(text: string): void {
    this.#progress.done();
    this.#step += 1;
    this.#print(`\n${styleText("bold", `${this.#step}. ${text}`)}`);
  }
}

const HEADINGS = {
  main: "Gate on main: main fails its new cases, so nothing can block yet",
  fix: "Pull request: the fix",
  regression: "Pull request: a later change brings one fault back",
} as const;

function failedNames({ scores }: ScoredTraceResult): string {
  return scores.flatMap((score) => (passed(score) === false ? [score.name] : [])).join(", ");
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
