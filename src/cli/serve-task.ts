/**
 * The program that runs main's agent when a block is in question: started in main's checkout, it serves the task of the configuration there
 * to the gate that started it. No command of its own, for nobody types it.
 */
import { existsSync } from "node:fs";

import { serveTask } from "../app/control/serve-task.ts";
import { resolveSelf } from "../config/resolve-self.ts";

const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";

/** In the action's bundle the entries are beside this file, in the sources and in the npm package one folder up. */
function find(bundled: string, unbundled: string): string {
  const beside = new URL(`./${bundled}.js`, import.meta.url);
  return existsSync(beside) ? beside.href : new URL(`../${unbundled}.${extension}`, import.meta.url).href;
}

resolveSelf(
  { index: find("tracegate", "index"), testing: find("testing", "testing/index") },
  extension === "ts" ? "own" : "installed",
);

// Ctrl-C reaches the whole group; the gate says when this ends, after the agents that run are stopped.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});

await serveTask(process);
// An agent may have left timers or sockets behind.
process.exit();
