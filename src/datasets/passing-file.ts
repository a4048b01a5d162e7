import { z } from "zod";

import { contentHash } from "../core/ids.ts";
import { parseJson } from "../core/json.ts";
import type { PassingRun } from "../core/run.ts";
import { recordingSchema } from "./recordings.ts";

/** The folder of passing runs on a history's branch. */
export const PASSING = "passing";

const schema: z.ZodType<PassingRun> = z.strictObject({
  v: z.literal(1),
  caseId: z.string(),
  version: z.string(),
  commit: z.string().nullable(),
  at: z.number(),
  answer: z.string().exactOptional(),
  recording: recordingSchema,
});

/** Paths of a case's passing runs begin with this. */
export function passingPrefix(caseId: string): string {
  return `${PASSING}/${contentHash(caseId, 12)}-`;
}

/** Reads a passing run; null when it is none of this version: it is shown to people only, and the gate does without. */
export function readPassing(text: string): PassingRun | null {
  const read = schema.safeParse(parseJson(text));
  return read.success ? read.data : null;
}

/** Which files of passing runs stay, and what is to be written, by path. */
export interface PassingPlan {
  readonly keep: readonly string[];
  readonly write: ReadonlyMap<string, string>;
}

/**
 * One run per case. A new one takes its place when what must hold has changed, or in a new month: so runs are fresh enough to
 * compare with, and a recording writes few. Runs of cases that have no history any more go.
 *
 * @param paths Those that are there.
 * @param cases Cases with a trial that can count.
 */
export function planPassing(
  paths: readonly string[],
  passing: readonly PassingRun[],
  cases: ReadonlySet<string>,
): PassingPlan {
  const there = new Set(paths);
  const write = new Map<string, string>();
  const replaced: string[] = [];
  for (const run of passing) {
    const prefix = passingPrefix(run.caseId);
    const path = `${prefix}${run.version}-${new Date(run.at).toISOString().slice(0, 7)}.json`;
    if (there.has(path)) continue;
    replaced.push(prefix);
    write.set(path, `${JSON.stringify(run)}\n`);
  }
  const live = new Set([...cases].map(passingPrefix));
  for (const prefix of replaced) live.delete(prefix);
  return { keep: paths.filter((path) => live.has(path.slice(0, path.indexOf("-") + 1))), write };
}
