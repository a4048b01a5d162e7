import { hostname } from "node:os";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteStore } from "../../src/store/sqlite-store.ts";
import type { StateDatabase } from "../../src/store/state-database.ts";
import { type StorePlace, scoredTrace, storeContract } from "../contracts/store.ts";
import { batchQuestionsContract } from "../contracts/store-batch-questions.ts";
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
import { temporaryFolder } from "./temporary-folder.ts";

async function newPlace(): Promise<StorePlace> {
  const folder = temporaryFolder();
  const databases: StateDatabase[] = [];
  return {
    open: async () => {
      // The database before is left open, as a killed process leaves it.
      const database = openDatabase(folder.path);
      databases.push(database);
      return new SqliteStore(database);
    },
    rows: async () => {
      const reader = new DatabaseSync(`${folder.path}/tracegate.db`, { readOnly: true });
      const count = (table: string) => Number(reader.prepare(`select count(*) as n from ${table}`).get()?.n);
      const rows = Object.fromEntries(STORE_TABLES.map((table) => [table, count(table)]));
      reader.close();
      return rows;
    },
    remove: async () => {
      for (const database of databases) database.close();
      folder.remove();
    },
  };
}

storeContract("SqliteStore", newPlace);
sessionContract("SqliteStore", newPlace);
laterScoresContract("SqliteStore", newPlace);
labelsContract("SqliteStore", newPlace);
openDecisionsContract("SqliteStore", newPlace);
purgeContract("SqliteStore", newPlace);
spendingContract("SqliteStore", newPlace);
sharedStoreContract("SqliteStore", newPlace);
batchQuestionsContract("SqliteStore", newPlace);
settledQuestionsContract("SqliteStore", newPlace);
sharedBatchQuestionsContract("SqliteStore", newPlace);
randomBatchQuestionsContract("SqliteStore", newPlace, 40);
randomStoreContract("SqliteStore", newPlace, 40);

describe("SqliteStore", () => {
  let place: StorePlace;
  beforeEach(async () => {
    place = await newPlace();
  });
  afterEach(() => place.remove());

  it("takes work over at once from processes of this machine that are gone", async () => {
    const store = await place.open();
    const gone = `${hostname()}|999999999|1|x`;
    await store.saveScored(scoredTrace("a".repeat(32), 1, []));
    await store.outbox(6_000, 9, { holder: gone, leaseMs: 60_000 });
    const claim = { leaseMs: 60_000, now: 1, scorer: "judged", subject: null };
    await store.beginAnswer("k", { ...claim, holder: gone });
    const next = await place.open();
    expect(await next.outbox(6_001, 9, { holder: "next", leaseMs: 1 })).toHaveLength(1);
    expect(await next.beginAnswer("k", { ...claim, holder: "next" })).toEqual({
      state: "claimed",
      inDoubt: true,
    });
  });
});
