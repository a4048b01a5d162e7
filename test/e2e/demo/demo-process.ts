import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

import { bareEnvironment } from "../../cli/run-cli.ts";
import { REPOSITORY } from "../readme/blocks.ts";

/** How a demo ended. */
export interface DemoEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From the signal to the end, ms; null without a signal. */
  readonly endingMs: number | null;
  /** True when a process it started is still there. */
  readonly leftOver: boolean;
}

/** Runs `tracegate demo` in a process group of its own; `interruptAt` is the text after which it gets Ctrl-C. */
export async function runDemo(interruptAt?: string): Promise<DemoEnd> {
  const child = spawn(process.execPath, ["src/cli/main.ts", "demo"], {
    cwd: REPOSITORY,
    env: bareEnvironment(REPOSITORY),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const group = -(child.pid ?? 0);
  const hangs = setTimeout(() => process.kill(group, "SIGKILL"), 120_000);
  let interruptedAt: number | null = null;
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    printed += chunk;
    if (interruptedAt !== null || interruptAt === undefined || !printed.includes(interruptAt)) return;
    interruptedAt = Date.now();
    process.kill(group, "SIGINT"); // a terminal sends it to all of them
  });
  const [stderr, [exitCode]] = await Promise.all([text(child.stderr), once(child, "close")]);
  clearTimeout(hangs);
  const endingMs = interruptedAt === null ? null : Date.now() - interruptedAt;
  return { exitCode, stdout: printed, stderr, endingMs, leftOver: endGroup(group) };
}

/** Ends what is left of a process group; true when there was something. */
function endGroup(group: number): boolean {
  try {
    return process.kill(group, "SIGKILL");
  } catch {
    return false;
  }
}
