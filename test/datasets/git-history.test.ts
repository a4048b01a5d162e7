import { gitHistory } from "../../src/datasets/git-history.ts";
import { type HistoryContractOptions, historyContract } from "../contracts/history.ts";
import { GIT_ENVIRONMENT, GitClones } from "./git-clones.ts";

function historyIn(cwd: string, options: HistoryContractOptions = {}) {
  return gitHistory({ cwd, env: GIT_ENVIRONMENT, branch: "tracegate/history", ...options });
}

historyContract("a branch of a clone without a remote", async () => {
  const clones = new GitClones();
  const path = clones.lone();
  return { open: (options) => historyIn(path, options), remove: async () => clones.remove() };
});

historyContract("a branch of a remote, in two shallow clones by turns", async () => {
  const clones = new GitClones();
  const bare = clones.bare();
  const [one, other] = [clones.clone(bare, { depth: 1 }), clones.clone(bare, { depth: 1 })];
  let opened = 0;
  return {
    open(options) {
      opened += 1;
      return historyIn(opened % 2 === 0 ? other : one, options);
    },
    remove: async () => clones.remove(),
  };
});
