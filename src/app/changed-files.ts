import { execFile, spawn } from "node:child_process";
import { lstat } from "node:fs/promises";
import { isAbsolute, relative, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Text of git's answers, at most; a tree with more changes than fit is told apart by none of them. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * The files of a checkout that are not as in its commit, untracked ones too unless ignored, by path from its root, each with a hash of its
 * content (`gone` when there is none).
 *
 * @param except Paths of what a gate writes itself: these and what lies below them are left out.
 * @returns null outside git.
 */
export async function changedFiles(
  cwd: string,
  except: readonly string[],
): Promise<{ readonly [path: string]: string } | null> {
  const options = { cwd, maxBuffer: MAX_BYTES };
  const [root, status] = await Promise.all([
    run("git", ["rev-parse", "--show-toplevel"], options),
    run("git", ["status", "--porcelain", "-z", "--untracked-files=all", "--no-renames"], options),
  ]).catch(() => [null, null]);
  if (!root || !status) return null;
  const top = root.stdout.trimEnd();
  const paths = status.stdout
    .split("\0")
    .filter((entry) => entry !== "")
    .map((entry) => entry.slice(3))
    .filter((path) => !except.some((place) => isBelow(resolve(top, path), place)));
  const files = await Promise.all(
    paths.map(async (path) => ((await isFile(resolve(top, path))) ? [path] : [])),
  );
  const hashes = await hashesOf(files.flat(), top);
  return Object.fromEntries(paths.map((path) => [path, hashes.get(path) ?? "gone"]));
}

function isBelow(path: string, place: string): boolean {
  const way = relative(place, path);
  return way === "" || (!way.startsWith("..") && !isAbsolute(way));
}

function isFile(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

async function hashesOf(paths: readonly string[], cwd: string): Promise<Map<string, string>> {
  // A path that holds an end of line cannot be told to git this way; it is told apart by its name alone.
  const plain = paths.filter((path) => !path.includes("\n"));
  if (plain.length === 0) return new Map();
  const git = spawn("git", ["hash-object", "--stdin-paths"], { cwd, stdio: ["pipe", "pipe", "ignore"] });
  git.on("error", () => {});
  git.stdin.on("error", () => {});
  git.stdin.end(plain.map((path) => `${path}\n`).join(""));
  const hashes = (await text(git.stdout)).trimEnd().split("\n");
  return new Map(plain.map((path, index) => [path, hashes[index] ?? "unreadable"]));
}
