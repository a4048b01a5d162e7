import { TracegateError } from "../core/errors.ts";
import { type GitCommand, gitText, lastWords } from "./git-command.ts";
import { commitAt, hasCommit } from "./git-objects.ts";

/** A branch that nobody checks out. */
export interface GitBranch {
  readonly git: GitCommand;
  /** Name without `refs/heads/`. */
  readonly branch: string;
  /** Where it is shared; null: only in this clone. */
  readonly remote: string | null;
}

/**
 * What became of an update: `raced`: somebody else was faster, try again on top of theirs; `refused`: it will not be
 * taken; `unreachable`: it may be taken later.
 */
export type UpdateOutcome =
  | { readonly kind: "done" | "raced" }
  | { readonly kind: "refused" | "unreachable"; readonly why: string };

/** Reasons of a refusal that mean that the branch has moved meanwhile. */
const RACES =
  /fetch first|non-fast-forward|stale info|already exists|failed to update ref|cannot lock ref|failed to lock|incorrect old value|reference already exists|shallow update/;

/** Words of a server that will say the same again. */
const DENIALS =
  /\b40[13]\b|denied|forbidden|authentication failed|could not read (username|password)|not authori[sz]ed|write access|read-only|does not appear to be a git repository/i;

/**
 * The remote to use: the wanted one; else `origin` when there is one, else none.
 *
 * @throws TracegateError `config` outside of git, or when the wanted remote is not there.
 */
export async function findRemote(git: GitCommand, wanted: string | undefined): Promise<string | null> {
  const { code, stdout, stderr } = await git(["remote"]);
  if (code !== 0) {
    throw new TracegateError(
      "config",
      `gate.history names a branch, but this is no git checkout: ${lastWords(stderr)}. Run the gate in a clone, or keep the history in a file.`,
    );
  }
  const remotes = stdout.toString("utf8").split("\n").filter(Boolean);
  const name = wanted ?? "origin";
  if (remotes.includes(name)) return name;
  if (wanted === undefined) return null;
  throw new TracegateError(
    "config",
    `gate.history.remote: there is no remote ${JSON.stringify(wanted)}; git knows ${remotes.join(", ") || "none"}. Add it with git remote add, or name another one.`,
  );
}

/**
 * The newest commit of the branch, its files at hand; null when there is no such branch yet. Fetches only what is missing:
 * in a shallow clone the newest commit alone.
 *
 * @throws TracegateError `unavailable` or `refused` when the remote cannot be read.
 */
export async function newestCommit({ git, branch, remote }: GitBranch): Promise<string | null> {
  const head = `refs/heads/${branch}`;
  if (remote === null) return commitAt(git, head);
  const listed = await git(["ls-remote", "--quiet", remote, head]);
  if (listed.code !== 0) throw unreadable(remote, branch, listed.stderr);
  const line = listed.stdout
    .toString("utf8")
    .split("\n")
    .find((one) => one.endsWith(`\t${head}`));
  if (line === undefined) return null;
  const tip = line.slice(0, line.indexOf("\t"));
  if (await hasCommit(git, tip)) return tip;
  const copy = `refs/remotes/${remote}/${branch}`;
  const shallow = (await gitText(git, ["rev-parse", "--is-shallow-repository"])) === "true";
  const fetched = await git([
    "fetch",
    "--quiet",
    "--no-tags",
    "--no-filter",
    "--no-write-fetch-head",
    "--no-recurse-submodules",
    // Only the copy named here: what the configuration of the clone would update beside it is not ours.
    "--refmap=",
    ...(shallow ? ["--depth=1"] : []),
    remote,
    `+${head}:${copy}`,
  ]);
  if (fetched.code !== 0) throw unreadable(remote, branch, fetched.stderr);
  return commitAt(git, copy);
}

/**
 * Moves the branch from one commit to the next, unless it has moved meanwhile.
 *
 * @param previous What the branch points to; null: there is none yet.
 * @param anew The next commit is no descendant of the previous one.
 */
export async function moveBranch(
  { git, branch, remote }: GitBranch,
  {
    previous,
    next,
    anew,
  }: { readonly previous: string | null; readonly next: string; readonly anew: boolean },
): Promise<UpdateOutcome> {
  const head = `refs/heads/${branch}`;
  if (remote === null) {
    const { code, stderr } = await git(["update-ref", "-m", "tracegate", head, next, previous ?? ""]);
    if (code === 0) return { kind: "done" };
    return RACES.test(stderr) || /is at .* but expected/.test(stderr)
      ? { kind: "raced" }
      : { kind: "refused", why: lastWords(stderr) };
  }
  const lease = anew ? [`--force-with-lease=${head}:${previous ?? ""}`] : [];
  const pushed = await git(["push", "--porcelain", "--no-verify", ...lease, remote, `${next}:${head}`]);
  if (pushed.code === 0) return { kind: "done" };
  const rejected = /^!\t[^\t]*\t(.*)$/m.exec(pushed.stdout.toString("utf8"))?.[1];
  // A server may take new commits only on top of old ones: then a lease is no help.
  const onlyForward = anew && rejected?.startsWith("[remote rejected] (non-fast-forward");
  if (rejected !== undefined && RACES.test(rejected) && !onlyForward) return { kind: "raced" };
  const why = [rejected, lastWords(pushed.stderr)].filter(Boolean).join("; ");
  return { kind: rejected !== undefined || DENIALS.test(why) ? "refused" : "unreachable", why };
}

function unreadable(remote: string, branch: string, stderr: string): TracegateError {
  const why = lastWords(stderr);
  const denied = DENIALS.test(why);
  return new TracegateError(
    denied ? "refused" : "unavailable",
    `The branch ${branch} of ${remote} cannot be read: ${why || "git gave no reason"}. ${denied ? "Give the workflow a token that may read the repository." : "Is the network there? Try again."}`,
    { retryable: !denied },
  );
}
