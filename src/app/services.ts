import { TracegateError } from "../core/errors.ts";
import type { Environment } from "./equipment.ts";

/** Where a command runs. A CLI session is one. */
export interface Place {
  readonly cwd: string;
  readonly environment: Environment;
  /** Redis at this URL, or (true) at REDIS_URL or the usual address; default: at REDIS_URL if it is set. */
  readonly redis?: string | boolean;
}

/** The services that a process is to use; none of them: everything is in the state folder. */
export interface Services {
  /** Jobs wait there; with a database also the spans. */
  readonly redis: string | null;
  /** PostgreSQL: scores, ledger, outbox and judge answers. */
  readonly database: string | null;
}

/** Reads which services there are from REDIS_URL and DATABASE_URL. */
export function servicesOf({ environment, redis }: Place): Services {
  const named = environment.REDIS_URL || null;
  const database = environment.DATABASE_URL || null;
  if (typeof redis === "string") return { redis, database };
  if (redis === false) return { redis: null, database };
  return { redis: named ?? (redis === true ? "redis://127.0.0.1:6379" : null), database };
}

/** Both: spans, jobs and scores are where every process reaches them, and no state folder is needed. */
export function isScaled(services: Services): services is { redis: string; database: string } {
  return services.redis !== null && services.database !== null;
}

/**
 * For processes that are one half each and meet in the services.
 *
 * @throws TracegateError `config` that names what is missing
 */
export function requireServices(place: Place, command: "receive" | "work"): void {
  const { redis, database } = servicesOf(place);
  const missing = [...(redis ? [] : ["REDIS_URL"]), ...(database ? [] : ["DATABASE_URL"])];
  if (missing.length === 0) return;
  throw new TracegateError(
    "config",
    `\`tracegate ${command}\` shares its work with other processes through Redis and PostgreSQL, and ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} not set. ` +
      "Set REDIS_URL (redis://host:6379/0) and DATABASE_URL (postgres://user:password@host:5432/database), or start `tracegate up`, which needs no service.",
  );
}
