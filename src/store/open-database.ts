import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { messageOf, TracegateError } from "../core/errors.ts";
import { numberIn } from "./columns.ts";
import { APPLICATION_ID, MIGRATIONS } from "./schema.ts";
import { StateDatabase } from "./state-database.ts";

/** Options of {@link openDatabase}. */
export interface OpenDatabaseOptions {
  /**
   * Refuse when another process holds the same directory exclusively. `up` sets it: the trace buffer's
   * index lives in one process. Commands that only read leave it out. Default false.
   */
  readonly exclusive?: boolean;
}

/**
 * Opens, and where needed creates, `<directory>/tracegate.db`, and brings it to the newest schema.
 *
 * @throws TracegateError `config` when the directory cannot be used, the file is not ours or newer than
 *   this version, or another process holds it (`exclusive`).
 */
export function openDatabase(directory: string, options: OpenDatabaseOptions = {}): StateDatabase {
  const path = join(directory, "tracegate.db");
  try {
    // Only in a folder of our own making. Traces are not for a repository, and whoever runs `git add .`
    // beside it must not have to know.
    if (mkdirSync(directory, { recursive: true }) !== undefined)
      writeFileSync(join(directory, ".gitignore"), "*\n");
  } catch (error) {
    throw unusable(directory, error);
  }
  const release = options.exclusive === true ? holdDirectory(directory) : () => {};
  try {
    const connection = new DatabaseSync(path, { timeout: 5_000 });
    try {
      prepareFile(connection, path);
    } catch (error) {
      connection.close();
      throw error;
    }
    return new StateDatabase(path, connection, release);
  } catch (error) {
    release();
    throw error instanceof TracegateError ? error : unusable(path, error);
  }
}

function prepareFile(connection: DatabaseSync, path: string): void {
  const applicationId = pragma(connection, "application_id");
  const version = pragma(connection, "user_version");
  const isEmpty = connection.prepare("select 1 from sqlite_schema limit 1").get() === undefined;
  if (applicationId !== APPLICATION_ID && !(isEmpty && applicationId === 0)) {
    throw new TracegateError(
      "config",
      `${path} is an SQLite file of another program. Choose another state directory.`,
    );
  }
  if (version > MIGRATIONS.length) {
    throw new TracegateError(
      "config",
      `${path} has schema ${version}; this tracegate knows up to ${MIGRATIONS.length}. Install the newer tracegate again, or choose another state directory.`,
    );
  }
  connection.exec(`
    pragma journal_mode = wal;
    pragma synchronous = normal;
    pragma journal_size_limit = 67108864;
    pragma wal_autocheckpoint = 4000;
    pragma cache_size = -32000;
    pragma temp_store = memory;
  `);
  migrate(connection);
}

function migrate(connection: DatabaseSync): void {
  if (pragma(connection, "user_version") >= MIGRATIONS.length) return;
  connection.exec("begin immediate");
  try {
    // Read again inside the transaction: another process may have migrated meanwhile.
    for (const sql of MIGRATIONS.slice(pragma(connection, "user_version"))) connection.exec(sql);
    connection.exec(`pragma application_id = ${APPLICATION_ID}; pragma user_version = ${MIGRATIONS.length}`);
    connection.exec("commit");
  } catch (error) {
    if (connection.isTransaction) connection.exec("rollback");
    throw error;
  }
}

/** Holds a lock that the system drops when the process dies, however it dies. */
function holdDirectory(directory: string): () => void {
  const path = join(directory, "tracegate.lock");
  let lock: DatabaseSync;
  try {
    lock = new DatabaseSync(path, { timeout: 0 });
  } catch (error) {
    throw unusable(path, error);
  }
  try {
    lock.exec("pragma locking_mode = exclusive; begin exclusive");
  } catch (error) {
    lock.close();
    throw new TracegateError(
      "config",
      `${directory} is in use by another tracegate process. Stop that one, or choose another state directory.`,
      { cause: error },
    );
  }
  return () => lock.close();
}

function pragma(connection: DatabaseSync, name: string): number {
  return numberIn(connection.prepare(`pragma ${name}`).get(), name);
}

function unusable(path: string, error: unknown): TracegateError {
  return new TracegateError(
    "config",
    `${path} cannot be used as tracegate's state (${messageOf(error)}). Check its permissions, or choose another state directory.`,
    { cause: error },
  );
}
