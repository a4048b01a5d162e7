import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { GateMaterial } from "../app/gate-material.ts";
import { type ReportPaths, writeReports } from "../app/write-reports.ts";
import type { GateReport } from "../core/verdict.ts";

/**
 * Writes the report as JSON, as a page and as JUnit XML into a folder of its own under the runner's temporary one: outside the
 * workspace, so that no later step commits it by accident.
 */
export async function writeReportFiles(
  report: GateReport,
  options: GateMaterial & { readonly commit: string; readonly temporary: string | undefined },
): Promise<Required<ReportPaths>> {
  const folder = await mkdtemp(join(options.temporary || tmpdir(), "tracegate-"));
  const files = {
    report: join(folder, "report.json"),
    html: join(folder, "report.html"),
    junit: join(folder, "junit.xml"),
  };
  await writeReports(report, files, async () => options);
  return files;
}
