import { readdir, rm, rmdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";

import { systemClock } from "../core/clock.ts";
import { TracegateError } from "../core/errors.ts";
import { contentHash } from "../core/ids.ts";
import type { Result } from "../core/run.ts";
import type { RunSetting } from "../core/verdict.ts";
import type { KnownTrials } from "../pipeline/gate-options.ts";
import type { Share } from "../pipeline/gate-part.ts";
import { differencesOf } from "../pipeline/gate-setting.ts";
import { type JournalContent, type JournalHead, readJournal, TrialJournal } from "../store/trial-journal.ts";
import { changedFiles } from "./changed-files.ts";

/** Age at which the journal of an interrupted gate goes, ms: seven days. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** A gate run whose trials are kept. */
export interface JournaledRun {
  readonly cwd: string;
  /** Folder of the journals. */
  readonly folder: string;
  readonly setting: RunSetting;
  readonly share?: Share;
  /** Absolute paths of what tracegate itself writes, folders too: a change there is none of the code. */
  readonly written: readonly string[];
  /** Goes on with the journal of an interrupted run instead of beginning a new one. */
  readonly resume: boolean;
}

/** The open journal of a gate run. */
export interface GateJournal {
  /** What an interrupted run had finished. */
  readonly known?: KnownTrials;
  add(result: Result): Promise<void>;
  /** A trial of main, made beside the change's. */
  addBeside(result: Result): Promise<void>;
  /** `keep`: the run may be gone on with; else nothing of it stays. */
  end(keep: boolean): Promise<void>;
}

/**
 * Opens the journal of a run. Its name follows from commit, cases, scorers, agent and part, so that no run takes the trials of another.
 *
 * @throws TracegateError `usage` when a run is to be resumed and there is none, or it was of other code or settings.
 */
export async function openJournal(run: JournaledRun): Promise<GateJournal> {
  const { folder, resume } = run;
  // The rules say which trials are made, not what comes out of them: a raised limit may be gone on with.
  const { policy: _, ...same } = run.setting;
  const path = join(folder, `${contentHash([same, run.share ?? null])}.jsonl`);
  const changes = await changedFiles(run.cwd, run.written);
  const known = resume ? await readKnown(path, changes, run) : null;
  const head: JournalHead = { v: 1, setting: run.setting, changes: changes ?? {} };
  const journal = known
    ? await TrialJournal.resume(path, systemClock)
    : await TrialJournal.begin(path, head, systemClock);
  await removeOld(folder);
  let trials = known?.results.length ?? 0;
  return {
    ...(known ? { known } : {}),
    add(result) {
      trials += 1;
      return journal.add(result);
    },
    addBeside: (result) => journal.addBeside(result),
    async end(keep) {
      if (keep && trials > 0) return journal.close();
      await journal.remove();
      // Not empty where another run is under way or was interrupted.
      await rmdir(folder).catch(() => {});
    },
  };
}

async function readKnown(
  path: string,
  changes: { readonly [path: string]: string } | null,
  { cwd, setting, folder }: JournaledRun,
): Promise<KnownTrials> {
  if (changes === null || setting.commit === null) {
    throw refused(
      "This is no git checkout with a commit, so nobody can tell whether the code is still the same.",
    );
  }
  const content = await readJournal(path);
  if (!content) throw refused(await whyNone({ cwd, folder, setting }));
  const before = content.head.changes;
  const differing = [...new Set([...Object.keys(before), ...Object.keys(changes)])].filter(
    (file) => before[file] !== changes[file],
  );
  if (differing.length > 0) {
    const named = differing.slice(0, 5).join(", ");
    const more = differing.length > 5 ? ` and ${differing.length - 5} more` : "";
    throw refused(
      `Since the interrupted gate began, ${named}${more} changed, so its trials are of other code. If the agent writes there itself, add it to .gitignore.`,
    );
  }
  const { results, beside, startedAt, ms } = content;
  return { results, beside, startedAt, ms };
}

/** What the newest other journal differs in, so that people see why it is not taken. */
async function whyNone({
  cwd,
  folder,
  setting,
}: Pick<JournaledRun, "cwd" | "folder" | "setting">): Promise<string> {
  const others = await journalsIn(folder);
  const newest = others.toSorted((a, b) => b.changedAt - a.changedAt)[0];
  const content: JournalContent | null = newest ? await readJournal(newest.path) : null;
  if (!newest || !content) return "There is no interrupted gate to go on with.";
  const { policy } = setting;
  const differences = differencesOf({ ...content.head.setting, policy }, setting);
  const what = differences.length > 0 ? `of another ${differences.join(", ")}` : "of another part";
  return `There is no interrupted gate of this code and these settings to go on with; the newest one, ${relative(cwd, newest.path)}, is ${what}.`;
}

function refused(why: string): TracegateError {
  return new TracegateError("usage", `${why} Run the gate anew, without --resume.`);
}

async function removeOld(folder: string): Promise<void> {
  for (const { path, changedAt } of await journalsIn(folder)) {
    if (Date.now() - changedAt > KEPT_MS) await rm(path, { force: true });
  }
}

async function journalsIn(folder: string): Promise<{ readonly path: string; readonly changedAt: number }[]> {
  const names = await readdir(folder).catch(() => []);
  const found = names
    .filter((name) => name.endsWith(".jsonl"))
    .map(async (name) => {
      const path = join(folder, name);
      const stats = await stat(path).catch(() => null);
      return stats ? [{ path, changedAt: stats.mtimeMs }] : [];
    });
  return (await Promise.all(found)).flat();
}
