import type { Label } from "../core/label.ts";
import { passed } from "../core/score.ts";
import type { Scorer } from "../core/scorer.ts";
import type { Store } from "../core/store.ts";
import { allScores } from "./all-pages.ts";

/** Failures of one judge that nobody has looked at. */
export interface WaitingFailures {
  readonly scorer: string;
  readonly traceIds: ReadonlySet<string>;
}

/**
 * What waits for a person: failures of judges that go by a document (`Scorer.queuesFailures`), of traces whose spans are
 * still kept, about which there is no label. The judge with most of them comes first; those without any are left out.
 */
export async function reviewQueue(
  store: Pick<Store, "scores" | "trace">,
  scorers: readonly Scorer[],
  labels: readonly Label[],
): Promise<readonly WaitingFailures[]> {
  const found = new Map(
    scorers.filter(({ queuesFailures }) => queuesFailures).map(({ name }) => [name, new Set<string>()]),
  );
  if (found.size === 0) return [];
  for await (const score of allScores(store)) {
    if (passed(score) === false) found.get(score.name)?.add(score.traceId);
  }
  for (const { scorer, traceId } of labels) found.get(scorer)?.delete(traceId);
  for (const traceIds of found.values()) {
    for (const traceId of traceIds) if (!(await store.trace(traceId))?.payload) traceIds.delete(traceId);
  }
  return [...found]
    .map(([scorer, traceIds]) => ({ scorer, traceIds }))
    .filter(({ traceIds }) => traceIds.size > 0)
    .toSorted((one, other) => other.traceIds.size - one.traceIds.size);
}
