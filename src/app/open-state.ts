import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import type { Config } from "../config/schema.ts";
import { TracegateError } from "../core/errors.ts";
import type { Store } from "../core/store.ts";
import type { TraceBuffer } from "../core/trace-buffer.ts";
import { openDatabase } from "../store/open-database.ts";
import { SqliteStore } from "../store/sqlite-store.ts";
import { SqliteTraceBuffer } from "../store/sqlite-trace-buffer.ts";
import type { StateDatabase } from "../store/state-database.ts";

/** What this machine keeps: spans that wait, scores, ledger, outbox. */
export interface State {
  readonly database: StateDatabase;
  readonly store: Store;
  readonly buffer: TraceBuffer;
  close(): Promise<void>;
}

/**
 * Opens the state folder of the configuration.
 *
 * @param exclusive The one process that takes traces in, which makes the folder when it is not there;
 *   commands that only look leave it out.
 * @throws TracegateError `not-found` when there is nothing to look at; `config` when it cannot be used.
 */
export function openState(config: Config, cwd: string, exclusive = false): State {
  const directory = resolve(cwd, config.directory);
  if (!exclusive && !existsSync(join(directory, "tracegate.db"))) {
    throw new TracegateError(
      "not-found",
      `No traces are stored in ${directory}. Start \`tracegate up\` in this folder and send it some, go to the folder it runs in, or name its configuration with --config.`,
    );
  }
  const database = openDatabase(directory, { exclusive });
  const store = new SqliteStore(database);
  const stored = async (traceId: string) => (await store.trace(traceId))?.payload ?? null;
  const buffer = new SqliteTraceBuffer(database, { stored });
  return {
    database,
    store,
    buffer,
    async close() {
      await buffer.close();
      await store.close();
      database.close();
    },
  };
}
