import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openDatabase } from "../../src/store/open-database.ts";
import { MIGRATIONS } from "../../src/store/schema.ts";
import { temporaryFolder } from "./temporary-folder.ts";

describe("openDatabase", () => {
  const folder = { path: "", remove: () => {} };
  let file: string;
  beforeEach(() => {
    Object.assign(folder, temporaryFolder());
    file = join(folder.path, "tracegate.db");
  });
  afterEach(() => folder.remove());

  const opening = (options = {}) => {
    const database = openDatabase(folder.path, options);
    database.close();
  };
  const config = (message: string) =>
    expect.objectContaining({ code: "config", message: expect.stringContaining(message) });

  it("creates the folder and the file, and opens what it created", () => {
    Object.assign(folder, { path: join(folder.path, "a", "b") });
    opening();
    opening();
  });

  it("keeps a folder it creates out of git, and leaves one that was there alone", () => {
    opening();
    expect(existsSync(join(folder.path, ".gitignore"))).toBe(false);
    const created = join(folder.path, "state");
    openDatabase(created).close();
    expect(readFileSync(join(created, ".gitignore"), "utf8")).toBe("*\n");
  });

  it("refuses a newer schema and says what to do", () => {
    opening();
    const raw = new DatabaseSync(file);
    raw.exec(`pragma user_version = ${MIGRATIONS.length + 1}`);
    raw.close();
    expect(() => opening()).toThrow(config("Install the newer tracegate again"));
  });

  it("refuses a file that is not SQLite, and an SQLite file of another program", () => {
    writeFileSync(file, "this is a diary, not a database. ".repeat(99));
    expect(() => opening()).toThrow(config("file is not a database"));
    writeFileSync(file, "");
    const raw = new DatabaseSync(file);
    raw.exec("create table recipes (name)");
    raw.close();
    expect(() => opening()).toThrow(config("another program"));
  });

  it("refuses a place where no file can be", () => {
    mkdirSync(file);
    expect(() => opening()).toThrow(config("cannot be used"));
    writeFileSync(join(folder.path, "file"), "");
    expect(() => openDatabase(join(folder.path, "file", "state"))).toThrow(config("cannot be used"));
  });

  it.skipIf(process.getuid?.() === 0)("refuses a folder it may not write (root may write any)", () => {
    chmodSync(folder.path, 0o500);
    expect(() => opening()).toThrow(config("cannot be used"));
  });

  it("lets one exclusive holder in, until it closes or is killed", () => {
    const first = openDatabase(folder.path, { exclusive: true });
    expect(() => opening({ exclusive: true })).toThrow(config("in use by another tracegate process"));
    opening();
    first.close();
    const script = `
      const { openDatabase } = await import(${JSON.stringify(new URL("../../src/store/open-database.ts", import.meta.url).href)});
      openDatabase(${JSON.stringify(folder.path)}, { exclusive: true });
      process.kill(process.pid, "SIGKILL");`;
    const child = spawnSync(process.execPath, ["--input-type=module", "-e", script]);
    expect(child.signal).toBe("SIGKILL");
    opening({ exclusive: true });
  });

  it("commits the writes of one turn together, and one that fails alone", async () => {
    const database = openDatabase(folder.path);
    const insert = database.prepare("insert into answer (key, at) values (?, 1)");
    const outcomes = await Promise.allSettled(
      ["one", "two", "one", "three"].map((key) => database.write(() => insert.run(key))),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
    expect(outcomes[2]).toMatchObject({ reason: { message: expect.stringContaining("UNIQUE") } });
    expect(database.prepare("select count(*) as n from answer").get()).toEqual({ n: 3 });
    database.close();
    await expect(database.write(() => 1)).rejects.toMatchObject({ code: "internal" });
  });
});
