import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";

import { messageOf, TracegateError } from "../core/errors.ts";
import type { GateReport } from "../core/verdict.ts";
import type { GateMaterial } from "./gate-material.ts";

/** Files to write of one gate run; what is left out is not written. */
export interface ReportPaths {
  /** Everything as JSON. */
  readonly report?: string;
  /** One page that needs nothing else. */
  readonly html?: string;
  /** JUnit XML. */
  readonly junit?: string;
}

/**
 * Writes a gate run into files, for this user only, because they hold whole traces. Folders are made.
 *
 * @param material Asked for when there is a page; `commit` is the one that people know, default the one that was checked out.
 * @throws TracegateError `usage` when a file cannot be written.
 */
export async function writeReports(
  report: GateReport,
  paths: ReportPaths,
  material: () => Promise<GateMaterial & { readonly commit?: string }>,
): Promise<void> {
  const mode = 0o600;
  await into(paths.report, (path) => writeFile(path, `${reportJson(report)}\n`, { mode }));
  await into(paths.junit, async (path) => {
    const { junitXml } = await import("../render/junit.ts");
    await writeFile(path, junitXml(report), { mode });
  });
  await into(paths.html, async (path) => {
    const { gatePage } = await import("../render/html/gate/gate-page.ts");
    await pipeline(gatePage(report, await material()), createWriteStream(path, { mode }));
  });
}

/** JSON has no infinity, and evidence over many broken cases can be more than a number can hold. */
export function reportJson(report: GateReport): string {
  return JSON.stringify(report, (_, value: unknown) =>
    value === Number.POSITIVE_INFINITY ? Number.MAX_VALUE : value,
  );
}

async function into(path: string | undefined, write: (path: string) => Promise<void>): Promise<void> {
  if (path === undefined) return;
  try {
    await mkdir(dirname(path), { recursive: true });
    await write(path);
  } catch (cause) {
    throw new TracegateError("usage", `${path} cannot be written: ${messageOf(cause)}. Name another file.`, {
      cause,
    });
  }
}
