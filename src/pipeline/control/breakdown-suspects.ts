import type { CaseVerdict } from "../../core/verdict.ts";
import { isBreakingDown } from "../breakdowns.ts";
import { isSuspected, type Judgement } from "../gate-decide.ts";

/** Cases that break down and that main is tried on: they are alike more often than not, and each is judged alone. */
const MAX_BREAKING = 3;

/** The same for cases that do not end in time, one after the other: each trial costs all of that time. */
const MAX_HANGING = 2;

/** Cases that the change is tried on alone, to find those that take the others down. */
const MAX_ALONE = 24;

/** What the change did on a case when nothing was under way beside it, by case id. */
export type TriedAlone = ReadonlyMap<string, "answers" | "breaks" | "hangs">;

const NOT_TRIED: TriedAlone = new Map();

/** Guarding cases that break down more often than main's history explains, the strongest evidence first. */
export function breakingCases({ cases }: Pick<Judgement, "cases">): readonly CaseVerdict[] {
  return cases
    .filter((one) => isSuspected(one) && isBreakingDown(one))
    .toSorted((a, b) => b.evidence - a.evidence);
}

/**
 * On which of the cases that break down main is to be tried: ids that go together, one list after the other. Of what was tried alone, only what broke
 * down there, unless nothing did.
 */
export function breakdownsToTry(
  breaking: readonly CaseVerdict[],
  alone: TriedAlone = NOT_TRIED,
): readonly (readonly string[])[] {
  const open = breaking.filter(({ caseId }) => alone.get(caseId) !== "answers");
  const own = open.length > 0 ? open : breaking;
  const sure = own.filter(({ caseId }) => alone.has(caseId) && open.length > 0);
  const first = sure.length > 0 ? sure : own;
  const quick = idsOf(first.filter((one) => !isHanging(one))).slice(0, MAX_BREAKING);
  if (quick.length > 0) return [quick];
  return idsOf([...sure, ...own])
    .slice(0, MAX_HANGING)
    .map((id) => [id]);
}

/**
 * Ids of the cases that the change is to be tried on alone before main is tried, in this order, where trials share a thread or a service: one case may
 * have taken all of them down. Empty where main is going to be tried on all of them anyway.
 *
 * These trials choose what is paired and are no part of a pair, so however many there are, the pairs keep their error rate.
 */
export function casesToTryAlone(judgement: Pick<Judgement, "cases">): readonly string[] {
  const breaking = breakingCases(judgement);
  const paired = new Set(breakdownsToTry(breaking).flat());
  const ids = idsOf(breaking.toSorted((a, b) => Number(isHanging(a)) - Number(isHanging(b))));
  return ids.every((id) => paired.has(id)) ? [] : ids.slice(0, MAX_ALONE);
}

/** The next of these; undefined when as many have broken down alone as main is tried on, or none is left. */
export function nextAlone(ids: readonly string[], alone: TriedAlone): string | undefined {
  const outcomes = [...alone.values()];
  const broken = outcomes.filter((outcome) => outcome !== "answers").length;
  if (broken >= MAX_BREAKING || outcomes.includes("hangs")) return undefined;
  return ids.find((id) => !alone.has(id));
}

function isHanging({ breakdowns }: CaseVerdict): boolean {
  return breakdowns?.limitMs !== undefined || breakdowns?.how === "timed-out";
}

function idsOf(cases: readonly CaseVerdict[]): readonly string[] {
  return [...new Set(cases.map(({ caseId }) => caseId))];
}
