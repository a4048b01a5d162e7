import type { SamplingDecision } from "../core/sampling.ts";
import type { Score } from "../core/score.ts";
import type { Scorer, Subject } from "../core/scorer.ts";
import type { LiveSampler } from "./live-sampler.ts";

/** What became of a live trace. */
export interface SampledEvaluation {
  /** In the order of the scorers; judges that were not asked are unscored `sampled-out`. */
  readonly scores: readonly Score[];
  readonly sampling: SamplingDecision;
}

/** Options of {@link evaluateSampled}. */
export interface SampledEvaluationOptions {
  /** All scorers of the configuration. */
  readonly scorers: readonly Scorer[];
  /** Some of them on one trace. Throws only when the signal fires. */
  readonly score: (
    subject: Subject,
    scorers: readonly Scorer[],
    signal: AbortSignal,
    sampling?: SamplingDecision,
  ) => Promise<readonly Score[]>;
  readonly sampler: Pick<LiveSampler, "decide">;
  /** The decision on the revision before. */
  readonly earlier?: SamplingDecision;
}

/**
 * Rules on every trace, then judges on the sample, which is one for all of them. Each judge's score says with what chance
 * its trace was picked.
 */
export async function evaluateSampled(
  subject: Subject,
  { scorers, score, sampler, earlier }: SampledEvaluationOptions,
  signal: AbortSignal,
): Promise<SampledEvaluation> {
  const judges = scorers.filter(({ kind }) => kind === "judge");
  const ruleScores = await score(
    subject,
    scorers.filter(({ kind }) => kind !== "judge"),
    signal,
  );
  const sampling = await sampler.decide(subject.trace, ruleScores, earlier);
  const judgeScores = sampling.sampled
    ? await score(subject, judges, signal, sampling)
    : judges.map((judge) => leftOut(judge, sampling));
  const byName = new Map(
    [...ruleScores, ...judgeScores.map((one) => withChance(one, sampling))].map((one) => [one.name, one]),
  );
  return { scores: scorers.flatMap(({ name }) => byName.get(name) ?? []), sampling };
}

function leftOut({ name, version, kind, passAt }: Scorer, { probability }: SamplingDecision): Score {
  return {
    name,
    version,
    kind,
    passAt,
    value: null,
    label: null,
    explanation:
      probability === 0
        ? "Not asked: judges see no ordinary traces."
        : `Not asked: judges see ${percent(probability)} of ordinary traces, and not this one.`,
    evidence: [],
    unscored: { code: "sampled-out" },
    metadata: {},
  };
}

/** A chance of 1 is left out, and one of 0 is no chance by which to weigh anything. */
function withChance(score: Score, { probability }: SamplingDecision): Score {
  return probability > 0 && probability < 1 ? { ...score, inclusionProbability: probability } : score;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
