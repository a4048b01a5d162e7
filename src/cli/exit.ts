import { messageOf, TracegateError } from "../core/errors.ts";
import { isReaderGone, note } from "./print/output.ts";
import { plain } from "./print/plain.ts";
import type { Session } from "./session.ts";

/** Exit codes of the commands; those of `gate` are in the design. */
export const EXIT = { pass: 0, block: 1, usage: 2, inconclusive: 3, stale: 4, interrupted: 130 } as const;

/** Prints a fault for people: the sentence of ours, or a stack where it is a bug. Returns the exit code. */
export function report(error: unknown, faultCode: number): number {
  if (error instanceof TracegateError && error.code !== "internal") {
    note(plain(`tracegate: ${error.message}`));
    return error.code === "usage" || error.code === "config" ? EXIT.usage : faultCode;
  }
  note(`tracegate: this is a bug of tracegate, please report it: ${messageOf(error)}`);
  if (error instanceof Error && error.stack) note(error.stack);
  return 70;
}

/**
 * Keeps what a scorer or sink of the user leaves behind (a promise nobody awaits that rejects, a throw in a timer)
 * from ending the process: the trace it was about is scored all the same, and a server that died of it would
 * die of the same trace again after every start.
 */
export function surviveStrayErrors(session: Pick<Session, "onStray" | "signal">): void {
  const tell = (error: unknown) => {
    // What was on its way to a process that the interruption ended too.
    if (session.signal.aborted && isReaderGone(error)) return;
    const where = error instanceof Error ? (error.stack?.split("\n")[1]?.trim() ?? "") : "";
    session.onStray(
      `An error was thrown where nobody handles it: ${messageOf(error)} (${where || "no stack"}). Await every promise and catch in every timer that a scorer, judge or sink starts.`,
    );
  };
  process.on("unhandledRejection", tell);
  process.on("uncaughtException", tell);
}

/** A signal that fires on the first Ctrl-C or SIGTERM; the second one ends the process at once. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort(new TracegateError("usage", "interrupted"));
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return controller.signal;
}
