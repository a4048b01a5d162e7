import { existsSync } from "node:fs";
import { readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";

import { isObject, parseJson, stableJson } from "../../core/json.ts";
import type { GitCommand } from "../../datasets/git-command.ts";

/** Two checkouts of one repository, and the folder in them that the gate works in. */
export interface TwoCheckouts {
  /** Root of the checkout with the change. */
  readonly change: string;
  /** Root of the checkout of main. */
  readonly main: string;
  /** From the root, with a slash at its end, or empty. */
  readonly prefix: string;
}

/** Files that say what an agent in another language needs: what is installed for it may point into the checkout with the change. */
const OTHER_MANIFESTS =
  /(^|\/)(pyproject\.toml|setup\.(py|cfg)|requirements[^/]*\.txt|Pipfile|environment\.ya?ml|go\.mod|Cargo\.toml|pom\.xml|build\.gradle(\.kts)?|Gemfile|composer\.json|mix\.exs|[^/]+\.csproj|deno\.jsonc?)$/;

const LOCK_FILES = ["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock"];

/** Parts of package.json that decide what is installed. */
const DEPENDENCIES = [
  "dependencies",
  "devDependencies",
  "optionalDependencies",
  "peerDependencies",
  "overrides",
];

/** A package that lies in the repository: main would get the one of the change. */
const IN_REPOSITORY = /^(file|link|workspace|portal):/;

const REMEDY = 'Say how main is set up: gate.control.setup, e.g. ["npm", "ci"]';

/**
 * Why main cannot run without a set-up of its own, as the rest of a sentence; null when it can. It can where nothing has to be installed, and
 * where the packages that Node needs are the same with the change. Anything doubtful is refused: with packages of the change, main would
 * fail as the change does, and a break would be taken for a world that moved.
 */
export async function whySetUpIsNeeded(
  git: GitCommand,
  commit: string,
  checkouts: TwoCheckouts,
): Promise<string | null> {
  const { prefix, change, main } = checkouts;
  const listed = await git(["ls-tree", "-r", "-z", "--name-only", "--full-tree", commit]);
  const files = listed.stdout.toString("utf8").split("\0");
  const other = files.find((path) => OTHER_MANIFESTS.test(path) && concerns(path, prefix));
  if (other) return `what ${other} asks for is not installed for main. ${REMEDY}`;
  for (const folder of foldersAbove(prefix)) {
    for (const name of LOCK_FILES) {
      const path = join(folder, name);
      if ((await textOf(join(change, path))) !== (await textOf(join(main, path)))) return differs(path);
    }
    const [then, now] = [await manifestOf(join(main, folder)), await manifestOf(join(change, folder))];
    if (DEPENDENCIES.some((key) => stableJson(then[key] ?? {}) !== stableJson(now[key] ?? {}))) {
      return differs(join(folder, "package.json"));
    }
    if (now.workspaces !== undefined || existsSync(join(change, folder, "pnpm-workspace.yaml"))) {
      return `the packages of a workspace are installed as links to the change. ${REMEDY}`;
    }
    const inRepository = DEPENDENCIES.flatMap((key) =>
      Object.values(isObject(now[key]) ? now[key] : {}),
    ).some((version) => typeof version === "string" && IN_REPOSITORY.test(version));
    if (inRepository)
      return `a package of ${join(folder, "package.json")} lies in the repository, and is installed as the change has it. ${REMEDY}`;
  }
  const missing = await missingFiles(git);
  if (missing.length > 0) {
    return `git ignores ${missing.slice(0, 3).join(", ")}, so main's checkout lacks ${missing.length === 1 ? "it" : "them"}, and might fail for that. Say gate.control: {} if main needs none of it. ${REMEDY}`;
  }
  return null;
}

/** What is made anew by tools, so that no agent rests on it. */
const MADE_ANEW =
  /(^|\/)(node_modules|\.tracegate|\.vitest|dist|build|out|coverage|\.next|\.turbo|\.cache|__pycache__|\.pytest_cache|\.venv|\.idea|\.vscode)\/$|(\.log|\.tsbuildinfo|\.tgz|\.DS_Store|\.pyc)$/;

/** Files that git ignores and that lie in the checkout of the change all the same, such as `.env`: a checkout of main has none of them. */
async function missingFiles(git: GitCommand): Promise<readonly string[]> {
  const args = ["ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory", "--", ":/"];
  const { stdout } = await git(args);
  return stdout
    .toString("utf8")
    .split("\0")
    .filter((path) => path !== "" && !MADE_ANEW.test(path));
}

/** Lets main use the packages that are installed for the change, where it has none of its own: those that Node would find from there. */
export async function borrowPackages({ change, main, prefix }: TwoCheckouts): Promise<void> {
  for (const folder of foldersAbove(prefix)) {
    const from = folder === "" ? nearest(change) : join(change, folder, "node_modules");
    const to = join(main, folder, "node_modules");
    if (from && existsSync(from) && !existsSync(to) && existsSync(dirname(to))) {
      await symlink(from, to, "junction");
    }
  }
}

/** A repository may lie in a folder that has the packages, and Node looks there too. */
function nearest(folder: string): string | undefined {
  const place = join(folder, "node_modules");
  if (existsSync(place)) return place;
  return dirname(folder) === folder ? undefined : nearest(dirname(folder));
}

/** The folder of the gate and those above it, from the root of the repository. */
function foldersAbove(prefix: string): readonly string[] {
  const parts = prefix.split("/").filter(Boolean);
  return [...parts, ""].map((_, depth) => parts.slice(0, depth).join("/"));
}

function concerns(path: string, prefix: string): boolean {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  return prefix.startsWith(folder) || path.startsWith(prefix);
}

function differs(path: string): string {
  return `${path} differs between main and this change, so main needs packages of its own. ${REMEDY}`;
}

async function manifestOf(folder: string): Promise<{ readonly [key: string]: unknown }> {
  const parsed = parseJson((await textOf(join(folder, "package.json"))) ?? "{}");
  return isObject(parsed) ? parsed : {};
}

function textOf(path: string): Promise<string | null> {
  return readFile(path, "utf8").catch(() => null);
}
