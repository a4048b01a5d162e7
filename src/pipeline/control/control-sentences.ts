import type { CaseVerdict, Counts, Policy, Verdict } from "../../core/verdict.ts";

/** The parts of a decision that the control speaks of. */
export type ControlDecision = Pick<Verdict, "status" | "evidence" | "controlEvidence" | "cases">;

/** How to write names, numbers and odds as the other sentences of the verdict do. */
export interface Wording {
  readonly nameOf: (one: CaseVerdict) => string;
  readonly odds: (value: number) => string;
  readonly plural: (count: number, noun: string) => string;
  /** Cases told one by one; the rest is counted. */
  readonly named: number;
}

/** The one sentence of a verdict `stale`. */
export function staleTitle({ cases }: ControlDecision, { plural }: Pick<Wording, "plural">): string {
  const stale = new Set(cases.filter(({ outcome }) => outcome === "stale").map(({ caseId }) => caseId)).size;
  if (stale === 0)
    return "Stale: over all guarding cases main passes less often now than its history says, and this change no less often than main.";
  return `Stale: main now fails ${plural(stale, "case")} that its history passes, so failing here is no fault of this change.`;
}

/** What main's trials of now say, and what to do about a history that is out of date. Empty when main was not tried again. */
export function controlSentences(
  decision: ControlDecision,
  policy: Policy,
  wording: Wording,
): readonly string[] {
  const { cases, status, controlEvidence } = decision;
  if (controlEvidence === undefined) return [];
  const { odds, plural, named } = wording;
  const stale = cases.filter(({ outcome }) => outcome === "stale");
  const tried = cases.filter(
    ({ control, outcome, blocking }) => control && control.main.trials > 0 && blocking && outcome !== "stale",
  );
  const main = sum(tried.map(({ control }) => control?.main));
  const here = sum(tried.map(({ control }) => control?.candidate));
  const limit = odds(2 / policy.errorRate);
  return [
    ...(tried.length === 0
      ? []
      : [
          `Main was tried again beside this change: it passed ${of(main)} trials, this change ${of(here)}. That this change is worse than main is now: ${odds(controlEvidence)} to 1; a block needs ${limit} to 1.`,
        ]),
    ...stale.slice(0, named).map((one) => staleSentence(one, wording)),
    ...(stale.length > named ? [`And ${plural(stale.length - named, "more")} that main fails now.`] : []),
    ...(status === "stale" || stale.length > 0 ? [REMEDY] : []),
  ];
}

const REMEDY =
  "Main's history is out of date. If the new behaviour is to stay, renew it: run `tracegate gate --record` on main three times or more. Else mend what changed around the agent and run this gate again.";

function staleSentence(one: CaseVerdict, { nameOf }: Wording): string {
  const now = one.control ? of(one.control.main) : "none";
  return `${nameOf(one)}: ${one.scorer} passed ${of(one.main)} in main's history; now main passes ${now} and this change ${of(one.candidate)}.`;
}

function of({ passes, trials }: Counts): string {
  return `${passes} of ${trials}`;
}

function sum(counts: readonly (Counts | undefined)[]): Counts {
  return counts.reduce<Counts>(
    (total, one) => ({
      passes: total.passes + (one?.passes ?? 0),
      trials: total.trials + (one?.trials ?? 0),
    }),
    { passes: 0, trials: 0 },
  );
}
