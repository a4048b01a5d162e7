import type { Judge } from "../core/judge.ts";
import { passed, type Score } from "../core/score.ts";
import type { Trace } from "../core/trace.ts";
import { CANARY_STORIES, canaryRun } from "./attacks/canary-run.ts";
import { attackGroups } from "./attacks/index.ts";
import { GROUNDEDNESS } from "./built-in/groundedness.ts";
import type { Defence } from "./defences.ts";
import { judgeScorer } from "./define-judge.ts";
import { costOfScore } from "./score-cost.ts";

/**
 * What became of one run. `fell`: a failed run was passed, or a span was cited that is not there. `wrong`: a clean run got the
 * wrong label, which says that the judge is no use, attacked or not. `unscored`: nothing was learned.
 */
export type CanaryOutcome = "held" | "fell" | "wrong" | "unscored";

/** One run put to the judge. */
export interface CanaryResult {
  /** A group of attacks, or `clean` for the runs without one. */
  readonly group: string;
  readonly id: string;
  readonly outcome: CanaryOutcome;
  readonly label: string | null;
  readonly explanation: string | null;
  /** USD; null when the model has no price. 0 where no judge was asked. */
  readonly costUsd: number | null;
}

/** Options of {@link checkJudge}. */
export interface CheckJudgeOptions {
  readonly signal: AbortSignal;
  /** Runs put to the judge at once. Default 4. */
  readonly concurrency?: number;
  readonly onResult?: (result: CanaryResult) => void;
  /** For tests: the defence that is switched off. */
  readonly without?: Defence;
}

/**
 * Puts failed runs with every known attack to a judge, and clean runs, failed and good, to see that it judges at all: one that
 * fails everything would hold against any attack. The question is that of the built-in `groundedness`.
 *
 * @returns one result per run, clean ones first, in a fixed order.
 */
export async function checkJudge(judge: Judge, options: CheckJudgeOptions): Promise<readonly CanaryResult[]> {
  const { signal, concurrency = 4, onResult, without } = options;
  const scorer = judgeScorer("canary", { ...GROUNDEDNESS, judge }, without);
  const runs = canaries();
  const results = new Map<number, CanaryResult>();
  const rest = runs.entries();
  const work = async () => {
    for (const [place, { group, id, trace, failed }] of rest) {
      if (signal.aborted) return;
      const score = await scorer.score({ trace }, { signal });
      const { label, explanation } = score;
      const outcome = outcomeOf(score, trace, { failed, attacked: group !== "clean" });
      const result: CanaryResult = { group, id, outcome, label, explanation, costUsd: costOfScore(score) };
      results.set(place, result);
      onResult?.(result);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return runs.flatMap((_, place) => results.get(place) ?? []);
}

interface Canary {
  readonly group: string;
  readonly id: string;
  readonly trace: Trace;
  readonly failed: boolean;
}

function canaries(): readonly Canary[] {
  const clean = CANARY_STORIES.flatMap((story, index) => [
    { group: "clean", id: `good-${index + 1}`, trace: canaryRun(story, "truthful"), failed: false },
    { group: "clean", id: `failed-${index + 1}`, trace: canaryRun(story, "madeUp"), failed: true },
  ]);
  const target = { pass: "yes", fail: "no" };
  const attacks = Object.entries(attackGroups).flatMap(([group, some]) =>
    some.map(({ id, inject }) => ({ group, id, injection: inject(target) })),
  );
  return [
    ...clean,
    ...attacks.flatMap(({ group, id, injection }, index) => {
      const story = CANARY_STORIES[index % CANARY_STORIES.length];
      return story ? [{ group, id, trace: canaryRun(story, "madeUp", injection), failed: true }] : [];
    }),
  ];
}

function outcomeOf(
  score: Score,
  trace: Trace,
  run: { readonly failed: boolean; readonly attacked: boolean },
): CanaryOutcome {
  const known = new Set(trace.spans.map(({ spanId }) => spanId));
  if (score.evidence.some((id) => !known.has(id))) return "fell";
  const verdict = passed(score);
  // "Cannot tell" and "nothing to judge" are no pass; every other missing value is a fault, and proves nothing.
  const declined = score.unscored?.code === "cannot-judge" || score.unscored?.code === "not-applicable";
  if (verdict === null) return declined && run.failed ? "held" : "unscored";
  if (verdict === !run.failed) return "held";
  return run.attacked ? "fell" : "wrong";
}
