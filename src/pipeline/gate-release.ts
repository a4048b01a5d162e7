import type { CaseVerdict, Policy } from "../core/verdict.ts";
import { isGuarding } from "./case-life.ts";

/**
 * Whether a case that must be fixed stands in the way of a release. Main's failing does not excuse it: it counts as
 * fixed when this commit passes it as often as a guarding case needs, and fails when it was tried as often in
 * vain. A guarding case is judged by the evidence like the others.
 */
export function mustBeFixed(one: CaseVerdict, policy: Policy): "fails" | "unknown" | "no" {
  const { mustFix = false, accepted, blocking, state, candidate } = one;
  if (policy.mode !== "release" || !mustFix || !accepted || !blocking || state === "guarding") return "no";
  if (isGuarding(candidate, policy)) return "no";
  return candidate.trials >= policy.minHistory ? "fails" : "unknown";
}
