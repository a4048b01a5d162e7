import type { JsonValue } from "../core/json.ts";
import type { Trace } from "../core/trace.ts";
import { clipText } from "./clip-text.ts";
import type { Defence } from "./defences.ts";
import { fence } from "./fence.ts";
import { jsonText } from "./json-text.ts";
import { contextParts, type JudgeContext } from "./judge-context.ts";
import { countOf, type LedgerEntry, ledgerSize, prepareLedger, quote, writeLedger } from "./ledger.ts";
import { neutraliseName } from "./neutralise.ts";
import { traceEntries } from "./trace-entries.ts";
import type { TraceEntry } from "./trace-entry.ts";

/** Changes whenever the same trace may look different to a judge; part of what a judge version is. */
export const RENDERER_VERSION = "3";

/** Tokens of a rendered trace when nothing else is said. */
export const DEFAULT_BUDGET_TOKENS = 24_000;

/** Characters to a token, a rough average of English and JSON; other scripts have fewer. */
export const CHARACTERS_PER_TOKEN = 4;

/** Options of {@link renderTrace}. */
export interface RenderOptions {
  readonly context: JudgeContext;
  /** The labels on offer; written-out answers with them are neutralised. */
  readonly labels: readonly string[];
  /** Said after the block; `{nonce}` stands for the nonce of the fence. */
  readonly reminder: string;
  /** Default 24,000. */
  readonly budgetTokens?: number;
  /** What was expected of the run; shown in a section of its own. */
  readonly expected?: JsonValue;
  /** The span that is asked about: named first, and its step is shown as far as possible. */
  readonly focus?: string;
  /** What fits in no other way becomes a list of steps without their texts, for a judge that may ask for them. Default false. */
  readonly mayBeIndex?: boolean;
  /** Steps to be shown in full after everything else, by span id; see {@link FULL_STEP}. Default none. */
  readonly inFull?: readonly string[];
  /** For tests: the defence that is switched off. */
  readonly without?: Defence;
}

/** A trace as a judge sees it. */
export interface RenderedTrace {
  /** Fence, block and reminder; never longer than the budget, but for steps asked for in full. */
  readonly content: string;
  /** Share of the recorded text that is shown, 0..1; a step counts as one more character. */
  readonly kept: number;
  /** Turns and steps left out, each inside a gap that the content marks. */
  readonly omittedEntries: number;
  readonly omittedSpanIds: readonly string[];
}

/** A trace that does not fit, and the smallest number of tokens that would do. */
export interface TooLarge {
  readonly neededTokens: number;
}

/** Characters of each text of a step that is asked for in full: about 4,000 tokens. */
export const FULL_STEP = 16_000;

/** The parts of a trace outside the ledger. */
interface Parts {
  /** Sections before and after the ledger, each with the share of the budget it may take. */
  readonly before: readonly Section[];
  readonly after: readonly Section[];
  readonly ledger: readonly LedgerEntry[];
  /** Steps asked for in full, written. */
  readonly inFull: string;
}

interface Section {
  readonly title: string;
  readonly text: string;
  readonly share: number;
}

/**
 * From generous to tight. `outer`: factor on the shares of the parts outside the ledger; `first`: characters
 * of the texts of failed steps and changes of state; `shortest`: a stage is given up when the other texts would get fewer characters.
 */
const STAGES = [
  { outer: 4, first: 4_000, shortest: 2_000, keepsChanges: true },
  { outer: 1, first: 4_000, shortest: 450, keepsChanges: true },
  { outer: 0.5, first: 1_500, shortest: 150, keepsChanges: true },
  { outer: 0.2, first: 400, shortest: 150, keepsChanges: true },
] as const;

/** What is left when steps have to go: first those that only looked, then any but the failed ones. */
const LAST_STAGES = [
  { outer: 0.2, first: 400, shortest: 150, keepsChanges: true },
  { outer: 0.2, first: 400, shortest: 150, keepsChanges: false },
] as const;

/** No texts of steps at all. */
const INDEX_STAGE = { outer: 0.2, first: 0, shortest: 0, keepsChanges: false } as const;

type Stage = (typeof STAGES)[number] | (typeof LAST_STAGES)[number] | typeof INDEX_STAGE;

/**
 * Writes a trace for a judge within a budget.
 *
 * Task, instructions and final answer come nearly whole; then one ledger of turns and steps. As it gets
 * tight, texts are cut in the middle, then the outer parts shrink, then steps in the middle of the run are
 * left out: those that changed something after those that only looked. Every cut is marked, with counts and span ids; failed
 * steps always stay. What fits in no way is {@link TooLarge}, never a silent cut.
 */
export function renderTrace(trace: Trace, options: RenderOptions): RenderedTrace | TooLarge {
  const budget = (options.budgetTokens ?? DEFAULT_BUDGET_TOKENS) * CHARACTERS_PER_TOKEN;
  const parts = partsOf(trace, options);
  const sections = [...parts.before, ...parts.after];
  const total = sections.reduce((sum, { text }) => sum + text.length, ledgerSize(parts.ledger));
  const most = budget + parts.inFull.length;
  const write = (stage: Stage, text: number, ends: number, room = most): Draft | null => {
    let kept = 0;
    const written = ({ title, text: whole, share }: Section): string => {
      if (whole === "") return "";
      const clipped = clipText(whole, Math.floor(budget * stage.outer * share));
      kept += clipped.kept;
      return `# ${title}\n| ${clipped.text}\n`;
    };
    const { first, keepsChanges } = stage;
    const ledger = writeLedger(parts.ledger, { text, first, ends, keepsChanges, room });
    if (ledger === null) return null;
    const steps = ledger.text === "" ? "" : `# What happened\n${ledger.text}\n`;
    const block = [...parts.before.map(written), steps, ...parts.after.map(written), parts.inFull].join("");
    kept += ledger.kept;
    const content = fence(block, options.reminder, options.without);
    if (content.length > room) return null;
    return {
      content,
      kept: total === 0 ? 1 : kept / total,
      omitted: ledger.omitted,
    };
  };
  const everything = parts.ledger.length;
  for (const stage of STAGES) {
    const rendered = largest(stage.shortest, budget, (size) => write(stage, size, everything));
    if (rendered !== null) return finished(rendered);
  }
  const last = options.mayBeIndex === true ? [...LAST_STAGES, INDEX_STAGE] : LAST_STAGES;
  for (const stage of last) {
    const rendered = largest(0, everything, (ends) => write(stage, stage.shortest, ends));
    if (rendered !== null) return finished(rendered);
  }
  const least = last.at(-1) ?? INDEX_STAGE;
  const needed = write(least, least.shortest, 0, Number.POSITIVE_INFINITY)?.content.length ?? 0;
  return { neededTokens: Math.ceil(needed / CHARACTERS_PER_TOKEN) };
}

/** A record that may still be written otherwise. */
interface Draft extends Pick<RenderedTrace, "content" | "kept"> {
  readonly omitted: readonly LedgerEntry[];
}

function finished({ omitted, ...draft }: Draft): RenderedTrace {
  return {
    ...draft,
    omittedEntries: omitted.reduce((sum, entry) => sum + countOf(entry), 0),
    omittedSpanIds: omitted.flatMap((entry) => entry.spanIds),
  };
}

function partsOf(trace: Trace, options: RenderOptions): Parts {
  const { labels, without, expected, focus, inFull = [] } = options;
  const safe = (text: string | undefined) => quote(text ?? "", labels, without);
  const entries = traceEntries(trace, options.context);
  // The first request and the final answer have sections of their own; the ledger does not repeat them.
  const says = (role: string, text: string | undefined) => (entry: TraceEntry) =>
    entry.kind === role && entry.status === null && entry.texts[0]?.text.trim() === text?.trim();
  const task = entries.find(says("user", trace.input));
  const answer = entries.findLast(says("assistant", trace.output));
  const told = entries.filter((entry) => entry !== task && entry !== answer);
  const ledger = prepareLedger(told, {
    labels,
    ...(focus !== undefined && { focus }),
    ...(without && { without }),
  });
  return {
    before: [
      { title: "Instructions of the agent", text: safe(trace.systemInstructions), share: 0.25 },
      { title: "Tools on offer", text: safe(toolsOnOffer(trace, options)), share: 0.15 },
      { title: "Task", text: safe(trace.input), share: 0.1 },
    ],
    after: [
      { title: "Final answer", text: safe(trace.output), share: 0.2 },
      {
        title: "What was expected",
        text: safe(expected === undefined ? "" : jsonText(expected)),
        share: 0.1,
      },
      { title: "The step that is asked about", text: focus ?? "", share: 0.1 },
    ],
    ledger,
    inFull: stepsInFull(ledger, inFull),
  };
}

/** The definitions where the context has them, a line each. */
function toolsOnOffer({ toolDefinitions }: Trace, { context, without }: RenderOptions): string {
  if (!contextParts(context).has("definitions")) return "";
  return toolDefinitions
    .map(({ name, description, parameters }) => {
      const takes = parameters === undefined ? "" : `\n  takes ${jsonText(parameters)}`;
      return `${neutraliseName(name, without)}: ${description ?? ""}${takes}`;
    })
    .join("\n");
}

/** Steps that a judge has asked for. One it made up is named, so that it does not ask again. */
function stepsInFull(ledger: readonly LedgerEntry[], spanIds: readonly string[]): string {
  if (spanIds.length === 0) return "";
  const lines = spanIds.map((spanId) => {
    const found = ledger.filter((entry) => entry.spanIds.includes(spanId));
    if (found.length === 0) return `[tracegate: there is no step with the span id ${neutraliseName(spanId)}]`;
    const full = found.map(({ repeats: _, ...entry }) => entry);
    const all = { text: FULL_STEP, first: FULL_STEP, ends: full.length, keepsChanges: true };
    return writeLedger(full, { ...all, room: Number.POSITIVE_INFINITY })?.text ?? "";
  });
  return `# Steps in full, as you asked\n${lines.join("\n")}\n`;
}

/** What `make` gives for the largest whole number from `low` to `high` for which it gives anything; assumes that smaller works too. */
function largest<T>(low: number, high: number, make: (value: number) => T | null): T | null {
  const most = make(high);
  if (most !== null) return most;
  let best = make(low);
  if (best === null) return null;
  let good = low;
  let bad = high;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    const made = make(middle);
    if (made === null) bad = middle;
    else {
      good = middle;
      best = made;
    }
  }
  return best;
}
