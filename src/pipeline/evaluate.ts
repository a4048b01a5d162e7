import { messageOf, TracegateError } from "../core/errors.ts";
import type { Judge } from "../core/judge.ts";
import type { Score } from "../core/score.ts";
import type { Scorer, Subject } from "../core/scorer.ts";
import { runScorers, type ScorerRun } from "./run-scorers.ts";

/** Options of {@link evaluate}. Times in ms. */
export interface EvaluateOptions {
  /** Given to the scorers; without one, judges are unscored. */
  readonly judge?: Judge;
  /** For judges of the scorers' own; see `ScorerContext.prepare`. */
  readonly prepare?: (judge: Judge) => Judge;
  /** Stops everything; `evaluate` then throws, so that half a result cannot be stored as a whole one. */
  readonly signal?: AbortSignal;
  /** How long scorers may keep the processor before their first `await`. Default 5,000. */
  readonly ruleTimeoutMs?: number;
  /** How long a rule scorer may take altogether. Default 30,000. */
  readonly timeoutMs?: number;
  /**
   * How long a judge scorer may take altogether. Default 300,000: judges limit their own calls; this only
   * catches one that hangs.
   */
  readonly judgeTimeoutMs?: number;
  /** How long rule scorers may wait for those of other traces, to be started together, which is cheaper. Default 0. */
  readonly gatherMs?: number;
  /** Judge scorers at work at once. Default 4. */
  readonly concurrency?: number;
  /** Called before scorers may keep the processor, so that a watchdog knows that work goes on. */
  readonly beat?: () => void;
}

/**
 * Runs scorers on one trace and gives their scores in the order of the scorers.
 *
 * A scorer cannot break it: one that throws, never returns or returns something else gives an unscored
 * `scorer-error`; a judge that hangs gives an unscored `timed-out`. Endless loops and backtracking regular
 * expressions before a scorer's first `await` are interrupted; later ones cannot be.
 *
 * @throws TracegateError `config` when two scorers have one name; `unavailable` (retryable) when the
 * signal fires.
 */
export async function evaluate(
  subject: Subject,
  scorers: readonly Scorer[],
  options: EvaluateOptions = {},
): Promise<readonly Score[]> {
  checkNames(scorers);
  const { judge, prepare, signal, beat, ruleTimeoutMs = 5_000, timeoutMs = 30_000 } = options;
  const { judgeTimeoutMs = 300_000, gatherMs = 0, concurrency = 4 } = options;
  const run = (some: readonly Scorer[], limitMs: number) => {
    const given: ScorerRun = { subject, scorers: some, blockingMs: ruleTimeoutMs, limitMs, gatherMs };
    return runScorers({
      ...given,
      ...(judge && { judge }),
      ...(prepare && { prepare }),
      ...(signal && { signal }),
      ...(beat && { beat }),
    });
  };
  throwIfStopped(signal, subject);
  const scores = new Map<string, Score>();
  const keep = (some: readonly Score[]) => {
    for (const score of some) scores.set(score.name, score);
  };
  const judges = scorers.filter((scorer) => scorer.kind === "judge").values();
  const judgeOneByOne = async () => {
    for (const scorer of judges) {
      if (signal?.aborted) return;
      keep(await run([scorer], judgeTimeoutMs));
    }
  };
  await Promise.all([
    run(
      scorers.filter((scorer) => scorer.kind !== "judge"),
      timeoutMs,
    ).then(keep),
    ...Array.from({ length: Math.max(1, concurrency) }, judgeOneByOne),
  ]);
  throwIfStopped(signal, subject);
  return scorers.flatMap((scorer) => scores.get(scorer.name) ?? []);
}

function checkNames(scorers: readonly Scorer[]): void {
  const seen = new Set<string>();
  for (const { name } of scorers) {
    if (seen.has(name)) {
      throw new TracegateError("config", `Two scorers are called "${name}". Give each a name of its own.`);
    }
    seen.add(name);
  }
}

function throwIfStopped(signal: AbortSignal | undefined, subject: Subject): void {
  if (!signal?.aborted) return;
  throw new TracegateError(
    "unavailable",
    `Scoring of trace ${subject.trace.traceId} was stopped before it ended (${messageOf(signal.reason)}). Score it again.`,
    { retryable: true, cause: signal.reason },
  );
}
