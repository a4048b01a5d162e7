import type { PassingRun } from "../core/run.ts";
import { type GitBranch, newestCommit } from "./git-branch.ts";
import { commitAt, filesOf, type GitFiles, readContents } from "./git-objects.ts";
import type { RunFile } from "./history-files.ts";
import { passingPrefix, readPassing } from "./passing-file.ts";
import { RUNS, readRun } from "./run-file.ts";

/** A history's branch as it is now. */
export interface HistoryBranch {
  /** Its newest commit; null when there is none yet. */
  readonly tip: string | null;
  /** What could not be shared so far; null: nothing waits. */
  readonly unsent: string | null;
  /** The files of the newest commit. */
  readonly files: GitFiles;
  /** The runs on the branch and those that wait. */
  readonly runs: readonly RunFile[];
}

/** The ref that keeps what the remote did not take, safe from git's cleaning. */
export function unsentRef(branch: string): string {
  return `refs/tracegate/unsent/${branch}`;
}

/** @throws TracegateError as {@link newestCommit}; `bad-input` when a file of the branch is broken. */
export async function readBranch(place: GitBranch): Promise<HistoryBranch> {
  const { git, branch } = place;
  const shared = await newestCommit(place);
  // Recorded before there was a remote, or before it had the branch.
  const tip = shared ?? (await commitAt(git, `refs/heads/${branch}`));
  const unsent = await commitAt(git, unsentRef(branch));
  const files = await filesOf(git, tip);
  const runs = [
    ...(await runsOf(place, files)),
    ...(unsent === null ? [] : await runsOf(place, await filesOf(git, unsent))),
  ];
  return { tip: shared, unsent, files, runs };
}

/** The passing runs of these cases that the branch has; what cannot be read of them is left out. */
export async function readPassingRuns(
  place: GitBranch,
  caseIds: readonly string[],
): Promise<readonly PassingRun[]> {
  const { git } = place;
  const wanted = new Set(caseIds.map(passingPrefix));
  const files = await filesOf(git, await newestCommit(place));
  const listed = [...files].filter(([path]) => wanted.has(path.slice(0, path.indexOf("-") + 1)));
  const contents = await readContents(
    git,
    listed.map(([, id]) => id),
  );
  return contents.flatMap((text) => readPassing(text) ?? []);
}

/** The runs among these files. */
export async function runsOf({ git, branch }: GitBranch, files: GitFiles): Promise<readonly RunFile[]> {
  const listed = [...files].filter(([path]) => path.startsWith(`${RUNS}/`));
  const contents = await readContents(
    git,
    listed.map(([, id]) => id),
  );
  return listed.map(([path, id], index) => {
    return { path, id, trials: readRun(contents[index] ?? "", `${branch}:${path}`) };
  });
}
