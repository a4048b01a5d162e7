import type { CaseVerdict, Counts, Policy, ScorerLoss, Verdict } from "../core/verdict.ts";
import {
  breakdownSentence,
  breakdownTitle,
  brokenAlike,
  brokenAlikeTitle,
  eachBreakdownOnce,
  isBlamedBreakdown,
  openBreakdowns,
  whatTheyDo,
} from "./breakdown-sentences.ts";
import { isUnmeasured } from "./case-life.ts";
import { controlSentences, staleTitle } from "./control/control-sentences.ts";
import { mustBeFixed } from "./gate-release.ts";

/** Words for the sentences of a verdict. */
export interface CaseTexts {
  /** A case's name with something to recognise it by. Default: its id. */
  readonly nameOf?: (caseId: string) => string;
  /** What the scorer said of a failing trial of this change, or why it gave no score. */
  readonly explanationOf?: (caseId: string, scorer: string) => string | undefined;
}

type Decision = Pick<Verdict, "status" | "evidence" | "losses" | "cases" | "controlEvidence">;

/** Cases named one by one; the rest is counted. */
const NAMED = 10;

/** The one sentence that stands for the verdict. */
export function titleOf(decision: Decision, policy: Policy, texts: CaseTexts): string {
  const { status, cases } = decision;
  const counting = cases.filter((one) => one.accepted && one.blocking);
  const guarding = countOf(counting.filter((one) => one.state === "guarding"));
  if (status === "block") {
    const regressed = cases.filter((one) => one.outcome === "regressed");
    const [first] = regressed;
    if (!first)
      return `Blocked: over all ${plural(guarding, "guarding case")} the agent passes less often than main.`;
    const alike = brokenAlikeTitle(cases);
    if (alike !== undefined) return `Blocked: ${alike}.`;
    const which = regressed.every((one) => one.state === "guarding") ? "that main passes" : "that must pass";
    if (countOf(regressed) > 1)
      return `Blocked: ${countOf(regressed)} cases ${which} ${whatTheyDo(regressed)} here.`;
    if (isBlamedBreakdown(first)) return `Blocked: ${breakdownTitle(first, naming(texts))}.`;
    const main = first.state === "guarding" ? `main passes it (${score(first.main)})` : "it must be fixed";
    return `Blocked: ${nameOf(first, texts)} fails ${first.scorer} here (${score(first.candidate)}); ${main}.`;
  }
  if (status === "stale") return staleTitle(decision, { plural });
  if (status === "inconclusive") return `Inconclusive: ${openQuestion(decision, policy)}.`;
  const fixed = countOf(cases.filter((one) => one.outcome === "fixed"));
  const credit = fixed === 0 ? "" : `, ${plural(fixed, "case")} fixed`;
  if (guarding === 0) return `Pass${credit}: nothing is guarded yet.`;
  const held = countOf(counting.filter((one) => one.state === "guarding" && one.candidate.trials > 0));
  const silent = held < guarding ? `, ${guarding - held} gave scorers nothing to score` : "";
  return `Pass${credit}: ${plural(held, "guarding case")} held${silent}.`;
}

function openQuestion({ cases, losses = [], controlEvidence }: Decision, policy: Policy): string {
  const breakdowns = openBreakdowns(cases, { plural });
  if (breakdowns !== undefined) return breakdowns;
  if (controlEvidence !== undefined)
    return "main's history speaks against this change, but trials of main as it is now do not settle it";
  const counting = cases.filter((one) => one.accepted && one.blocking);
  const unscored = counting.reduce((sum, one) => sum + one.unscored, 0);
  const scored = counting.reduce((sum, one) => sum + one.candidate.trials, 0);
  if (cases.length === 0) return "no accepted case was tried, so nothing was measured";
  if (counting.length === 0) return "only advisory judges looked at the cases, and they do not block";
  if (scored === 0 && unscored === 0) return "no trial was made, so nothing was measured";
  if (unscored / (unscored + scored) > policy.maxUnscored) {
    return `${unscored} of ${plural(unscored + scored, "trial")} gave no score, more than the ${percent(policy.maxUnscored)} allowed`;
  }
  const unmeasured = countOf(cases.filter(isUnmeasured));
  if (unmeasured > 0) {
    return `${plural(unmeasured, "guarding case")} gave no score, so nobody knows whether this change breaks ${unmeasured === 1 ? "it" : "them"}`;
  }
  const toFix = countOf(cases.filter((one) => mustBeFixed(one, policy) === "unknown"));
  if (toFix > 0) return `${plural(toFix, "case")} that must be fixed had too few trials to tell`;
  const open = countOf(cases.filter((one) => one.outcome === "undecided" && one.state === "guarding"));
  if (open > 0) return `${plural(open, "case")} may be broken, but the trials do not settle it`;
  if (policy.mode === "pull-request")
    return "the agent may pass less often than main, but the trials do not settle it";
  if (losses.length === 0) return "nothing is guarded yet, so nothing vouches for a release";
  return `it is not proven that the agent lost less than ${points(policy.margin)} against main`;
}

/** A sentence per reason, the deciding one first. */
export function explain(decision: Decision, policy: Policy, texts: CaseTexts): readonly string[] {
  const { status, cases } = decision;
  const pick = (wanted: (one: CaseVerdict) => boolean) =>
    cases.filter(wanted).toSorted((a, b) => b.evidence - a.evidence);
  const counting = (one: CaseVerdict) => one.accepted && one.blocking;
  const regressed = eachBreakdownOnce(pick((one) => one.outcome === "regressed"));
  const alike = new Set(brokenAlike(cases));
  const suspected = pick(
    (one) => one.outcome === "undecided" && one.state === "guarding" && counting(one) && !alike.has(one),
  );
  const advisory = pick((one) => one.outcome === "undecided" && one.state === "guarding" && !one.blocking);
  const unscored = pick((one) => counting(one) && one.unscored > 0);
  return [
    ...some(regressed, "regressed", (one) => `${blame(one, texts)}${said(one, texts)}`),
    ...summary([...alike], notTried),
    ...controlSentences(decision, policy, {
      nameOf: (one) => nameOf(one, texts),
      odds,
      plural,
      named: NAMED,
    }),
    ...evidenceSentence(decision, policy),
    ...some(
      unscored,
      "without a score",
      (one) =>
        `${nameOf(one, texts)}: ${one.scorer} gave no score in ${plural(one.unscored, "trial")}.${said(one, texts)}`,
    ),
    ...some(suspected, "unsettled", (one) => `Unsettled: ${comparison(one, texts)}.${said(one, texts)}`),
    ...some(
      pick((one) => one.outcome === "fixed"),
      "fixed",
      (one) => `Fixed: ${comparison(one, texts)}.`,
    ),
    ...some(
      pick((one) => one.state === "open" && one.outcome === "undecided"),
      "perhaps fixed",
      (one) => `Perhaps fixed: ${comparison(one, texts)}.`,
    ),
    ...(status === "pass" || status === "inconclusive"
      ? (decision.losses ?? []).flatMap((loss) => lossSentence(loss, policy))
      : []),
    ...summary(
      pick((one) => one.outcome === "still-failing"),
      (single) => `main fails too; ${single ? "it never blocks" : "they never block"}`,
    ),
    ...summary(
      pick((one) => one.accepted && one.outcome === "new"),
      (single) =>
        `${single ? "has" : "have"} fewer than ${policy.minHistory} trials on main and ${single ? "does" : "do"} not guard yet`,
    ),
    ...some(
      advisory,
      "of advisory judges",
      (one) => `Advisory only, does not block: ${comparison(one, texts)}.`,
    ),
  ];
}

function evidenceSentence({ status, evidence }: Decision, { errorRate }: Policy): readonly string[] {
  const limit = odds(1 / errorRate);
  if (status === "stale") {
    return [`Against main's history the evidence of a break is ${odds(evidence)} to 1, enough for a block.`];
  }
  return status === "block" || (status === "inconclusive" && evidence >= 1.5)
    ? [`The evidence of a break is ${odds(evidence)} to 1; the gate blocks at ${limit} to 1.`]
    : [];
}

/** Only what was asked and answered: a suite too small for the question is a matter of `gate plan`. */
function lossSentence({ scorer, margin, odds: chance }: ScorerLoss, { missRate }: Policy): string[] {
  if (margin === null) return [];
  const ruledOut = chance <= missRate;
  return [
    ruledOut
      ? `${scorer}: a loss of ${points(margin)} or more over all cases is ruled out at ${odds(1 / chance)} to 1.`
      : `${scorer}: a loss of ${points(margin)} over all cases is not ruled out (${odds(1 / chance)} to 1 against it; ${odds(1 / missRate)} to 1 is asked for).`,
  ];
}

/** Number of sentences at the beginning of a block's reasons that name what broke. */
export function blameLength(cases: readonly CaseVerdict[]): number {
  const regressed = eachBreakdownOnce(cases.filter(({ outcome }) => outcome === "regressed"));
  return Math.min(regressed.length, NAMED + 1);
}

function some(cases: readonly CaseVerdict[], what: string, sentence: (one: CaseVerdict) => string): string[] {
  const named = cases.slice(0, NAMED).map(sentence);
  return cases.length > NAMED ? [...named, `And ${cases.length - NAMED} more ${what}.`] : named;
}

function notTried(single: boolean): string {
  return `${single ? "breaks" : "break"} down as well; main was not tried on ${single ? "it" : "them"}`;
}

function summary(cases: readonly CaseVerdict[], what: (single: boolean) => string): string[] {
  const count = countOf(cases);
  return count === 0 ? [] : [`${plural(count, "case")} ${what(count === 1)}.`];
}

function blame(one: CaseVerdict, texts: CaseTexts): string {
  return isBlamedBreakdown(one) ? breakdownSentence(one, naming(texts)) : `${comparison(one, texts)}.`;
}

function naming(texts: CaseTexts) {
  return { nameOf: (one: CaseVerdict) => nameOf(one, texts) };
}

function comparison(one: CaseVerdict, texts: CaseTexts): string {
  return `${nameOf(one, texts)}: ${one.scorer} passed ${score(one.main)} on main and ${score(one.candidate)} here`;
}

function said(one: CaseVerdict, texts: CaseTexts): string {
  const text = texts.explanationOf?.(one.caseId, one.scorer);
  return text === undefined ? "" : ` ${text}`;
}

function nameOf({ caseId }: CaseVerdict, texts: CaseTexts): string {
  return texts.nameOf?.(caseId) ?? caseId;
}

function score({ passes, trials }: Counts): string {
  return `${passes} of ${trials}`;
}

/** Cases, not pairs of case and scorer. */
function countOf(cases: readonly CaseVerdict[]): number {
  return new Set(cases.map((one) => one.caseId)).size;
}

/** `1 case`, `2 cases`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

function points(share: number): string {
  return plural(Math.round(share * 1000) / 10, "point");
}

/** Odds for a person: one decimal below 10, else whole; very large ones are cut. */
function odds(value: number): string {
  if (value >= 1e6) return "over a million";
  return value < 10 ? String(Math.round(value * 10) / 10) : Math.round(value).toLocaleString("en");
}
