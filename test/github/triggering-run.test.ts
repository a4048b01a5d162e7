import { getOctokit } from "@actions/github";
import { describe, expect, it } from "vitest";

import { readPlace } from "../../src/github/run-place.ts";
import { findPullRequest, readTriggeringRun } from "../../src/github/triggering-run.ts";
import { startGitHub } from "../action/github-double.ts";

const workflow_run = {
  head_sha: "beef",
  head_branch: "patch-1",
  head_repository: { owner: { login: "stranger" } },
  html_url: "https://github.com/o/r/actions/runs/1",
};

describe("the run that started a workflow_run workflow", () => {
  it("is read from the event", () => {
    expect(readTriggeringRun({ eventName: "workflow_run", payload: { workflow_run } })).toEqual({
      headCommit: "beef",
      headBranch: "patch-1",
      headOwner: "stranger",
      url: "https://github.com/o/r/actions/runs/1",
    });
  });

  it.each([
    ["another event", { eventName: "pull_request", payload: { workflow_run } }],
    [
      "a deleted fork",
      { eventName: "workflow_run", payload: { workflow_run: { ...workflow_run, head_repository: null } } },
    ],
    ["nothing", {}],
  ])("is not there for %s", (_, from) => {
    expect(readTriggeringRun(from)).toBeUndefined();
  });

  it("has the open pull request whose head is its commit", async () => {
    await using github = await startGitHub();
    github.pulls.push({ number: 8, head: { sha: "cafe" } }, { number: 9, head: { sha: "beef" } });
    const run = { headCommit: "beef", headBranch: "patch-1", headOwner: "stranger", url: "" };
    const find = (headCommit: string) =>
      findPullRequest(getOctokit("token", { baseUrl: github.url }), {
        repository: { owner: "o", name: "r" },
        run: { ...run, headCommit },
        signal: new AbortController().signal,
      });
    expect(await find("beef")).toBe(9);
    expect(await find("f00d")).toBeUndefined();
  });
});

describe("the place of a run", () => {
  it("is read from the runner's variables, and empty elsewhere", () => {
    expect(readPlace({})).toEqual({});
    expect(readPlace({ GITHUB_REPOSITORY: "o/r" })).toEqual({ repository: { owner: "o", name: "r" } });
    const environment = {
      GITHUB_REPOSITORY: "o/r",
      GITHUB_RUN_ID: "5",
      GITHUB_SERVER_URL: "https://git.example",
    };
    expect(readPlace(environment).runUrl).toBe("https://git.example/o/r/actions/runs/5");
  });
});
