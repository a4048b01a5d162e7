import type { CaseVerdict, Counts, Policy, Verdict } from "../../core/verdict.ts";
import { triedOf } from "../breakdowns.ts";
import { weigh } from "../evidence.ts";
import type { EvidenceModel } from "../evidence-model.ts";
import { MIN_FAILURES, SUSPICION } from "../gate-policy.ts";
import { type ControlPairs, weighControl } from "./control-evidence.ts";

/** What main's trials of now make of a block. */
export interface ControlVerdict {
  readonly status: Extract<Verdict["status"], "block" | "stale" | "inconclusive">;
  /** E-value against "the change is as main is now". */
  readonly evidence: number;
  /** Units, by index, that main fails now too. */
  readonly stale: ReadonlySet<number>;
}

/**
 * Settles a block by main's trials of now; undefined when main was not tried again.
 *
 * `block` when the change is worse than main's history by cases that main still passes, at 1 / errorRate, and worse than main is now, at
 * 2 / errorRate, because that is looked at in two ways, on suspects and on all cases. So neither an unlucky change nor a world that moved is blamed
 * more often than the error rate. `stale` when "main fails it now too" explains the trials 1 / errorRate times better than "the change broke it", and
 * no suspect is left that could still carry a block. Else `inconclusive`.
 */
export function settleControl(
  model: EvidenceModel,
  cases: readonly CaseVerdict[],
  policy: Policy,
): ControlVerdict | undefined {
  const pairs = pairsOf(cases);
  if (pairs.size === 0) return undefined;
  const candidates = cases.map(triedOf);
  const limit = -Math.log(policy.errorRate);
  const { joint, stale, othersMoved } = weighControl(model, pairs, candidates, limit);
  const rest = candidates.map((counts, index) => (stale.has(index) ? NOTHING : counts));
  const failures = model.scorers
    .flatMap(({ members }) => members)
    .reduce((sum, { index }) => sum + failuresOf(rest[index]), 0);
  const carried = failures >= MIN_FAILURES && weigh(model, rest).joint >= limit;
  const most = Math.min(policy.maxTrials, policy.maxPasses);
  const open = cases.some(
    (one, index) =>
      !stale.has(index) && one.evidence >= SUSPICION && one.control && one.control.main.trials < most,
  );
  const isMoved = othersMoved >= limit || (stale.size > 0 && !carried && !open);
  const status = carried && joint >= limit + Math.LN2 ? "block" : isMoved ? "stale" : "inconclusive";
  return { status, evidence: Math.exp(joint), stale };
}

const NOTHING: Counts = { passes: 0, trials: 0 };

function failuresOf({ passes, trials }: Counts = NOTHING): number {
  return trials - passes;
}

function pairsOf(cases: readonly CaseVerdict[]): ReadonlyMap<number, ControlPairs> {
  return new Map(cases.flatMap(({ control }, index) => (control ? [[index, control] as const] : [])));
}
