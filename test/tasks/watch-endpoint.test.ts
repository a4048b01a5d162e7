import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";

const CHILD = fileURLToPath(new URL("./asking-child.ts", import.meta.url));

describe.each(["process", "thread"])("an agent in a %s", (isolation) => {
  let outputs: { [agent: string]: { answer?: string; spans?: string; fault?: unknown } } = {};

  async function run(environment: { [name: string]: string } = {}) {
    const env = { ...process.env, NODE_OPTIONS: "", ...environment };
    const { stdout } = await promisify(execFile)(process.execPath, [CHILD, isolation], { env });
    return JSON.parse(stdout);
  }

  beforeAll(async () => {
    outputs = await run();
  }, 30_000);

  it("that never asks where spans go is known to have sent none, and what it prints is not our output", () => {
    expect(outputs.nothing).toEqual({ answer: "a 1 with a path", spans: "none" });
  });

  it("may set, read and delete other variables", () => {
    expect(outputs.setsVariables).toEqual({ answer: "2 true", spans: "none" });
  });

  it.each(["readsEndpoint", "readsVariable", "readsImportedVariable", "startsProcess", "registersProvider"])(
    "that %s may have sent some",
    (name) => {
      expect(outputs[name]?.answer).toBeTruthy();
      expect(outputs[name]?.spans).toBeUndefined();
    },
  );

  it("may have sent some when a module was preloaded that could have asked before", async () => {
    const preloaded = await run({ NODE_OPTIONS: "--import data:text/javascript," });
    expect(preloaded.nothing).toEqual({ answer: "a 1 with a path" });
  }, 30_000);
});
