import { contentHash } from "../../core/ids.ts";
import { type Judge, wrapOthers } from "../../core/judge.ts";
import type { JudgeBatches } from "../../core/judge-batches.ts";

/** A judge whose provider takes batches. */
export type BatchJudge = Judge & { readonly batches: JudgeBatches };

/** Questions for which the same judge is asked with the same key may share a batch: 16 hex digits. */
export function laneOf({ identity, batches }: Pick<BatchJudge, "identity" | "batches">): string {
  return contentHash([identity, batches.account], 16);
}

/** The judges given and those they bring along, of those whose providers take batches, by their lanes. */
export function batchLanes(judges: readonly Judge[]): ReadonlyMap<string, BatchJudge> {
  const lanes = new Map<string, BatchJudge>();
  const add = (judge: Judge): Judge => {
    const { batches } = judge;
    if (batches !== undefined) lanes.set(laneOf({ ...judge, batches }), { ...judge, batches });
    wrapOthers(judge, add);
    return judge;
  };
  judges.forEach(add);
  return lanes;
}
