import { spawn } from "node:child_process";

import { TracegateError } from "../core/errors.ts";
import { codeOf } from "./read-dataset.ts";

/** What a git command gave back. */
export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Options of one {@link GitCommand}. */
export interface GitInput {
  /** What git reads on stdin. Default: nothing. */
  readonly input?: string;
  /** Variables beside those of the repository. */
  readonly environment?: { readonly [name: string]: string };
}

/** Runs git with these arguments, without a shell. An exit code other than 0 is a result, not an error. */
export type GitCommand = (args: readonly string[], options?: GitInput) => Promise<GitResult>;

/** How long one command may take, ms: the network may hang, and nobody is there to answer a prompt. */
const TIME_LIMIT_MS = 120_000;

/** Nothing asks, nothing is tidied up behind the user's back, and messages are in one language. */
const QUIET = {
  LC_ALL: "C",
  GIT_TERMINAL_PROMPT: "0",
  GCM_INTERACTIVE: "never",
};

/**
 * Git in one folder.
 *
 * @throws TracegateError (from the command) `config` when git is not installed, `unavailable` when it takes over two minutes.
 */
export function gitIn(cwd: string, environment: { readonly [name: string]: string | undefined }): GitCommand {
  const base = { ...environment, ...QUIET };
  return (args, options = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn("git", ["-c", "gc.auto=0", "-c", "maintenance.auto=false", ...args], {
        cwd,
        env: { ...base, ...options.environment },
        stdio: ["pipe", "pipe", "pipe"],
      });
      const stdout: Buffer[] = [];
      const stderr: Buffer[] = [];
      const timer = setTimeout(() => {
        child.kill("SIGKILL");
        reject(
          new TracegateError(
            "unavailable",
            `git ${args[0]} took over ${TIME_LIMIT_MS / 1000} s in ${cwd} and was ended. Does the remote answer?`,
            { retryable: true },
          ),
        );
      }, TIME_LIMIT_MS);
      child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
      child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
      // Git may end before it has read everything; its exit code says what became of it.
      child.stdin.on("error", () => {});
      child.stdin.end(options.input ?? "");
      child.on("error", (cause) => {
        clearTimeout(timer);
        reject(codeOf(cause) === "ENOENT" ? notInstalled(cwd, cause) : cause);
      });
      child.on("close", (code) => {
        clearTimeout(timer);
        const text = Buffer.concat(stderr).toString("utf8");
        resolve({ code: code ?? 128, stdout: Buffer.concat(stdout), stderr: text });
      });
    });
}

function notInstalled(cwd: string, cause: unknown): TracegateError {
  return new TracegateError(
    "config",
    `git could not be started in ${cwd}. Install git, or keep the history in a file: gate.history: "evals/history.jsonl".`,
    { cause },
  );
}

/**
 * Standard output without the last line break, for commands that fail only when the repository is broken.
 *
 * @throws TracegateError `internal` with git's own words.
 */
export async function gitText(
  git: GitCommand,
  args: readonly string[],
  options: GitInput = {},
): Promise<string> {
  const { code, stdout, stderr } = await git(args, options);
  if (code === 0) return stdout.toString("utf8").replace(/\n$/, "");
  throw new TracegateError("internal", `git ${args[0]} ended with ${code}: ${lastWords(stderr)}`);
}

/** The end of what git said, on one line and without credentials of addresses. */
export function lastWords(stderr: string): string {
  const lines = stderr
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("hint:"));
  return lines
    .slice(-4)
    .join("; ")
    .replace(/:\/\/[^/@\s]*@/g, "://***@")
    .slice(-600);
}
