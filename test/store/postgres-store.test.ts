import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { findPostgres, type OwnPostgres, startPostgres } from "../../scripts/bench/postgres.ts";
import type { Store } from "../../src/core/store.ts";
import { openPostgresStore } from "../../src/store/open-postgres-store.ts";
import { A, B, type StorePlace, scoredTrace, storeContract } from "../contracts/store.ts";
import { batchQuestion, batchQuestionsContract, waitingRow } from "../contracts/store-batch-questions.ts";
import { randomBatchQuestionsContract } from "../contracts/store-batch-random.ts";
import { settledQuestionsContract } from "../contracts/store-batch-settled.ts";
import { sharedBatchQuestionsContract } from "../contracts/store-batch-shared.ts";
import { labelsContract } from "../contracts/store-labels.ts";
import { laterScoresContract } from "../contracts/store-later.ts";
import { openDecisionsContract } from "../contracts/store-open-decisions.ts";
import { purgeContract } from "../contracts/store-purge.ts";
import { randomStoreContract } from "../contracts/store-random.ts";
import { sessionContract } from "../contracts/store-sessions.ts";
import { sharedStoreContract } from "../contracts/store-shared.ts";
import { spendingContract } from "../contracts/store-spending.ts";
import { STORE_TABLES } from "./store-tables.ts";

const installed = findPostgres() !== null;

describe.skipIf(!installed)("PostgreSQL (npm run setup installs it)", () => {
  let server: OwnPostgres;
  let admin: Pool;
  let places = 0;
  beforeAll(async () => {
    server = await startPostgres();
    admin = new Pool({ connectionString: server.url, max: 1 });
  }, 60_000);
  afterAll(async () => {
    await admin.end();
    await server.close();
  });

  async function newPlace(): Promise<StorePlace> {
    const schema = `place_${++places}`;
    const stores: Store[] = [];
    return {
      open: async () => {
        const store = await openPostgresStore({ url: server.url, schema, connections: 4 });
        stores.push(store);
        return store;
      },
      rows: async () => {
        const counts = STORE_TABLES.map(
          (table) => `(select count(*)::int from ${schema}.${table}) as ${table}`,
        );
        return (await admin.query(`select ${counts.join(", ")}`)).rows[0];
      },
      remove: async () => {
        for (const store of stores) await store.close();
        await admin.query(`drop schema ${schema} cascade`);
      },
    };
  }

  storeContract("The store in PostgreSQL", newPlace);
  sessionContract("The store in PostgreSQL", newPlace);
  laterScoresContract("The store in PostgreSQL", newPlace);
  labelsContract("The store in PostgreSQL", newPlace);
  openDecisionsContract("The store in PostgreSQL", newPlace);
  purgeContract("The store in PostgreSQL", newPlace);
  spendingContract("The store in PostgreSQL", newPlace);
  sharedStoreContract("The store in PostgreSQL", newPlace);
  batchQuestionsContract("The store in PostgreSQL", newPlace);
  settledQuestionsContract("The store in PostgreSQL", newPlace);
  sharedBatchQuestionsContract("The store in PostgreSQL", newPlace);
  randomBatchQuestionsContract("The store in PostgreSQL", newPlace, 8);
  randomStoreContract("The store in PostgreSQL", newPlace, 12);

  it("purges without holding the ledger while somebody writes down what came of a shared question", async () => {
    const place = await newPlace();
    const schema = `place_${places}`;
    const store = await place.open();
    for (const subject of [A, B]) await store.leaveForBatch(batchQuestion("k", { subject }));
    await store.saveScored(scoredTrace(A, 1, []));
    await store.record([waitingRow(B)]);
    const pool = new Pool({ connectionString: server.url, max: 1 });
    const other = await pool.connect();
    try {
      await other.query(`set search_path to ${schema}`);
      await other.query("begin");
      await other.query("select key from batch_question where key = 'k' for update");
      const purged = store.purge({ traceId: A }, { at: 7_000, until: 9_000 });
      const blocked = "select count(*)::int as rows from pg_stat_activity where wait_event_type = 'Lock'";
      await expect.poll(async () => (await admin.query(blocked)).rows[0].rows).toBe(1);
      await other.query("set local lock_timeout = '400ms'");
      await other.query(`update ledger set retry_at = 6000 where subject = '${B}'`);
      await other.query("commit");
      await purged;
      expect(await place.rows()).toMatchObject({ batch_question: 0, trace: 0, ledger: 1 });
    } finally {
      other.release(true);
      await pool.end();
      await place.remove();
    }
  });
});
