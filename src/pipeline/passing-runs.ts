import { contentHash } from "../core/ids.ts";
import type { PassingRun, Result, Run } from "../core/run.ts";
import { passed } from "../core/score.ts";
import type { Trace } from "../core/trace.ts";
import { findSecrets } from "../datasets/find-secrets.ts";
import { makeRecording } from "../datasets/make-recording.ts";
import { makeRedactor } from "../datasets/redact.ts";
import { scoreOf } from "./gate-counts.ts";
import type { Criterion } from "./gate-criteria.ts";

/** Bytes of calls in one passing run, 16 KiB: it is looked at, not replayed. */
const CALLS_LIMIT = 16 * 1024;

/** Characters of an answer. */
const ANSWER_LIMIT = 4_000;

/**
 * Of every case one trial that passed all that may block, as it is kept beside the history. Redacted as recordings are; a run that
 * still holds what looks like a credential is left out.
 */
export function passingRuns(criteria: readonly Criterion[], run: Run): readonly PassingRun[] {
  const trials = Map.groupBy(run.results, ({ caseId }) => caseId);
  const byCase = Map.groupBy(
    criteria.filter(({ blocking }) => blocking),
    (criterion) => criterion.case.id,
  );
  return [...byCase].flatMap(([caseId, held]) => {
    const trace = trials.get(caseId)?.find((result) => holds(held, result))?.trace;
    if (!trace) return [];
    const keys = held.map(({ key }) => key).toSorted();
    const passing = compact(trace, { caseId, version: contentHash(keys, 8), commit: run.commit });
    return findSecrets(passing).length === 0 ? passing : [];
  });
}

/** Every scorer that has something to say was passed, and one had. */
function holds(held: readonly Criterion[], result: Result): boolean {
  const outcomes = held.flatMap(({ scorer }) => {
    const score = scoreOf(result, scorer.name);
    return score?.unscored?.code === "not-applicable" ? [] : [score ? passed(score) : null];
  });
  return outcomes.length > 0 && outcomes.every((outcome) => outcome === true);
}

function compact(trace: Trace, about: Pick<PassingRun, "caseId" | "version" | "commit">): PassingRun {
  const redactor = makeRedactor();
  const answer = trace.output === undefined ? undefined : redactor.redactText(trace.output);
  return {
    v: 1,
    ...about,
    at: trace.endTime,
    ...(answer === undefined ? {} : { answer: answer.slice(0, ANSWER_LIMIT) }),
    recording: makeRecording(trace, redactor, CALLS_LIMIT),
  };
}
