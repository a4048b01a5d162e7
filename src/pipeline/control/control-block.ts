import type { Clock } from "../../core/clock.ts";
import type { Result } from "../../core/run.ts";
import type { ControlReport, Verdict } from "../../core/verdict.ts";
import { BREAKDOWN_NEEDS_CONTROL } from "../breakdown-sentences.ts";
import type { GateBasis } from "../gate-basis.ts";
import type { BudgetMeter } from "../gate-budget.ts";
import { isWorthMain } from "../gate-decide.ts";
import type { Ending } from "../gate-ending.ts";
import type { GateOptions } from "../gate-options.ts";
import type { RoundsEnd } from "../gate-run-rounds.ts";
import { blameLength } from "../gate-sentences.ts";
import { runControl } from "./run-control.ts";
import { whatMoved } from "./what-moved.ts";

/** The trials of a run, and main's of now where a block was in question. */
export interface ControlledEnd {
  readonly end: RoundsEnd;
  readonly mainNow: readonly Result[];
  readonly control: ControlReport | null;
  /** As {@link Verdict.controlled}; null: no block was in question. */
  readonly controlled: true | string | null;
}

/**
 * Tries main again when the trials would block, so that a world that moved is not blamed on the change. Not for a run that becomes main's
 * history, nor for a part of one: its verdict is made when all parts are there.
 */
export async function controlBlock(
  basis: GateBasis,
  end: RoundsEnd,
  options: GateOptions & { readonly clock: Clock },
  meter: BudgetMeter,
): Promise<ControlledEnd> {
  const { prepareMain, record = false, share, concurrency = 4, signal } = options;
  const uncontrolled = { end, mainNow: [], control: null, controlled: null };
  if (!prepareMain || record || share || signal?.aborted) return uncontrolled;
  const suspicion = basis.suspect(end.results);
  if (!isWorthMain(suspicion, basis.policy)) return uncontrolled;
  if (options.decideOnly) {
    return {
      end,
      mainNow: [],
      control: null,
      controlled: "`tracegate gate merge` makes no trials without --finish",
    };
  }
  const { results, control, controlled, refused } = await runControl(end.results, {
    ...options,
    prepareMain,
    cases: basis.cases,
    policy: basis.policy,
    concurrency,
    seed: options.commit ?? "",
    suspect: basis.suspect,
    mayStart: () => meter.exhausted() === null,
    onSpent: (spending) => meter.add(spending),
  });
  const mainNow = control?.results ?? [];
  const moved = control ? await whatMoved({ ...options, cases: basis.cases, mainNow, change: results }) : [];
  return {
    end: { ...end, results, ending: endingOf(end, refused, meter, signal) },
    mainNow,
    control: control && { ...control, moved },
    controlled,
  };
}

function endingOf(
  { ending }: RoundsEnd,
  refused: number,
  meter: BudgetMeter,
  signal: AbortSignal | undefined,
): Ending {
  if (signal?.aborted) return { kind: "interrupted" };
  const exhausted = meter.exhausted();
  return exhausted && refused > 0 ? { kind: "budget", exhausted, refused } : ending;
}

/** Puts into a verdict whether its block was controlled, and what moved where main fails too. */
export function withControl(verdict: Verdict, { controlled, control }: ControlledEnd): Verdict {
  if (controlled === null) return verdict;
  // What decides comes first: here that there was no control.
  const after = verdict.status === "inconclusive" ? 0 : Math.max(1, blameLength(verdict.cases));
  const reasons = verdict.reasons.toSpliced(after, 0, ...sentencesOf(verdict, controlled, control));
  return { ...verdict, controlled, reasons };
}

function sentencesOf(
  verdict: Verdict,
  controlled: true | string,
  control: ControlReport | null,
): readonly string[] {
  if (controlled === true) {
    const isStale = verdict.status === "stale" || verdict.cases.some(({ outcome }) => outcome === "stale");
    return isStale ? (control?.moved ?? []) : [];
  }
  const why = `Not controlled: ${controlled.replace(/\.$/, "")}.`;
  if (verdict.status !== "block") {
    return verdict.cases.some(({ breakdowns }) => breakdowns) ? [`${why} ${BREAKDOWN_NEEDS_CONTROL}`] : [];
  }
  return [`${why} The block rests on main's history; whether main passes today was not tried.`];
}
