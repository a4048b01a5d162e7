import { readFile } from "node:fs/promises";

import { messageOf, TracegateError } from "../core/errors.ts";
import type { GateReport } from "../core/verdict.ts";

/**
 * A report that `tracegate gate --report` wrote.
 *
 * @throws TracegateError `usage` when the file is not one of this version.
 */
export async function readReport(path: string): Promise<GateReport> {
  try {
    const report: Partial<GateReport> | null = JSON.parse(await readFile(path, "utf8"));
    if (isReport(report)) return report;
  } catch (cause) {
    throw new TracegateError(
      "usage",
      `${path} cannot be read as a gate report: ${messageOf(cause)}. Give a file that tracegate gate --report wrote.`,
      { cause },
    );
  }
  throw new TracegateError(
    "usage",
    `${path} is not a report of this version. Write one with tracegate gate --report.`,
  );
}

/** Looks at what readers need first; the file is one that this program wrote. */
function isReport(report: Partial<GateReport> | null): report is GateReport {
  return report?.v === 1 && Array.isArray(report.run?.results) && Array.isArray(report.verdict?.cases);
}
