import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { reportSchema } from "../../src/action/report-schema.ts";
import { markerOf } from "../../src/github/upsert-comment.ts";
import {
  agent,
  copyOf,
  guardedWorkspace,
  PULL_REQUEST,
  PUSH,
  removeWorkspaces,
  repository,
} from "./agent-workspace.ts";
import { commentBy, startGitHub } from "./github-double.ts";
import { runShippedAction } from "./shipped-action.ts";

const TOKEN = "ghs_0123456789abcdef";
const MARKER = markerOf("");

let good = "";
let broken = "";
beforeAll(async () => {
  good = await guardedWorkspace();
  broken = copyOf(good);
  writeFileSync(join(broken, "agent.mjs"), agent("41"));
}, 60_000);
afterAll(removeWorkspaces);

const FORK = {
  ...PULL_REQUEST,
  payload: {
    repository,
    pull_request: { number: 3, head: { sha: "beef", repo: { full_name: "stranger/r" } } },
  },
};

const workflowRun = (owner = "stranger") => ({
  name: "workflow_run",
  ref: "refs/heads/main",
  payload: {
    repository,
    workflow_run: {
      head_sha: "beef",
      head_branch: "patch-1",
      head_repository: { owner: { login: owner } },
      html_url: "https://github.com/o/r/actions/runs/76",
    },
  },
});

describe("the shipped action with the GitHub API", () => {
  it("comments once on a pull request, and a second run with a new verdict changes that comment", async () => {
    await using github = await startGitHub();
    github.comments.push(commentBy("stranger", `${MARKER}\nmine`, 1));
    const api = { url: github.url, token: TOKEN };
    const first = await runShippedAction({ workspace: broken, event: PULL_REQUEST, github: api });
    expect(first.exitCode, first.log).toBe(1);
    expect(github.comments).toHaveLength(2);
    expect(github.comments[1]?.body).toMatch(/^<!-- tracegate: -->\n### tracegate: ❌ block\n/);
    expect(github.comments[1]?.body).toContain("](https://github.com/o/r/actions/runs/77)");
    expect(first.outputs["comment-url"]).toBe("https://github.com/o/r/pull/3#issuecomment-2");
    const again = await runShippedAction({ workspace: good, event: PULL_REQUEST, github: api });
    expect(again.outputs.verdict, again.log).toBe("pass");
    expect(github.comments).toHaveLength(2);
    expect(github.comments[1]?.body).toContain("✅ pass");
    // Anybody can write our marker; only our own comment is ours to change.
    expect(github.comments[0]?.body).toBe(`${MARKER}\nmine`);
    expect(first.summary).not.toContain("There is no");
  }, 60_000);

  it("puts the check on the commit that was pushed, not on the merge that is checked out", async () => {
    await using github = await startGitHub();
    const api = { url: github.url, token: TOKEN };
    const step = await runShippedAction({ workspace: broken, event: PULL_REQUEST, github: api });
    expect(github.checks, step.log).toMatchObject([
      {
        name: "tracegate",
        head_sha: "beef",
        status: "completed",
        conclusion: "failure",
        details_url: "https://github.com/o/r/actions/runs/77",
        output: { summary: expect.stringContaining("**regressed**") },
      },
    ]);
    expect(step.outputs["check-url"]).toBe("https://github.com/o/r/runs/1");
    const workspace = copyOf(good);
    writeFileSync(join(workspace, "agent.mjs"), "process.exit(3);");
    await runShippedAction({ workspace, event: PULL_REQUEST, github: api });
    const inputs = { mode: "release" };
    await runShippedAction({ workspace, event: PULL_REQUEST, github: api, inputs });
    expect(github.checks.slice(1).map(({ conclusion }) => conclusion)).toEqual(["neutral", "failure"]);
  }, 60_000);

  it("on a push writes a check and no comment", async () => {
    await using github = await startGitHub();
    const step = await runShippedAction({
      workspace: copyOf(good),
      event: PUSH,
      github: { url: github.url, token: TOKEN },
    });
    expect(step.exitCode, step.log).toBe(0);
    expect(github.requests).toEqual(["POST /repos/o/r/check-runs"]);
    expect(github.checks).toMatchObject([{ head_sha: "c0ffee", conclusion: "success" }]);
  });

  it("asks nothing of the API for a fork, and says how it gets its comment", async () => {
    await using github = await startGitHub();
    const step = await runShippedAction({
      workspace: broken,
      event: FORK,
      github: { url: github.url, token: TOKEN },
    });
    expect(step.exitCode, step.log).toBe(1);
    expect(github.requests).toEqual([]);
    expect(step.summary).toContain("**regressed**");
    expect(step.summary).toContain("A second workflow can comment");
    expect(step.commands.some(({ name }) => name === "error")).toBe(true);
  });

  it("gives verdict and summary without permissions, and says which would add what", async () => {
    await using github = await startGitHub();
    Object.assign(github.rights, { comments: false, checks: false });
    const step = await runShippedAction({
      workspace: broken,
      event: PULL_REQUEST,
      github: { url: github.url, token: TOKEN },
    });
    expect(step.exitCode, step.log).toBe(1);
    expect(step.outputs).toMatchObject({ verdict: "block", "comment-url": "", "check-url": "" });
    expect(step.summary).toContain("**regressed**");
    expect(plain(step.summary)).toContain("The permission pull-requests: write adds it.");
    expect(plain(step.summary)).toContain("The permission checks: write adds it.");
  });

  it.each(["fails with 502", "cannot be reached"])(
    "gives verdict and summary when the API %s",
    async (how) => {
      await using github = await startGitHub();
      if (how === "fails with 502") github.outage = 502;
      const url = how === "fails with 502" ? github.url : "http://127.0.0.1:1";
      const step = await runShippedAction({
        workspace: broken,
        event: PULL_REQUEST,
        github: { url, token: TOKEN },
      });
      expect(step.exitCode, step.log).toBe(1);
      expect(step.outputs.verdict).toBe("block");
      expect(step.summary).toContain("**regressed**");
      expect(plain(step.summary)).toContain("GitHub's API did not answer");
    },
  );

  it("writes neither when told not to", async () => {
    await using github = await startGitHub();
    const step = await runShippedAction({
      workspace: broken,
      event: PULL_REQUEST,
      inputs: { comment: "false", check: "false" },
      github: { url: github.url, token: TOKEN },
    });
    expect(step.outputs.verdict, step.log).toBe("block");
    expect(github.requests).toEqual([]);
  });

  it("keeps secrets of the environment out of files and comments, and the token from the agent", async () => {
    await using github = await startGitHub();
    const workspace = copyOf(good);
    const telling = agent("41").replace(
      '"41" +',
      '"41 key " + process.env.MY_API_KEY + " token " + process.env.INPUT_TOKEN +',
    );
    writeFileSync(join(workspace, "agent.mjs"), telling);
    const step = await runShippedAction({
      workspace,
      event: PULL_REQUEST,
      environment: { MY_API_KEY: "sk-very-secret-1" },
      github: { url: github.url, token: TOKEN },
    });
    expect(step.outputs.verdict, step.log).toBe("block");
    const masks = step.commands.filter(({ name }) => name === "add-mask").map(({ data }) => data);
    // As git's HTTP sends it, too: a history on a branch is fetched with it.
    const asBasic = Buffer.from(`x-access-token:${TOKEN}`).toString("base64");
    expect(masks.sort()).toEqual([TOKEN, asBasic, "sk-very-secret-1"].sort());
    const files = ["report", "html", "junit"].map((name) => readFileSync(step.outputs[name] ?? "", "utf8"));
    for (const text of [...files, step.summary, github.comments[0]?.body ?? ""]) {
      expect(text).not.toContain("sk-very-secret-1");
      expect(text).not.toContain(TOKEN);
    }
    expect(files[0]).toContain("41 key *** token undefined");
  });
});

describe("the second workflow, for changes from forks", () => {
  const publish = async (options: {
    report: string;
    github: { url: string };
    event?: Parameters<typeof runShippedAction>[0]["event"];
  }) => {
    const workspace = copyOf(good);
    writeFileSync(join(workspace, "report.json"), options.report);
    return runShippedAction({
      workspace,
      event: options.event ?? workflowRun(),
      inputs: { publish: "report.json" },
      github: { url: options.github.url, token: TOKEN },
    });
  };

  it("comments on the pull request that GitHub names, with what the first one found", async () => {
    await using github = await startGitHub();
    github.pulls.push({ number: 9, head: { sha: "other" } }, { number: 3, head: { sha: "beef" } });
    const gate = await runShippedAction({ workspace: broken, event: FORK });
    const report = readFileSync(gate.outputs.report ?? "", "utf8");
    expect(reportSchema.safeParse(JSON.parse(report)).error).toBeUndefined();
    const step = await publish({ report, github });
    expect(step.exitCode, step.log).toBe(0);
    expect(github.comments.map(({ body }) => body)).toEqual([expect.stringContaining("❌ block")]);
    expect(github.comments[0]?.body).toContain("](https://github.com/o/r/actions/runs/76)");
    expect(github.checks).toEqual([]);
  });

  it.each([
    ["no JSON", "not json"],
    ["another shape", '{"v":1,"verdict":{"status":"pass"}}'],
    ["a status of its own", '{"v":1,"verdict":{"status":"<script>"}}'],
  ])("refuses a report that is %s", async (_, report) => {
    await using github = await startGitHub();
    const step = await publish({ report, github });
    expect(step.exitCode).toBe(2);
    expect(step.commands.find(({ name }) => name === "error")?.data).toContain("not a report");
    expect(github.requests).toEqual([]);
  });

  it("writes nothing when a newer commit was pushed meanwhile, or another event started it", async () => {
    await using github = await startGitHub();
    github.pulls.push({ number: 3, head: { sha: "newer" } });
    const gate = await runShippedAction({ workspace: good, event: FORK });
    const report = readFileSync(gate.outputs.report ?? "", "utf8");
    const late = await publish({ report, github });
    expect(late.exitCode, late.log).toBe(0);
    expect(late.summary).toContain("No open pull request has this commit");
    const other = await publish({ report, github, event: PULL_REQUEST });
    expect(other.exitCode).toBe(2);
    expect(github.comments).toEqual([]);
  });
});

function plain(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}
