import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteStore } from "../../src/store/sqlite-store.ts";
import { scoreOf, storedTrace } from "../contracts/stored-trace.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { idOf, run } from "./agent-traces.ts";
import { runCli } from "./run-cli.ts";

const folder = temporaryFolder();
const tracegate = (args: readonly string[], stdin = "") => runCli(args, { cwd: folder.path, stdin });
const review = (keys: string, ...args: readonly string[]) =>
  tracegate(["review", "--labels", "--scorer", "groundedness", ...args], keys);

beforeAll(async () => {
  mkdirSync(join(folder.path, ".tracegate"));
  const database = openDatabase(join(folder.path, ".tracegate"));
  const store = new SqliteStore(database);
  for (let number = 1; number <= 6; number++) {
    const explanation = `The judge's words on ${number}.`;
    const more = { kind: "judge", value: number % 2, explanation } as const;
    const { summary, rootAttributes } = storedTrace(number);
    await store.saveScored({
      summary: { ...summary, traceId: idOf(number) },
      scores: [scoreOf("groundedness", more)],
      rootAttributes,
      payload: zstdCompressSync(run({ traceId: idOf(number), question: `Question ${number}?` })),
      sinks: [],
    });
  }
  await store.close();
  database.close();
});
afterAll(() => folder.remove());

const exported = async () =>
  (await tracegate(["labels", "export"])).stdout
    .trim()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

describe("review --labels", () => {
  it("keeps the judge's word from the person until the person has said something, and asks again where they differ", async () => {
    // Passes everything it is shown, then changes the first of those where the judge had said fail.
    const { exitCode, stdout, stderr } = await review("pppp fkk", "--by", "ana", "--number", "4");

    expect(exitCode).toBe(0);
    const [first, again] = stderr.split("Once more, 2 where you and others differ.");
    expect(first).toContain("asked: Question ");
    expect(first).not.toContain("The judge's words");
    expect(again).toContain("the judge said fail: The judge's words on");
    expect(stdout).toContain("groundedness: 4 labelled, 0 skipped; 2 differed, 1 of them changed");
    expect(stdout).toContain("You and the judge differ in 1 of 4 traces.");
    expect(stderr).not.toContain("Not looked at again");
    expect((await exported()).map(({ passed }) => passed).toSorted()).toEqual([false, true, true, true]);
  });

  it("has every key on disk when it is interrupted", async () => {
    await review("fp", "--by", "bo", "--number", "4");

    expect((await exported()).filter(({ reviewer }) => reviewer === "bo")).toHaveLength(2);
  });

  it("does not ask the same person twice, and compares two people", async () => {
    const { stdout, stderr } = await review("pp kk", "--by", "ana", "--number", "9");
    expect(stderr).toContain("1 of 2, for groundedness");
    expect(stdout).toMatch(/2 labelled/);
    const rest = await review("pppp kkkk", "--by", "bo", "--number", "9");
    expect(rest.stdout).toMatch(/kappa of (ana and bo|bo and ana) over \d traces/);
  });

  it("shows where they differ, and how often, to whoever quits", async () => {
    const early = await review("ppq", "--by", "fay", "--number", "4");
    expect(early.stderr).not.toContain("Once more");
    expect(early.stderr).toMatch(
      /\nNot looked at again, 1 where you and others differ:\n {2}[0-9a-f]{32}: you said pass; the judge said fail: The judge's words on \d\.; /,
    );
    expect(early.stdout).toContain("groundedness: 2 labelled, 0 skipped; 1 differed, 0 of them changed");
    expect(early.stdout).toContain("You and the judge differ in 1 of 2 traces.\n");

    const late = await review("pppp q", "--by", "gil", "--number", "4");
    expect(late.stderr).toMatch(/Once more, \d where.+Not looked at again, \d where/s);

    const none = await review("q", "--by", "hal", "--number", "4");
    expect(none.stderr).not.toContain("Not looked at again");
    expect(none.stdout).not.toContain("You and the judge");
  });

  it("goes back one trace, and says which keys there are", async () => {
    const { stderr, stdout } = await review("p b x f q", "--by", "chi", "--number", "2");

    expect(stderr).toContain("Keys: p f u s b q");
    expect(stdout).toContain("1 labelled");
    expect((await exported()).find(({ reviewer }) => reviewer === "chi").passed).toBe(false);
  });

  it("says with what chance traces were picked, where they were picked at random", async () => {
    await review("uu", "--by", "dan", "--number", "3", "--random");
    const labels = (await exported()).filter(({ reviewer }) => reviewer === "dan");

    expect(labels.map(({ passed, probability }) => [passed, probability])).toEqual([
      [null, 0.5],
      [null, 0.5],
    ]);
  });

  it("shows only what wants a person with --queue", async () => {
    const { stdout } = await review("ssssss", "--by", "eve", "--queue");
    // People differ about some, and nobody has looked at none of those the judge failed.
    expect(stdout).toMatch(/0 labelled, \d skipped/);
  });

  it("wants to know which judge is meant", async () => {
    const { exitCode, stderr } = await tracegate(["review", "--labels", "--by", "ana"]);

    expect(exitCode).toBe(2);
    expect(stderr).toContain("Name the judge that is looked at: --scorer with one of groundedness");
  });
});

describe("labels", () => {
  it("moves to a file and back", async () => {
    const out = await tracegate(["labels", "export", "--scorer", "groundedness", "--out", "labels.jsonl"]);
    expect(out.stdout).toMatch(/^labels\.jsonl: \d+ labels\n$/);
    const line = { traceId: idOf(9), scorer: "tone", passed: false, at: "2026-11-20T08:00:00Z" };
    writeFileSync(join(folder.path, "more.jsonl"), JSON.stringify(line));
    expect((await tracegate(["labels", "import", "more.jsonl"])).stdout).toBe("more.jsonl: 1 label taken\n");
    expect((await exported()).find(({ scorer }) => scorer === "tone")).toMatchObject({
      source: "file",
      reviewer: "unknown",
      at: Date.parse("2026-11-20T08:00:00Z"),
    });
    expect(readFileSync(join(folder.path, "labels.jsonl"), "utf8")).toContain('"reviewer":"ana"');
  });
});
