import type { Answer, Judge, Question } from "../core/judge.ts";

/**
 * When a call is made.
 *
 * - `always`: with every question
 * - `cheap`, `strong`: the steps of a cascade
 * - `arbiter`: where a panel differs
 */
export type PlannedRole = "always" | "cheap" | "strong" | "arbiter";

/** A call that a judge would make. */
export interface PlannedQuestion {
  readonly question: Question;
  readonly judge: Judge;
  readonly role: PlannedRole;
}

/**
 * A judge that asks nobody: it tells of every call that asking might take, the second steps of cascades and the arbiters of panels
 * included. Its answers mean nothing; second tries and fallbacks are never needed.
 */
export function planningJudge(judge: Judge, tell: (planned: PlannedQuestion) => void): Judge {
  const plan = (one: Judge, role: PlannedRole, choice: 0 | 1): Judge => ({
    ...one,
    async ask(question) {
      tell({ question, judge: one, role });
      return answerTo(question, one, choice);
    },
  });
  const { stronger, panel } = judge;
  if (panel) {
    const { others, arbiter } = panel;
    // The others say something else, so that the arbiter is asked.
    const judges = others.map((other) => plan(other, "always", 1));
    const last = arbiter && plan(arbiter, "arbiter", 0);
    return { ...plan(judge, "always", 0), panel: { others: judges, ...(last && { arbiter: last }) } };
  }
  if (!stronger) return plan(judge, "always", 0);
  // Without probabilities the first step is never sure, unless any answer will do.
  const second = { acceptAbove: 1, judge: plan(stronger.judge, "strong", 0) };
  return { ...plan(judge, "cheap", 0), stronger: second };
}

function answerTo({ labels }: Question, { model }: Judge, choice: 0 | 1): Answer {
  return { label: labels[choice] ?? "", rationale: "", evidence: [], model, usage: {} };
}
