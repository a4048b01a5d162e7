import { contentHash } from "../../core/ids.ts";

/** A judged trace that a person may be asked about. */
export interface Candidate {
  readonly traceId: string;
  /** What the judge said; null: it could not tell. */
  readonly passed: boolean | null;
  /** The chance with which the trace was put to the judge, (0, 1]. */
  readonly probability: number;
  /** It waits for a person. Default false. */
  readonly isQueued?: boolean;
}

/** A trace to be labelled. */
export interface Picked {
  readonly traceId: string;
  /** See `Label.probability`; absent where the pick was not random. */
  readonly probability?: number;
}

/**
 * Which traces people are asked about.
 *
 * `balanced`: what waits for a person, then passes and fails in turn, so that both rates of a judge are known soon; what it could not tell
 * comes first among the fails. `random`: any trace with the same chance, which tells how often things fail.
 *
 * The order follows from the ids alone: two people who label the same traces get the same ones, and their agreement is known.
 */
export function pickToLabel(
  candidates: readonly Candidate[],
  { size, how }: { readonly size: number; readonly how: "balanced" | "random" },
): readonly Picked[] {
  const shuffled = candidates.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  if (how === "random") {
    const share = Math.min(1, size / Math.max(1, shuffled.length));
    return shuffled
      .slice(0, size)
      .map(({ traceId, probability }) => ({ traceId, probability: share * probability }));
  }
  const queued = shuffled.filter(({ isQueued }) => isQueued);
  const others = shuffled.filter(({ isQueued }) => !isQueued);
  const untold = others.filter(({ passed }) => passed === null);
  const failed = [...untold, ...others.filter(({ passed }) => passed === false)];
  const passed = others.filter((one) => one.passed === true);
  const turns = Math.max(failed.length, passed.length);
  const inTurn = Array.from({ length: turns }, (_, turn) => [failed[turn], passed[turn]]).flat();
  return [...queued, ...inTurn]
    .flatMap((one) => (one === undefined ? [] : [{ traceId: one.traceId }]))
    .slice(0, size);
}

function placeOf({ traceId }: Candidate): string {
  return contentHash(["to label", traceId]);
}
