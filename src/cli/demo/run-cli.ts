import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** What a command of ours printed, and how it ended. */
export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a tracegate command as a user would: a process of its own in the given folder. */
export async function runCli(
  args: readonly string[],
  options: { readonly cwd: string; readonly environment: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<CliResult> {
  const main = fileURLToPath(
    new URL(`../main.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url),
  );
  const child = spawn(process.execPath, [main, ...args], {
    cwd: options.cwd,
    env: options.environment,
    stdio: ["ignore", "pipe", "pipe"],
    signal: options.signal,
    killSignal: "SIGTERM",
  });
  child.on("error", () => {});
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  options.signal.throwIfAborted();
  return { exitCode: Number(code ?? 1), stdout, stderr };
}
