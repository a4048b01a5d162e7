import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { LedgerRow } from "../../src/core/store.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteStore } from "../../src/store/sqlite-store.ts";
import { traceIdOf } from "../store/make-fragment.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { runCli } from "./run-cli.ts";

const folder = temporaryFolder();
const unscored = (...args: readonly string[]) => runCli(["unscored", ...args], { cwd: folder.path });

const row = (number: number, given: Partial<LedgerRow>): LedgerRow => ({
  subject: traceIdOf(number),
  revision: 1,
  scorer: "groundedness",
  version: "1",
  state: "paused",
  code: "paused",
  reason: "the key was refused",
  attempts: 1,
  at: number * 1_000,
  retryAt: null,
  ...given,
});

describe("tracegate unscored", () => {
  beforeAll(async () => {
    const database = openDatabase(join(folder.path, ".tracegate"), {});
    const store = new SqliteStore(database);
    await store.record([
      row(1, { state: "scored", code: null, reason: null }),
      row(2, {}),
      row(3, { state: "sampled-out", code: "sampled-out" }),
      row(4, { scorer: "tool-errors", state: "failed", code: "scorer-error", reason: "it threw" }),
      row(5, { state: "waiting", code: "rate-limited", retryAt: 9_000 }),
    ]);
    await store.close();
    database.close();
  });
  afterAll(() => folder.remove());

  const idsIn = (stdout: string) => stdout.match(/[0-9a-f]{32}/g);

  it("lists what waits and what failed, the longest waiting first, and not what was sampled out", async () => {
    const { exitCode, stdout, stderr } = await unscored();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(idsIn(stdout)).toEqual([2, 4, 5].map(traceIdOf));
    expect(stdout.split("\n")[0]).toMatch(/^TRACE +SCORER +STATE +AT +REASON$/);
    expect(stdout).toContain("scorer-error: it threw");
  });

  it("lists those of one scorer, however often it is named, a line of JSON each for other programs", async () => {
    const { stdout } = await unscored("groundedness", "groundedness", "--format", "jsonl");
    const lines = stdout.trim().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        traceId: traceIdOf(2),
        state: "paused",
        next: expect.stringContaining("tracegate resume groundedness"),
      },
      { traceId: traceIdOf(5), state: "waiting", code: "rate-limited" },
    ]);
  });

  it("lists no more than asked for, and says that there are more", async () => {
    const { stdout, stderr } = await unscored("--limit", "2");
    expect(idsIn(stdout)).toEqual([2, 4].map(traceIdOf));
    expect(stderr).toBe("There are more than 2; --limit lists more of them.\n");
  });

  it("says so when every trace has the scores it is meant to have", async () => {
    expect(await unscored("retry-loop")).toEqual({
      exitCode: 0,
      stdout: "Every trace has the scores it is meant to have.\n",
      stderr: "",
    });
  });

  it.each([
    { args: ["groundednes"], says: 'There is no scorer "groundednes". Known: tool-errors, ' },
    { args: ["--limit", "0"], says: "argument '0' is invalid. Give a whole number above 0." },
  ])("refuses $args with what would be right", async ({ args, says }) => {
    const { exitCode, stderr } = await unscored(...args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(says);
  });
});
