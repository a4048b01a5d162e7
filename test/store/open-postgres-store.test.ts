import { once } from "node:events";
import { createServer } from "node:net";
import { Client, Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { freePort } from "../../scripts/bench/free-port.ts";
import { findPostgres, type OwnPostgres, startPostgres } from "../../scripts/bench/postgres.ts";
import type { Store } from "../../src/core/store.ts";
import { openPostgresStore, type PostgresStoreOptions } from "../../src/store/open-postgres-store.ts";
import { postgresFault } from "../../src/store/postgres-fault.ts";
import { STORE_MIGRATIONS } from "../../src/store/store-schema.ts";
import { A, scoredTrace, scoreOf } from "../contracts/store.ts";

const SECRET = "hunter2";

/** The fault of an attempt to open a store, which must not hold the secrets of its address. */
async function faultOf(options: PostgresStoreOptions): Promise<unknown> {
  const fault = await openPostgresStore(options).then(
    () => new Error("it was opened"),
    (error: unknown) => error,
  );
  expect(String(fault)).not.toContain(SECRET);
  return fault;
}

describe("openPostgresStore", () => {
  it("refuses what is no address of PostgreSQL, or no name of a schema", async () => {
    for (const url of [`mysql://me:${SECRET}@host/db`, `${SECRET}`, ""]) {
      expect(await faultOf({ url })).toMatchObject({
        code: "config",
        message: expect.stringContaining("DATABASE_URL is not an address"),
      });
    }
    const fault = await faultOf({ url: "postgres://host/db", schema: 'a"; drop schema public' });
    expect(fault).toMatchObject({ code: "config", message: expect.stringContaining("schema") });
  });

  it("says that nothing answers, and where, when nothing does", async () => {
    const port = await freePort();
    const fault = await faultOf({ url: `postgres://me:${SECRET}@127.0.0.1:${port}/traces` });
    expect(fault).toMatchObject({
      code: "unavailable",
      retryable: true,
      message: expect.stringContaining(`127.0.0.1:${port}/traces does not answer (ECONNREFUSED)`),
    });
  });

  it("gives up a server that takes the connection and says nothing", async () => {
    const mute = createServer(() => {}).listen(0, "127.0.0.1");
    await once(mute, "listening");
    const address = mute.address();
    const port = typeof address === "object" ? address?.port : 0;
    const fault = await faultOf({ url: `postgres://me:${SECRET}@127.0.0.1:${port}/x`, connectMs: 100 });
    expect(fault).toMatchObject({ code: "unavailable", retryable: true });
    mute.close();
  });
});

describe.skipIf(findPostgres() === null)("the store in PostgreSQL (npm run setup installs it)", () => {
  let server: OwnPostgres;
  let admin: Pool;
  const opened: Store[] = [];
  const open = async (schema: string, more: Partial<PostgresStoreOptions> = {}) => {
    const store = await openPostgresStore({ url: server.url, schema, connections: 2, ...more });
    opened.push(store);
    return store;
  };
  beforeAll(async () => {
    server = await startPostgres();
    admin = new Pool({ connectionString: server.url, max: 1 });
    admin.on("error", () => {});
    admin.on("connect", (client) => client.on("error", () => {}));
  }, 60_000);
  afterAll(async () => {
    for (const store of opened) await store.close();
    await admin.end();
    await server.close();
  });

  it("says of a wrong database that the server refused us", async () => {
    const url = server.url.replace("tracegate@", `tracegate:${SECRET}@`).replace(/postgres$/, "nowhere");
    expect(await faultOf({ url })).toMatchObject({
      code: "refused",
      message: expect.stringContaining("there is no such database"),
    });
  });

  it("makes its tables once when ten start together, and again nothing", async () => {
    const stores = await Promise.all(Array.from({ length: 10 }, () => open("together")));
    await stores[3]?.saveScored(scoredTrace(A, 1, []));
    expect(await (await open("together")).revision(A)).toBe(1);
    const { rows } = await admin.query("select version from together.schema_version");
    expect(rows).toEqual([{ version: STORE_MIGRATIONS.length }]);
  });

  it("refuses tables of a newer version and says what to do", async () => {
    await open("newer");
    await admin.query("update newer.schema_version set version = version + 1");
    expect(await faultOf({ url: server.url, schema: "newer" })).toMatchObject({
      code: "config",
      message: expect.stringContaining("Install the newer tracegate again"),
    });
  });

  it("needs no right to make a schema that is there", async () => {
    await admin.query("create role plain login; create schema given authorization plain");
    const store = await open("given", { url: server.url.replace("tracegate@", "plain@") });
    expect(await store.counts()).toEqual({ traces: 0, scores: 0, outbox: 0 });
    expect(
      await faultOf({ url: server.url.replace("tracegate@", "plain@"), schema: "not_given" }),
    ).toMatchObject({ code: "refused", message: expect.stringContaining("lacks a permission") });
  });

  it("keeps ten megabytes of spans, and text that SQL could trip over", async () => {
    const store = await open("large");
    const payload = new Uint8Array(10_000_000).map((_, index) => (index * 7919) % 251);
    const score = scoreOf('it\'s; "quoted" \\ %s $1 ?', 1, { explanation: "Zeile\nzwei \u2028 😀 '" });
    await store.saveScored({ ...scoredTrace(A, 1, [score]), payload });
    const trace = await store.trace(A);
    expect(Buffer.compare(trace?.payload ?? new Uint8Array(), payload)).toBe(0);
    expect(trace?.scores).toEqual([score]);
  });

  it("goes on over a crash of the server in the middle of writing, and has every write once", async () => {
    const store = await open("crash");
    const id = (number: number) => number.toString(16).padStart(32, "0");
    let saved = 0;
    let stopped = false;
    const write = async (worker: number) => {
      for (let number = 0; !stopped; number += 1) {
        const traceId = id(worker * 100_000 + number);
        await store.saveScored(scoredTrace(traceId, 1, [scoreOf("calm", 1)]));
        saved += 1;
      }
    };
    const writers = Promise.all([write(1), write(2), write(3)]);
    const until = async (count: number) => {
      while (saved < count) await new Promise((resolve) => setImmediate(resolve));
    };
    await until(20);
    await server.stop("immediate");
    const during = saved;
    await server.start();
    await until(during + 20);
    await server.stop("fast");
    await server.start();
    await until(saved + 20);
    stopped = true;
    await writers;
    expect(await store.counts()).toEqual({ traces: saved, scores: saved, outbox: saved });
  });

  it("fails as retryable when the server stays away, and works again when it is back", async () => {
    const store = await open("away", { patienceMs: 200 });
    await server.stop("fast");
    const fault = await store.saveScored(scoredTrace(A, 1, [])).catch((error: unknown) => error);
    await server.start();
    expect(fault).toMatchObject({ code: "unavailable", retryable: true });
    await store.saveScored(scoredTrace(A, 1, []));
    expect(await store.revision(A)).toBe(1);
  });

  it.each([
    ["a violation of the protocol", "do $$ begin raise exception using errcode = '08P01'; end $$"],
    ["a statement without an answer in time", "select pg_sleep(1)"],
  ])("takes %s for no absence of the server, because the statement may be why", async (_, text) => {
    const client = new Client({ connectionString: server.url, query_timeout: 100 });
    client.on("error", () => {});
    await client.connect();
    const thrown = await client.query(text).catch((error: unknown) => error);
    await client.end();
    expect(postgresFault("db:5432/traces", thrown)).toMatchObject({ retryable: true, away: undefined });
  });

  it("takes a refused connection for an absence of the server", async () => {
    const client = new Client("postgres://tracegate@127.0.0.1:1/postgres");
    const thrown = await client.connect().catch((error: unknown) => error);
    expect(postgresFault("db:5432/traces", thrown)).toMatchObject({
      retryable: true,
      away: { reason: "ECONNREFUSED" },
    });
  });

  it("fails as retryable once it is closed, because another process will do what is left", async () => {
    const store = await openPostgresStore({ url: server.url, schema: "closed" });
    await store.close();
    await expect(store.revision(A)).rejects.toMatchObject({ code: "unavailable", retryable: true });
  });

  it("ends a statement that waits too long for somebody else's lock", async () => {
    const store = await open("locked", { statementMs: 1_000, patienceMs: 0 });
    await store.saveScored(scoredTrace(A, 1, []));
    const client = await admin.connect();
    await client.query("begin; lock table locked.trace");
    const fault = await store.saveScored(scoredTrace(A, 2, [])).catch((error: unknown) => error);
    await client.query("rollback");
    client.release();
    expect(fault).toMatchObject({ code: "unavailable", retryable: true });
    expect(await store.revision(A)).toBe(1);
  });
});
