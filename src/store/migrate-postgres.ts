import { escapeIdentifier, type PoolClient } from "pg";

import { TracegateError } from "../core/errors.ts";
import { POSTGRES_WORDS, STORE_MIGRATIONS } from "./store-schema.ts";

/** Number of the lock under which one process at a time migrates ("trcg"). */
const MIGRATION_LOCK = 0x74726367;
const OLDEST_VERSION = 15;

/**
 * Brings the store's tables in a schema to the newest version, making them where there are none. Of several
 * processes that start together one does it while the others wait.
 *
 * @throws TracegateError `config` when the server is too old, or the tables are newer than this program.
 */
export async function migratePostgres(client: PoolClient, schema: string, address: string): Promise<void> {
  await checkServer(client, address);
  if ((await versionOf(client, schema, address)) === STORE_MIGRATIONS.length) return;
  try {
    await client.query(`begin; select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    // Read again under the lock: another process may have migrated meanwhile.
    const version = await versionOf(client, schema, address);
    const name = escapeIdentifier(schema);
    const { rows } = await client.query("select 1 from pg_namespace where nspname = $1", [schema]);
    // `if not exists` would ask for a permission that nobody needs when it does exist.
    if (rows.length === 0) await client.query(`create schema ${name}`);
    await client.query(`set local search_path = ${name}`);
    for (const migration of STORE_MIGRATIONS.slice(version)) await client.query(migration(POSTGRES_WORDS));
    await client.query("create table if not exists schema_version (version integer not null)");
    await client.query(
      `delete from schema_version; insert into schema_version values (${STORE_MIGRATIONS.length})`,
    );
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  }
}

/** 0: no tables yet. */
async function versionOf(client: PoolClient, schema: string, address: string): Promise<number> {
  // Asked of the catalog's tables: to_regclass answers from a cache, which is stale after the wait for the lock.
  const known = await client.query(
    "select 1 from pg_tables where schemaname = $1 and tablename = 'schema_version'",
    [schema],
  );
  if (known.rows.length === 0) return 0;
  const { rows } = await client.query<{ version: number }>(
    `select version from ${escapeIdentifier(schema)}.schema_version`,
  );
  const version = rows[0]?.version ?? 0;
  if (version > STORE_MIGRATIONS.length) {
    throw new TracegateError(
      "config",
      `The tables in schema "${schema}" of ${address} have version ${version}; this tracegate knows up to ${STORE_MIGRATIONS.length}. Install the newer tracegate again, or choose another database or schema.`,
    );
  }
  return version;
}

async function checkServer(client: PoolClient, address: string): Promise<void> {
  const { rows } = await client.query<{ server_version_num: string }>("show server_version_num");
  const version = Math.floor(Number(rows[0]?.server_version_num) / 10_000);
  if (version >= OLDEST_VERSION) return;
  throw new TracegateError(
    "config",
    `PostgreSQL at ${address} is version ${version}; tracegate needs ${OLDEST_VERSION} or newer. Upgrade it, or name another one in DATABASE_URL.`,
  );
}
