import { execFile } from "node:child_process";
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

import type { PassingRun } from "../../src/core/run.ts";
import { gitHistory } from "../../src/datasets/git-history.ts";
import { trialOf } from "../contracts/history.ts";
import { GIT_ENVIRONMENT, type GitClones, git, gitClones } from "./git-clones.ts";

const BRANCH = "tracegate/history";
const KEY = "0123456789abcdef";

/** A history in a clone. */
function historyIn(cwd: string, options: Partial<Parameters<typeof gitHistory>[0]> = {}) {
  return gitHistory({ cwd, env: GIT_ENVIRONMENT, branch: BRANCH, ...options });
}

describe("the history branch", () => {
  const newClones = gitClones();

  it("loses no trial when eight processes record at once, and counts each once", async () => {
    const clones = newClones();
    const bare = clones.bare();
    const recorders = Array.from({ length: 8 }, (_, index) => {
      const cwd = clones.clone(bare, { depth: 1 });
      const trials = [1, 2].map((trial) => trialOf({ at: 5_000, run: `run-${index}`, trial }));
      const script = join(import.meta.dirname, "record-in-process.ts");
      return promisify(execFile)(process.execPath, [script, cwd, JSON.stringify(trials)], {
        env: GIT_ENVIRONMENT,
      });
    });
    await Promise.all(recorders);
    const history = historyIn(clones.clone(bare));
    expect(await history.entries([KEY])).toMatchObject([{ passes: 16, trials: 16 }]);
    const files = git(bare, "ls-tree", "-r", "--name-only", BRANCH).split("\n");
    expect(files.filter((path) => path.startsWith("runs/"))).toHaveLength(8);
    expect(git(bare, "rev-list", "--count", BRANCH)).toBe("8");
  }, 60_000);

  it("touches neither work tree nor index nor any branch of the clone", async () => {
    const clones = newClones();
    const bare = clones.bare();
    const clone = clones.clone(bare);
    writeFileSync(join(clone, "agent.txt"), "changed\n");
    writeFileSync(join(clone, "new.txt"), "new\n");
    git(clone, "add", "new.txt");
    const state = () => [
      git(clone, "status", "--porcelain=v2", "--branch"),
      git(clone, "for-each-ref", "refs/heads", "refs/tags"),
      git(clone, "stash", "list"),
      git(clone, "config", "--list", "--local"),
    ];
    const before = state();
    await historyIn(clone).record([trialOf()]);
    await historyIn(clone).entries([KEY]);
    expect(state()).toEqual(before);
    expect(existsSync(join(clone, ".git/FETCH_HEAD"))).toBe(false);
    expect(git(clone, "rev-parse", "--is-shallow-repository")).toBe("false");
    expect(git(bare, "log", "-1", "--format=%an", BRANCH)).toBe("tracegate");
  });

  it("fetches only the newest commit of the branch into a shallow clone", async () => {
    const clones = newClones();
    const bare = clones.bare();
    const first = clones.clone(bare);
    for (const at of [1, 2, 3]) await historyIn(first).record([trialOf({ at })]);
    const shallow = clones.clone(bare, { depth: 1 });
    expect(await historyIn(shallow).entries([KEY])).toMatchObject([{ trials: 3 }]);
    expect(git(shallow, "rev-list", "--count", `refs/remotes/origin/${BRANCH}`)).toBe("1");
    await historyIn(shallow).record([trialOf({ at: 4 })]);
    expect(git(bare, "rev-list", "--count", BRANCH)).toBe("4");
    expect(await historyIn(first).entries([KEY])).toMatchObject([{ trials: 4 }]);
  });

  it("makes no commit for a run it has", async () => {
    const clones = newClones();
    const bare = clones.bare();
    const run = [trialOf({ run: "a", trial: 1 }), trialOf({ run: "a", trial: 2, passed: false })];
    await historyIn(clones.clone(bare)).record(run);
    const tip = git(bare, "rev-parse", BRANCH);
    await historyIn(clones.clone(bare)).record(run);
    expect(git(bare, "rev-parse", BRANCH)).toBe(tip);
  });

  it("keeps what the remote refuses, says why, and takes it along the next time", async () => {
    const clones = newClones();
    const bare = clones.bare();
    const hook = join(bare, "hooks/pre-receive");
    writeFileSync(hook, "#!/bin/sh\necho 'tracegate/history is protected'\nexit 1\n");
    chmodSync(hook, 0o755);
    const clone = clones.clone(bare);
    const refused = historyIn(clone).record([trialOf({ at: 1 })]);
    await expect(refused).rejects.toMatchObject({ code: "refused", retryable: false });
    await expect(refused).rejects.toThrow(
      /^The history could not be pushed to the branch tracegate\/history of origin: \[remote rejected\] \(pre-receive hook declined\).*is protected.*contents: write.*Nothing is lost: the trials wait in this clone/s,
    );
    await expect(historyIn(clone).record([trialOf({ at: 2 })])).rejects.toThrow(/hook declined/);
    expect(await historyIn(clone).entries([KEY])).toMatchObject([{ trials: 2 }]);
    expect(await historyIn(clones.clone(bare)).entries([KEY])).toEqual([]);

    chmodSync(hook, 0o644);
    await historyIn(clone).record([trialOf({ at: 3 })]);
    expect(await historyIn(clones.clone(bare)).entries([KEY])).toMatchObject([{ trials: 3 }]);
    expect(git(clone, "for-each-ref", "refs/tracegate")).toBe("");
  });

  it("says that a remote does not answer instead of counting nothing, and keeps what was to be recorded", async () => {
    const clones = newClones();
    const bare = clones.bare();
    const clone = clones.clone(bare);
    renameSync(bare, `${bare}.away`);
    await expect(historyIn(clone).entries([KEY])).rejects.toThrow(
      /^The branch tracegate\/history of origin cannot be read: .*Could not read from remote repository/,
    );
    await expect(historyIn(clone).record([trialOf()])).rejects.toThrow(/the trials wait in this clone/);
    renameSync(`${bare}.away`, bare);
    await historyIn(clone).record([trialOf({ at: 2_000 })]);
    expect(await historyIn(clones.clone(bare)).entries([KEY])).toMatchObject([{ trials: 2 }]);
  });

  it("shares what was recorded before there was a remote", async () => {
    const clones = newClones();
    const lone = clones.lone();
    await historyIn(lone).record([trialOf({ at: 1 })]);
    const bare = clones.bare();
    git(lone, "remote", "add", "origin", bare);
    expect(await historyIn(lone).entries([KEY])).toMatchObject([{ trials: 1 }]);
    await historyIn(lone).record([trialOf({ at: 2 })]);
    expect(await historyIn(clones.clone(bare)).entries([KEY])).toMatchObject([{ trials: 2 }]);
  });

  it("names the remote that is not there, and what to do outside of git", async () => {
    const clones = newClones();
    const lone = clones.lone();
    await expect(historyIn(lone, { remote: "upstream" }).entries([KEY])).rejects.toThrow(
      'gate.history.remote: there is no remote "upstream"; git knows none.',
    );
    await expect(historyIn(clones.folder).entries([KEY])).rejects.toThrow(
      /this is no git checkout: .*keep the history in a file/,
    );
  });

  it("names the file and line of the branch that it cannot read", async () => {
    const clones = newClones();
    const lone = clones.lone();
    await historyIn(lone).record([trialOf()]);
    git(lone, "checkout", "--quiet", BRANCH);
    const path = git(lone, "ls-files", "runs");
    writeFileSync(join(lone, path), `${readFileSync(join(lone, path), "utf8")}{"case":1}\n`);
    git(lone, "commit", "--quiet", "-am", "Break it");
    git(lone, "checkout", "--quiet", "main");
    await expect(historyIn(lone).entries([KEY])).rejects.toThrow(`${BRANCH}:${path}:3 is no line`);
  });

  it("does not grow without end: old runs go, and those with little that counts are cut", async () => {
    const clones = newClones();
    const lone = clones.lone();
    const window = { trials: 3, days: 90 };
    const rare = trialOf({ caseId: "rare", key: "rare", at: 0 });
    await historyIn(lone, { window }).record([
      rare,
      ...["a", "b"].map((key) => trialOf({ key, caseId: key, at: 0 })),
    ]);
    for (const at of [1_000, 2_000, 3_000, 4_000, 5_000]) {
      await historyIn(lone, { window }).record(["a", "b"].map((key) => trialOf({ key, caseId: key, at })));
    }
    const files = git(lone, "ls-tree", "-r", "--name-only", BRANCH, "runs/").split("\n");
    expect(files).toHaveLength(4);
    expect(git(lone, "show", `${BRANCH}:${files[0]}`).split("\n")).toEqual([
      '{"v":1,"at":0,"commit":"c0ffee"}',
      '{"case":"rare","trial":1,"evidence":null,"scores":[["tool-errors","rare",1]]}',
    ]);
    expect(await historyIn(lone, { window }).entries(["rare", "a"])).toMatchObject([
      { trials: 1 },
      { trials: 3 },
    ]);
  });
});

describe("a history branch of 500 commits", () => {
  const newClones = gitClones();

  /** A remote whose branch says that it has 500 commits. */
  async function oldBranch(clones: GitClones) {
    const bare = clones.bare();
    for (const at of [1, 2, 3]) await historyIn(clones.clone(bare)).record([trialOf({ at })]);
    const message = "Record 1 trial\n\nCommit of this branch: 500";
    const tip = git(bare, "rev-parse", BRANCH);
    const next = git(bare, "commit-tree", `${tip}^{tree}`, "-p", tip, "-m", message);
    git(bare, "update-ref", `refs/heads/${BRANCH}`, next);
    return bare;
  }

  it("begins anew, with all that counts", async () => {
    const clones = newClones();
    const bare = await oldBranch(clones);
    const behind = clones.clone(bare);
    await historyIn(clones.clone(bare, { depth: 1 })).record([trialOf({ at: 4 })]);
    expect(git(bare, "rev-list", "--count", BRANCH)).toBe("1");
    await historyIn(behind).record([trialOf({ at: 5 })]);
    expect(git(bare, "log", "-1", "--format=%B", BRANCH)).toMatch(/Commit of this branch: 2$/);
    expect(await historyIn(behind).entries([KEY])).toMatchObject([{ trials: 5 }]);
  });

  it("goes on where the remote takes only what lies on top", async () => {
    const clones = newClones();
    const bare = await oldBranch(clones);
    git(bare, "config", "receive.denyNonFastForwards", "true");
    await historyIn(clones.clone(bare)).record([trialOf({ at: 4 })]);
    expect(git(bare, "rev-list", "--count", BRANCH)).toBe("5");
    expect(await historyIn(clones.clone(bare)).entries([KEY])).toMatchObject([{ trials: 4 }]);
  });
});

describe("the passing runs on a history branch", () => {
  const newClones = gitClones();
  const passing = (caseId: string, fields: Partial<PassingRun> = {}): PassingRun => ({
    v: 1,
    caseId,
    version: "11111111",
    commit: "c0ffee",
    at: Date.UTC(2026, 10, 20),
    answer: "It comes on Monday.",
    recording: {
      v: 1,
      traceId: "0af7651916cd43dd8448eb211c80319c",
      toolCalls: [],
      llmCalls: [],
      redactions: {},
      truncated: false,
    },
    ...fields,
  });

  it("are one per case, until a new month or until something else must hold", async () => {
    const clones = newClones();
    const history = historyIn(clones.clone(clones.bare()));
    const both = ["refund", "b"];
    const record = (at: number, runs: readonly PassingRun[]) =>
      history.record(
        both.map((caseId) => trialOf({ caseId, key: caseId, at })),
        runs,
      );
    await record(1, [passing("refund"), passing("b")]);
    await record(2, [passing("refund", { commit: "later" }), passing("b", { version: "22222222" })]);
    expect(await history.passingRuns?.(both)).toEqual(
      expect.arrayContaining([passing("refund"), passing("b", { version: "22222222" })]),
    );
    const december = passing("refund", { at: Date.UTC(2026, 11, 1) });
    await record(3, [december]);
    expect(await history.passingRuns?.(["refund", "unknown"])).toEqual([december]);
    expect(await history.passingRuns?.(both)).toHaveLength(2);
  });

  it("go with the last trial of their case", async () => {
    const clones = newClones();
    const history = historyIn(clones.lone(), { window: { trials: 50, days: 1 } });
    await history.record([trialOf({ caseId: "gone", key: "gone", at: 0 })], [passing("gone")]);
    expect(await history.passingRuns?.(["gone"])).toHaveLength(1);
    await history.record([trialOf({ at: 5 * 86_400_000 })], [passing("refund")]);
    expect(await history.passingRuns?.(["gone", "refund"])).toMatchObject([{ caseId: "refund" }]);
  });
});
