import { describe, expect, it } from "vitest";

import { type EventContext, readEvent } from "../../src/github/event.ts";

const repository = { name: "r", owner: { login: "o" }, full_name: "o/r", default_branch: "trunk" };
const context = (over: Partial<EventContext>): EventContext => ({
  eventName: "push",
  ref: "refs/heads/trunk",
  sha: "checked-out",
  payload: { repository },
  ...over,
});

describe("the event of a workflow", () => {
  it("of a pull request is a change with the author's commit", () => {
    const pull_request = { number: 4, head: { sha: "pushed", repo: { full_name: "o/r" } } };
    expect(
      readEvent(
        context({
          eventName: "pull_request",
          ref: "refs/pull/4/merge",
          payload: { repository, pull_request },
        }),
      ),
    ).toEqual({
      name: "pull_request",
      kind: "change",
      pullRequest: 4,
      headCommit: "pushed",
      fromFork: false,
    });
  });

  it.each([{ full_name: "stranger/r" }, null])(
    "of a pull request from elsewhere is from a fork: %o",
    (repo) => {
      const pull_request = { number: 4, head: { sha: "pushed", repo } };
      expect(
        readEvent(context({ eventName: "pull_request", payload: { repository, pull_request } })).fromFork,
      ).toBe(true);
    },
  );

  it.each([
    ["push", "refs/heads/trunk", "default-branch"],
    ["push", "refs/heads/feature", "other"],
    ["push", "refs/tags/v1", "release"],
    ["release", "refs/tags/v1", "release"],
    ["merge_group", "refs/heads/gh-readonly-queue/trunk/pr-4", "change"],
    ["schedule", "refs/heads/trunk", "other"],
    ["workflow_dispatch", "refs/heads/trunk", "other"],
  ])("%s on %s is %s", (eventName, ref, kind) => {
    expect(readEvent(context({ eventName, ref })).kind).toBe(kind);
  });

  it("takes the head commit of a merge queue entry", () => {
    const payload = { repository, merge_group: { head_sha: "queued" } };
    expect(readEvent(context({ eventName: "merge_group", payload })).headCommit).toBe("queued");
  });

  it("is read without a payload, as outside of GitHub", () => {
    expect(readEvent({})).toEqual({
      name: "",
      kind: "other",
      headCommit: "",
      fromFork: false,
    });
  });
});
