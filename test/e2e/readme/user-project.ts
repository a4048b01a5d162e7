import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { REPOSITORY } from "./blocks.ts";

/** What a shell said, and how it ended. */
export interface ShellEnd {
  readonly exitCode: number | null;
  /** stdout and stderr. */
  readonly said: string;
}

/** Variables that would make a run here differ from one in a user's terminal. */
const OURS =
  /^(VITEST|VITE_|TEST$|NODE_ENV|INIT_CWD|npm_(package|lifecycle|command)|npm_config_local_prefix|OPENAI_|ANTHROPIC_|OTEL_|REDIS_URL|DATABASE_URL|TRACEGATE_)/;

/** The environment of a user's terminal: registry and cache as they are here, no keys, no trace of npm and vitest. */
export function terminal(extra: { readonly [name: string]: string } = {}): NodeJS.ProcessEnv {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)));
  const npm = { npm_config_prefer_offline: "true", npm_config_audit: "false", npm_config_fund: "false" };
  const git = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  return { ...own, ...npm, ...git, NO_COLOR: "1", ...extra };
}

/** Runs lines as they would be typed. Stops at the first that fails. */
export async function shell(
  lines: string,
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<ShellEnd> {
  const child = spawn("sh", ["-e", "-c", lines], {
    cwd: options.cwd,
    env: options.env ?? terminal(),
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 120_000,
    killSignal: "SIGKILL",
  });
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { exitCode: typeof exitCode === "number" ? exitCode : null, said: stdout + stderr };
}

/** What `npm run build` and `npm pack` read. */
const SOURCES = [
  ".npmrc",
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "action.yml",
  "package.json",
  "package-lock.json",
  "scripts",
  "src",
  "tsconfig.build.json",
  "tsconfig.json",
];

/** A copy of this repository to build in, so that no other test sees a half-built `dist`. */
export function cloneInto(path: string): void {
  for (const name of SOURCES) cpSync(join(REPOSITORY, name), join(path, name), { recursive: true });
  symlinkSync(join(REPOSITORY, "node_modules"), join(path, "node_modules"));
}

/**
 * The project of a user: a git repository with an agent, in which nothing is installed. Its lock file names the versions this
 * repository has, so that npm finds all of them in its cache and asks no registry; `npm run test:package` installs without.
 */
export async function startProject(path: string): Promise<void> {
  cpSync(join(import.meta.dirname, "project"), path, { recursive: true });
  writeFileSync(join(path, "package-lock.json"), lockFile());
  const setUp =
    'git init -q -b main && git config user.name me && git config user.email me@localhost && printf "node_modules/\\n" > .gitignore';
  await shell(setUp, { cwd: path });
}

function lockFile(): string {
  const lock = JSON.parse(readFileSync(join(REPOSITORY, "package-lock.json"), "utf8"));
  const entries = Object.entries<{ readonly dev?: boolean }>(lock.packages);
  const packages = Object.fromEntries(entries.filter(([place, entry]) => place !== "" && entry.dev !== true));
  return JSON.stringify({ lockfileVersion: 3, requires: true, packages: { "": {}, ...packages } });
}

/** Lends the project the other packages a user has, from this repository: one copy of each, as npm would see to it. */
export function lendPackages(path: string): void {
  for (const name of ["@opentelemetry", "@types", "typescript", "vitest"]) {
    const from = join(REPOSITORY, "node_modules", name);
    const to = join(path, "node_modules", name);
    rmSync(to, { recursive: true, force: true });
    symlinkSync(from, to);
  }
}
