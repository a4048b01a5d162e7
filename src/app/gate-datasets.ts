import { resolve } from "node:path";

import type { Case, Dataset } from "../core/case.ts";
import { messageOf, TracegateError } from "../core/errors.ts";
import { readDataset } from "../datasets/read-dataset.ts";

/** The cases of several datasets as one; of equal ids the first counts, with a note. */
export async function readDatasets(
  paths: readonly string[],
  cwd: string,
): Promise<{ dataset: Dataset; notes: string[] }> {
  const cases: Case[] = [];
  const notes: string[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    const { dataset, problems } = await readNamed(resolve(cwd, path));
    if (problems.length > 0) throw unreadable(problems.map((problem) => problem.message));
    for (const one of dataset.cases) {
      if (seen.has(one.id))
        notes.push(`${path}: case ${one.id} is in an earlier dataset too; that one counts.`);
      else cases.push(one);
      seen.add(one.id);
    }
  }
  const name = paths.join(", ");
  return { dataset: { name, path: resolve(cwd, paths[0] ?? ""), cases }, notes };
}

/** A case that cannot be read would guard nothing, and nobody would see it missing in a green check. */
function unreadable(problems: readonly string[]): TracegateError {
  return new TracegateError(
    "config",
    ["The gate does not run, because what these lines guard would go unguarded:", ...problems].join("\n  "),
  );
}

/** A dataset that the gate is told to run must be there: without it the gate would pass for want of cases. */
async function readNamed(path: string): ReturnType<typeof readDataset> {
  try {
    return await readDataset(path);
  } catch (cause) {
    throw new TracegateError("config", `${messageOf(cause)} Other files: gate.datasets, or --dataset.`, {
      cause,
    });
  }
}
