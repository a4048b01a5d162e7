import { styleText } from "node:util";

import type { Score } from "../../core/score.ts";
import type { Trace } from "../../core/trace.ts";
import { briefSteps } from "../../render/brief-steps.ts";
import { plain } from "./plain.ts";
import { clip } from "./table.ts";

/** One of two traces to compare. */
export interface Side {
  readonly heading: string;
  readonly trace: Trace;
  readonly scores: readonly Score[];
}

/** Two runs of one case, step by step; steps that differ are marked. */
export function sideBySide(left: Side, right: Side, columns = 150): string {
  const width = Math.max(30, Math.floor((columns - 5) / 2));
  const [before = [], after = []] = [left, right].map((side) => briefSteps(side).map(plain));
  const lines = [line(styleText("bold", pad(left.heading, width)), styleText("bold", right.heading), " ")];
  for (let index = 0; index < Math.max(before.length, after.length); index++) {
    const [a, b] = [before[index] ?? "", after[index] ?? ""];
    const [leftLines, rightLines] = [wrap(a, width), wrap(b, width)];
    for (let row = 0; row < Math.max(leftLines.length, rightLines.length); row++) {
      lines.push(line(pad(leftLines[row] ?? "", width), rightLines[row] ?? "", a === b ? " " : "≠"));
    }
  }
  return lines.join("\n");
}

function line(left: string, right: string, mark: string): string {
  return `  ${left} ${mark} ${right}`.trimEnd();
}

function pad(text: string, width: number): string {
  return clip(text, width).padEnd(width);
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.replace(/\s+/g, " ").trim().split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 1 <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(...(word.match(new RegExp(`.{1,${width}}`, "gu")) ?? [""]));
  }
  return lines;
}
