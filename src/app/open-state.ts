import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import type { Config } from "../config/schema.ts";
import { TracegateError } from "../core/errors.ts";
import type { Store } from "../core/store.ts";
import type { TraceBuffer } from "../core/trace-buffer.ts";
import { findTraceIds } from "../store/find-trace-ids.ts";
import { openDatabase } from "../store/open-database.ts";
import { SqliteStore } from "../store/sqlite-store.ts";
import { SqliteTraceBuffer } from "../store/sqlite-trace-buffer.ts";
import type { StateDatabase } from "../store/state-database.ts";
import { isScaled, type Place, type Services, servicesOf } from "./services.ts";
import { type TellFault, tellThrown } from "./site-events.ts";

/** What is kept: spans that wait, scores, ledger, outbox. */
export interface State {
  readonly store: Store;
  readonly buffer: TraceBuffer;
  /** The file of the state folder; null where everything is in services. */
  readonly database: StateDatabase | null;
  /** The buffer is shared with other processes. */
  readonly isShared: boolean;
  /** Where it is, for people: the folder, or the names of the services. */
  readonly place: string;
  /**
   * Ids of traces that start with lower-case hex digits. Those that are not scored yet are found only in a state
   * folder.
   */
  find(prefix: string, limit: number): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Options of {@link openState}. */
export interface OpenStateOptions {
  /**
   * `look`: a command beside the running process; finds no folder, makes none. `run`: the one process that takes traces
   * into a state folder, or one of many that use services. Default `look`.
   */
  readonly role?: "look" | "run";
  /** Told of faults and warnings of services, in sentences. */
  readonly onFault?: TellFault;
}

/**
 * Opens what is kept: in the state folder of the configuration, or, where REDIS_URL and DATABASE_URL name services,
 * there. With DATABASE_URL alone scores are in PostgreSQL and spans wait in the folder.
 *
 * @throws TracegateError `not-found` when there is nothing to look at; `config` when it cannot be used;
 *   `unavailable` when a service does not answer.
 */
export async function openState(
  config: Config,
  place: Place,
  options: OpenStateOptions = {},
): Promise<State> {
  const services = servicesOf(place);
  if (isScaled(services)) return openServices(config, services, options);
  const directory = resolve(place.cwd, config.directory);
  const isRunning = options.role === "run";
  if (!isRunning && services.database === null && !existsSync(join(directory, "tracegate.db"))) {
    throw new TracegateError(
      "not-found",
      `No traces are stored in ${directory}. Start \`tracegate up\` in this folder and send it some, go to the folder it runs in, name its configuration with --config, or set the REDIS_URL and DATABASE_URL that it has.`,
    );
  }
  const database = openDatabase(directory, { exclusive: isRunning });
  try {
    const store = await storeOf(database, services, options);
    const buffer = new SqliteTraceBuffer(database, { stored: payloadsOf(store) });
    return {
      store,
      buffer,
      database,
      isShared: false,
      place: services.database === null ? config.directory : `${config.directory} and PostgreSQL`,
      find: async (prefix, limit) => {
        const inFile = findTraceIds(database, prefix, limit);
        if (services.database === null) return inFile;
        return [...new Set([...inFile, ...(await store.find(prefix, limit))])].sort().slice(0, limit);
      },
      async close() {
        await buffer.close();
        await store.close();
        database.close();
      },
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

async function openServices(
  config: Config,
  services: { readonly redis: string; readonly database: string },
  { onFault = () => {} }: OpenStateOptions,
): Promise<State> {
  const store = await openPostgres(services.database, onFault);
  try {
    // Loaded only here, as everything that a single process has no use for.
    const { openRedisTraceBuffer } = await import("../redis/open-redis-trace-buffer.ts");
    const buffer = await openRedisTraceBuffer({
      url: services.redis,
      policy: config.completion,
      stored: payloadsOf(store),
      storedRevision: (traceId) => store.revision(traceId),
      onWarning: (warning) => onFault(warning, { part: "buffer", code: "config" }),
      onFault: (error) => tellThrown(onFault, "buffer", "Redis", error),
    });
    return {
      store,
      buffer,
      database: null,
      isShared: true,
      place: "Redis and PostgreSQL",
      find: (prefix, limit) => store.find(prefix, limit),
      async close() {
        await buffer.close();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function storeOf(
  database: StateDatabase,
  services: Services,
  { onFault = () => {} }: OpenStateOptions,
): Promise<Store> {
  return services.database === null ? new SqliteStore(database) : openPostgres(services.database, onFault);
}

async function openPostgres(url: string, onFault: TellFault): Promise<Store> {
  const { openPostgresStore } = await import("../store/open-postgres-store.ts");
  return openPostgresStore({ url, onFault: (error) => tellThrown(onFault, "store", "PostgreSQL", error) });
}

/** The spans of what is stored, for late ones. */
function payloadsOf(store: Store): (traceId: string) => Promise<Uint8Array | null> {
  return async (traceId) => (await store.trace(traceId))?.payload ?? null;
}
