import { TracegateError } from "../core/errors.ts";
import { CANNOT_JUDGE, type Judge, type JudgeTier } from "../core/judge.ts";
import type { Subject } from "../core/scorer.ts";
import type { Trace } from "../core/trace.ts";
import type { JudgeContext } from "./judge-context.ts";
import type { JudgeDocumentSource } from "./judge-document.ts";
import { READ_SPANS } from "./judge-question.ts";

/** Options of {@link defineJudge}. */
export interface JudgeOptions {
  /** What is asked of the trace, with the rubric when it needs one. Any length; sent after every trace. */
  readonly question: string;
  /**
   * The labels a judge may answer, and the score of each, 0..1. `cannot_judge` is always on offer besides. Judges with the same labels
   * and the same context, as the built-in ones have, let the provider read a trace once for all of them.
   */
  readonly labels: { readonly [label: string]: number };
  /** Change it when old and new scores must not be compared. Default `"1"`. */
  readonly version?: string;
  /** A score below this is a failure, 0..1. Default 0.5. */
  readonly passAt?: number;
  /** One sentence for people. Default: the first line of the question. */
  readonly description?: string;
  /** The judge to ask. Default: the one of the configuration. */
  readonly judge?: Judge;
  /** Which of several models should answer, where the judge has several (a cascade). Default: the judge chooses. */
  readonly tier?: JudgeTier;
  /**
   * How soon the answer is needed on live traffic, ms. From 24 hours on the question goes into a batch of the provider, at half the price, where the
   * provider has one; the score is there when the batch has ended, mostly within an hour. In the gate it is asked at once. Default:
   * `judging.withinMs` of the configuration, or at once.
   */
  readonly withinMs?: number;
  /** Share of the gate's error rate that each of its cases gets beside those of other scorers. Default 1. */
  readonly weight?: number;
  /** False, or a sentence that says why not: the trace is `not-applicable` and nothing is asked. Default: always true. */
  readonly applies?: (subject: Subject) => boolean | string;
  /**
   * What the judge is shown: only what was said (`answer`), also what tools and retrievals gave (`evidence`), every step (`trajectory`),
   * or a list of parts such as `["tools", "reasons"]`. Default `trajectory`.
   */
  readonly context?: JudgeContext;
  /**
   * Documents to judge by, e.g. a policy: `[{ file: "docs/refunds.md" }]`. They come first, so that providers keep them. What such a judge fails
   * waits for a person, see `tracegate review --labels`.
   */
  readonly documents?: readonly JudgeDocumentSource[];
  /** True: the judge is shown what the case expects, and without that the trace is `not-applicable`. Default false. */
  readonly expected?: boolean;
  /** Picks one span that the question is about, by its id; undefined: there is none, and the trace is `not-applicable`. */
  readonly span?: (trace: Trace) => string | undefined;
  /** Tokens the record may take. Default 24,000. */
  readonly budgetTokens?: number;
  /**
   * Of a trace that was cut, or that does not fit at all, the judge may first ask to see so many steps in full, at most 4,000 tokens each
   * text. Every time costs a call; for the strong tier. Default 0.
   */
  readonly reads?: number;
  /**
   * The label of a run whose final answer says nothing ("", ":", "Thought process:"). It is given by rule: such answers make some judges
   * say yes to anything, so none is asked. Null: the question is not about the answer, so it is asked all the same. Default: the
   * label worth least.
   */
  readonly emptyAnswer?: string | null;
}

/** Every option there is. Configurations are run without their types being checked, so a misspelt one is found here. */
const OPTIONS: { readonly [Name in keyof JudgeOptions]-?: true } = {
  question: true,
  labels: true,
  version: true,
  passAt: true,
  description: true,
  judge: true,
  tier: true,
  withinMs: true,
  weight: true,
  applies: true,
  context: true,
  documents: true,
  expected: true,
  span: true,
  budgetTokens: true,
  reads: true,
  emptyAnswer: true,
};

/**
 * Two labels at least, each worth 0..1; our own labels are not theirs to give.
 *
 * @throws TracegateError `config`, naming the judge, the value and what would be right; also for an option that there is not.
 */
export function checkJudgeOptions(name: string, options: JudgeOptions): void {
  const { labels, emptyAnswer, reads = 0, weight = 1, budgetTokens = 1, withinMs = 0 } = options;
  const entries = Object.entries(labels ?? {});
  const refuse = (what: string): never => {
    throw new TracegateError("config", `Judge "${name}": ${what}`);
  };
  const unknown = Object.keys(options).find((option) => !Object.hasOwn(OPTIONS, option));
  if (unknown !== undefined)
    refuse(`"${unknown}" is none of its options: ${Object.keys(OPTIONS).join(", ")}.`);
  if (!options.question?.trim()) refuse("question is missing or empty.");
  if (entries.length < 2)
    refuse(`labels must be two or more, got ${entries.length}. E.g. { yes: 1, no: 0 }.`);
  if (typeof emptyAnswer === "string" && labels[emptyAnswer] === undefined)
    refuse(`emptyAnswer is "${emptyAnswer}", which is none of ${Object.keys(labels).join(", ")}.`);
  if (!(Number.isInteger(reads) && reads >= 0 && reads <= 20)) refuse(`reads must be 0 to 20, got ${reads}.`);
  if (!(weight > 0 && Number.isFinite(weight))) refuse(`weight must be more than 0, got ${weight}.`);
  if (!(withinMs >= 0)) refuse(`withinMs must be 0 or more ms, got ${withinMs}.`);
  if (!(budgetTokens > 0)) refuse(`budgetTokens must be more than 0, got ${budgetTokens}.`);
  for (const [label, value] of entries) {
    if (label === CANNOT_JUDGE) refuse(`label "${CANNOT_JUDGE}" is always on offer. Leave it out.`);
    if (label === READ_SPANS) refuse(`label "${READ_SPANS}" has a meaning of its own. Use another word.`);
    if (!/^[\p{L}\p{N}][\p{L}\p{N} _-]*$/u.test(label)) {
      refuse(`label ${JSON.stringify(label)} must consist of letters, digits, spaces, "_" and "-".`);
    }
    if (!(value >= 0 && value <= 1)) refuse(`label "${label}" must be worth 0 to 1, got ${value}.`);
  }
}
