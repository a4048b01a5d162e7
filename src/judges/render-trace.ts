import type { Trace } from "../core/trace.ts";
import { clipText } from "./clip-text.ts";
import type { Defence } from "./defences.ts";
import { fence } from "./fence.ts";
import { type LedgerEntry, ledgerSize, prepareLedger, quote, writeLedger } from "./ledger.ts";
import { type JudgeContext, type TraceEntry, traceEntries } from "./trace-entries.ts";

/** Changes whenever the same trace may look different to a judge; part of what a judge version is. */
export const RENDERER_VERSION = "2";

/** Tokens of a rendered trace when nothing else is said. */
export const DEFAULT_BUDGET_TOKENS = 24_000;

/** Characters to a token, a rough average of English and JSON; other scripts have fewer. */
const CHARACTERS_PER_TOKEN = 4;

/** Options of {@link renderTrace}. */
export interface RenderOptions {
  readonly context: JudgeContext;
  /** The labels on offer; written-out answers with them are neutralised. */
  readonly labels: readonly string[];
  /** Said after the block; `{nonce}` stands for the nonce of the fence. */
  readonly reminder: string;
  /** Default 24,000. */
  readonly budgetTokens?: number;
  /** For tests: the defence that is switched off. */
  readonly without?: Defence;
}

/** A trace as a judge sees it. */
export interface RenderedTrace {
  /** Fence, block and reminder; never longer than the budget. */
  readonly content: string;
  /** Share of the recorded text that is shown, 0..1. */
  readonly kept: number;
  /** Turns and steps left out, each inside a gap that the content marks. */
  readonly omittedEntries: number;
  readonly omittedSpanIds: readonly string[];
}

/** A trace that does not fit, and the smallest number of tokens that would do. */
export interface TooLarge {
  readonly neededTokens: number;
}

/** The parts of a trace outside the ledger, and what share of the budget each may take. */
interface Parts {
  readonly instructions: string;
  readonly task: string;
  readonly answer: string;
  readonly ledger: readonly LedgerEntry[];
}

/**
 * From generous to tight. `outer`: factor on the shares of the parts outside the ledger; `error`: characters
 * of a failed step's texts; `shortest`: a stage is given up when the other texts would get fewer characters.
 */
const STAGES = [
  { outer: 4, error: 4_000, shortest: 2_000 },
  { outer: 1, error: 4_000, shortest: 450 },
  { outer: 0.5, error: 1_500, shortest: 150 },
] as const;

/** What is left when steps have to go. */
const LAST_STAGE = { outer: 0.2, error: 400, shortest: 150 } as const;

type Stage = (typeof STAGES)[number] | typeof LAST_STAGE;

/**
 * Writes a trace for a judge within a budget.
 *
 * Task, instructions and final answer come nearly whole; then one ledger of turns and steps. As it gets
 * tight, texts are cut in the middle, then the outer parts shrink, then steps in the middle of the run are
 * left out. Every cut is marked, with counts and span ids; failed steps always stay. What fits in no way is
 * {@link TooLarge}, never a silent cut.
 */
export function renderTrace(trace: Trace, options: RenderOptions): RenderedTrace | TooLarge {
  const budget = (options.budgetTokens ?? DEFAULT_BUDGET_TOKENS) * CHARACTERS_PER_TOKEN;
  const parts = partsOf(trace, options);
  const total =
    parts.instructions.length + parts.task.length + parts.answer.length + ledgerSize(parts.ledger);
  const write = (stage: Stage, text: number, ends: number): RenderedTrace => {
    const share = (part: string, most: number) => clipText(part, Math.floor(budget * stage.outer * most));
    const outer = [
      share(parts.instructions, 0.25),
      share(parts.task, 0.1),
      share(parts.answer, 0.2),
    ] as const;
    const ledger = writeLedger(parts.ledger, { text, error: stage.error, ends });
    const kept = outer.reduce((sum, part) => sum + part.kept, ledger.kept);
    const block =
      section("Instructions of the agent", outer[0].text) +
      section("Task", outer[1].text) +
      (ledger.text === "" ? "" : `# What happened\n${ledger.text}\n`) +
      section("Final answer", outer[2].text);
    return {
      content: fence(block, options.reminder, options.without),
      kept: total === 0 ? 1 : kept / total,
      omittedEntries: ledger.omittedEntries,
      omittedSpanIds: ledger.omittedSpanIds,
    };
  };
  const fits = (rendered: RenderedTrace) => rendered.content.length <= budget;

  const everything = parts.ledger.length;
  for (const stage of [...STAGES, LAST_STAGE]) {
    const text = largest(stage.shortest, budget, (size) => fits(write(stage, size, everything)));
    if (text !== undefined) return write(stage, text, everything);
  }
  const short = (ends: number) => write(LAST_STAGE, LAST_STAGE.shortest, ends);
  const ends = largest(0, everything, (count) => fits(short(count)));
  if (ends !== undefined) return short(ends);
  return { neededTokens: Math.ceil(short(0).content.length / CHARACTERS_PER_TOKEN) };
}

function partsOf(trace: Trace, options: RenderOptions): Parts {
  const safe = (text: string | undefined) => quote(text ?? "", options.labels, options.without);
  const entries = traceEntries(trace, options.context);
  // The first request and the final answer have sections of their own; the ledger does not repeat them.
  const says = (role: string, text: string | undefined) => (entry: TraceEntry) =>
    entry.kind === role && entry.status === null && entry.texts[0]?.text.trim() === text?.trim();
  const task = entries.find(says("user", trace.input));
  const answer = entries.findLast(says("assistant", trace.output));
  const told = entries.filter((entry) => entry !== task && entry !== answer);
  return {
    instructions: safe(trace.systemInstructions),
    task: safe(trace.input),
    answer: safe(trace.output),
    ledger: prepareLedger(told, options.labels, options.without),
  };
}

function section(title: string, text: string): string {
  return text === "" ? "" : `# ${title}\n| ${text}\n`;
}

/** The largest whole number from `low` to `high` that passes; undefined when `low` does not. Assumes that smaller passes too. */
function largest(low: number, high: number, passes: (value: number) => boolean): number | undefined {
  if (passes(high)) return high;
  if (!passes(low)) return undefined;
  let good = low;
  let bad = high;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (passes(middle)) good = middle;
    else bad = middle;
  }
  return good;
}
