import { getOctokit } from "@actions/github";
import { describe, expect, it } from "vitest";

import { markerOf, upsertComment } from "../../src/github/upsert-comment.ts";
import { commentBy, type GitHubDouble, startGitHub } from "../action/github-double.ts";

const BOT = "github-actions[bot]";

const write = (github: GitHubDouble, body: string, key = "") =>
  upsertComment(getOctokit("token", { baseUrl: github.url }), {
    repository: { owner: "o", name: "r" },
    pullRequest: 3,
    key,
    body,
    signal: new AbortController().signal,
  });

describe("the one comment of a gate", () => {
  it("is found beyond the first page, and changed there", async () => {
    await using github = await startGitHub();
    for (let id = 1; id <= 250; id++) github.comments.push(commentBy("somebody", "hello", id));
    github.comments.push(commentBy(BOT, `${markerOf("")}\nold`, 251));
    expect(await write(github, "new")).toContain("issuecomment-251");
    expect(github.comments).toHaveLength(251);
    expect(github.comments[250]?.body).toBe(`${markerOf("")}\nnew`);
  });

  it("is one again after two runs at once have made two", async () => {
    await using github = await startGitHub();
    github.comments.push(commentBy(BOT, `${markerOf("")}\na`, 1), commentBy(BOT, `${markerOf("")}\nb`, 2));
    await write(github, "new");
    expect(github.comments.map(({ id, body }) => [id, body])).toEqual([[1, `${markerOf("")}\nnew`]]);
  });

  it("is not that of another gate, of another person, or one that quotes the marker", async () => {
    await using github = await startGitHub();
    const others = [
      commentBy(BOT, `${markerOf("other")}\nx`, 1),
      commentBy("github-actions", `${markerOf("")}\nx`, 2),
      commentBy(BOT, `> ${markerOf("")}\nx`, 3),
    ];
    github.comments.push(...others.map((one) => ({ ...one })));
    await write(github, "new");
    expect(github.comments.slice(0, 3)).toEqual(others);
    expect(github.comments).toHaveLength(4);
  });

  it("is that of the token's user, where it has one, and no bot's", async () => {
    await using github = await startGitHub();
    github.user = "deployer";
    github.comments.push(commentBy(BOT, `${markerOf("")}\nx`, 1));
    await write(github, "first");
    await write(github, "second");
    expect(github.comments.map(({ user, body }) => [user.login, body.split("\n")[1]])).toEqual([
      [BOT, "x"],
      ["deployer", "second"],
    ]);
  });

  it("keeps its marker whatever the key holds", () => {
    expect(markerOf("a --> <b> c/d")).toBe("<!-- tracegate:a%20--%3E%20%3Cb%3E%20c%2Fd -->");
  });
});
