import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { basicOf } from "../../src/datasets/git-credentials.ts";
import { GitClones, git } from "../datasets/git-clones.ts";
import { canServeGit, type GitServer, startGitServer } from "../datasets/git-server.ts";
import { agent, CASE, CONFIG, PULL_REQUEST, PUSH } from "./agent-workspace.ts";
import { runShippedAction } from "./shipped-action.ts";

const BRANCH = "tracegate/history";

const clones = new GitClones();
let server: GitServer;
let bare = "";

/** A checkout without stored credentials: depth 1, `persist-credentials: false`. */
function checkout(line = "42"): string {
  const workspace = clones.clone(bare, { depth: 1 });
  git(workspace, "remote", "set-url", "origin", `${server.address}/${bare.slice(clones.folder.length + 1)}`);
  writeFileSync(join(workspace, "agent.mjs"), agent(line));
  return workspace;
}

/** Runs the action there with a token of that right. */
function act(workspace: string, event: typeof PUSH, token: string) {
  return runShippedAction({
    workspace,
    event,
    // The API does not answer; only git needs the token here.
    github: { url: "http://127.0.0.1:1", token },
    environment: { GITHUB_SERVER_URL: server.address, GIT_CONFIG_GLOBAL: "/dev/null" },
  });
}

beforeAll(async () => {
  bare = clones.bare();
  const clone = clones.clone(bare);
  const config = CONFIG.replace('history: "evals/history.jsonl"', `history: { branch: "${BRANCH}" }`).replace(
    "evals/cases.jsonl",
    "cases.jsonl",
  );
  writeFileSync(join(clone, "tracegate.config.ts"), config);
  writeFileSync(join(clone, "cases.jsonl"), `${JSON.stringify(CASE)}\n`);
  writeFileSync(join(clone, ".gitignore"), "tracegate*\n!tracegate.config.ts\n");
  git(clone, "add", ".");
  git(clone, "commit", "--quiet", "-m", "Add the agent");
  git(clone, "push", "--quiet");
  server = await startGitServer(clones.folder, { "reading-token": "read", "writing-token": "write" });
});
afterAll(async () => {
  await server.close();
  clones.remove();
});

/** What happens to one repository, in order. */
describe.skipIf(!canServeGit)(
  "the action with main's history on a branch (skipped where git has no http-backend)",
  () => {
    it("pushes what a push to main proved, and masks the token in both its forms", async () => {
      for (const _ of [1, 2, 3]) {
        const step = await act(checkout(), PUSH, "writing-token");
        expect(step.exitCode, step.log).toBe(0);
        const masked = step.commands.filter(({ name }) => name === "add-mask").map(({ data }) => data);
        expect(masked).toEqual(expect.arrayContaining(["writing-token", basicOf("writing-token")]));
        expect(step.commands.filter(({ data }) => data.includes("did not enter"))).toEqual([]);
      }
      expect(git(bare, "rev-list", "--count", BRANCH)).toBe("3");
    }, 60_000);

    it("reads it on a pull request with a token that may only read, and blocks what main passes", async () => {
      const before = git(bare, "rev-parse", BRANCH);
      const step = await act(checkout("41"), PULL_REQUEST, "reading-token");
      expect(step.exitCode, step.log).toBe(1);
      expect(step.outputs.verdict).toBe("block");
      const page = readFileSync(step.outputs.html ?? "", "utf8");
      expect(page).toMatch(/Then, on main.*42 .*Now, with this change.*41 /s);
      expect(git(bare, "rev-parse", BRANCH)).toBe(before);
    }, 60_000);

    it("warns when the token may not push, and leaves the verdict as it is", async () => {
      const step = await act(checkout(), PUSH, "reading-token");
      expect(step.exitCode, step.log).toBe(0);
      expect(step.outputs.verdict).toBe("pass");
      const warnings = step.commands.filter(({ name }) => name === "warning").map(({ data }) => data);
      expect(warnings.join("\n")).toContain("The trials did not enter the history of main.");
      expect(step.summary).toContain("The history could not be pushed");
    }, 60_000);

    it("is inconclusive, not green, when the branch cannot be read", async () => {
      const step = await act(checkout("41"), PULL_REQUEST, "no-such-token");
      expect(step.outputs.verdict, step.log).toBe("inconclusive");
      expect(step.summary).toContain("no history of main could be read");
      const release = { ...PUSH, ref: "refs/tags/v1" };
      expect((await act(checkout("41"), release, "no-such-token")).exitCode).toBe(1);
    }, 60_000);
  },
);
