import type { TrialFault } from "../core/run.ts";
import type { Breakdowns, CaseVerdict, Counts } from "../core/verdict.ts";
import { isBreakingDown, mainBreaksDown, mainRepeatsItself } from "./breakdowns.ts";

/** How the sentences of a verdict write names and numbers. */
interface Wording {
  readonly nameOf: (one: CaseVerdict) => string;
  readonly plural: (count: number, noun: string) => string;
}

/** What an agent does that breaks down. */
function verb({ how, limitMs }: Pick<Breakdowns, "how" | "limitMs">): string {
  if (how === "crashed") return "crashes";
  if (how === "silent") return "ends without an answer or spans";
  if (how === "mixed") return "breaks down";
  return limitMs === undefined ? "does not end in time" : `does not end within ${seconds(limitMs)}`;
}

/** The same of several cases: `3 cases crash`. */
const VERBS: { readonly [How in Breakdowns["how"]]: string } = {
  crashed: "crash",
  "timed-out": "do not end in time",
  silent: "end without an answer or spans",
  mixed: "break down",
};

/** What main does that breaks down as the change does; undefined for other faults. */
export function mainToo(code: TrialFault["code"]): string | undefined {
  if (code === "agent-crashed") return "main crashes too";
  if (code === "agent-timed-out") return "main does not end in time either";
  return code === "no-trace" ? "main gives no answer and no spans either" : undefined;
}

/** How an agent breaks down in all of these. */
function commonOf(cases: readonly CaseVerdict[]): Pick<Breakdowns, "how" | "limitMs"> {
  const all = cases.flatMap(({ breakdowns }) => breakdowns ?? []);
  const [first] = all;
  if (!first || all.some(({ how }) => how !== first.how)) return { how: "mixed" };
  const limits = new Set(all.map(({ limitMs }) => limitMs));
  return limits.size === 1 ? first : { how: first.how };
}

/** Whether a case is blamed for breakdowns, with main answering beside it. */
export function isBlamedBreakdown(one: CaseVerdict): boolean {
  return one.outcome === "regressed" && one.breakdowns !== undefined && one.control?.breakdowns !== undefined;
}

/**
 * Of a block by breakdowns alone, the cases that break down as the blamed ones do and that main was not tried on: it is tried on a few. None of another
 * verdict.
 */
export function brokenAlike(cases: readonly CaseVerdict[]): readonly CaseVerdict[] {
  const regressed = cases.filter(({ outcome }) => outcome === "regressed");
  if (regressed.length === 0 || !regressed.every(isBlamedBreakdown)) return [];
  return cases.filter(
    (one) =>
      one.state === "guarding" &&
      one.blocking &&
      one.outcome === "undecided" &&
      one.control === undefined &&
      one.candidate.passes === 0 &&
      2 * (one.breakdowns?.trials ?? 0) > one.candidate.trials,
  );
}

/** `40 cases crash here; main answers on the 3 that it was tried on`; undefined where main was tried on all that break down. */
export function brokenAlikeTitle(cases: readonly CaseVerdict[]): string | undefined {
  const alike = brokenAlike(cases);
  if (alike.length === 0) return undefined;
  const blamed = cases.filter(({ outcome }) => outcome === "regressed");
  const count = (some: readonly CaseVerdict[]) => new Set(some.map(({ caseId }) => caseId)).size;
  const tried = count(blamed) === 1 ? "one" : count(blamed);
  const all = [...blamed, ...alike];
  return `${count(all)} cases ${VERBS[commonOf(all).how]} here; main answers on the ${tried} that it was tried on`;
}

/** What several regressed cases do, after "that main passes". */
export function whatTheyDo(regressed: readonly CaseVerdict[]): string {
  return regressed.every(isBlamedBreakdown) ? VERBS[commonOf(regressed).how] : "fail";
}

/** One verdict per case that breaks down, for a breakdown is that of all its scorers; the others as they are. */
export function eachBreakdownOnce(cases: readonly CaseVerdict[]): readonly CaseVerdict[] {
  const told = new Set<string>();
  return cases.filter((one) => {
    if (!isBlamedBreakdown(one)) return true;
    const isFirst = !told.has(one.caseId);
    told.add(one.caseId);
    return isFirst;
  });
}

/** `order crashes here (5 of 5 trials); main answers`. */
export function breakdownTitle(one: CaseVerdict, { nameOf }: Pick<Wording, "nameOf">): string {
  const { breakdowns, candidate, unscored } = one;
  const { trials, ...how } = breakdowns ?? { trials: 0, how: "mixed" };
  return `${nameOf(one)} ${verb(how)} here (${trials} of ${candidate.trials + unscored} trials); main answers`;
}

/** The same with what main's trials of now gave. */
export function breakdownSentence(one: CaseVerdict, wording: Pick<Wording, "nameOf">): string {
  const { passes, trials }: Counts = one.control?.main ?? { passes: 0, trials: 0 };
  return `${breakdownTitle(one, wording)} (${one.scorer} passed ${passes} of ${trials} of its trials beside it).`;
}

/** What is open where guarding cases break down; undefined where none does. Without a control, and with one that does not settle it. */
export function openBreakdowns(
  cases: readonly CaseVerdict[],
  { plural }: Pick<Wording, "plural">,
): string | undefined {
  const breaking = cases.filter((one) => one.state === "guarding" && one.blocking && one.breakdowns);
  const count = (some: readonly CaseVerdict[]) => new Set(some.map(({ caseId }) => caseId)).size;
  const both = breaking.filter(mainBreaksDown);
  if (both.length > 0) {
    const what = count(both) === 1 ? "breaks" : "break";
    return `${plural(count(both), "case")} ${what} down here and on main of today, so what both need may be down`;
  }
  const near = nearest(breaking);
  if (near) {
    const times = `in up to ${seconds(near.tookMs)} where this change did not end within ${seconds(near.limitMs)}`;
    return `main answers ${times}, which is too near to the limit to tell a broken change from a slow machine`;
  }
  if (breaking.some(mainRepeatsItself)) {
    return `the agent ${verb(commonOf(breaking))} on ${plural(count(breaking), "guarding case")} and main answers, but main's answers are the same each time, as recorded ones are, so they count once and cannot settle it`;
  }
  const alone = breaking.filter(isBreakingDown);
  if (alone.length === 0 || breaking.some(({ control }) => control)) return undefined;
  return `the agent ${verb(commonOf(alone))} on ${plural(count(alone), "guarding case")}, and main was not tried beside it to tell a broken change from something that is down`;
}

/** Main's trials of now that were the nearest to a limit. */
function nearest(cases: readonly CaseVerdict[]) {
  return cases
    .flatMap(({ control }) => control?.nearLimit ?? [])
    .toSorted((a, b) => b.tookMs / b.limitMs - a.tookMs / a.limitMs)[0];
}

/** `60 s`, `1.5 s`. */
function seconds(ms: number): string {
  return `${Math.max(0.1, Math.round(ms / 100) / 10)} s`;
}

/** After "Not controlled: …", where only breakdowns speak against the change. */
export const BREAKDOWN_NEEDS_CONTROL =
  "An agent that breaks down blocks only where main, tried beside the change, answers: what both need may be down.";
