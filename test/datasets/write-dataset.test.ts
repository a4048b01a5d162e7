import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

import { readDataset } from "../../src/datasets/read-dataset.ts";
import { updateDataset } from "../../src/datasets/write-dataset.ts";
import { caseOf } from "./case-of.ts";
import { temporaryFolders } from "./temporary-folder.ts";

const ADD_CASES = fileURLToPath(new URL("./add-cases.ts", import.meta.url));
const newFolder = temporaryFolders();
const newPath = () => join(newFolder(), "cases.jsonl");

describe("reading a dataset", () => {
  it("returns what it can read, and a problem with file and line for the rest", async () => {
    const path = newPath();
    writeFileSync(
      path,
      '{"id":"a","input":"x"}\n\n{"id":"b", "input"\n{"id":"a","input":"y"}\n{"id":"c","input":"z"}',
    );
    const { dataset, problems } = await readDataset(path);
    expect(dataset.name).toBe("cases");
    expect(dataset.cases.map(({ id }) => id)).toEqual(["a", "c"]);
    expect(problems).toEqual([
      {
        line: 3,
        message: `${path}:3: this line is not JSON. Each line must hold one whole case; look for a cut line or a merge conflict.`,
      },
      {
        line: 4,
        message: `${path}:4: the id a is already on line 1. Give one of them another id, or delete it.`,
      },
    ]);
  });

  it("says what to do when there is no file", async () => {
    await expect(readDataset("/nowhere/cases.jsonl")).rejects.toThrow(
      "/nowhere/cases.jsonl: there is no such dataset. Harvest failures into it, or write the first case by hand.",
    );
  });
});

describe("changing a dataset", () => {
  it("keeps the bytes of every line that did not change, also of those it cannot read", async () => {
    const path = newPath();
    const odd = '{ "id":"odd",   "input":"x" }\r\n\n{"broken\n';
    writeFileSync(path, odd.trimEnd());
    await updateDataset(path, (cases) => [...cases, caseOf("new")]);
    const text = readFileSync(path, "utf8");
    expect(text.startsWith(odd)).toBe(true);
    expect(text.endsWith("}\n")).toBe(true);
    expect((await readDataset(path)).dataset.cases.map(({ id }) => id)).toEqual(["odd", "new"]);
  });

  it("rewrites the line of a changed case in its place, and drops that of a removed one", async () => {
    const path = newPath();
    await updateDataset(path, () => [caseOf("a"), caseOf("b"), caseOf("c")]);
    const [first, , third] = readFileSync(path, "utf8").split("\n");
    await updateDataset(path, (cases) =>
      cases.map((one) => (one.id === "b" ? { ...one, tags: ["changed"] } : one)),
    );
    const lines = readFileSync(path, "utf8").split("\n");
    expect([lines[0], lines[2], lines[3]]).toEqual([first, third, ""]);
    expect(lines[1]).toContain('"tags":["changed"]');
    await updateDataset(path, (cases) => cases.filter(({ id }) => id !== "b"));
    expect(readFileSync(path, "utf8")).toBe(`${first}\n${third}\n`);
  });

  it("does not touch the file when nothing differs", async () => {
    const path = newPath();
    writeFileSync(path, '{"id":"a","input":"x"}');
    utimesSync(path, 1, 1);
    expect(await updateDataset(path, (cases) => cases.map((one) => ({ ...one })))).toEqual({
      written: false,
    });
    expect(statSync(path).mtimeMs).toBe(1_000);
    expect(readdirSync(join(path, ".."))).toEqual(["cases.jsonl"]);
  });

  it("is refused whole when a case holds what looks like a key, without showing the key", async () => {
    const path = newPath();
    const key = `ghp_${"a1B2c3D4e5F6".repeat(3)}`;
    const leaking = caseOf("leak", { expected: { header: `token ${key}` } });
    const attempt = updateDataset(path, (cases) => [...cases, caseOf("fine"), leaking]);
    const error = await attempt.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "secret",
      message: expect.stringContaining(
        `${path}, case leak: expected.header holds what looks like a credential (rule github-token, 40 characters). Nothing was written.`,
      ),
    });
    expect(String(error)).not.toContain(key);
    expect(readdirSync(join(path, ".."))).toEqual([]);
  });

  it("loses nothing when three processes write at once", async () => {
    const path = newPath();
    const writers = ["x", "y", "z"].map((name) =>
      spawn(process.execPath, [ADD_CASES, path, name, "15"], { stdio: ["ignore", "ignore", "inherit"] }),
    );
    const exits = await Promise.all(writers.map((writer) => once(writer, "exit")));
    expect(exits.map(([code]) => code)).toEqual([0, 0, 0]);
    const { dataset, problems } = await readDataset(path);
    expect(problems).toEqual([]);
    expect(new Set(dataset.cases.map(({ id }) => id)).size).toBe(45);
    expect(readdirSync(join(path, ".."))).toEqual(["cases.jsonl"]);
  });

  it.each([
    ["that died", () => spawnSync(process.execPath, ["-e", ""]).pid],
    ["that had our own id before us", () => process.pid],
  ])("takes over the lock of a process %s", async (_, pidOf) => {
    const path = newPath();
    writeFileSync(`${path}.lock`, JSON.stringify({ pid: pidOf(), host: hostname(), token: "dead" }));
    utimesSync(`${path}.lock`, 1, 1);
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        updateDataset(path, (cases) => [...cases, caseOf(`case-${index}`)]),
      ),
    );
    expect((await readDataset(path)).dataset.cases).toHaveLength(10);
    expect(readdirSync(join(path, ".."))).toEqual(["cases.jsonl"]);
  });
});
