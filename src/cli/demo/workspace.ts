import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { TracegateError } from "../../core/errors.ts";
import { removeAbandoned, workspacePrefix } from "./abandoned-workspaces.ts";

const run = promisify(execFile);

/** Folders of the demo, below this repository so that the agent finds its packages. */
const PARENT = join(".tracegate", "demo");

/** The files of `evals/support-agent/bugs`: each is its namesake one folder up with one fault. */
export const FAULTS = [
  "limits.ts",
  "prompt.ts",
  "run-tool.ts",
  "tools/orders.ts",
  "tools/search.ts",
] as const;

/** A little git repository with the support agent in it. */
export interface Workspace {
  /** Its root. */
  readonly path: string;
  /** Puts the faulty version of a file in place. */
  plant(fault: (typeof FAULTS)[number]): Promise<void>;
  /** Puts the sound version of a file back. */
  repair(fault: (typeof FAULTS)[number]): Promise<void>;
  /** Commits everything; returns the abbreviated commit id. */
  commit(message: string): Promise<string>;
  branch(name: string): Promise<void>;
  /** Merges a branch into main. */
  merge(name: string): Promise<void>;
}

/** Makes a fresh repository out of this one's `evals/`: the agent, its scorers and the configuration. */
export async function createWorkspace(repository: string): Promise<Workspace> {
  const parent = join(repository, PARENT);
  await mkdir(parent, { recursive: true });
  await removeAbandoned(parent);
  const path = await mkdtemp(join(parent, workspacePrefix(process.pid)));
  const source = join(repository, "evals");
  const target = join(path, "evals");
  for (const part of ["support-agent", "scorers", "tracegate.config.ts"]) {
    await cp(join(source, part), join(target, part), { recursive: true });
  }
  await rm(join(target, "support-agent", "bugs"), { recursive: true });
  await writeFile(join(path, ".gitignore"), ".tracegate/\n");
  await writeFile(join(path, "package.json"), '{ "private": true, "type": "module" }\n');
  const git = (...args: string[]) => runGit(path, args);
  await git("init", "--quiet", "--initial-branch=main");
  const place = (from: string) => async (fault: string) => {
    await cp(join(source, "support-agent", from, fault), join(target, "support-agent", fault));
  };
  return {
    path,
    plant: place("bugs"),
    repair: place("."),
    async commit(message) {
      await git("add", "--all");
      await git("commit", "--quiet", "--allow-empty", "--message", message);
      return (await git("rev-parse", "--short", "HEAD")).trim();
    },
    branch: async (name) => void (await git("switch", "--quiet", "--create", name)),
    async merge(name) {
      await git("switch", "--quiet", "main");
      await git("merge", "--quiet", "--ff-only", name);
    },
  };
}

async function runGit(cwd: string, args: readonly string[]): Promise<string> {
  const identity = ["-c", "user.name=demo", "-c", "user.email=demo@localhost", "-c", "commit.gpgsign=false"];
  try {
    const { stdout } = await run("git", [...identity, ...args], { cwd });
    return stdout;
  } catch (cause) {
    throw new TracegateError(
      "unavailable",
      `git ${args[0]} failed in ${cwd}. The demo needs git 2.28 or newer.`,
      { cause },
    );
  }
}
