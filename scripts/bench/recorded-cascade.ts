import { readFileSync } from "node:fs";

import { isObject, parseJson } from "../../src/core/json.ts";
import { kappa } from "../../src/pipeline/calibration/agreement.ts";

/** What two cheap questions and one thorough one came to on labelled runs, from recorded answers. */
export interface RecordedCascade {
  readonly traces: number;
  /** Share on which the cheap ones disagree, so that the thorough one is asked, 0..1. */
  readonly escalated: number;
  /** Agreement with the truth. */
  readonly cheap: Agreement;
  readonly thorough: Agreement;
  readonly cascade: Agreement;
  /** Share on which the cascade says what the thorough question says, 0..1. */
  readonly sameAsThorough: number;
  /** Mean tokens that an answer had. */
  readonly outputTokens: number;
}

/** How often verdicts agree with the truth, 0..1, and Cohen's kappa. */
export interface Agreement {
  readonly share: number;
  readonly kappa: number;
}

/** The recorded prompts: two that ask for the outcome in short, and one with policy, conversation and evidence. */
const CHEAP = ["quick_triage", "customer_outcome"] as const;
const THOROUGH = "policy_conversation";

interface Verdicts {
  readonly truth: boolean;
  readonly passed: ReadonlyMap<string, boolean>;
}

/** Reads `judge_verdicts.jsonl`: one answer a line, of one prompt about one run. */
export function recordedCascade(file: string): RecordedCascade {
  const rows = readFileSync(file, "utf8").split("\n").filter(Boolean).map(parseJson).filter(isObject);
  const all = Map.groupBy(rows, (row) => String(row.trace_id));
  const runs = [...all.values()].map((answers): Verdicts => {
    const passed = answers.map((row) => [String(row.judge_prompt), row.verdict === "pass"] as const);
    return { truth: answers[0]?.truth === "pass", passed: new Map(passed) };
  });
  const said = (prompt: string) => runs.map(({ passed }) => passed.get(prompt) === true);
  const truth = runs.map((run) => run.truth);
  const [one, other, thorough] = [said(CHEAP[0]), said(CHEAP[1]), said(THOROUGH)];
  const unsure = one.map((passed, index) => passed !== other[index]);
  const cascade = one.map((passed, index) => (unsure[index] ? thorough[index] === true : passed));
  const tokens = rows.map((row) => Number(row.completion_tokens));
  return {
    traces: runs.length,
    escalated: unsure.filter(Boolean).length / runs.length,
    cheap: agreement(one, truth),
    thorough: agreement(thorough, truth),
    cascade: agreement(cascade, truth),
    sameAsThorough: agreement(cascade, thorough).share,
    outputTokens: tokens.reduce((sum, count) => sum + count, 0) / tokens.length,
  };
}

function agreement(passed: readonly boolean[], truth: readonly boolean[]): Agreement {
  const counts = { truePass: 0, falsePass: 0, trueFail: 0, falseFail: 0 };
  passed.forEach((pass, index) => {
    const right = pass === truth[index];
    counts[pass ? (right ? "truePass" : "falsePass") : right ? "trueFail" : "falseFail"] += 1;
  });
  const share = (counts.truePass + counts.trueFail) / passed.length;
  return { share, kappa: kappa(counts)?.value ?? Number.NaN };
}
