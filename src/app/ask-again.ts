import type { Judge } from "../core/judge.ts";
import { passed, type Score } from "../core/score.ts";
import type { Scorer } from "../core/scorer.ts";
import type { Trace } from "../core/trace.ts";
import { costOfScore } from "../judges/score-cost.ts";

/** Whether a judge says the same when it is asked again. */
export interface Rejudged {
  /** Traces it decided again. */
  readonly asked: number;
  /** Of these, how many it decided otherwise. */
  readonly flipped: number;
  /** Traces it was shown and did not decide. */
  readonly unanswered: number;
  /** USD that asking cost; null when the model has no price. */
  readonly costUsd: number | null;
}

/**
 * Puts traces to a judge again; the answers are not kept, for they are about the judge.
 *
 * @param before whether it passed a trace the last time, by trace id; others are left out.
 * @param options.most no more traces than this are asked about.
 */
export async function askAgain(
  scorer: Scorer,
  traces: AsyncIterable<Trace>,
  before: ReadonlyMap<string, boolean>,
  options: {
    readonly judge: Judge | undefined;
    readonly prepare: (judge: Judge) => Judge;
    readonly signal: AbortSignal;
    readonly most: number;
  },
): Promise<Rejudged> {
  const { judge, prepare, signal, most } = options;
  const context = { signal, prepare, ...(judge && { judge }) };
  let [asked, flipped, unanswered] = [0, 0, 0];
  let costUsd: number | null = 0;
  if (most === 0) return { asked, flipped, unanswered, costUsd };
  for await (const trace of traces) {
    const last = before.get(trace.traceId);
    if (last === undefined) continue;
    const score = await scorer.score({ trace }, context);
    costUsd = plusCost(costUsd, score);
    const verdict = passed(score);
    if (verdict === null) unanswered += 1;
    else asked += 1;
    if (verdict !== null && verdict !== last) flipped += 1;
    if (asked + unanswered >= most) break;
  }
  return { asked, flipped, unanswered, costUsd };
}

/** A sum of costs with those of one more score; null once something was answered for which there is no price. */
export function plusCost(sum: number | null, score: Score): number | null {
  const cost = costOfScore(score);
  return sum === null || cost === null ? null : sum + cost;
}
