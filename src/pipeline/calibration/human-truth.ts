import type { Label } from "../../core/label.ts";
import { kappa } from "./agreement.ts";
import { confusionOf, type Pair } from "./confusion.ts";

/** What people said of one trace, where they agree. */
export interface HumanVerdict {
  readonly traceId: string;
  readonly passed: boolean;
  /** See `Label.probability`. */
  readonly probability?: number;
}

/** What people said of the traces of one scorer. */
export interface HumanTruth {
  readonly verdicts: readonly HumanVerdict[];
  /** Traces on which two people differ: no truth, so left out. */
  readonly disputed: readonly string[];
  /** Traces that nobody could tell. */
  readonly undecided: number;
  /** Kappa of the two people with most traces in common; null without two. */
  readonly agreement: {
    readonly reviewers: readonly [string, string];
    readonly traces: number;
    readonly kappa: number | null;
  } | null;
}

/** One verdict per trace out of the labels of one scorer. Of one person's labels about a trace the last counts. */
export function humanTruth(labels: readonly Label[]): HumanTruth {
  const latest = new Map<string, Label>();
  for (const label of labels.toSorted((a, b) => a.at - b.at)) {
    latest.set(`${label.traceId}\n${label.reviewer}`, label);
  }
  const verdicts: HumanVerdict[] = [];
  const disputed: string[] = [];
  let undecided = 0;
  for (const [traceId, about] of Map.groupBy(latest.values(), (label) => label.traceId)) {
    const decided = about.filter(({ passed }) => passed !== null);
    const [first] = decided;
    if (first === undefined) undecided += 1;
    else if (decided.some(({ passed }) => passed !== first.passed)) disputed.push(traceId);
    else {
      const { probability } = first;
      verdicts.push({
        traceId,
        passed: first.passed === true,
        ...(probability !== undefined && { probability }),
      });
    }
  }
  return { verdicts, disputed, undecided, agreement: agreementOf([...latest.values()]) };
}

/** The pair of people with most decided traces in common. */
function agreementOf(labels: readonly Label[]): HumanTruth["agreement"] {
  const byReviewer = new Map<string, Map<string, boolean>>();
  for (const { reviewer, traceId, passed } of labels) {
    if (passed === null) continue;
    const own = byReviewer.get(reviewer) ?? new Map<string, boolean>();
    byReviewer.set(reviewer, own.set(traceId, passed));
  }
  let best: { reviewers: [string, string]; pairs: Pair[] } | null = null;
  const people = [...byReviewer];
  for (const [index, [one, own]] of people.entries()) {
    for (const [other, theirs] of people.slice(index + 1)) {
      const pairs = [...own].flatMap(([traceId, human]) => {
        const judge = theirs.get(traceId);
        return judge === undefined ? [] : [{ human, judge }];
      });
      if (pairs.length > (best?.pairs.length ?? 0)) best = { reviewers: [one, other], pairs };
    }
  }
  if (best === null) return null;
  const { reviewers, pairs } = best;
  return { reviewers, traces: pairs.length, kappa: kappa(confusionOf(pairs))?.value ?? null };
}
