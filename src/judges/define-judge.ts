import { checkScorer } from "../core/check-scorer.ts";
import { CANNOT_JUDGE, type Question } from "../core/judge.ts";
import type { Score } from "../core/score.ts";
import type { Scorer, ScorerContext, Subject } from "../core/scorer.ts";
import type { Trace } from "../core/trace.ts";
import { askReading } from "./ask-reading.ts";
import { type Defence, holds } from "./defences.ts";
import { emptiness } from "./empty-answer.ts";
import { instrumentOf, type JudgeDefinition } from "./instrument.ts";
import { readDocuments } from "./judge-document.ts";
import { checkJudgeOptions, type JudgeOptions } from "./judge-options.ts";
import { instructionsFor, offered, questionFor, REMINDER } from "./judge-question.ts";
import { renderOnce } from "./render-once.ts";
import {
  DEFAULT_BUDGET_TOKENS,
  type RenderedTrace,
  type RenderOptions,
  renderTrace,
} from "./render-trace.ts";
import { type JudgeIdentity, scoreAnswer, unscoredBy } from "./score-answer.ts";

/**
 * Makes a scorer that asks a model. The same object runs on live traffic and in CI.
 *
 * The answer comes through a JSON schema made from the labels; one outside them, like every other way in
 * which a judge can fail, gives an unscored score with the reason, never a zero.
 *
 * @throws TracegateError `config` when the name, a label or an option is wrong, or a document cannot be read.
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

/** A judge as it was defined. */
interface DefinedJudge {
  readonly identity: JudgeIdentity;
  readonly options: JudgeOptions;
  readonly definition: JudgeDefinition;
  readonly without?: Defence;
}

/**
 * {@link defineJudge}, with its defences in the hands of a test.
 *
 * @param without the defence that is switched off.
 */
export function judgeScorer(name: string, options: JudgeOptions, without?: Defence): Scorer {
  const { version = "1", passAt = 0.5, context = "trajectory", weight } = options;
  checkScorer(name, version, passAt);
  checkJudgeOptions(name, options);
  const definition: JudgeDefinition = {
    prompt: {
      instructions: instructionsFor(readDocuments(name, options.documents ?? [])),
      question: options.question,
      labels: [...Object.keys(options.labels), CANNOT_JUDGE],
    },
    rendering: { context, budgetTokens: options.budgetTokens ?? DEFAULT_BUDGET_TOKENS },
    reads: options.reads ?? 0,
  };
  const identity: JudgeIdentity = { name, version, kind: "judge", passAt };
  const defined: DefinedJudge = { identity, options, definition, ...(without && { without }) };
  return {
    ...identity,
    ...(weight !== undefined && { weight }),
    ...(options.documents?.length && { queuesFailures: true }),
    ...(options.judge && { judge: options.judge }),
    description: options.description ?? options.question.trim().split("\n", 1)[0] ?? "",
    instrument: (configured) => instrumentOf(options.judge ?? configured, definition),
    score: (subject, scorerContext) => scoreSubject(defined, subject, scorerContext),
  };
}

async function scoreSubject(
  defined: DefinedJudge,
  subject: Subject,
  { judge: configured, prepare = (own) => own, signal }: ScorerContext,
): Promise<Score> {
  const { identity, options, definition, without } = defined;
  const { trace } = subject;
  const focus = options.span?.(trace);
  const reason = whyNot(options, subject, focus);
  if (reason !== null) return unscoredBy(identity, { code: "not-applicable" }, reason);
  const asksAnyway = options.emptyAnswer === null || !holds("empty", without);
  const nothing = asksAnyway ? null : emptiness(trace);
  if (nothing !== null) return scoreByRule(identity, options, nothing);
  const judge = options.judge === undefined ? configured : prepare(options.judge);
  if (judge === undefined) return unscoredBy(identity, { code: "no-key" }, NO_JUDGE);

  const expected = options.expected === true ? subject.case?.expected : undefined;
  const rendering: RenderOptions = {
    ...definition.rendering,
    labels: definition.prompt.labels,
    reminder: REMINDER,
    mayBeIndex: definition.reads > 0,
    ...(expected !== undefined && { expected }),
    ...(focus !== undefined && { focus }),
    ...(without !== undefined && { without }),
  };
  const rendered = renderOnce(trace, rendering);
  if ("neededTokens" in rendered) {
    const { budgetTokens } = definition.rendering;
    const explanation = `Cut as far as it may be, the trace still needs about ${rendered.neededTokens} tokens. Raise budgetTokens of "${identity.name}" (now ${budgetTokens})${definition.reads > 0 ? "" : ", or let it read steps by their ids (reads: 6)"}.`;
    return unscoredBy(identity, { code: "too-large" }, explanation);
  }
  const read = await askReading({
    judge,
    signal,
    rendered,
    reads: definition.reads,
    render(spanIds) {
      const again = renderTrace(trace, { ...rendering, inFull: spanIds });
      return "neededTokens" in again ? rendered : again;
    },
    question: (record, left) => questionAbout(defined, trace, record, left),
  });
  const asked = { judge, definition, ...read, ...(without !== undefined && { without }) };
  return scoreAnswer(identity, new Map(Object.entries(options.labels)), trace, asked);
}

function questionAbout(
  { identity, options, definition }: DefinedJudge,
  { traceId, rootSpanId }: Trace,
  { content }: RenderedTrace,
  left: number,
): Question {
  const { prompt } = definition;
  return {
    scorer: identity.name,
    version: identity.version,
    instructions: prompt.instructions,
    content: `${content}\n\n${questionFor(prompt, left)}`,
    labels: offered(prompt.labels, left),
    subject: traceId,
    ...(rootSpanId !== null && { subjectSpanId: rootSpanId }),
    sharedLength: content.length,
    ...(options.tier !== undefined && { tier: options.tier }),
    ...(options.withinMs !== undefined && { withinMs: options.withinMs }),
  };
}

/** Why the judge has nothing to say of this trace; null when it has. */
function whyNot(options: JudgeOptions, subject: Subject, focus: string | undefined): string | null {
  if (options.expected === true && subject.case?.expected === undefined) {
    return subject.case === undefined
      ? "Live traffic has no reference to compare with."
      : "The case does not say what is expected. Add `expected` to it.";
  }
  if (options.span !== undefined && focus === undefined)
    return "The trace has no span that the question is about.";
  const applies = options.applies?.(subject) ?? true;
  return applies === true ? null : applies || "This scorer does not apply to this trace.";
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
