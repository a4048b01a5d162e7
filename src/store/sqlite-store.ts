import { SqlStore } from "./sql-store.ts";
import { SqliteEngine } from "./sqlite-engine.ts";
import type { StateDatabase } from "./state-database.ts";

/**
 * The store in the state file. `saveScored` writes summary, spans, scores, their ledger rows and the
 * outbox rows in one transaction. `list` gives at most 100 traces unless `limit` says otherwise.
 */
export class SqliteStore extends SqlStore {
  constructor(database: StateDatabase) {
    super(new SqliteEngine(database));
  }
}
