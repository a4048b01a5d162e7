import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** The program, as `npm run tracegate` starts it. */
export const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** How a command ended. */
export interface CliResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of {@link runCli}. */
export interface CliOptions {
  readonly cwd: string;
  /** Written to its stdin, which is then closed. */
  readonly stdin?: string | Uint8Array;
  /** Beside a bare environment: no keys, no Redis, no colours. */
  readonly env?: Readonly<Record<string, string>>;
  /** Given the process, e.g. to send it a signal. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** Runs one command of the real program in a process of its own. */
export async function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: options.cwd,
    env: { ...bareEnvironment(options.cwd), ...options.env },
    stdio: "pipe",
    // A command that hangs must not outlive its test.
    timeout: 60_000,
    killSignal: "SIGKILL",
  });
  options.onStart?.(child);
  // A program that ends without reading its input breaks the pipe; that is no fault of the test.
  child.stdin.on("error", () => {});
  child.stdin.end(options.stdin ?? "");
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { exitCode: typeof exitCode === "number" ? exitCode : null, stdout, stderr };
}

/** What a command needs of the environment, and nothing that changes what it does. */
export function bareEnvironment(cwd: string): Record<string, string> {
  const { PATH = "", NODE_COMPILE_CACHE } = process.env;
  return { PATH, HOME: cwd, ...(NODE_COMPILE_CACHE ? { NODE_COMPILE_CACHE } : {}) };
}
