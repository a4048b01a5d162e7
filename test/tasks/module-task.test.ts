import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";

import { moduleTask } from "../../src/tasks/module-task.ts";
import { taskContract } from "../contracts/task.ts";
import { caseOf } from "../datasets/case-of.ts";
import { temporaryFolders } from "../datasets/temporary-folder.ts";

const AGENTS = relative(process.cwd(), fileURLToPath(new URL("./agents.ts", import.meta.url)));
const newFolder = temporaryFolders();

afterEach(() => {
  delete process.env.PID_FILE;
});

taskContract("a module", {
  make(behaviour, { timeoutMs, pidFile }) {
    process.env.PID_FILE = pidFile;
    return moduleTask({ path: AGENTS, export: behaviour, timeoutMs });
  },
  missing: () => moduleTask({ path: "./no/such/agent.ts" }),
  newPidFile: () => join(newFolder(), "pids"),
  readPids: async (path) => (await readFile(path, "utf8")).trim().split("\n").map(Number),
});

describe("a module task", () => {
  const setting = {
    trial: 1,
    endpoint: "http://127.0.0.1:9",
    traceparent: "00-x",
    signal: new AbortController().signal,
  };
  const run = (name: string) => moduleTask({ path: AGENTS, export: name }).run(caseOf("a"), setting);

  it("takes an answer in an object too", async () => {
    expect(await run("answersAsObject")).toMatchObject({ answer: "answer to a" });
  });

  it("says which functions there are when the named one is not", async () => {
    const { fault } = await run("answer");
    expect(fault?.message).toContain(
      `${AGENTS}#answer: Error: it exports no function named answer, but answers, `,
    );
  });

  it("reports an agent that ends the process before it answers", async () => {
    const { fault } = await run("exits");
    expect(fault?.code).toBe("agent-crashed");
    expect(fault?.message).toContain("the process ended before the agent answered");
  });

  it.each(["process", "thread"] as const)(
    "tells a module that throws from one that is not installed, in a %s",
    async (isolation) => {
      const codeOf = async (path: string, name: string) => {
        const task = moduleTask({ path, export: name, isolation });
        const { fault } = await task.run(caseOf("a"), setting);
        await task.close();
        return fault?.code;
      };
      expect(await codeOf(AGENTS, "fails")).toBe("agent-crashed");
      expect(await codeOf(AGENTS.replace("agents", "throws-on-load"), "default")).toBe("agent-crashed");
      expect(await codeOf(AGENTS, "importsWhatIsNotInstalled")).toBe("agent-failed-to-start");
      expect(await codeOf(AGENTS, "noSuchExport")).toBe("agent-failed-to-start");
      expect(await codeOf("./no/such/agent.ts", "default")).toBe("agent-failed-to-start");
    },
  );

  it("does not wait for what an agent leaves running", async () => {
    const started = performance.now();
    expect(await run("leavesTimer")).toMatchObject({ answer: "answer to a" });
    expect(performance.now() - started).toBeLessThan(8_000);
  });

  it("gives every trial a process of its own, several at once", async () => {
    const outputs = await Promise.all(["answersAsObject", "fails", "answersAsObject"].map(run));
    expect(outputs.map(({ answer }) => answer)).toEqual(["answer to a", undefined, "answer to a"]);
  });
});
