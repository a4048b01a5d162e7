import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { fileHistory } from "../../src/datasets/file-history.ts";
import { historyContract, trialOf } from "../contracts/history.ts";
import { temporaryFolders } from "./temporary-folder.ts";

historyContract("a file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tracegate-history-"));
  return {
    open: (options) => fileHistory(join(folder, "evals", "history.jsonl"), options),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
});

describe("the history file", () => {
  const newFolder = temporaryFolders();

  it("has one trial per line, so that runs are added lines in a diff", async () => {
    const path = join(newFolder(), "history.jsonl");
    await fileHistory(path).record([trialOf(), trialOf({ caseId: "b", key: "b", passed: false })]);
    const before = await readFile(path, "utf8");
    await fileHistory(path).record([trialOf({ at: 2_000, evidenceHash: "e" })]);
    const after = await readFile(path, "utf8");
    expect(after.startsWith(before)).toBe(true);
    expect(after.split("\n")).toEqual([
      '{"caseId":"refund","scorer":"tool-errors","key":"0123456789abcdef","passed":true,"commit":"c0ffee","at":1000,"evidenceHash":null,"trial":1}',
      '{"caseId":"b","scorer":"tool-errors","key":"b","passed":false,"commit":"c0ffee","at":1000,"evidenceHash":null,"trial":1}',
      '{"caseId":"refund","scorer":"tool-errors","key":"0123456789abcdef","passed":true,"commit":"c0ffee","at":2000,"evidenceHash":"e","trial":1}',
      "",
    ]);
  });

  it("does not grow without end", async () => {
    const path = join(newFolder(), "history.jsonl");
    for (let run = 0; run < 10; run++) {
      const trials = Array.from({ length: 5 }, () => trialOf({ at: run, key: `key-${Math.floor(run / 2)}` }));
      await fileHistory(path).record(trials);
    }
    expect((await readFile(path, "utf8")).trim().split("\n")).toHaveLength(30);
  });

  it("names file and line of what it cannot read, and changes nothing then", async () => {
    const path = join(newFolder(), "history.jsonl");
    await fileHistory(path).record([trialOf()]);
    const conflicted = `${await readFile(path, "utf8")}<<<<<<< HEAD\n`;
    await writeFile(path, conflicted);
    await expect(fileHistory(path).entries(["k"])).rejects.toThrow(
      `${path}:2: this line is no trial of the history. Resolve the merge conflict`,
    );
    await expect(fileHistory(path).record([trialOf({ at: 5 })])).rejects.toThrow(/:2:/);
    expect(await readFile(path, "utf8")).toBe(conflicted);
    expect(await readdir(join(path, ".."))).toEqual(["history.jsonl"]);
  });
});
