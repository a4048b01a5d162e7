import { createWriteStream } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

import type { GateReport } from "../core/verdict.ts";
import { gatePage } from "../render/html/gate/gate-page.ts";
import { junitXml } from "../render/junit.ts";
import type { GateMaterial } from "./gate-material.ts";

/** Paths of the files of one run. */
export interface ReportFiles {
  readonly report: string;
  readonly html: string;
  readonly junit: string;
}

/**
 * Writes the report as JSON, as a page and as JUnit XML into a folder of its own under the runner's temporary one: outside the
 * workspace, so that no later step commits it by accident, and for this user only, because it holds whole traces.
 */
export async function writeReports(
  report: GateReport,
  options: GateMaterial & { readonly commit: string; readonly temporary: string | undefined },
): Promise<ReportFiles> {
  const folder = await mkdtemp(join(options.temporary || tmpdir(), "tracegate-"));
  const files = {
    report: join(folder, "report.json"),
    html: join(folder, "report.html"),
    junit: join(folder, "junit.xml"),
  };
  const mode = 0o600;
  await writeFile(files.report, `${reportJson(report)}\n`, { mode });
  await writeFile(files.junit, junitXml(report), { mode });
  await pipeline(gatePage(report, options), createWriteStream(files.html, { mode }));
  return files;
}

/** JSON has no infinity, and evidence over many broken cases can be more than a number can hold. */
export function reportJson(report: GateReport): string {
  return JSON.stringify(report, (_, value: unknown) =>
    value === Number.POSITIVE_INFINITY ? Number.MAX_VALUE : value,
  );
}
