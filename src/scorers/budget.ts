import { TracegateError } from "../core/errors.ts";
import type { Scorer } from "../core/scorer.ts";
import type { Trace } from "../core/trace.ts";
import { defineScorer } from "./define-scorer.ts";
import { versionOf } from "./version-of.ts";

/** Limits of {@link budget}. A limit of Infinity is never reached. */
export interface BudgetOptions {
  /** Input plus output tokens of the whole run. Default 1,000,000. */
  readonly tokens?: number;
  /** Cost of the whole run, USD. Default 5. */
  readonly usd?: number;
  /** Duration of the whole run, seconds. Default 600. */
  readonly seconds?: number;
  /** LLM and tool calls of the whole run. Default 100. */
  readonly steps?: number;
  /** Input plus output tokens of one LLM call. Default 200,000. */
  readonly stepTokens?: number;
  /** Cost of one LLM call, USD. Default 1. */
  readonly stepUsd?: number;
  /** Duration of one LLM or tool call, seconds. Default 120. */
  readonly stepSeconds?: number;
}

const DEFAULTS: Required<BudgetOptions> = {
  tokens: 1_000_000,
  usd: 5,
  seconds: 600,
  steps: 100,
  stepTokens: 200_000,
  stepUsd: 1,
  stepSeconds: 120,
};

/** One figure of the trace that a limit is put on. */
interface Figure {
  readonly limit: keyof BudgetOptions;
  readonly amount: number;
  /** E.g. `the run`, `tool search`. */
  readonly what: string;
  readonly spanId: string | null;
}

/**
 * Scores 0 when a run, or one step of it, took more tokens, money, time or calls than allowed. A figure the
 * trace does not know is not checked, and the explanation says so.
 *
 * @throws TracegateError `config` when a limit is not a positive number.
 */
export function budget(options: BudgetOptions = {}): Scorer {
  const limits: Required<BudgetOptions> = { ...DEFAULTS, ...options };
  for (const [name, limit] of Object.entries(limits)) {
    if (limit > 0) continue;
    throw new TracegateError("config", `budget({ ${name} }): the limit must be above 0, got ${limit}.`);
  }
  const description = "The run and each step stay within their limits of tokens, USD, seconds and calls.";
  return defineScorer("budget", { description, version: versionOf("1", options) }, ({ trace }) => {
    const figures = [...runFigures(trace), ...stepFigures(trace)];
    const unknown = namesOf(limits).filter((name) => !figures.some((figure) => figure.limit === name));
    const notChecked = unknown.length === 0 ? "" : ` Not checked, because unknown: ${unknown.join(", ")}.`;
    if (figures.length === 0) return { value: null, explanation: `No limit could be checked.${notChecked}` };
    const over = figures.filter((figure) => figure.amount > limits[figure.limit]);
    if (over.length === 0) {
      return {
        value: 1,
        label: "within",
        explanation: `All known figures are within the limits.${notChecked}`,
      };
    }
    const sentences = over.slice(0, 5).map((figure) => overspent(figure, limits[figure.limit]));
    const more = over.length > 5 ? ` And ${over.length - 5} more.` : "";
    return {
      value: 0,
      label: "over",
      explanation: `${sentences.join(" ")}${more}${notChecked}`,
      evidence: over.map((figure) => figure.spanId),
    };
  });
}

function runFigures(trace: Trace): readonly Figure[] {
  const { inputTokens, outputTokens } = trace.usage;
  const steps = trace.llmCalls.length + trace.toolCalls.length;
  const figure = (limit: keyof BudgetOptions, amount: number | undefined): Figure[] =>
    amount === undefined ? [] : [{ limit, amount, what: "The run", spanId: trace.rootSpanId }];
  return [
    ...figure("tokens", sum(inputTokens, outputTokens)),
    ...figure("usd", trace.cost.usd),
    ...figure("seconds", trace.spans.length === 0 ? undefined : trace.durationMs / 1000),
    ...figure("steps", steps === 0 ? undefined : steps),
  ];
}

function stepFigures(trace: Trace): readonly Figure[] {
  const figures: Figure[] = [];
  const add = (
    limit: keyof BudgetOptions,
    amount: number | undefined,
    what: string,
    spanId: string | null,
  ) => {
    if (amount !== undefined) figures.push({ limit, amount, what, spanId });
  };
  for (const call of trace.llmCalls) {
    const what = `The LLM call to ${call.model ?? "an unnamed model"}`;
    add("stepTokens", sum(call.usage.inputTokens, call.usage.outputTokens), what, call.spanId);
    add("stepUsd", call.cost, what, call.spanId);
    add("stepSeconds", seconds(call.durationMs), what, call.spanId);
  }
  for (const call of trace.toolCalls) {
    add("stepSeconds", seconds(call.durationMs), `Tool ${call.name}`, call.spanId);
  }
  return figures;
}

function overspent(figure: Figure, limit: number): string {
  return `${figure.what} took ${amountOf(figure.limit, figure.amount)} (limit ${amountOf(figure.limit, limit)}).`;
}

function amountOf(limit: keyof BudgetOptions, amount: number): string {
  if (limit === "steps") return `${amount} calls`;
  if (limit === "usd" || limit === "stepUsd") return `${Number(amount.toPrecision(3))} USD`;
  if (limit === "tokens" || limit === "stepTokens") return `${amount} tokens`;
  return `${Number(amount.toFixed(1))} s`;
}

function namesOf(limits: Required<BudgetOptions>): readonly (keyof BudgetOptions)[] {
  const { tokens, usd, seconds, steps, stepTokens, stepUsd, stepSeconds } = limits;
  const named = { tokens, usd, seconds, steps, stepTokens, stepUsd, stepSeconds };
  const names = ["tokens", "usd", "seconds", "steps", "stepTokens", "stepUsd", "stepSeconds"] as const;
  return names.filter((name) => named[name] !== Number.POSITIVE_INFINITY);
}

function sum(first: number | undefined, second: number | undefined): number | undefined {
  return first === undefined && second === undefined ? undefined : (first ?? 0) + (second ?? 0);
}

function seconds(durationMs: number | undefined): number | undefined {
  return durationMs === undefined ? undefined : durationMs / 1000;
}
