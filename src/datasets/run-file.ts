import { z } from "zod";

import { TracegateError } from "../core/errors.ts";
import { contentHash } from "../core/ids.ts";
import { parseJson } from "../core/json.ts";
import type { HistoryTrial } from "../core/run.ts";
import type { NumberedTrial } from "./history-trials.ts";

/** The folder of run files on a history's branch. */
export const RUNS = "runs";

const headSchema = z.strictObject({
  v: z.literal(1),
  at: z.number(),
  commit: z.string().nullable(),
  run: z.string().exactOptional(),
});

const rowSchema = z.strictObject({
  case: z.string(),
  trial: z.number(),
  evidence: z.string().nullable(),
  /** Scorer, comparability key, 1 for a pass. */
  scores: z.array(z.tuple([z.string(), z.string(), z.union([z.literal(0), z.literal(1)])])),
});

/**
 * The file that a trial belongs into: one per run, so that two who record at once never change the same file. Begins with
 * the time, so that a listing is in order.
 */
export function runPath({ at, commit, run }: HistoryTrial): string {
  const when = new Date(at).toISOString().slice(0, 19).replaceAll(":", "");
  return `${RUNS}/${when}-${contentHash([at, commit, run ?? null], 12)}.jsonl`;
}

/** The text of a run file: a line on the run, then a line per case and trial with all its scores. */
export function writeRun(trials: readonly NumberedTrial[]): string {
  const [first] = trials;
  if (!first) return "";
  const { at, commit, run } = first;
  const rows = Map.groupBy(trials, ({ caseId, trial, evidenceHash }) =>
    JSON.stringify({ case: caseId, trial, evidence: evidenceHash }),
  );
  const lines = [...rows].map(([row, scored]) => {
    const scores = scored.map(({ scorer, key, passed }) => [scorer, key, passed ? 1 : 0]);
    return `${row.slice(0, -1)},"scores":${JSON.stringify(scores)}}`;
  });
  return `${[JSON.stringify({ v: 1, at, commit, run }), ...lines].join("\n")}\n`;
}

/**
 * Reads a run file.
 *
 * @param where For the message, e.g. `tracegate/history:runs/x.jsonl`.
 * @throws TracegateError `bad-input` with place and line: a history with holes would judge wrongly.
 */
export function readRun(text: string, where: string): readonly NumberedTrial[] {
  const [head = "", ...lines] = text.split("\n");
  const read = headSchema.safeParse(parseJson(head));
  if (!read.success) throw broken(where, 1);
  const { v: _, ...run } = read.data;
  return lines.flatMap((line, index) => {
    if (line === "") return [];
    const row = rowSchema.safeParse(parseJson(line));
    if (!row.success) throw broken(where, index + 2);
    const { case: caseId, trial, evidence: evidenceHash, scores } = row.data;
    return scores.map(([scorer, key, passed]) => {
      return { caseId, scorer, key, passed: passed === 1, evidenceHash, ...run, trial };
    });
  });
}

function broken(where: string, line: number): TracegateError {
  return new TracegateError(
    "bad-input",
    `${where}:${line} is no line of a recorded run of this version. Put an earlier commit of the branch back, or delete the file from it; to start anew, delete the branch and run \`tracegate gate --record\` on main.`,
  );
}
