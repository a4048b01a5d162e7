import type { Verdict } from "../core/verdict.ts";
import type { Mode } from "./inputs.ts";

/** What the verdict means for the step and for the check on the commit. */
export interface Conclusion {
  readonly exitCode: 0 | 1;
  /** Level of the one line that says the verdict. */
  readonly level: "notice" | "warning" | "error";
  readonly check: "success" | "neutral" | "failure";
}

/**
 * `pass` succeeds and `block` fails everywhere. `inconclusive` and `stale` fail a release, because nothing vouches for it;
 * on pull requests and on main they warn, because a fault of the infrastructure must not stop people's work.
 */
export function conclude(status: Verdict["status"], mode: Mode): Conclusion {
  if (status === "pass") return { exitCode: 0, level: "notice", check: "success" };
  if (status === "block" || mode === "release") return { exitCode: 1, level: "error", check: "failure" };
  return { exitCode: 0, level: "warning", check: "neutral" };
}
