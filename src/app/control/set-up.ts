import { spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile } from "node:fs/promises";

import { messageOf } from "../../core/errors.ts";
import { killGroup } from "../../tasks/process-group.ts";
import type { Environment } from "../equipment.ts";

/** Lines of the log that a reason shows. */
const TAIL_LINES = 8;

/** A command that makes a fresh checkout ready to run. */
export interface SetUp {
  /** A list is started as it is; a text goes through `/bin/sh`. */
  readonly command: string | readonly string[];
  readonly cwd: string;
  readonly env: Environment;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** File that takes all it prints. */
  readonly log: string;
}

/**
 * Runs the set-up command in a process group of its own, which is killed when it ends, takes too long or is stopped.
 *
 * @returns null when it went well, else a reason, as the rest of a sentence, with the end of the log.
 */
export async function runSetUp({ command, cwd, env, timeoutMs, signal, log }: SetUp): Promise<string | null> {
  if (signal?.aborted) return "the gate was stopped";
  const words = typeof command === "string" ? command : command.join(" ");
  const [file = "", ...args] = typeof command === "string" ? ["/bin/sh", "-c", command] : command;
  await using output = await open(log, "a");
  const child = spawn(file, args, {
    cwd,
    env: { ...env },
    stdio: ["ignore", output.fd, output.fd],
    detached: process.platform !== "win32",
  });
  let stopped: string | null = null;
  const stop = (why: string) => {
    stopped = why;
    killGroup(child);
  };
  const timer = setTimeout(stop, timeoutMs, `did not end within ${timeoutMs} ms (gate.control.timeoutMs)`);
  const onAbort = () => stop("was stopped with the gate");
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    const [code, killedBy] = await once(child, "close");
    if (stopped === null && code === 0) return null;
    const how = stopped ?? (code === null ? `was ended by ${killedBy}` : `ended with exit code ${code}`);
    return `the set-up command \`${words}\` ${how}. ${await tailOf(log)}`;
  } catch (error) {
    return `the set-up command \`${words}\` could not be started: ${messageOf(error)}`;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    killGroup(child);
  }
}

/** The end of what was printed, and where the rest is. */
export async function tailOf(log: string): Promise<string> {
  const text = (await readFile(log, "utf8").catch(() => "")).trim();
  if (text === "") return "It printed nothing.";
  return `Its last lines (all in ${log}): ${text.split("\n").slice(-TAIL_LINES).join(" | ")}`;
}
