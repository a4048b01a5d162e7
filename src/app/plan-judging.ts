import type { Config } from "../config/schema.ts";
import { TracegateError } from "../core/errors.ts";
import type { Judge } from "../core/judge.ts";
import type { Score } from "../core/score.ts";
import type { Scorer } from "../core/scorer.ts";
import type { Trace } from "../core/trace.ts";
import { evaluate } from "../pipeline/evaluate.ts";
import { type PlannedCost, planCost, type UsdRange } from "../pipeline/plan-cost.ts";
import { Experience, type OutputTokens } from "../pipeline/plan-experience.ts";
import { type PlannedQuestion, planningJudge } from "../pipeline/plan-judge.ts";
import { plannedCall } from "../pipeline/plan-tokens.ts";
import { sample } from "../pipeline/sampling.ts";
import { equip } from "./equipment.ts";
import {
  filedTraces,
  type PlanOptions,
  type PlanSource,
  type PlanSubject,
  storedSample,
} from "./plan-source.ts";
import { samplingRules } from "./sampling-rules.ts";

/** What one scorer will cost. */
export interface PlannedScorer extends PlannedCost {
  readonly scorer: string;
  /** That it would ask, as requested. */
  readonly models: readonly string[];
  /** Traces of those looked at about which it would ask. */
  readonly asked: number;
  /** The others, by reason: an `UnscoredCode`, or `by-rule`. */
  readonly notAsked: { readonly [reason: string]: number };
  /** Output tokens of a call, and how many stored answers they are the mean of; 0: they are assumed. */
  readonly output: OutputTokens;
  /** How far the estimate of input tokens was off on stored answers, which it has been corrected by; null: too few. */
  readonly correction: { readonly answers: number; readonly factor: number } | null;
  /** Share of stored answers that a second step was asked for; null: none is stored, or there is no second step. */
  readonly escalated: { readonly answers: number; readonly share: number } | null;
}

/** What judging will cost. USD and tokens are per 1,000 traces that judges see, where nothing else is said. */
export interface JudgePlan {
  /** Traces looked at. */
  readonly looked: number;
  /** Out of so many. */
  readonly traces: number;
  /** Of how many days they are; null: of files. */
  readonly days: number | null;
  readonly scorers: readonly PlannedScorer[];
  /** Judges of whole sessions, which come on top. */
  readonly notPlanned: readonly string[];
  readonly total: PlannedCost;
  /** Share of the traces that judges see, 0..1. */
  readonly judgedShare: number;
  /** As configured, per 1,000 traces of traffic. */
  readonly trafficUsd: UsdRange | null;
  /** Traces that began in a day, as a mean. */
  readonly tracesPerDay: number | null;
  /** As configured, in a day. */
  readonly dayUsd: UsdRange | null;
}

/**
 * What the configured judges will cost on traces like those given. Each judge scorer is run with a judge that asks nobody, so that
 * what it would ask, and whether it would, is decided by the same code as live. No model is asked.
 *
 * @throws TracegateError `config` when there is no judge scorer; `not-found` when nothing is stored, or no trace has spans.
 */
export async function planJudging(config: Config, options: PlanOptions): Promise<JudgePlan> {
  const { scorers, judge } = equip(config, options.environment);
  const judges = scorers.filter(({ kind }) => kind === "judge");
  if (judges.length === 0) {
    throw new TracegateError("config", "No judge scorer is configured, so judging costs nothing.");
  }
  const source =
    options.files.length > 0 ? filedTraces(config, options) : await storedSample(config, options);
  try {
    const looked: LookedAt[] = [];
    const experience = new Experience(judges, judge);
    for await (const subject of source.subjects) {
      options.signal.throwIfAborted();
      const one = await lookAt(subject, { config, scorers, judge, signal: options.signal });
      looked.push(one);
      experience.add(one.questions, subject.scores);
    }
    if (looked.length === 0) {
      throw new TracegateError("not-found", "None of the traces has spans that judges would see.");
    }
    const outputs = new Map<string, OutputTokens>();
    for (const { name } of judges) outputs.set(name, await source.outputTokens(name));
    const notPlanned = config.sessionScorers.filter(({ kind }) => kind === "judge").map(({ name }) => name);
    return {
      ...planOf(judges, looked, experience, { outputs, source, withinMs: config.judging.withinMs ?? 0 }),
      notPlanned,
    };
  } finally {
    await source.close();
  }
}

/** What judges would ask about one trace. */
interface LookedAt {
  /** The chance that they see it, 0..1. */
  readonly weight: number;
  /** Whether that was decided when it was scored. */
  readonly isDrawn: boolean;
  readonly questions: readonly PlannedQuestion[];
  /** Why scorers would not ask. */
  readonly notAsked: ReadonlyMap<string, string>;
}

async function lookAt(
  { trace, scores: stored, chance }: PlanSubject,
  given: {
    readonly config: Config;
    readonly scorers: readonly Scorer[];
    readonly judge: Judge | undefined;
    readonly signal: AbortSignal;
  },
): Promise<LookedAt> {
  const { config, judge, signal } = given;
  const { ruleTimeoutMs } = config.worker;
  const questions: PlannedQuestion[] = [];
  const prepare = (one: Judge) => planningJudge(one, (planned) => questions.push(planned));
  // Rules are run only where their word decides whether judges see the trace.
  const some = chance === null && stored === null ? given.scorers : judgesOf(given.scorers);
  const scores = await evaluate({ trace }, some, {
    ruleTimeoutMs,
    timeoutMs: ruleTimeoutMs,
    signal,
    prepare,
    ...(judge && { judge: prepare(judge) }),
  });
  const notAsked = new Map<string, string>();
  for (const { kind, name, unscored, metadata } of scores) {
    if (kind !== "judge") continue;
    if (metadata.decidedBy === "rule") notAsked.set(name, "by-rule");
    else if (unscored && !questions.some(({ question }) => question.scorer === name))
      notAsked.set(name, unscored.code);
  }
  const weight = chance ?? chanceOf(trace, stored ?? scores, config);
  return { weight, isDrawn: chance !== null, questions, notAsked };
}

function judgesOf(scorers: readonly Scorer[]): readonly Scorer[] {
  return scorers.filter(({ kind }) => kind === "judge");
}

/** Without the slowness and the first traces of a version, which only a running process knows. */
function chanceOf(trace: Trace, scores: readonly Score[], config: Config): number {
  const { slowMs = null, rate } = samplingRules(config)(trace.service.name ?? null);
  const ruleScores = scores.filter(({ kind }) => kind === "rule");
  const rules = { rate, slowMs, firstOfVersion: 0 };
  return sample({ trace, ruleScores, earlierOfVersion: Number.POSITIVE_INFINITY }, rules).probability;
}

function planOf(
  judges: readonly Scorer[],
  looked: readonly LookedAt[],
  experience: Experience,
  given: {
    readonly outputs: ReadonlyMap<string, OutputTokens>;
    readonly source: PlanSource;
    readonly withinMs: number;
  },
): Omit<JudgePlan, "notPlanned"> {
  const { outputs, source, withinMs } = given;
  const traces = looked.map(({ weight, questions }) => ({
    weight,
    calls: questions.map((one) => {
      const { scorer } = one.question;
      const outputTokens = outputs.get(scorer)?.tokens ?? 0;
      const factor = experience.correction(scorer)?.factor ?? 1;
      return plannedCall(one, { outputTokens, factor, withinMs });
    }),
  }));
  const shares = judges.flatMap(({ name }): [string, number][] => {
    const escalated = experience.escalated(name);
    return escalated === null ? [] : [[name, escalated.share]];
  });
  const { scorers, total } = planCost(traces, new Map(shares));
  const nothing = planCost([]).total;
  const planned = judges.map(({ name }): PlannedScorer => {
    const questions = looked.flatMap((one) =>
      one.questions.filter(({ question }) => question.scorer === name),
    );
    const reasons = looked.flatMap(({ notAsked }) => notAsked.get(name) ?? []);
    const counts = Map.groupBy(reasons, (reason) => reason);
    return {
      scorer: name,
      models: [...new Set(questions.map(({ judge }) => judge.model))],
      asked: looked.length - reasons.length,
      notAsked: Object.fromEntries([...counts].map(([reason, each]) => [reason, each.length])),
      ...(scorers.get(name) ?? nothing),
      output: outputs.get(name) ?? { tokens: 0, answers: 0 },
      correction: experience.correction(name),
      escalated: experience.escalated(name),
    };
  });
  const undrawn = looked.filter(({ isDrawn }) => !isDrawn);
  const chances = undrawn.reduce((sum, { weight }) => sum + weight, 0);
  const judgedShare = source.judgedShare(undrawn.length === 0 ? 0 : chances / undrawn.length);
  const { configuredUsd } = total;
  const { perDay } = source;
  return {
    looked: looked.length,
    traces: source.traces ?? looked.length,
    days: source.days,
    scorers: planned,
    total,
    judgedShare,
    trafficUsd: times(configuredUsd, judgedShare),
    tracesPerDay: perDay,
    dayUsd: perDay === null ? null : times(configuredUsd, (judgedShare * perDay) / 1_000),
  };
}

function times(usd: UsdRange | null, factor: number): UsdRange | null {
  return usd && { low: usd.low * factor, high: usd.high * factor };
}
