import { describe, expect, it } from "vitest";

import { basicOf } from "../../src/datasets/git-credentials.ts";
import { gitHistory } from "../../src/datasets/git-history.ts";
import { trialOf } from "../contracts/history.ts";
import { GIT_ENVIRONMENT, type GitClones, git, gitClones } from "./git-clones.ts";
import { canServeGit, startGitServer } from "./git-server.ts";

const KEY = "0123456789abcdef";
const RIGHTS = { reader: "read", writer: "write" } as const;

/** A shallow clone made as a workflow makes it, whose remote asks for a token from now on. */
async function guardedClone(clones: GitClones) {
  const bare = clones.bare();
  const clone = clones.clone(bare, { depth: 1 });
  const server = await startGitServer(clones.folder, RIGHTS);
  git(clone, "remote", "set-url", "origin", `${server.address}/${bare.slice(clones.folder.length + 1)}`);
  const history = (token?: string, env = GIT_ENVIRONMENT) =>
    gitHistory({
      cwd: clone,
      env,
      branch: "tracegate/history",
      ...(token === undefined ? {} : { token: { server: server.address, token } }),
    });
  return { clone, server, history };
}

describe.skipIf(!canServeGit)(
  "a history branch behind a token (skipped where git has no http-backend)",
  () => {
    const newClones = gitClones();

    it("is written with a token that may write, read with one that may read, and told apart from an empty one", async () => {
      const { server, history } = await guardedClone(newClones());
      try {
        await history("writer").record([trialOf()]);
        expect(await history("reader").entries([KEY])).toMatchObject([{ trials: 1 }]);
        await expect(history().entries([KEY])).rejects.toMatchObject({
          code: "refused",
          message: expect.stringMatching(/cannot be read: .*Give the workflow a token that may read/),
        });
        const refused = history("reader").record([trialOf({ at: 2_000 })]);
        await expect(refused).rejects.toMatchObject({ code: "refused", retryable: false });
        await expect(refused).rejects.toThrow(/403.*contents: write.*the trials wait in this clone/);
      } finally {
        await server.close();
      }
    });

    it("shows the token to its own server only, and leaves no trace of it in the clone", async () => {
      const { clone, server, history } = await guardedClone(newClones());
      try {
        const elsewhere = gitHistory({
          cwd: clone,
          env: GIT_ENVIRONMENT,
          branch: "tracegate/history",
          token: { server: "https://github.com", token: "writer" },
        });
        await expect(elsewhere.entries([KEY])).rejects.toMatchObject({ code: "refused" });
        await history("writer").record([trialOf()]);
        const kept = git(clone, "config", "--list");
        expect(kept).not.toContain("writer");
        expect(kept).not.toContain(basicOf("writer"));
      } finally {
        await server.close();
      }
    });

    it("prefers the credentials that the clone has, as actions/checkout leaves them", async () => {
      const { clone, server, history } = await guardedClone(newClones());
      try {
        git(
          clone,
          "config",
          `http.${server.address}/.extraheader`,
          `AUTHORIZATION: basic ${basicOf("writer")}`,
        );
        await history("reader").record([trialOf()]);
        expect(await history("reader").entries([KEY])).toMatchObject([{ trials: 1 }]);
      } finally {
        await server.close();
      }
    });

    it("keeps settings that the environment has for git already", async () => {
      const { server, history } = await guardedClone(newClones());
      try {
        const settings = {
          GIT_CONFIG_COUNT: "1",
          GIT_CONFIG_KEY_0: `url.${server.address}/.insteadOf`,
          GIT_CONFIG_VALUE_0: "http://nowhere.invalid/",
        };
        await history("writer", { ...GIT_ENVIRONMENT, ...settings }).record([trialOf()]);
        expect(await history("reader").entries([KEY])).toMatchObject([{ trials: 1 }]);
      } finally {
        await server.close();
      }
    });
  },
);
