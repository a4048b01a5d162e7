import { styleText } from "node:util";

import { passed, type Score } from "../../core/score.ts";
import type { Trace } from "../../core/trace.ts";
import { count, plain } from "./plain.ts";
import { table } from "./table.ts";

/** A trace and what was said of it. */
export interface Scored {
  readonly trace: Trace;
  readonly scores: readonly Score[];
}

/** A score's value in one word. */
export function verdictOf(score: Score): string {
  if (score.value === null) return styleText("dim", score.unscored?.code ?? "unscored");
  const text = score.label ?? score.value.toFixed(2).replace(/\.?0+$/, "");
  return passed(score) ? text : styleText("red", text);
}

/** The failing scores of one trace, a line each; empty when there are none. */
export function failingRows({ trace, scores }: Scored): string[][] {
  return scores
    .filter((score) => passed(score) === false)
    .map((score) => [
      trace.traceId.slice(0, 12),
      plain(trace.agent.name ?? trace.service.name ?? ""),
      score.name,
      verdictOf(score),
      plain(score.explanation ?? ""),
    ]);
}

/** Failing scores of many traces. */
export function failureTable(rows: readonly (readonly string[])[]): string {
  return table(
    [
      { heading: "TRACE" },
      { heading: "AGENT", max: 24 },
      { heading: "SCORER" },
      { heading: "SCORE" },
      { heading: "WHY", max: 110 },
    ],
    rows,
  );
}

/** How often each scorer passed, failed, and had nothing to say. */
export class ScoreCounts {
  readonly #byScorer = new Map<string, { passed: number; failed: number; reasons: Map<string, number> }>();
  traces = 0;
  failing = 0;

  add(scores: readonly Score[]): void {
    this.traces += 1;
    if (scores.some((score) => passed(score) === false)) this.failing += 1;
    for (const score of scores) {
      const entry = this.#byScorer.get(score.name) ?? {
        passed: 0,
        failed: 0,
        reasons: new Map<string, number>(),
      };
      this.#byScorer.set(score.name, entry);
      if (score.value === null) {
        const code = score.unscored?.code ?? "unscored";
        entry.reasons.set(code, (entry.reasons.get(code) ?? 0) + 1);
      } else if (passed(score)) entry.passed += 1;
      else entry.failed += 1;
    }
  }

  /** A line per scorer, then the total. */
  render(): string {
    const rows = [...this.#byScorer].map(([name, entry]) => [
      name,
      String(entry.passed),
      String(entry.failed),
      [...entry.reasons].map(([code, number]) => `${number} ${code}`).join(", "),
    ]);
    const columns = [
      { heading: "SCORER" },
      { heading: "PASSED", align: "right" },
      { heading: "FAILED", align: "right" },
      { heading: "UNSCORED" },
    ] as const;
    const lines = [
      table(columns, rows),
      "",
      `${count(this.traces, "trace")}, ${this.failing} with a failing score`,
    ];
    if ([...this.#byScorer.values()].some(({ reasons }) => reasons.has("no-key")))
      lines.push("no-key: set OPENAI_API_KEY or ANTHROPIC_API_KEY to have the judges answer");
    return lines.join("\n");
  }
}
