import { Client, Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { findPostgres, type OwnPostgres, startPostgres } from "../../scripts/bench/postgres.ts";
import type { Store } from "../../src/core/store.ts";
import { openPostgresStore } from "../../src/store/open-postgres-store.ts";
import { A, B, scoredTrace, scoreOf } from "../contracts/store.ts";

describe.skipIf(findPostgres() === null)("round trips to PostgreSQL (npm run setup installs it)", () => {
  let server: OwnPostgres;
  let admin: Pool;
  let store: Store;
  beforeAll(async () => {
    server = await startPostgres();
    admin = new Pool({ connectionString: server.url, max: 1 });
    store = await openPostgresStore({ url: server.url, schema: "trips", connections: 2 });
  }, 60_000);
  afterAll(async () => {
    await store?.close();
    await admin?.end();
    await server?.close();
  });

  /** How often something was sent and waited for. */
  async function tripsOf(work: () => Promise<unknown>): Promise<number> {
    const query = vi.spyOn(Client.prototype, "query");
    try {
      await work();
      return query.mock.calls.length;
    } finally {
      query.mockRestore();
    }
  }
  const scores = Array.from({ length: 10 }, (_, index) => scoreOf(`rule-${index}`, index % 2));
  const version = { service: "shop", agent: "helper", version: "1" };

  it("are three for a trace, two more while its version is new, and one for what is leased", async () => {
    const first = { limit: 2, versionsPerDay: 50, at: 1_000 };
    await store.countVersion(version, first);
    expect(await tripsOf(() => store.standing(A, 1_000))).toBe(1);
    expect(await tripsOf(() => store.countVersion(version, first))).toBe(2);
    expect(await tripsOf(() => store.saveScored(scoredTrace(A, 1, scores)))).toBe(2);
    expect(await tripsOf(() => store.outbox(1_000_000, 9, { holder: "me", leaseMs: 1 }))).toBeLessThan(3);
    expect(await tripsOf(() => store.outbox(1_000_000, 9, { holder: "me", leaseMs: 1 }))).toBe(1);
    expect(await tripsOf(() => store.claimDue(1_000_000, { limit: 9, leaseMs: 1 }))).toBe(1);
  });

  it("are none where nothing is asked", async () => {
    expect(await tripsOf(() => store.delivered([], 1_000))).toBe(0);
  });

  it("write nothing when the last of their statements fails, and the connection goes on", async () => {
    await admin.query(`
      create function trips.refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
      create trigger refuse before insert on trips.ledger for each row execute function trips.refuse()`);
    await expect(store.saveScored(scoredTrace(B, 1, scores))).rejects.toThrow("no");
    await admin.query("drop trigger refuse on trips.ledger");
    expect([await store.trace(B), await store.revision(B), await store.deliveries(B)]).toEqual([null, 0, []]);
    expect(await store.saveScored(scoredTrace(B, 1, scores))).toBe(true);
    expect(await store.trace(B)).toMatchObject({ scores: { length: 10 } });
  });

  it("give each reader its own rows, also when many are under way", async () => {
    const ids = Array.from({ length: 40 }, (_, index) => index.toString(16).padStart(32, "0"));
    await Promise.all(ids.map((id, index) => store.saveScored(scoredTrace(id, index + 1, scores))));
    expect(await Promise.all(ids.map((id) => store.revision(id)))).toEqual(ids.map((_, index) => index + 1));
  });
});
