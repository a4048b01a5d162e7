import type { Budget, Verdict } from "../core/verdict.ts";
import type { Exhausted } from "./gate-budget.ts";
import type { Share } from "./gate-part.ts";
import { plural } from "./gate-sentences.ts";

/** How the trials of a run ended. */
export type Ending =
  | { readonly kind: "whole" }
  /** By the signal. */
  | { readonly kind: "interrupted" }
  /** A limit of the budget was reached when `refused` trials were still to be made. */
  | { readonly kind: "budget"; readonly exhausted: Exhausted; readonly refused: number }
  /** Nothing is to be run here, and not all that was worth a trial had it. */
  | { readonly kind: "unfinished" };

/** How far a run came. */
export interface Progress {
  readonly cases: number;
  /** Cases with a trial that ended without a fault. */
  readonly tried: number;
  /** Trials that were made. */
  readonly made: number;
}

/**
 * The verdict of a run that may have ended early: then it is inconclusive, and nothing in it counts as a regression. Except that a block which
 * stood when every case had been tried, and the budget only kept it from being confirmed once more, stays: evidence may be
 * looked at after any trial.
 */
export function verdictAtEnd(decided: Verdict, ending: Ending, progress: Progress): Verdict {
  if (ending.kind === "whole") return decided;
  if (ending.kind === "budget" && decided.status === "block" && progress.tried === progress.cases) {
    const reason = `The ${NAMES[ending.exhausted.limit]} was reached, so ${plural(ending.refused, "trial")} that would have confirmed it ${ending.refused === 1 ? "was" : "were"} not made.`;
    return { ...decided, reasons: [...decided.reasons, reason] };
  }
  const { title, reason } = wordsOf(ending, progress);
  return {
    ...withoutBlame(decided),
    status: "inconclusive",
    title: `Inconclusive: ${title}.`,
    reasons: [reason, ...decided.reasons],
  };
}

/** The verdict of one part of a run: none yet, whatever it found. */
export function verdictOfPart(decided: Verdict, share: Share, ending: Ending, progress: Progress): Verdict {
  const tried = `${progress.tried} of its ${plural(progress.cases, "case")} tried`;
  return {
    ...withoutBlame(decided),
    status: "inconclusive",
    title: `Part ${share.index} of ${share.of}: ${tried}. The verdict is made of all parts, by \`tracegate gate merge\`.`,
    reasons: ending.kind === "whole" ? [] : [wordsOf(ending, progress).reason],
  };
}

function withoutBlame(verdict: Verdict): Verdict {
  const cases = verdict.cases.map((one) =>
    one.outcome === "regressed" ? ({ ...one, outcome: "undecided" } as const) : one,
  );
  return { ...verdict, cases };
}

/** Why a run is not a whole one, for the sentence "Nothing was recorded: …"; null for a whole one. */
export function cutShort({ kind }: Ending): string | null {
  if (kind === "interrupted") return "the run was interrupted";
  if (kind === "budget") return "the budget was reached before the run ended";
  return kind === "unfinished" ? "a part of the run was cut short" : null;
}

const NAMES: { readonly [Limit in keyof Required<Budget>]: string } = {
  usd: "budget in USD",
  tokens: "budget in tokens",
  minutes: "budget in minutes",
};

function wordsOf(ending: Exclude<Ending, { kind: "whole" }>, { cases, tried, made }: Progress) {
  const after = `after ${tried} of ${plural(cases, "case")}`;
  if (ending.kind === "interrupted") {
    return {
      title: `interrupted ${after}`,
      reason: "The gate was stopped before it ended; run it again, or go on with `tracegate gate --resume`.",
    };
  }
  if (ending.kind === "unfinished") {
    return {
      title:
        tried < cases
          ? `${cases - tried} of ${plural(cases, "case")} were not tried`
          : "a part of the run was cut short",
      reason: "Run the part again that was cut short, or let `tracegate gate merge --finish` try the rest.",
    };
  }
  const { limit, allowed, used } = ending.exhausted;
  // What is under way when the limit is reached is in `used` already, and so in the mean.
  const needed = made === 0 ? null : (used / made) * (made + ending.refused);
  const enough = needed === null ? "" : `, which would take it to about ${amount(limit, needed)}`;
  return {
    title: `the budget of ${amount(limit, allowed)} was reached ${after}`,
    reason: `${amount(limit, used)} are spent, and ${plural(ending.refused, "trial")} or more ${ending.refused === 1 ? "was" : "were"} still to be made${enough}. Raise gate.budget.${limit} and go on with \`tracegate gate --resume\`.`,
  };
}

/** `0.0213 USD`, `1,200 tokens`, `2.5 minutes`. */
function amount(limit: keyof Budget, value: number): string {
  if (limit === "tokens") return `${Math.round(value).toLocaleString("en")} tokens`;
  const digits = value >= 100 ? 0 : value >= 1 ? 2 : 4;
  const text = String(Number(value.toFixed(digits)));
  return limit === "usd" ? `${text} USD` : `${text} ${text === "1" ? "minute" : "minutes"}`;
}
