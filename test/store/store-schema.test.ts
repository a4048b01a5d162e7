import { createHash } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openDatabase } from "../../src/store/open-database.ts";
import { APPLICATION_ID, MIGRATIONS } from "../../src/store/schema.ts";
import { SqliteStore } from "../../src/store/sqlite-store.ts";
import { A, B, scoredTrace, scoreOf } from "../contracts/store.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Of the first entry as version 0.1.0 released it, its spaces made one. */
const RELEASED = "3b7af790cfb36b483a81fc4e961c55af7d9d252d12b23130868945de48054385";

describe("a state file of version 0.1.0", () => {
  const folder = { path: "", remove: () => {} };
  let file: DatabaseSync;
  beforeEach(() => {
    Object.assign(folder, temporaryFolder());
    file = new DatabaseSync(join(folder.path, "tracegate.db"));
    file.exec(`${MIGRATIONS[0]}; pragma application_id = ${APPLICATION_ID}; pragma user_version = 1`);
  });
  afterEach(() => folder.remove());

  const open = () => {
    file.close();
    const database = openDatabase(folder.path);
    return { database, store: new SqliteStore(database) };
  };

  it("had these tables, which nobody edits any more", () => {
    const text = (MIGRATIONS[0] ?? "").replace(/\s+/g, " ").trim();
    expect(createHash("sha256").update(text).digest("hex")).toBe(RELEASED);
    file.close();
  });

  it("is brought along with its traces, decisions, deliveries and answers", async () => {
    const insert = (table: string, values: readonly (string | number | null | Uint8Array)[]) =>
      file.prepare(`insert into ${table} values (${values.map(() => "?").join(", ")})`).run(...values);
    for (const traceId of [A, B]) {
      const { summary, scores, rootAttributes, payload } = scoredTrace(traceId, 1, [scoreOf("calm", 0)], {
        userId: "ann",
        scoredAt: traceId === A ? 100 : 200,
      });
      const objects = [summary, rootAttributes].map((each) => JSON.stringify(each));
      insert("trace", [traceId, 1, 1_000, 1, ...objects]);
      insert("payload", [traceId, payload]);
      insert("score", [traceId, "calm", 1, JSON.stringify(scores[0])]);
    }
    const codes = ["not-applicable", "over-budget", "refused"];
    for (const code of codes) insert("ledger", [A, 1, code, "1", "unscored", code, "Why.", 1, 5, null]);
    insert("ledger", [A, 1, "waits", "1", "waiting", "timed-out", "Why.", 1, 5, 50]);
    insert("outbox", [1, "otlp", A, 1, "delivered", 1, null, 7, null]);
    insert("outbox", [2, "otlp", B, 1, "waiting", 0, null, 7, 7]);
    insert("answer", ["given", JSON.stringify({ label: "yes" }), 3]);
    insert("answer", ["begun", null, 3]);

    const { database, store } = open();
    const lease = { holder: "test", leaseMs: 1_000 };
    const claim = { ...lease, now: 10, scorer: "judged", subject: null };
    expect((await store.trace(A))?.scores).toEqual([scoreOf("calm", 0)]);
    expect((await store.ledger(A)).map(({ scorer, state }) => `${scorer} ${state}`)).toEqual([
      "not-applicable filtered",
      "over-budget over-budget",
      "refused failed",
      "waits waiting",
    ]);
    expect(await store.claimDue(60, { limit: 9, leaseMs: 1 })).toMatchObject([{ scorers: ["waits"] }]);
    expect(await store.outbox(60, 9, lease)).toMatchObject([{ traceId: B, lease: 1 }]);
    expect(await store.beginAnswer("given", claim)).toEqual({ state: "answered", result: { label: "yes" } });
    expect(await store.beginAnswer("begun", claim)).toEqual({ state: "claimed", inDoubt: true });
    expect(await store.dropPayloads(7 * 86_400_000 + 150, 9)).toBe(1);
    expect((await store.purge({ userId: "ann" })).traces).toEqual([
      { traceId: A, deliveredTo: ["otlp"] },
      { traceId: B, deliveredTo: ["otlp"] },
    ]);
    database.close();
  });

  it("is brought along once when several open it together", () => {
    file.close();
    const databases = [1, 2, 3].map(() => openDatabase(folder.path));
    for (const database of databases) database.close();
    const raw = new DatabaseSync(join(folder.path, "tracegate.db"));
    expect(raw.prepare("pragma user_version").get()).toEqual({ user_version: MIGRATIONS.length });
    raw.close();
  });

  it("keeps the questions that were left for a batch, from when their table had another name", async () => {
    const before = MIGRATIONS.findIndex((entry) => entry.includes("rename to batch_question"));
    for (const entry of MIGRATIONS.slice(1, before)) file.exec(entry);
    file.exec(`pragma user_version = ${before};
      insert into later_question (key, lane, scorer, bytes, at, deadline, token, state)
      values ('k', 'openai', 'resolved', 9, 1, 2, 't', 'waiting');`);
    const { database, store } = open();
    expect(await store.batchCounts()).toMatchObject({ waiting: 1, sent: 0 });
    database.close();
  });
});
