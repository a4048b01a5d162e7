import { createHash } from "node:crypto";
import { zstdCompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { mergeTraces } from "../../src/otlp/write-traces.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteTraceBuffer } from "../../src/store/sqlite-trace-buffer.ts";
import type { StateDatabase } from "../../src/store/state-database.ts";
import { type BufferPlace, POLICY, traceBufferContract } from "../contracts/trace-buffer.ts";
import { bufferPurgeContract } from "../contracts/trace-buffer-purge.ts";
import { makeFragment, spanNumbersIn, traceIdOf } from "./make-fragment.ts";
import { temporaryFolder } from "./temporary-folder.ts";

async function newPlace(): Promise<BufferPlace> {
  const folder = temporaryFolder();
  const stored = new Map<string, Uint8Array>();
  const databases: StateDatabase[] = [];
  return {
    open: async () => {
      // The database before is left open, as a killed process leaves it: nothing is flushed for its sake.
      const database = openDatabase(folder.path);
      databases.push(database);
      return new SqliteTraceBuffer(database, { stored: async (traceId) => stored.get(traceId) ?? null });
    },
    store: async ({ traceId }, chunks) => {
      stored.set(traceId, zstdCompressSync(mergeTraces(chunks)));
    },
    remove: async () => {
      for (const database of databases) database.close();
      folder.remove();
    },
  };
}

traceBufferContract("SqliteTraceBuffer", newPlace);
bufferPurgeContract("SqliteTraceBuffer", newPlace);

describe("SqliteTraceBuffer", () => {
  const folder = { path: "", remove: () => {} };
  let database: StateDatabase;
  beforeEach(() => {
    Object.assign(folder, temporaryFolder());
    database = openDatabase(folder.path);
  });
  afterEach(() => {
    database.close();
    folder.remove();
  });

  it("keeps a sealed trace as one small frame and no fragments", async () => {
    const buffer = new SqliteTraceBuffer(database);
    const text = "the same history in every span. ".repeat(300);
    for (let id = 1; id <= 20; id += 1) {
      await buffer.append([makeFragment(traceIdOf(1), [{ id, text, ...(id > 1 && { parent: 1 }) }])], 0);
    }
    const open = await buffer.counts();
    await buffer.seal(10_000, POLICY, 10);
    const sealed = await buffer.counts();
    expect(sealed.bytes).toBeLessThan(open.bytes / 20);
    expect(database.connection.prepare("select count(*) as n from fragment").get()).toEqual({ n: 0 });
  });

  it("forgets span ids after their time, but never a revision", async () => {
    const buffer = new SqliteTraceBuffer(database, { rememberMs: 100_000 });
    await buffer.append([makeFragment(traceIdOf(1), [{ id: 1 }])], 0);
    await buffer.seal(10_000, POLICY, 10);
    await buffer.seal(100_000, POLICY, 10);
    expect(await buffer.append([makeFragment(traceIdOf(1), [{ id: 1 }])], 100_000)).toEqual({ added: 0 });
    await buffer.seal(200_000, POLICY, 10);
    expect(await buffer.append([makeFragment(traceIdOf(1), [{ id: 1 }])], 200_000)).toEqual({ added: 1 });
    expect(await buffer.seal(210_000, POLICY, 10)).toMatchObject([{ revision: 2 }]);
  });

  it("has its index right again after a transaction was taken back", async () => {
    const buffer = new SqliteTraceBuffer(database);
    await buffer.append([makeFragment(traceIdOf(1), [{ id: 1 }])], 0);
    const broken = database.write(() => {
      throw new Error("broken");
    });
    const together = buffer.append([makeFragment(traceIdOf(1), [{ id: 2, parent: 1 }])], 1);
    await expect(broken).rejects.toThrow("broken");
    expect(await together).toEqual({ added: 1 });
    expect(await buffer.describe(traceIdOf(1))).toMatchObject({ spans: 2 });
    await buffer.seal(20_000, POLICY, 10);
    const read = await buffer.read(traceIdOf(1), 1);
    expect(spanNumbersIn(read?.chunks ?? [])).toEqual([1, 2]);
  });

  it("does not count spans as known that could not be written", async () => {
    const buffer = new SqliteTraceBuffer(database);
    const text = Array.from({ length: 9_999 }, (_, index) =>
      createHash("md5").update(`${index}`).digest("hex"),
    );
    const fragments = [makeFragment(traceIdOf(1), [{ id: 1, text: text.join("") }])];
    database.connection.exec("pragma max_page_count = 1");
    await expect(buffer.append(fragments, 0)).rejects.toMatchObject({ code: "unavailable", retryable: true });
    database.connection.exec("pragma max_page_count = 1000000");
    expect(await buffer.append(fragments, 0)).toEqual({ added: 1 });
  });
});
