import { TracegateError } from "../core/errors.ts";
import type { Run } from "../core/run.ts";
import type { GateReport } from "../core/verdict.ts";

/**
 * The report of a gate that could not read main's history; null when the fault is another one. Without history nothing
 * guards, and a green check would say that nothing broke; so it is inconclusive, and the agent is not run at all.
 */
export function reportWithoutHistory(
  fault: unknown,
  gate: { readonly run: Run; readonly finishedAt: number; readonly notes: readonly string[] },
): GateReport | null {
  if (!(fault instanceof TracegateError)) return null;
  if (fault.code !== "unavailable" && fault.code !== "refused") return null;
  const { run, finishedAt, notes } = gate;
  return {
    v: 1,
    verdict: {
      status: "inconclusive",
      title: "Inconclusive: no history of main could be read, so nothing was tried.",
      reasons: [fault.message],
      evidence: 1,
      losses: [],
      cases: [],
    },
    run,
    finishedAt,
    recorded: false,
    notes,
  };
}
