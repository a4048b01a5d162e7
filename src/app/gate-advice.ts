import type { GateReport } from "../core/verdict.ts";

/** The end of the note about a gate that guards nothing yet. */
const RECORD = " Run `tracegate gate --record` on main.";

/** The report of a run that was to be recorded, without the advice to do just that. Why it was not is a note of its own. */
export function withoutAdviceToRecord(report: GateReport): GateReport {
  const notes = report.notes.map((note) => (note.endsWith(RECORD) ? note.slice(0, -RECORD.length) : note));
  return { ...report, notes };
}
