import { Pool } from "pg";
import { afterAll, beforeAll, describe } from "vitest";

import { findPostgres, type OwnPostgres, startPostgres } from "../../scripts/bench/postgres.ts";
import type { Store } from "../../src/core/store.ts";
import { openPostgresStore } from "../../src/store/open-postgres-store.ts";
import { type StorePlace, storeContract } from "../contracts/store.ts";
import { labelsContract } from "../contracts/store-labels.ts";
import { laterScoresContract } from "../contracts/store-later.ts";
import { laterQuestionsContract } from "../contracts/store-later-questions.ts";
import { randomLaterContract } from "../contracts/store-later-random.ts";
import { settledLaterContract } from "../contracts/store-later-settled.ts";
import { sharedLaterQuestionsContract } from "../contracts/store-later-shared.ts";
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
  laterQuestionsContract("The store in PostgreSQL", newPlace);
  settledLaterContract("The store in PostgreSQL", newPlace);
  sharedLaterQuestionsContract("The store in PostgreSQL", newPlace);
  randomLaterContract("The store in PostgreSQL", newPlace, 8);
  randomStoreContract("The store in PostgreSQL", newPlace, 12);
});
