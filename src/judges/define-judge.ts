import { checkScorer } from "../core/check-scorer.ts";
import { TracegateError } from "../core/errors.ts";
import { CANNOT_JUDGE, type Judge } from "../core/judge.ts";
import type { Score } from "../core/score.ts";
import type { Scorer, Subject } from "../core/scorer.ts";
import { askThrough } from "./ask-through.ts";
import { type Defence, holds } from "./defences.ts";
import { emptiness } from "./empty-answer.ts";
import { instrumentOf } from "./instrument.ts";
import { instructionsFor, reminderFor } from "./judge-question.ts";
import { DEFAULT_BUDGET_TOKENS, renderTrace } from "./render-trace.ts";
import { type JudgeIdentity, scoreAnswer, unscoredBy } from "./score-answer.ts";
import type { JudgeContext } from "./trace-entries.ts";

/** Options of {@link defineJudge}. */
export interface JudgeOptions {
  /** What is asked of the trace, with the rubric when it needs one. Any length; written once, sent with every trace. */
  readonly question: string;
  /** The labels a judge may answer, and the score of each, 0..1. `cannot_judge` is always on offer besides. */
  readonly labels: { readonly [label: string]: number };
  /** Change it when old and new scores must not be compared. Default `"1"`. */
  readonly version?: string;
  /** A score below this is a failure, 0..1. Default 0.5. */
  readonly passAt?: number;
  /** One sentence for people. Default: the first line of the question. */
  readonly description?: string;
  /** The judge to ask. Default: the one of the configuration. */
  readonly judge?: Judge;
  /** False, or a sentence that says why not: the trace is `not-applicable` and nothing is asked. Default: always true. */
  readonly applies?: (subject: Subject) => boolean | string;
  /**
   * What the judge is shown: only what was said (`answer`), also what tools and retrievals gave (`evidence`),
   * or every step (`trajectory`). Default `trajectory`.
   */
  readonly context?: JudgeContext;
  /** Tokens the record may take. Default 24,000. */
  readonly budgetTokens?: number;
  /**
   * The label of a run whose final answer says nothing ("", ":", "Thought process:"). It is given by rule: such answers make some judges
   * say yes to anything, so none is asked. Default: the label worth least.
   */
  readonly emptyAnswer?: string;
}

/**
 * Makes a scorer that asks a model. The same object runs on live traffic and in CI.
 *
 * The answer comes through a JSON schema made from the labels; one outside them, like every other way in
 * which a judge can fail, gives an unscored score with the reason, never a zero.
 *
 * @throws TracegateError `config` when the name, a label or an option is wrong.
 *
 * @example
 * export const resolved = defineJudge("resolved", {
 *   question: "Did the agent do what the user asked, using only facts its tools returned?",
 *   labels: { yes: 1, no: 0 },
 * });
 */
export function defineJudge(name: string, options: JudgeOptions): Scorer {
  return judgeScorer(name, options);
}

/**
 * {@link defineJudge}, with its defences in the hands of a test.
 *
 * @param without the defence that is switched off.
 */
export function judgeScorer(name: string, options: JudgeOptions, without?: Defence): Scorer {
  const { version = "1", passAt = 0.5, context = "trajectory" } = options;
  checkScorer(name, version, passAt);
  checkLabels(name, options);
  const values = new Map(Object.entries(options.labels));
  const labels = [...values.keys(), CANNOT_JUDGE];
  const instructions = instructionsFor(options.question, labels);
  const rendering = {
    context,
    labels,
    reminder: reminderFor(labels),
    budgetTokens: options.budgetTokens ?? DEFAULT_BUDGET_TOKENS,
    ...(without !== undefined && { without }),
  };
  const identity: JudgeIdentity = { name, version, kind: "judge", passAt };

  return {
    ...identity,
    description: options.description ?? options.question.trim().split("\n", 1)[0] ?? "",
    instrument: (configured) => instrumentOf(options.judge ?? configured, { instructions, labels }),
    async score(subject, { judge: configured, signal }) {
      const applies = options.applies?.(subject) ?? true;
      if (applies !== true) {
        const reason = applies || "This scorer does not apply to this trace.";
        return unscoredBy(identity, { code: "not-applicable" }, reason);
      }
      const nothing = holds("empty", without) ? emptiness(subject.trace) : null;
      if (nothing !== null) return scoreByRule(identity, options, nothing);
      const judge = options.judge ?? configured;
      if (judge === undefined) return unscoredBy(identity, { code: "no-key" }, NO_JUDGE);
      const rendered = renderTrace(subject.trace, rendering);
      if ("neededTokens" in rendered) {
        const reason = `Cut as far as it may be, the trace still needs about ${rendered.neededTokens} tokens. Raise budgetTokens of "${name}" (now ${rendering.budgetTokens}).`;
        return unscoredBy(identity, { code: "too-large" }, reason);
      }
      const asked = { scorer: name, version, instructions, content: rendered.content, labels };
      const question = { ...asked, subject: subject.trace.traceId };
      const result = await askThrough(judge, question, signal);
      const outcome = { judge, question, rendered, result, ...(without !== undefined && { without }) };
      return scoreAnswer(identity, values, subject.trace, outcome);
    },
  };
}

const NO_JUDGE =
  "No judge is configured. Set OPENAI_API_KEY or ANTHROPIC_API_KEY, or set judge in tracegate.config.ts.";

/** An answer that says nothing, decided without a judge. */
function scoreByRule(identity: JudgeIdentity, options: JudgeOptions, explanation: string): Score {
  const worst = Object.entries(options.labels).toSorted(([, a], [, b]) => a - b)[0]?.[0] ?? null;
  const label = options.emptyAnswer ?? worst;
  const value = label === null ? null : (options.labels[label] ?? null);
  const metadata = { decidedBy: "rule" };
  return { ...identity, value, label, explanation, evidence: [], unscored: null, metadata };
}

/** Two labels at least, each worth 0..1; our own label is not theirs to give. */
function checkLabels(name: string, { labels, emptyAnswer }: JudgeOptions): void {
  const entries = Object.entries(labels);
  const refuse = (what: string): never => {
    throw new TracegateError("config", `Judge "${name}": ${what}`);
  };
  if (entries.length < 2)
    refuse(`labels must be two or more, got ${entries.length}. E.g. { yes: 1, no: 0 }.`);
  if (emptyAnswer !== undefined && labels[emptyAnswer] === undefined)
    refuse(`emptyAnswer is "${emptyAnswer}", which is none of ${Object.keys(labels).join(", ")}.`);
  for (const [label, value] of entries) {
    if (label === CANNOT_JUDGE) refuse(`label "${CANNOT_JUDGE}" is always on offer. Leave it out.`);
    if (!/^[\p{L}\p{N}][\p{L}\p{N} _-]*$/u.test(label)) {
      refuse(`label ${JSON.stringify(label)} must consist of letters, digits, spaces, "_" and "-".`);
    }
    if (!(value >= 0 && value <= 1)) refuse(`label "${label}" must be worth 0 to 1, got ${value}.`);
  }
}
