import { resolve } from "node:path";

import type { Config } from "../config/schema.ts";
import type { History } from "../core/run.ts";
import { fileHistory } from "../datasets/file-history.ts";
import { gitHistory } from "../datasets/git-history.ts";
import type { GatePlace } from "./gate-setup.ts";

/** Main's history as the configuration places it: in a file, or on a branch. Nothing is read before it is asked. */
export function openHistory(
  { gate }: Config,
  { cwd, env, gitToken: token }: Pick<GatePlace, "cwd" | "env" | "gitToken">,
): History {
  const { history, historyWindow: window } = gate;
  if (typeof history === "string") return fileHistory(resolve(cwd, history), { window });
  const { branch, remote } = history;
  return gitHistory({
    cwd,
    env,
    branch,
    window,
    ...(remote === undefined ? {} : { remote }),
    ...(token ? { token } : {}),
  });
}
