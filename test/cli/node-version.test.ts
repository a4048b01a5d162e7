import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import { REPOSITORY } from "../e2e/readme/blocks.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { MAIN } from "./run-cli.ts";

const OLDEST = "22.18";

/** A Node of this machine that is too old; undefined: there is none. */
const OLD_NODE = ["/usr/bin/node", "/usr/local/bin/node"].find((path) => {
  const version = /^v(\d+)\./.exec(spawnSync(path, ["--version"], { encoding: "utf8" }).stdout ?? "");
  return version !== null && Number(version[1]) < 22;
});

describe("the Node that is needed", () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());

  it("is the same in package.json, the README and the program", () => {
    const read = (path: string) => readFileSync(join(REPOSITORY, path), "utf8");
    expect(JSON.parse(read("package.json")).engines).toEqual({ node: `>=${OLDEST}` });
    expect(read("README.md")).toContain(`Needs Node ${OLDEST} or newer`);
    expect(read("src/cli/main.ts")).toContain(`Node ${OLDEST} or newer is needed`);
  });

  it.skipIf(OLD_NODE === undefined)("is named to whoever has an older one (skipped without one)", () => {
    // What is built of it is the same text: it has no types.
    const program = join(folder.path, "main.mjs");
    copyFileSync(MAIN, program);
    const { status, stdout, stderr } = spawnSync(OLD_NODE ?? "", [program, "gate"], { encoding: "utf8" });
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(
      /^tracegate: this is Node v\d+\.\d+\.\d+; Node 22\.18 or newer is needed\. Install one, or let your project bring its own: npm install --save-dev node@24\n$/,
    );
  });
});
