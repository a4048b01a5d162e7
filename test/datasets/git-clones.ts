import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach } from "vitest";

/** Git without the configuration of whoever runs the tests. */
export const GIT_ENVIRONMENT: { readonly [name: string]: string | undefined } = {
  ...process.env,
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.com",
};

/** Runs git in a folder and gives back what it printed. */
export function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync("git", [...args], {
    cwd,
    env: GIT_ENVIRONMENT,
    encoding: "utf8",
    stdio: "pipe",
  }).trim();
}

/** Real repositories in a folder that is removed after the test. */
export class GitClones {
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), "tracegate-git-")));
  #count = 0;

  /** A repository with one commit on `main` and no remote. */
  lone(): string {
    const path = this.#next("lone");
    mkdirSync(path);
    git(path, "init", "--quiet", "--initial-branch=main");
    writeFileSync(join(path, "agent.txt"), "hello\n");
    git(path, "add", ".");
    git(path, "commit", "--quiet", "-m", "First");
    return path;
  }

  /** A bare repository with one commit on `main`. */
  bare(): string {
    const path = this.#next("bare");
    git(this.folder, "clone", "--quiet", "--bare", this.lone(), path);
    return path;
  }

  /** A clone; with `depth` 1 as actions/checkout makes it: one commit, one branch. */
  clone(of: string, options: { readonly depth?: number } = {}): string {
    const path = this.#next("clone");
    const depth = options.depth === undefined ? [] : [`--depth=${options.depth}`, "--single-branch"];
    git(this.folder, "clone", "--quiet", ...depth, pathToFileURL(of).href, path);
    return path;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #next(kind: string): string {
    this.#count += 1;
    return join(this.folder, `${kind}-${this.#count}`);
  }
}

/** Repositories of their own per test. */
export function gitClones(): () => GitClones {
  const made: GitClones[] = [];
  afterEach(() => {
    for (const clones of made.splice(0)) clones.remove();
  });
  return () => {
    const clones = new GitClones();
    made.push(clones);
    return clones;
  };
}
