import { z } from "zod";

import { type Clock, systemClock } from "../core/clock.ts";
import { HISTORY_WINDOW, type HistoryWindow } from "../core/count-history.ts";
import { TracegateError } from "../core/errors.ts";
import { parseJson } from "../core/json.ts";
import type { History, HistoryTrial } from "../core/run.ts";
import { replaceFile, withFileLock } from "./file-lock.ts";
import { countable, entriesOf, unionOf } from "./history-trials.ts";
import { readText } from "./read-dataset.ts";

const trialSchema = z.strictObject({
  caseId: z.string(),
  scorer: z.string(),
  key: z.string(),
  passed: z.boolean(),
  commit: z.string().nullable(),
  at: z.number(),
  evidenceHash: z.string().nullable(),
  run: z.string().exactOptional(),
  trial: z.number().exactOptional(),
});

/** Options of {@link fileHistory}. */
export interface FileHistoryOptions {
  /** Default {@link HISTORY_WINDOW}. */
  readonly window?: HistoryWindow;
  readonly clock?: Clock;
}

/**
 * Main's history in a JSON-lines file, one trial per line, oldest first: appended runs are added lines in a
 * diff, and two branches merge line by line. Only what can still count is kept.
 *
 * A missing file is an empty history. Reading throws `bad-input` with file and line when a line is broken,
 * because a history with holes would judge wrongly.
 */
export function fileHistory(path: string, options: FileHistoryOptions = {}): History {
  const { window = HISTORY_WINDOW, clock = systemClock } = options;
  const rules = () => ({ window, now: clock.now() });
  return {
    async entries(keys) {
      return entriesOf(await readTrials(path), keys, rules());
    },

    async record(trials) {
      if (trials.length === 0) return;
      await withFileLock(path, async () => {
        const known = unionOf(await readTrials(path), []);
        const all = unionOf(known, trials);
        if (all.length === known.length) return;
        await replaceFile(path, countable(all, rules()).map(lineOf).join(""));
      });
    },
  };
}

async function readTrials(path: string): Promise<readonly HistoryTrial[]> {
  const text = (await readText(path)) ?? "";
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const read = trialSchema.safeParse(parseJson(line));
    if (read.success) return read.data;
    throw new TracegateError(
      "bad-input",
      `${path}:${index + 1}: this line is no trial of the history. Resolve the merge conflict or restore the file from git; to start anew, delete it and run \`tracegate gate --record\` on main.`,
    );
  });
}

function lineOf({ caseId, scorer, key, passed, commit, at, evidenceHash, run, trial }: HistoryTrial): string {
  return `${JSON.stringify({ caseId, scorer, key, passed, commit, at, evidenceHash, run, trial })}\n`;
}
