import { Pool, types } from "pg";

import { TracegateError } from "../core/errors.ts";
import { migratePostgres } from "./migrate-postgres.ts";
import { PostgresEngine } from "./postgres-engine.ts";
import { addressOf, openingFault, postgresFault } from "./postgres-fault.ts";
import { SqlStore } from "./sql-store.ts";

/** Options of {@link openPostgresStore}. */
export interface PostgresStoreOptions {
  /** E.g. `postgres://user:password@host:5432/database?sslmode=verify-full`. */
  readonly url: string;
  /** Schema of our tables, so that they may share a database. Default `tracegate`. */
  readonly schema?: string;
  /** Connections at the most. Default 10. */
  readonly connections?: number;
  /** Time for a connection, ms. Default 5,000. */
  readonly connectMs?: number;
  /** Longest time one statement may take, ms. Default 30,000. */
  readonly statementMs?: number;
  /** How long work is tried again while the server restarts or is away, ms. Default 15,000. */
  readonly patienceMs?: number;
  /** Told of connections that break while nothing is done on them. Must not throw. */
  readonly onFault?: (error: unknown) => void;
}

const INT8 = 20;
const BYTEA = 17;

/**
 * Opens the store in a PostgreSQL database (15 or newer), and makes or migrates its tables.
 *
 * @throws TracegateError `config` for an address that is not one, a server that is too old or tables that are
 *   too new; `unavailable` (retryable) when nothing answers; `refused` when the credentials are wrong.
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<SqlStore> {
  const { url, schema = "tracegate", statementMs = 30_000, onFault = () => {} } = options;
  const address = addressOf(url);
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    const message = `"${schema}" is not a name of a schema. Use lower-case letters, digits and "_", 63 at the most.`;
    throw new TracegateError("config", message);
  }
  const pool = new Pool({
    connectionString: url,
    max: options.connections ?? 10,
    connectionTimeoutMillis: options.connectMs ?? 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    // The server's own limit comes first; this is for a server that does not answer at all.
    query_timeout: statementMs + 5_000,
    application_name: "tracegate",
    types: { getTypeParser: typeParser },
  });
  pool.on("error", (error) => onFault(postgresFault(address, error)));
  // A connection that breaks while it is in use also says so here; its statement has failed by then.
  pool.on("connect", (client) => client.on("error", () => {}));
  try {
    const client = await pool.connect();
    try {
      await migratePostgres(client, schema, address);
    } finally {
      client.release();
    }
  } catch (error) {
    await pool.end();
    throw openingFault(address, error);
  }
  const { patienceMs = 15_000 } = options;
  return new SqlStore(new PostgresEngine({ pool, schema, address, patienceMs, statementMs }));
}

/** Row numbers and counts fit a number; bytes come as plain `Uint8Array`, as SQLite gives them. */
function typeParser(oid: number, format?: "text" | "binary"): (value: string) => unknown {
  if (oid === INT8) return Number;
  const parse = types.getTypeParser(oid, format === "binary" ? "text" : format);
  if (oid !== BYTEA) return parse;
  return (value) => {
    const bytes: unknown = parse(value);
    return bytes instanceof Uint8Array ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) : bytes;
  };
}
