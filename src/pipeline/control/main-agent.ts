import type { Task } from "../../core/run.ts";

/** Main's agent as it is now, ready to be tried. */
export interface MainAgent {
  readonly task: Task;
  /** Commit id of what it was made from. */
  readonly commit: string;
  /** How that commit was found, for people: `origin/main`. */
  readonly base: string;
  /** Removes everything that was made for it. Never throws. */
  close(): Promise<void>;
}

/**
 * Makes main's agent ready for the control of a block. A reason, as the rest of a sentence after "not controlled:", where that cannot be
 * done; it never throws.
 */
export type PrepareMain = (
  signal: AbortSignal | undefined,
) => Promise<MainAgent | { readonly reason: string }>;
