// Runs every agent of asking-agents.ts once and prints what the task gave back, as JSON. A process of its own, because a
// preloaded module may have asked before, and vitest preloads one.
import { fileURLToPath } from "node:url";

import { moduleTask } from "../../src/tasks/module-task.ts";
import { caseOf } from "../datasets/case-of.ts";
import * as agents from "./asking-agents.ts";

const path = fileURLToPath(new URL("./asking-agents.ts", import.meta.url));
const isolation = process.argv[2] === "thread" ? "thread" : "process";
const { signal } = new AbortController();
const place = { endpoint: "http://127.0.0.1:9/case/a", sharedEndpoint: "http://127.0.0.1:9" };

const outputs = Object.keys(agents).map(async (name) => {
  const task = moduleTask({ path, export: name, isolation });
  const output = await task.run(caseOf("a"), { trial: 1, ...place, traceparent: "", signal });
  await task.close();
  return [name, output];
});
process.stdout.write(JSON.stringify(Object.fromEntries(await Promise.all(outputs))));
