import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type GitCommand, lastWords } from "../../datasets/git-command.ts";
import { isGone, newHolder } from "../../store/lease-holder.ts";

/** How the reason of a lock begins that is ours. */
const OURS = "tracegate ";

/** A checkout of another commit beside this one. */
export interface Worktree {
  readonly path: string;
  /** Removes it, from git's list too. Never throws. */
  remove(): Promise<void>;
}

/**
 * Checks a commit out beside this checkout, in the temporary folder, so that no tool which looks at the whole checkout sees it. It is locked
 * under the name of this process; {@link pruneWorktrees} removes it when the process has died.
 *
 * @returns a reason, as the rest of a sentence, where git refuses.
 */
export async function addWorktree(
  git: GitCommand,
  { commit, folder = tmpdir() }: { readonly commit: string; readonly folder?: string },
): Promise<Worktree | { readonly reason: string }> {
  const path = await realpath(await mkdtemp(join(folder, "tracegate-main-")));
  const worktree = { path, remove: () => removeWorktree(git, path) };
  // No hook of the repository belongs to a checkout that nobody works in.
  const hooks = ["-c", "core.hooksPath=/dev/null", "-c", "advice.detachedHead=false"];
  const { code, stderr } = await git([...hooks, "worktree", "add", "--detach", "--force", path, commit]);
  if (code !== 0) {
    await worktree.remove();
    return {
      reason: `git could not check out ${commit.slice(0, 12)} beside this checkout: ${lastWords(stderr)}`,
    };
  }
  await git(["worktree", "lock", "--reason", OURS + newHolder(), path]);
  return worktree;
}

/** Removes the worktrees of gates that died. */
export async function pruneWorktrees(git: GitCommand): Promise<void> {
  const { code, stdout } = await git(["worktree", "list", "--porcelain"]);
  if (code !== 0) return;
  for (const entry of stdout.toString("utf8").split("\n\n")) {
    const path = /^worktree (.+)$/m.exec(entry)?.[1];
    const reason = /^locked (.+)$/m.exec(entry)?.[1];
    if (path && reason?.startsWith(OURS) && isGone(reason.slice(OURS.length)))
      await removeWorktree(git, path);
  }
}

async function removeWorktree(git: GitCommand, path: string): Promise<void> {
  try {
    await git(["worktree", "remove", "--force", "--force", path]);
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
    await git(["worktree", "unlock", path]);
    await git(["worktree", "prune"]);
  } catch {
    // What is left is removed at the next start.
  }
}
