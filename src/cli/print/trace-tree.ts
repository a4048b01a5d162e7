import { styleText } from "node:util";

import { passed, type Score } from "../../core/score.ts";
import type { Trace } from "../../core/trace.ts";
import { digestOf, type Step, saidBy, stepsOf } from "../../render/steps.ts";
import { count, dollars, duration, plain } from "./plain.ts";
import { type Column, clip, table } from "./table.ts";

/** Deeper levels are drawn at this depth: an indentation of thousands of columns helps nobody. */
const MAX_INDENT = 24;
/** Widest name of a span, and least width of what it did. */
const NAME_WIDTH = 64;
const LEAST_WIDTH = 40;

/** Options of {@link traceTree}. */
export interface TraceTreeOptions {
  /** Of the terminal; lines are cut to fit. Default 160. */
  readonly columns?: number;
  /** What the scorers said of it. Absent: not scored. */
  readonly scores?: readonly Score[];
}

/** A trace for people: what it was, its tree with times, tokens, cost and errors, its scores, and what it lacks. */
export function traceTree(trace: Trace, options: TraceTreeOptions = {}): string {
  const { columns = 160, scores = [] } = options;
  const rows = stepsOf(trace).map((step) => rowOf(trace, step));
  const asked = exchange(trace, columns);
  const tree = stepTable(rows, columns);
  return [headline(trace), ...asked, "", tree, ...scored(scores, columns), ...lacks(trace), ""].join("\n");
}

function headline(trace: Trace): string {
  const usage = [trace.usage.inputTokens ?? "?", trace.usage.outputTokens ?? "?"].join(" / ");
  const facts = [
    trace.agent.name ?? trace.service.name,
    trace.agent.version ?? trace.service.version,
    count(trace.spans.length, "span"),
    duration(trace.durationMs),
    `tokens in / out ${usage}`,
    trace.cost.usd === undefined ? "cost unknown" : dollars(trace.cost.usd),
    trace.errors.length > 0 ? count(trace.errors.length, "error") : undefined,
    trace.completion ? `complete: ${trace.completion}, revision ${trace.revision}` : undefined,
  ];
  return `${styleText("bold", trace.traceId)}  ${plain(facts.filter((fact) => fact !== undefined).join(" · "))}`;
}

function exchange(trace: Trace, columns: number): string[] {
  const shown = (text: string | undefined) =>
    text === undefined ? "(not recorded)" : clip(oneLine(text), Math.max(LEAST_WIDTH, columns - 12));
  return [`  asked     ${shown(trace.input)}`, `  answered  ${shown(trace.output)}`];
}

/** A column that no step has anything for is left out; what a step did gets the width that is left. */
function stepTable(rows: readonly (readonly string[])[], columns: number): string {
  const all: readonly Column[] = [
    { heading: "SPAN", max: NAME_WIDTH },
    { heading: "START", align: "right" },
    { heading: "TIME", align: "right" },
    { heading: "TOKENS", align: "right" },
    { heading: "USD", align: "right" },
    { heading: "WHAT" },
  ];
  const used = all.keys().filter((index) => index < 3 || rows.some((row) => row[index] !== ""));
  const kept = [...used];
  const cells = rows.map((row) => kept.map((index) => row[index] ?? ""));
  const headings = kept.flatMap((index) => all[index] ?? []);
  const bare = table(
    headings.slice(0, -1),
    cells.map((row) => row.slice(0, -1)),
  );
  const taken = Math.max(...bare.split("\n").map((line) => line.length));
  const last = headings.at(-1);
  const max = Math.max(LEAST_WIDTH, columns - taken - 2);
  return table(last?.heading === "WHAT" ? [...headings.slice(0, -1), { ...last, max }] : headings, cells);
}

function rowOf(trace: Trace, step: Step): string[] {
  const { span, depth, llmCall, errors } = step;
  const said = llmCall && errors.length === 0 ? saidBy(llmCall) : "";
  const digest = oneLine([digestOf(step), said].filter(Boolean).join(" · "));
  return [
    `${"  ".repeat(Math.min(depth, MAX_INDENT))}${plain(span.name)}`,
    `+${duration(Math.max(0, span.startTime - trace.startTime))}`,
    span.endTime === 0 ? "not ended" : duration(span.durationMs),
    llmCall ? `${llmCall.usage.inputTokens ?? "?"} / ${llmCall.usage.outputTokens ?? "?"}` : "",
    llmCall?.cost === undefined ? "" : dollars(llmCall.cost),
    errors.length > 0 ? styleText("red", digest) : digest,
  ];
}

function scored(scores: readonly Score[], columns: number): string[] {
  if (scores.length === 0) return [];
  const rows = scores.map((score) => {
    const pass = passed(score);
    const result = pass === null ? `unscored: ${score.unscored?.code}` : pass ? "passed" : "failed";
    const why = oneLine([score.label, score.explanation].filter(Boolean).join(": "));
    return [plain(score.name), pass === false ? styleText("red", result) : result, why];
  });
  const max = Math.max(LEAST_WIDTH, columns - 50);
  return ["", table([{ heading: "SCORER" }, { heading: "RESULT" }, { heading: "WHY", max }], rows)];
}

function lacks(trace: Trace): string[] {
  const lines = trace.quality.issues.map((issue) => `  ${issue.code}: ${plain(issue.message)}`);
  const missing = trace.quality.missing;
  if (missing.length > 0) lines.push(`  not recorded: ${missing.join(", ")}`);
  return lines.length > 0 ? ["", "quality", ...lines] : [];
}

function oneLine(text: string): string {
  return plain(text).replace(/\s+/g, " ").trim();
}
