import { messageOf } from "../core/errors.ts";
import type { Judge } from "../core/judge.ts";
import type { Score } from "../core/score.ts";
import type { Scorer, ScorerContext, Subject } from "../core/scorer.ts";
import { brokenScore, scoreProblem } from "../scorers/score-of.ts";
import { INTERRUPTED } from "./guarded-call.ts";
import { guardedStart } from "./guarded-start.ts";

/** Scorers to run side by side on one trace. Times in ms. */
export interface ScorerRun {
  readonly subject: Subject;
  readonly scorers: readonly Scorer[];
  readonly judge?: Judge;
  /** See `ScorerContext.prepare`. */
  readonly prepare?: (judge: Judge) => Judge;
  readonly signal?: AbortSignal;
  /** How long they may keep the processor before their first `await`. */
  readonly blockingMs: number;
  /** How long they may wait for those of other traces, to be started together. Default 0. */
  readonly gatherMs?: number;
  /** How long each may take after that. */
  readonly limitMs: number;
  /** Called before each may keep the processor. */
  readonly beat?: () => void;
}

/** What a scorer came to. */
type Outcome = { readonly score: Score } | { readonly problem: string } | "late" | "stopped";

/**
 * One score per scorer, in their order, whatever the scorers do. Resolves soon after the signal fires,
 * with the unfinished ones unscored.
 */
export async function runScorers(run: ScorerRun): Promise<readonly Score[]> {
  if (run.scorers.length === 0) return [];
  const controller = new AbortController();
  const { promise: ended, resolve } = Promise.withResolvers<"late" | "stopped">();
  const end = (why: "late" | "stopped") => {
    resolve(why);
    controller.abort(
      new Error(why === "late" ? `the scorer took over ${run.limitMs} ms` : "scoring was stopped"),
    );
  };
  const stop = () => end("stopped");
  let timer: NodeJS.Timeout | undefined;
  run.signal?.addEventListener("abort", stop, { once: true });
  if (run.signal?.aborted) stop();
  try {
    const { judge, prepare } = run;
    const context = {
      signal: controller.signal,
      ...(judge && { judge }),
      ...(prepare && { prepare }),
    };
    const started = await Promise.all(
      run.scorers.map((scorer) => {
        const call = () => {
          run.beat?.();
          return start(scorer, run.subject, context);
        };
        return guardedStart(call, run.blockingMs, run.gatherMs);
      }),
    );
    // Counted from here, so that one that blocked the others does not use up their time.
    timer = setTimeout(() => end("late"), run.limitMs);
    const blocked: Outcome = {
      problem: `it kept the processor for over ${run.blockingMs} ms and was interrupted; look for an endless loop or a slow regular expression`,
    };
    const outcomes = await Promise.all(
      started.map((one) => (one === INTERRUPTED ? blocked : Promise.race([one.value, ended]))),
    );
    return run.scorers.map((scorer, index) => scoreFrom(run, scorer, outcomes[index] ?? "stopped"));
  } finally {
    clearTimeout(timer);
    run.signal?.removeEventListener("abort", stop);
  }
}

/** Never rejects, so that a scorer that fails after its time is up is no unhandled rejection. */
function start(scorer: Scorer, subject: Subject, context: ScorerContext): Promise<Outcome> {
  try {
    return Promise.resolve(scorer.score(subject, context)).then(
      (score) => {
        const problem = scoreProblem(score);
        return problem === undefined ? { score } : { problem };
      },
      (error) => ({ problem: thrown(error) }),
    );
  } catch (error) {
    return Promise.resolve({ problem: thrown(error) });
  }
}

function scoreFrom(run: ScorerRun, scorer: Scorer, outcome: Outcome): Score {
  const { trace } = run.subject;
  if (outcome === "stopped") return brokenScore(scorer, trace, "scoring was stopped before it returned");
  if (outcome === "late") {
    const late = brokenScore(scorer, trace, `it did not return within ${run.limitMs} ms`);
    return scorer.kind === "judge" ? { ...late, unscored: { code: "timed-out" } } : late;
  }
  if ("problem" in outcome) return brokenScore(scorer, trace, outcome.problem);
  const { name, version, kind, passAt } = scorer;
  return { ...outcome.score, name, version, kind, passAt };
}

/** The message and the first stack line outside Node's own code. */
function thrown(error: unknown): string {
  const kind = error instanceof Error ? error.name : typeof error;
  const lines = error instanceof Error ? (error.stack ?? "").split("\n") : [];
  const place = lines
    .map((line) => line.trim())
    .find((line) => line.startsWith("at ") && !line.includes("node:"));
  return `it threw ${kind}: ${messageOf(error)}${place === undefined ? "" : ` (${place})`}`;
}
