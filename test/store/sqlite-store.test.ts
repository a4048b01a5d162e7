import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteStore } from "../../src/store/sqlite-store.ts";
import type { StateDatabase } from "../../src/store/state-database.ts";
import { storeContract } from "../contracts/store.ts";
import { temporaryFolder } from "./temporary-folder.ts";

storeContract("SqliteStore", async () => {
  const folder = temporaryFolder();
  const databases: StateDatabase[] = [];
  return {
    open: async () => {
      // The database before is left open, as a killed process leaves it.
      const database = openDatabase(folder.path);
      databases.push(database);
      return new SqliteStore(database);
    },
    remove: async () => {
      for (const database of databases) database.close();
      folder.remove();
    },
  };
});
