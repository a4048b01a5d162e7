import { readdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";

import { TracegateError } from "../core/errors.ts";
import type { GatePart, GateReport, RunSetting } from "../core/verdict.ts";
import type { KnownTrials } from "../pipeline/gate-options.ts";
import { partOf } from "../pipeline/gate-part.ts";
import { differencesOf } from "../pipeline/gate-setting.ts";
import { readReport } from "./read-report.ts";

interface PartReport {
  readonly path: string;
  readonly report: GateReport;
  readonly part: GatePart;
}

/**
 * The trials of a run that was made in parts, from the reports of all of them.
 *
 * @param setting That of the checkout which decides; all parts must have it.
 * @throws TracegateError `usage` that names the part: one is missing, there twice, no part at all, or of other code or settings.
 */
export async function readParts(
  paths: readonly string[],
  { cwd, setting }: { readonly cwd: string; readonly setting: RunSetting },
): Promise<KnownTrials> {
  const files = (await Promise.all(paths.map((path) => filesAt(path, cwd)))).flat();
  const reports = await Promise.all(
    files.map(async (path) => ({ path, report: await readReport(resolve(cwd, path)) })),
  );
  const parts = reports.map(({ path, report }): PartReport => {
    if (report.part) return { path, report, part: report.part };
    throw refused(`${path} is the report of a whole run, not of a part. Write parts with \`--shard\`.`);
  });
  checkNumbers(parts);
  checkSettings(parts, setting);
  checkCases(parts);
  const results = parts.flatMap(({ report }) => report.run.results);
  return {
    results,
    startedAt: Math.min(...parts.map(({ report }) => report.run.startedAt)),
    ms: Math.max(...parts.map(({ report }) => report.spent?.ms ?? 0)),
    whole: parts.every(({ report }) => report.ended === "whole"),
  };
}

/** A file itself, or the .json files in a folder and below: artifacts of a matrix lie in one folder each. */
async function filesAt(path: string, cwd: string): Promise<readonly string[]> {
  const below = await readdir(resolve(cwd, path), { recursive: true, withFileTypes: true }).catch(() => null);
  if (below === null) return [path];
  return below
    .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
    .map((entry) => relative(cwd, join(entry.parentPath, entry.name)))
    .toSorted();
}

/** Every part is there once. */
function checkNumbers(parts: readonly PartReport[]): void {
  const [first] = parts;
  if (!first)
    throw refused("There is no report to merge. Name the files that `tracegate gate --shard` wrote.");
  const { of } = first.part;
  const other = parts.find(({ part }) => part.of !== of);
  if (other) {
    throw refused(
      `${first.path} is part ${first.part.index} of ${of} and ${other.path} part ${other.part.index} of ${other.part.of}. Merge parts of one run.`,
    );
  }
  const byIndex = Map.groupBy(parts, ({ part }) => part.index);
  for (const [index, same] of byIndex) {
    if (same.length > 1)
      throw refused(`Part ${index} of ${of} is there twice: ${same.map(({ path }) => path).join(" and ")}.`);
  }
  const missing = Array.from({ length: of }, (_, index) => index + 1).filter((index) => !byIndex.has(index));
  if (missing.length > 0) {
    throw refused(
      `${missing.length === 1 ? "Part" : "Parts"} ${missing.join(", ")} of ${of} ${missing.length === 1 ? "is" : "are"} missing, and nobody knows of the cases there. Run \`tracegate gate --shard ${missing[0]}/${of} --report FILE\`.`,
    );
  }
}

function checkSettings(parts: readonly PartReport[], setting: RunSetting): void {
  const wrong = parts.flatMap(({ path, part }) => {
    const differences = differencesOf(part.setting, setting);
    return differences.length > 0 ? [`${path}, part ${part.index}: another ${differences.join(", ")}`] : [];
  });
  if (wrong.length === 0) return;
  throw refused(["These parts (named first) are not of the code and settings here:", ...wrong].join("\n  "));
}

/** A part tries its own cases only, else trials would be counted twice. */
function checkCases(parts: readonly PartReport[]): void {
  for (const { path, part, report } of parts) {
    const foreign = report.run.results.find(({ caseId }) => partOf(caseId, part.of) !== part.index);
    if (!foreign) continue;
    const home = partOf(foreign.caseId, part.of);
    throw refused(
      `${path} is part ${part.index} of ${part.of} and holds trials of case ${foreign.caseId}, which is of part ${home}. Run the part again.`,
    );
  }
}

function refused(message: string): TracegateError {
  return new TracegateError("usage", message);
}
