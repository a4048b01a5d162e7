import { join, resolve } from "node:path";

import { type Clock, systemClock } from "../core/clock.ts";
import { HISTORY_WINDOW, type HistoryWindow } from "../core/count-history.ts";
import type { History } from "../core/run.ts";
import { withFileLock } from "./file-lock.ts";
import { findRemote, type GitBranch } from "./git-branch.ts";
import { type GitCommand, gitIn, gitText } from "./git-command.ts";
import { credentialsFor, type GitToken } from "./git-credentials.ts";
import { entriesOf } from "./history-trials.ts";
import { readBranch, readPassingRuns } from "./read-history-branch.ts";
import { recordOnBranch } from "./record-on-branch.ts";

/** Options of {@link gitHistory}. */
export interface GitHistoryOptions {
  /** A folder of the clone. */
  readonly cwd: string;
  /** Environment of git, which finds its credentials there. */
  readonly env: { readonly [name: string]: string | undefined };
  /** Name without `refs/heads/`, e.g. `tracegate/history`. */
  readonly branch: string;
  /** Default: `origin` when there is one, else the branch stays in this clone. */
  readonly remote?: string;
  /** Default {@link HISTORY_WINDOW}. */
  readonly window?: HistoryWindow;
  readonly clock?: Clock;
  /** Used where the clone has no credentials of its own for that server. */
  readonly token?: GitToken;
}

/**
 * Main's history on a branch of its own, one file per run. It is read and written through git's object store: index and work
 * tree of the clone are not touched, and nothing is checked out. Works in a shallow clone, which fetches the newest commit alone.
 *
 * Recording puts the runs on top of what the remote has and pushes without force; when somebody else was faster, it does so
 * again. A branch that is not there is an empty history.
 *
 * @throws TracegateError `unavailable` or `refused` when the remote cannot be read or does not take the branch: then what was to
 * be recorded is kept in the clone, and the next recording takes it along. `config` when there is no such remote, or no git.
 * `bad-input` when a file of the branch is broken.
 */
export function gitHistory(options: GitHistoryOptions): History {
  const { cwd, branch, window = HISTORY_WINDOW, clock = systemClock } = options;
  const rules = () => ({ window, now: clock.now() });
  const alone = async <T>(work: (place: GitBranch) => Promise<T>): Promise<T> => {
    const git = await gitOf(options);
    const place = { git, branch, remote: await findRemote(git, options.remote) };
    const folder = resolve(cwd, await gitText(git, ["rev-parse", "--git-common-dir"]));
    return withFileLock(join(folder, "tracegate-history"), () => work(place));
  };
  return {
    async entries(keys) {
      const { runs } = await alone(readBranch);
      return entriesOf(
        runs.flatMap(({ trials }) => trials),
        keys,
        rules(),
      );
    },

    async record(trials, passing = []) {
      if (trials.length === 0) return;
      await alone((place) => recordOnBranch(place, { trials, passing }, rules()));
    },

    passingRuns: (caseIds) => alone((place) => readPassingRuns(place, caseIds)),
  };
}

async function gitOf({ cwd, env, token }: GitHistoryOptions): Promise<GitCommand> {
  const git = gitIn(cwd, env);
  return token ? gitIn(cwd, { ...env, ...(await credentialsFor(git, token, env)) }) : git;
}
