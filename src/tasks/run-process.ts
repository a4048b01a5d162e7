import { type ChildProcess, spawn } from "node:child_process";

import { messageOf } from "../core/errors.ts";
import type { Environment } from "./agent-environment.ts";
import { killGroup } from "./process-group.ts";

/** Bytes kept of each output stream, 1 MiB of the start of stdout and 8 KiB of the end of stderr. */
const STDOUT_LIMIT = 1024 * 1024;
const STDERR_TAIL = 8 * 1024;

/** A process to run to its end. */
export interface ProcessOptions {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly cwd?: string;
  readonly environment: Environment;
  /** Written to its stdin, which is then closed. */
  readonly stdin: string;
  /** Killed after this time, ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Opens an IPC channel to a Node process: what it is sent, and who takes its reply. */
  readonly channel?: { readonly message: object; readonly onReply: (reply: unknown) => void };
}

/** Time a process has to end by itself after its reply, ms; then it is killed without complaint. */
const GRACE_MS = 2_000;

/** How a process ended. */
export interface ProcessEnd {
  readonly how: "exited" | "timed-out" | "aborted" | "not-started";
  /** Null unless it exited by itself. */
  readonly exitCode: number | null;
  /** Name of the signal that ended it, if one did. */
  readonly exitSignal: string | null;
  readonly stdout: string;
  /** The last part of stderr, or why it could not be started. */
  readonly stderr: string;
}

/**
 * Runs a process in a process group of its own. When it ends, times out or is aborted, the whole group is
 * killed, so nothing it started outlives the trial.
 */
export async function runProcess(options: ProcessOptions): Promise<ProcessEnd> {
  if (options.signal.aborted) {
    return { how: "aborted", exitCode: null, exitSignal: null, stdout: "", stderr: "" };
  }
  const stdout = { text: "", size: 0 };
  let stderr = "";
  let how: ProcessEnd["how"] = "exited";
  const child = spawn(options.file, [...options.arguments], {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...options.environment },
    stdio: options.channel ? ["pipe", "pipe", "pipe", "ipc"] : ["pipe", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  const stop = (reason: ProcessEnd["how"]) => {
    how = reason;
    killGroup(child);
  };
  let timer = setTimeout(stop, options.timeoutMs, "timed-out");
  const onAbort = () => stop("aborted");
  options.signal.addEventListener("abort", onAbort, { once: true });

  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout.size += text.length;
    if (stdout.text.length < STDOUT_LIMIT) stdout.text += text.slice(0, STDOUT_LIMIT - stdout.text.length);
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-STDERR_TAIL);
  });
  // A process that does not read its input closes the pipe; that is its right.
  child.stdin?.on("error", () => {}).end(options.stdin);
  if (options.channel) {
    const { message, onReply } = options.channel;
    child.send(message, () => {});
    child.on("message", (reply) => {
      clearTimeout(timer);
      onReply(reply);
      timer = setTimeout(killGroup, GRACE_MS, child);
    });
  }

  try {
    const end = await endOf(child);
    if (end.startError !== null) how = "not-started";
    return {
      how,
      exitCode: end.code,
      exitSignal: end.signal,
      stdout: stdout.text,
      stderr: end.startError ?? stderr,
    };
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener("abort", onAbort);
    killGroup(child);
  }
}

interface RawEnd {
  readonly code: number | null;
  readonly signal: string | null;
  readonly startError: string | null;
}

/** Waits for the exit; a grandchild that holds the pipes open may not delay it, so the group is killed then. */
function endOf(child: ChildProcess): Promise<RawEnd> {
  return new Promise((resolve) => {
    child.once("error", (error) => {
      if (child.pid === undefined) resolve({ code: null, signal: null, startError: messageOf(error) });
    });
    child.once("exit", () => killGroup(child));
    child.once("close", (code, signal) => resolve({ code, signal, startError: null }));
  });
}
