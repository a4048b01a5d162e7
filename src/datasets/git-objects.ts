import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { TracegateError } from "../core/errors.ts";
import { type GitCommand, gitText } from "./git-command.ts";

/** Files of a commit: path → id of the content. Paths have at most one folder. */
export type GitFiles = ReadonlyMap<string, string>;

/** A runner has no name of its own, and a person's does not belong on what a program writes. */
const AUTHOR = {
  GIT_AUTHOR_NAME: "tracegate",
  GIT_AUTHOR_EMAIL: "tracegate@users.noreply.github.com",
  GIT_COMMITTER_NAME: "tracegate",
  GIT_COMMITTER_EMAIL: "tracegate@users.noreply.github.com",
};

/** The commit a ref points to; null when there is no such ref. */
export async function commitAt(git: GitCommand, ref: string): Promise<string | null> {
  const { code, stdout } = await git(["rev-parse", "--verify", "--quiet", `${ref}^{commit}`]);
  return code === 0 ? stdout.toString("utf8").trim() : null;
}

/** Whether the clone has a commit with its tree. */
export async function hasCommit(git: GitCommand, commit: string): Promise<boolean> {
  return (await git(["cat-file", "-e", `${commit}^{tree}`])).code === 0;
}

/** The files of a commit; none for null. */
export async function filesOf(git: GitCommand, commit: string | null): Promise<GitFiles> {
  if (commit === null) return new Map();
  const listing = await gitText(git, ["ls-tree", "-r", "-z", "--full-tree", commit]);
  return new Map(
    listing.split("\0").flatMap((line) => {
      const [, id, path] = /^100\d{3} blob ([0-9a-f]+)\t(.+)$/s.exec(line) ?? [];
      return id === undefined || path === undefined ? [] : [[path, id] as const];
    }),
  );
}

/** The contents of these ids, as text, in their order. One process for all of them. */
export async function readContents(git: GitCommand, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const { code, stdout, stderr } = await git(["cat-file", "--batch"], { input: `${ids.join("\n")}\n` });
  let at = 0;
  return ids.map((id) => {
    const end = stdout.indexOf(0x0a, at);
    const size = Number(/^[0-9a-f]+ blob (\d+)$/.exec(stdout.toString("latin1", at, Math.max(end, at)))?.[1]);
    if (code !== 0 || end < 0 || !Number.isInteger(size)) {
      throw new TracegateError(
        "internal",
        `git cat-file does not give ${id}: ${stderr.trim() || "it is missing"}`,
      );
    }
    at = end + 1 + size + 1;
    return stdout.toString("utf8", end + 1, end + 1 + size);
  });
}

/** Writes contents into the object store, and returns their ids, in their order. One process for all of them. */
export async function writeContents(
  git: GitCommand,
  contents: readonly string[],
): Promise<readonly string[]> {
  if (contents.length === 0) return [];
  const folder = await mkdtemp(join(tmpdir(), "tracegate-objects-"));
  try {
    const paths = contents.map((_, index) => join(folder, String(index)));
    for (const [index, path] of paths.entries()) await writeFile(path, contents[index] ?? "");
    const args = ["hash-object", "-w", "--no-filters", "--stdin-paths"];
    const ids = (await gitText(git, args, { input: `${paths.join("\n")}\n` })).split("\n");
    if (ids.length === contents.length) return ids;
    throw new TracegateError(
      "internal",
      `git hash-object gave ${ids.length} ids for ${contents.length} files.`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A commit of exactly these files; no index and no work tree is involved. Returns its id. */
export async function writeCommit(
  git: GitCommand,
  files: GitFiles,
  { parent, message }: { readonly parent: string | null; readonly message: string },
): Promise<string> {
  const tree = await writeTree(git, files);
  const parents = parent === null ? [] : ["-p", parent];
  return gitText(git, ["commit-tree", tree, ...parents], { input: message, environment: AUTHOR });
}

async function writeTree(git: GitCommand, files: GitFiles): Promise<string> {
  const folders = Map.groupBy(files, ([path]) =>
    path.includes("/") ? path.slice(0, path.indexOf("/")) : "",
  );
  const lines: string[] = [];
  for (const [folder, entries] of folders) {
    const inside = entries.map(
      ([path, id]) => `100644 blob ${id}\t${path.slice(folder ? folder.length + 1 : 0)}\0`,
    );
    if (folder === "") lines.push(...inside);
    else {
      const subtree = await gitText(git, ["mktree", "-z"], { input: inside.join("") });
      lines.push(`040000 tree ${subtree}\t${folder}\0`);
    }
  }
  return gitText(git, ["mktree", "-z"], { input: lines.join("") });
}
