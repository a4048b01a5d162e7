import { z } from "zod";

import { countHistory, distinctTrials, HISTORY_WINDOW } from "../core/count-history.ts";
import { TracegateError } from "../core/errors.ts";
import { parseJson } from "../core/json.ts";
import type { History, HistoryTrial } from "../core/run.ts";
import { replaceFile, withFileLock } from "./file-lock.ts";
import { readText } from "./read-dataset.ts";

/** Keys kept per case and scorer: the newest ones. Older ones belong to edited cases or old scorers. */
const KEYS_KEPT = 3;

const trialSchema = z.strictObject({
  caseId: z.string(),
  scorer: z.string(),
  key: z.string(),
  passed: z.boolean(),
  commit: z.string().nullable(),
  at: z.number(),
  evidenceHash: z.string().nullable(),
});

/**
 * Main's history in a JSON-lines file, one trial per line, oldest first: appended runs are added lines in a
 * diff, and two branches merge line by line. Only what can still count is kept.
 *
 * A missing file is an empty history. Reading throws `bad-input` with file and line when a line is broken,
 * because a history with holes would judge wrongly.
 */
export function fileHistory(path: string): History {
  return {
    async entries(keys) {
      const wanted = new Set(keys);
      const trials = (await readTrials(path)).filter((trial) => wanted.has(trial.key));
      return [...groupByKey(trials).values()].flatMap((group) => {
        const [first] = group;
        if (!first) return [];
        const { caseId, scorer, key } = first;
        return { caseId, scorer, key, ...countHistory(group) };
      });
    },

    async record(trials) {
      if (trials.length === 0) return;
      await withFileLock(path, async () => {
        const known = await readTrials(path);
        const runs = new Set(known.map(runOf));
        const added = trials.filter((trial) => !runs.has(runOf(trial)));
        if (added.length === 0) return;
        const kept = prune([...known, ...added].sort((a, b) => a.at - b.at));
        await replaceFile(path, kept.map((trial) => `${lineOf(trial)}\n`).join(""));
      });
    },
  };
}

async function readTrials(path: string): Promise<readonly HistoryTrial[]> {
  const text = (await readText(path)) ?? "";
  const trials = text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const read = trialSchema.safeParse(parseJson(line));
    if (read.success) return read.data;
    throw new TracegateError(
      "bad-input",
      `${path}:${index + 1}: this line is no trial of the history. Resolve the merge conflict or restore the file from git; to start anew, delete it and run \`tracegate gate --record\` on main.`,
    );
  });
  return trials.sort((a, b) => a.at - b.at);
}

/** Names the run a trial belongs to, per key: the same run recorded again changes nothing. */
function runOf({ key, commit, at }: HistoryTrial): string {
  return JSON.stringify([key, commit, at]);
}

function lineOf({ caseId, scorer, key, passed, commit, at, evidenceHash }: HistoryTrial): string {
  return JSON.stringify({ caseId, scorer, key, passed, commit, at, evidenceHash });
}

function groupByKey(trials: readonly HistoryTrial[]): Map<string, readonly HistoryTrial[]> {
  return Map.groupBy(trials, (trial) => JSON.stringify([trial.caseId, trial.scorer, trial.key]));
}

/** Drops trials that can count no more; keeps the order. */
function prune(trials: readonly HistoryTrial[]): readonly HistoryTrial[] {
  const kept = new Set<HistoryTrial>();
  const subjects = Map.groupBy(trials, ({ caseId, scorer }) => JSON.stringify([caseId, scorer]));
  for (const ofSubject of subjects.values()) {
    const groups = [...groupByKey(ofSubject).values()].sort(
      (a, b) => (b.at(-1)?.at ?? 0) - (a.at(-1)?.at ?? 0),
    );
    for (const group of groups.slice(0, KEYS_KEPT)) {
      for (const trial of distinctTrials(group).slice(-HISTORY_WINDOW)) kept.add(trial);
    }
  }
  return trials.filter((trial) => kept.has(trial));
}
