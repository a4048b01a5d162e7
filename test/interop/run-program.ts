import { spawn } from "node:child_process";

/** How a program ended. */
export interface ProgramEnd {
  /** Null: killed, by us when `timedOut`. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  /** The end of what it printed, at most 20,000 characters. */
  readonly output: string;
}

/** Runs a program to its end, with a time limit; it and its children are killed when that is over. */
export function runProgram(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly timeoutMs: number },
): Promise<ProgramEnd> {
  const { promise, resolve } = Promise.withResolvers<ProgramEnd>();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  let timedOut = false;
  const hear = (chunk: Buffer) => {
    output = (output + chunk.toString("utf8")).slice(-20_000);
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const timer = setTimeout(() => {
    timedOut = true;
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  }, options.timeoutMs);
  child.once("error", (error) => {
    clearTimeout(timer);
    resolve({ exitCode: null, timedOut, output: error.message });
  });
  child.once("close", (exitCode) => {
    clearTimeout(timer);
    resolve({ exitCode, timedOut, output });
  });
  return promise;
}
