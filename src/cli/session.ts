import type { Environment } from "../app/equipment.ts";
import { type LoadedConfig, loadConfig } from "../config/load-config.ts";

/** What every command is given: where it runs, and when to stop. */
export interface Session {
  readonly cwd: string;
  readonly environment: Environment;
  /** Fires on Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** Set by a command that knows its exit code; null: 0, or 130 when it was interrupted. */
  exitCode: number | null;
  /** Exit code of a fault that is not one of usage or configuration. The gate's 1 means block, so it says 3. */
  faultCode: number;
  /** Told of errors that nobody handled, in a sentence. */
  onStray: (message: string) => void;
}

/** Loads the configuration that `--config` names, or the one that is found. */
export function configOf(session: Session, path: string | undefined): Promise<LoadedConfig> {
  return loadConfig({ cwd: session.cwd, ...(path === undefined ? {} : { path }) });
}
