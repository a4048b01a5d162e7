import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, describe, expect, it } from "vitest";

import type { Task } from "../../src/core/run.ts";
import { moduleTask } from "../../src/tasks/module-task.ts";
import { type OwnModules, offerOwnModules } from "../../src/tasks/own-modules.ts";
import { caseOf } from "../datasets/case-of.ts";
import { temporaryFolders } from "../datasets/temporary-folder.ts";

const AGENT = `
import { textOf } from "tracegate";
import { makeTrace } from "tracegate/testing";

export default (input) => textOf(input.input.messages[0]) + " " + typeof makeTrace;
`;

const newFolder = temporaryFolders();
const tasks: Task[] = [];
afterEach(async () => {
  await Promise.all(tasks.splice(0).map((task) => task.close()));
});

/** A folder with the agent, outside of this repository, and our modules in another folder. */
function place() {
  const [own, project] = [newFolder(), newFolder()];
  const write = (folder: string, file: string, text: string) => {
    mkdirSync(join(folder, file, ".."), { recursive: true });
    writeFileSync(join(folder, file), text);
    return pathToFileURL(join(folder, file)).href;
  };
  const index = write(own, "index.mjs", 'export const textOf = () => "ours";');
  const testing = write(own, "testing.mjs", "export const makeTrace = () => {};");
  write(project, "agent.mjs", AGENT);
  return {
    entries: { index, testing },
    install() {
      const exported = { ".": "./index.js", "./testing": "./testing.js" };
      const manifest = { name: "tracegate", type: "module", exports: exported };
      write(project, "node_modules/tracegate/package.json", JSON.stringify(manifest));
      write(project, "node_modules/tracegate/index.js", 'export const textOf = () => "installed";');
      write(project, "node_modules/tracegate/testing.js", "export const makeTrace = {};");
    },
    path: join(project, "agent.mjs"),
  };
}

describe.each(["process", "thread"] as const)(
  "an agent's module in a %s that imports tracegate",
  (isolation) => {
    async function tried(path: string, offered: OwnModules) {
      offerOwnModules(offered);
      const task = moduleTask({ path, isolation });
      tasks.push(task);
      return task.run(caseOf("a"), {
        trial: 1,
        endpoint: "http://127.0.0.1:9",
        traceparent: "00-x",
        signal: new AbortController().signal,
      });
    }

    it.each(["own", "installed"] as const)(
      "gets ours where it is not installed (%s preferred)",
      async (prefer) => {
        const { path, entries } = place();
        expect(await tried(path, { entries, prefer })).toMatchObject({ answer: "ours function" });
      },
    );

    it("gets the installed one where there is one, unless ours is preferred", async () => {
      const { path, entries, install } = place();
      install();
      expect(await tried(path, { entries, prefer: "installed" })).toMatchObject({
        answer: "installed object",
      });
      expect(await tried(path, { entries, prefer: "own" })).toMatchObject({ answer: "ours function" });
    });
  },
);
