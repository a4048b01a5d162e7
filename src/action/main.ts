/** The program that `action.yml` starts. */
import { setFailed } from "@actions/core";

import { resolveSelf } from "../config/resolve-self.ts";
import { messageOf } from "../core/errors.ts";
import { escapeLog } from "./escape.ts";
import { runAction } from "./run-action.ts";

const stop = new AbortController();
// The runner sends SIGINT when a job is cancelled, and SIGTERM 7.5 s later.
process.on("SIGINT", () => stop.abort());
process.on("SIGTERM", () => stop.abort());

// Beside this file in dist/action; a repository that has installed the package uses its own.
resolveSelf(
  {
    index: new URL("./tracegate.js", import.meta.url).href,
    testing: new URL("./testing.js", import.meta.url).href,
  },
  "installed",
);

let exitCode: number;
try {
  exitCode = await runAction(process.env, stop.signal);
} catch (error) {
  setFailed(escapeLog(messageOf(error), 2000));
  exitCode = 2;
}
// An agent run as a module may have left timers or sockets behind; the step is over all the same.
process.exit(exitCode);
