import { numberIn } from "./columns.ts";
import type { StateDatabase } from "./state-database.ts";

/** Above this size a file is not written anew beside a running process, bytes. */
const MAX_BYTES = 2 * 1024 ** 3;

/** What is deleted from now on is overwritten with zeros in the file's pages. Costs writes, so only for a purge. */
export function overwriteDeleted(database: StateDatabase): void {
  database.connection.exec("pragma secure_delete = on");
}

/**
 * Writes the state file anew without what was deleted in it, and empties the log beside it: until then deleted rows stay
 * in free pages and in the log. Other processes wait meanwhile, about a second per 100 MB.
 *
 * @returns false when another process was in the way, or the file is larger than 2 GiB; try again when nothing runs.
 */
export function scrubDatabase(database: StateDatabase): boolean {
  const { connection } = database;
  const pragma = (name: string) => numberIn(connection.prepare(`pragma ${name}`).get(), name);
  if (pragma("page_count") * pragma("page_size") > MAX_BYTES) return false;
  try {
    // In memory the whole file would be copied there.
    connection.exec("pragma temp_store = file; vacuum");
    return numberIn(connection.prepare("pragma wal_checkpoint(truncate)").get(), "busy") === 0;
  } catch {
    return false;
  }
}
