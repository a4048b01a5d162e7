import type { TrialFault } from "../core/run.ts";
import { endsInMissingPart } from "./missing-parts.ts";
import type { ProcessEnd } from "./run-process.ts";

/** Lines of output a message shows. */
const TAIL_LINES = 8;

/** Exit codes of shells and `env` for a command that cannot be executed or is not there (POSIX, 2.8.2). */
const NOT_RUN = new Set([126, 127]);

/** The fault of a process that did not end well; null when it did. */
export function faultOf(end: ProcessEnd, description: string, timeoutMs: number): TrialFault | null {
  if (end.how === "aborted") {
    return { code: "aborted", message: `${description}: stopped before it ended.` };
  }
  if (end.how === "timed-out") {
    const message = `${description}: did not end within ${timeoutMs} ms and was killed. Raise timeoutMs if it needs longer.`;
    return { code: "agent-timed-out", message: message + tailOf(end.stderr), limitMs: timeoutMs };
  }
  if (end.how === "not-started") {
    const message = `${description}: cannot be started (${end.stderr}). Check the command and its working directory.`;
    return { code: "agent-failed-to-start", message };
  }
  if (end.exitCode === 0) return null;
  const how =
    end.exitCode === null ? `was ended by ${end.exitSignal}` : `ended with exit code ${end.exitCode}`;
  const isMissing =
    NOT_RUN.has(end.exitCode ?? 0) || (end.exitCode !== null && endsInMissingPart(end.stderr));
  const code = isMissing ? "agent-failed-to-start" : "agent-crashed";
  return { code, message: `${description}: ${how}.${tailOf(end.stderr)}` };
}

/** The last lines of an output, as the end of a message. */
export function tailOf(output: string, what: "error output" | "output" = "error output"): string {
  const lines = output.trim().split("\n").slice(-TAIL_LINES).join("\n");
  const nothing = what === "output" ? " It printed nothing." : " It wrote nothing to stderr.";
  return lines === "" ? nothing : ` Its last ${what}:\n${lines}`;
}
