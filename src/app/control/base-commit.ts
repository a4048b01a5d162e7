import { type GitCommand, lastWords } from "../../datasets/git-command.ts";
import { commitAt } from "../../datasets/git-objects.ts";
import type { Environment } from "../equipment.ts";

/** Where the change began. */
export interface BaseCommit {
  readonly commit: string;
  /** What it was found by, for people: `origin/main`. */
  readonly base: string;
}

/** How many more commits of a shallow clone are fetched at a time, until the common one is among them. */
const DEEPEN = [50, 500, 5_000] as const;

/** What the search rests on. */
export interface BaseSearch {
  /** A branch or commit that somebody named. Default: GITHUB_BASE_REF, else the remote's default branch, else main or master. */
  readonly wanted?: string;
  readonly env: Environment;
  /** Variables that make git show a token to its server. Default: none. */
  readonly credentials?: { readonly [name: string]: string };
}

/**
 * The merge base of what is checked out and main: the agent without the change. In a shallow clone the history that is missing is fetched.
 *
 * @returns a reason, as the rest of a sentence, where there is none.
 */
export async function findBase(
  git: GitCommand,
  search: BaseSearch,
): Promise<BaseCommit | { readonly reason: string }> {
  if ((await commitAt(git, "HEAD")) === null) return { reason: "this is no git checkout" };
  const name = await nameOf(git, search);
  if (name === null) return { reason: "no base branch is known; name one with --base or gate.control.base" };
  const tip = (await tipOf(git, name)) ?? (await fetchTip(git, name, search));
  if ("reason" in tip) return tip;
  const found = (await mergeBase(git, tip.commit)) ?? (await deepen(git, tip, search));
  if (found === null) {
    return {
      reason: `the commit that this checkout and ${tip.base} have in common is not in this clone, and could not be fetched. Check out with the whole history (actions/checkout: fetch-depth: 0)`,
    };
  }
  return { commit: found, base: tip.base };
}

interface Tip extends BaseCommit {
  /** Branch of the remote to fetch more of; null: the base is no branch of it. */
  readonly branch: string | null;
}

async function nameOf(
  git: GitCommand,
  { wanted, env, credentials = {} }: BaseSearch,
): Promise<string | null> {
  if (wanted) return wanted;
  if (env.GITHUB_BASE_REF) return env.GITHUB_BASE_REF;
  const head = await git(["symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"]);
  if (head.code === 0)
    return head.stdout
      .toString("utf8")
      .trim()
      .replace(/^origin\//, "");
  for (const usual of ["main", "master"]) if (await tipOf(git, usual)) return usual;
  const asked = await git(["ls-remote", "--quiet", "--symref", "origin", "HEAD"], {
    environment: credentials,
  });
  return /^ref: refs\/heads\/(.+)\tHEAD$/m.exec(asked.stdout.toString("utf8"))?.[1] ?? null;
}

/** The remote's branch before one of this clone, which may be behind; then whatever else git understands. */
async function tipOf(git: GitCommand, name: string): Promise<Tip | null> {
  const branch = name.replace(/^(refs\/heads\/|origin\/)/, "");
  const remote = await commitAt(git, `refs/remotes/origin/${branch}`);
  if (remote) return { commit: remote, base: `origin/${branch}`, branch };
  const local = name.startsWith("-") ? null : await commitAt(git, name);
  return local === null ? null : { commit: local, base: name, branch: null };
}

async function fetchTip(
  git: GitCommand,
  name: string,
  search: BaseSearch,
): Promise<Tip | { readonly reason: string }> {
  const branch = name.replace(/^(refs\/heads\/|origin\/)/, "");
  const why = await fetch(git, [...(await shallowOptions(git)), "origin", refspec(branch)], search);
  const tip = why === null ? await tipOf(git, branch) : null;
  return (
    tip ?? {
      reason: `${name} is not in this clone and could not be fetched from origin: ${why ?? "it is not there"}`,
    }
  );
}

async function shallowOptions(git: GitCommand): Promise<readonly string[]> {
  return (await isShallow(git)) ? ["--depth=1"] : [];
}

async function mergeBase(git: GitCommand, commit: string): Promise<string | null> {
  const { code, stdout } = await git(["merge-base", "HEAD", commit]);
  return code === 0 ? stdout.toString("utf8").trim() : null;
}

async function deepen(git: GitCommand, tip: Tip, search: BaseSearch): Promise<string | null> {
  const head = await commitAt(git, "HEAD");
  for (const more of DEEPEN) {
    if (!(await isShallow(git))) return null;
    const wants = [...(tip.branch === null ? [] : [refspec(tip.branch)]), head ?? "HEAD"];
    await fetch(git, [`--deepen=${more}`, "origin", ...wants], search);
    const found = await mergeBase(git, tip.commit);
    if (found) return found;
  }
  return null;
}

function refspec(branch: string): string {
  return `+refs/heads/${branch}:refs/remotes/origin/${branch}`;
}

async function isShallow(git: GitCommand): Promise<boolean> {
  const { stdout } = await git(["rev-parse", "--is-shallow-repository"]);
  return stdout.toString("utf8").trim() === "true";
}

/** Null when it went well, else git's words. */
async function fetch(
  git: GitCommand,
  args: readonly string[],
  { credentials = {} }: BaseSearch,
): Promise<string | null> {
  const { code, stderr } = await git(
    [
      "fetch",
      "--quiet",
      "--no-tags",
      "--no-write-fetch-head",
      "--no-recurse-submodules",
      "--refmap=",
      ...args,
    ],
    { environment: credentials },
  );
  return code === 0 ? null : lastWords(stderr);
}
