import type { CaseVerdict, Counts } from "../core/verdict.ts";
import { isCrashing, mainCrashes } from "./crashes.ts";

/** How the sentences of a verdict write names and numbers. */
interface Wording {
  readonly nameOf: (one: CaseVerdict) => string;
  readonly plural: (count: number, noun: string) => string;
}

/** Whether a case is blamed for crashes, with main answering beside it. */
export function isBlamedCrash(one: CaseVerdict): boolean {
  return one.outcome === "regressed" && (one.crashed ?? 0) > 0 && one.control?.crashing !== undefined;
}

/** One verdict per case that crashes, for a crash is that of all its scorers; the others as they are. */
export function eachCrashOnce(cases: readonly CaseVerdict[]): readonly CaseVerdict[] {
  const told = new Set<string>();
  return cases.filter((one) => {
    if (!isBlamedCrash(one)) return true;
    const isFirst = !told.has(one.caseId);
    told.add(one.caseId);
    return isFirst;
  });
}

/** `order crashes here (5 of 5 trials); main answers`. */
export function crashTitle(one: CaseVerdict, { nameOf }: Pick<Wording, "nameOf">): string {
  return `${nameOf(one)} crashes here (${here(one)}); main answers`;
}

/** The same with what main's trials of now gave. */
export function crashSentence(one: CaseVerdict, wording: Pick<Wording, "nameOf">): string {
  const { passes, trials }: Counts = one.control?.main ?? { passes: 0, trials: 0 };
  return `${crashTitle(one, wording)} (${one.scorer} passed ${passes} of ${trials} of its trials beside it).`;
}

function here({ crashed = 0, candidate, unscored }: CaseVerdict): string {
  return `${crashed} of ${candidate.trials + unscored} trials`;
}

/** What is open where guarding cases crash; undefined where none does. Without a control, and with one that does not settle it. */
export function openCrashes(
  cases: readonly CaseVerdict[],
  { plural }: Pick<Wording, "plural">,
): string | undefined {
  const crashing = cases.filter((one) => one.state === "guarding" && one.blocking && (one.crashed ?? 0) > 0);
  const count = (some: readonly CaseVerdict[]) => new Set(some.map(({ caseId }) => caseId)).size;
  if (crashing.some(mainCrashes)) {
    const both = count(crashing.filter(mainCrashes));
    return `${plural(both, "case")} ${both === 1 ? "crashes" : "crash"} here and on main of today, so what both need may be down`;
  }
  const alone = count(crashing.filter(isCrashing));
  if (alone === 0 || crashing.some(({ control }) => control)) return undefined;
  return `the agent crashes on ${plural(alone, "guarding case")}, and main was not tried beside it to tell a broken change from something that is down`;
}

/** After "Not controlled: …", where only crashes speak against the change. */
export const CRASH_NEEDS_CONTROL =
  "A crash blocks only where main, tried beside the change, does not crash: what both need may be down.";
