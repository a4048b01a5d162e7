import { resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";

import { gateRepository } from "../app/gate.ts";
import { loadConfig } from "../config/load-config.ts";
import type { Config } from "../config/schema.ts";
import type { Case } from "../core/case.ts";
import { TracegateError } from "../core/errors.ts";
import type { Judge } from "../core/judge.ts";
import { textOf } from "../core/message.ts";
import type { Task } from "../core/run.ts";
import type { Scorer } from "../core/scorer.ts";
import type { GateReport } from "../core/verdict.ts";
import { readDataset } from "../datasets/read-dataset.ts";
import { reviewState } from "../pipeline/case-life.ts";
import { casesToTry } from "../pipeline/gate-criteria.ts";
import { caseEnd } from "./case-end.ts";
import { functionTask, type RunAgent } from "./function-task.ts";

/** Options of {@link evalCases}; what is left out is the configuration's. */
export interface EvalCasesOptions {
  /** The agent under test, e.g. `commandTask({ command })`. Default: `gate.task` of the configuration. */
  readonly task?: Task;
  /** The agent as a function of this process, instead of a task. Its history is its own: trials of another task do not count for it. */
  readonly run?: RunAgent;
  readonly scorers?: readonly Scorer[];
  readonly judge?: Judge;
  /** Path of the configuration. Default: `tracegate.config.ts` here, then in `evals/`. */
  readonly config?: string;
  /** Where main's passes and trials are: a file or a branch, as `gate.history` of the configuration. */
  readonly history?: Config["gate"]["history"];
  /** Judge scorers that may block, by name. */
  readonly trust?: readonly string[];
  /** Quiet time after which a case's spans are taken to be all there, ms. 0 for an agent that sends none. */
  readonly quietMs?: number;
  /** On main: adds the trials to the history. Default false. */
  readonly record?: boolean;
  /** How long all cases together may take, ms; then the verdict is inconclusive. Default 600,000. */
  readonly timeoutMs?: number;
}

/**
 * Makes a test of every accepted case of a dataset, and one of the verdict. The gate itself runs, once, over the cases that are not
 * filtered out: the same scorers, history, trials and decision as `tracegate gate`. A case that main passes and this code breaks fails its
 * test, after it was tried again; one that main fails too, or that could not be decided, is skipped with the reason. The last test
 * fails unless the gate passes, so that a run without a key is not green.
 *
 * @example
 * evalCases("evals/datasets/support.jsonl", { run: (one) => answer(one), scorers: [toolErrors()] });
 *
 * @throws TracegateError `config` while tests are collected, when the dataset cannot be read.
 */
export function evalCases(dataset: string, options: EvalCasesOptions = {}): void {
  const { timeoutMs = 600_000 } = options;
  describe(dataset, async () => {
    const cwd = process.cwd();
    const { dataset: read, problems } = await readDataset(resolve(cwd, dataset));
    if (problems.length > 0) {
      throw new TracegateError("config", problems.map(({ message }) => message).join("\n"));
    }
    const names = new Map(casesToTry(read).map((one) => [nameOf(one), one.id]));
    let report: GateReport | undefined;
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads the pattern to know which fixtures are wanted
    beforeAll(async ({}, suite) => {
      const chosen = suite.tasks.filter(({ mode }) => mode === "run" || mode === "queued");
      const only = new Set(chosen.flatMap(({ name }) => names.get(name) ?? []));
      const record = options.record === true && only.size === names.size;
      report = await gateRepository({
        config: await configOf(options, cwd),
        dataset,
        cwd,
        env: process.env,
        record,
        signal: AbortSignal.timeout(timeoutMs),
        ...(only.size > 0 ? { only } : {}),
      });
    }, timeoutMs + 30_000);
    for (const [name, id] of names) {
      test(name, ({ skip }) => {
        const { end, words } = caseEnd(known(report), id);
        if (end === "skipped") skip(words);
        if (end === "failed") expect.fail(words);
      });
    }
    for (const one of read.cases) {
      if (reviewState(one) === "quarantined") test.todo(`${nameOf(one)} (not reviewed yet)`);
    }
    test("the verdict", () => {
      const { verdict } = known(report);
      if (verdict.status !== "pass") expect.fail([verdict.title, ...verdict.reasons].join("\n"));
    });
  });
}

async function configOf(options: EvalCasesOptions, cwd: string): Promise<Config> {
  const { config } = await loadConfig({ cwd, ...(options.config ? { path: options.config } : {}) });
  const { run, scorers, judge, history, trust, quietMs } = options;
  const task = run ? functionTask(run) : (options.task ?? config.gate.task);
  return {
    ...config,
    ...(scorers ? { scorers: [...scorers] } : {}),
    ...(judge ? { judge } : {}),
    gate: {
      ...config.gate,
      ...(task ? { task } : {}),
      ...(history ? { history } : {}),
      ...(trust ? { trust: [...trust] } : {}),
      ...(quietMs === undefined ? {} : { quietMs }),
    },
  };
}

/** The id tells cases apart, the question tells people what it is about. */
function nameOf(one: Case): string {
  const question = one.input.messages.map(textOf).join(" ").replace(/\s+/g, " ").trim();
  return `${one.id}: ${question.length > 80 ? `${question.slice(0, 79)}…` : question}`;
}

function known(report: GateReport | undefined): GateReport {
  if (report) return report;
  throw new TracegateError("internal", "The gate has not run: vitest called the test before beforeAll.");
}
