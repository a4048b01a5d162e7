import { findPostgres, type OwnPostgres, startPostgres } from "../../../scripts/bench/postgres.ts";
import { type RedisServer, type RedisSettings, startRedis } from "../../redis/redis-server.ts";

/** False where the tests of the scaled-out shape have to be left out. */
export const hasPostgres = findPostgres() !== null;

/** Redis and PostgreSQL of a test's own. */
export interface Services {
  readonly redis: RedisServer;
  readonly postgres: OwnPostgres;
  /** What the processes need in their environment. */
  readonly env: { readonly REDIS_URL: string; readonly DATABASE_URL: string };
  close(): Promise<void>;
}

/** Starts both. */
export async function startServices(settings: RedisSettings = {}): Promise<Services> {
  const [redis, postgres] = await Promise.all([startRedis(undefined, settings), startPostgres()]);
  return {
    redis,
    postgres,
    env: { REDIS_URL: redis.url, DATABASE_URL: postgres.url },
    async close() {
      await Promise.all([redis.stop(), postgres.close()]);
    },
  };
}
