import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";

import { mainPreparer } from "../../../src/app/control/prepare-main.ts";
import { defaultConfig } from "../../../src/config/parse-config.ts";
import type { ConfigInput } from "../../../src/config/schema.ts";
import { commandTask } from "../../../src/tasks/command-task.ts";
import { httpTask } from "../../../src/tasks/http-task.ts";
import { caseOf } from "../../datasets/case-of.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";

const folder = temporaryFolder();
const root = join(realpathSync(folder.path), "shop");
const temporary = join(folder.path, "tmp");
mkdirSync(temporary);
afterAll(() => folder.remove());

const git = (...args: string[]) =>
  execFileSync(
    "git",
    ["-c", "user.name=t", "-c", "user.email=t@localhost", "-c", "commit.gpgsign=false", ...args],
    {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    },
  ).trim();

function write(files: { readonly [path: string]: string }): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

function commit(files: { readonly [path: string]: string } = {}): void {
  write(files);
  git("add", "--all");
  git("commit", "--quiet", "--allow-empty", "--message", "A commit");
}

/** Says its version, and what package it finds. */
const CONFIG = `
import { commandTask, defineConfig } from "tracegate";
console.log("the configuration speaks");
const script = "import('greeting').then(({ hello }) => hello, () => 'no package').then((word) => console.log('main', word, process.cwd()))";
export default defineConfig({ gate: { task: commandTask({ command: [process.execPath, "-e", script] }) } });
`;

beforeEach(() => {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root);
  git("init", "--quiet", "--initial-branch=main");
  commit({ "tracegate.config.ts": CONFIG, ".gitignore": "node_modules/\n.tracegate/\n" });
  git("switch", "--quiet", "--create", "change");
  commit({ "README.md": "A change.\n" });
});

const { PATH = "", HOME = "" } = process.env;

/** Makes main ready as the gate does, with a task of the change that is never run. */
function prepare(
  control?: NonNullable<ConfigInput["gate"]>["control"],
  place: Partial<Parameters<typeof mainPreparer>[0]> = {},
) {
  const open = mainPreparer({
    cwd: root,
    env: { PATH, HOME, RUNNER_TEMP: temporary },
    config: defaultConfig({ gate: control === undefined ? {} : { control } }),
    configPath: join(root, "tracegate.config.ts"),
    task: commandTask({ command: ["true"] }),
    ...place,
  });
  return open(undefined);
}

async function reasonOf(...args: Parameters<typeof prepare>): Promise<string> {
  const main = await prepare(...args);
  if ("reason" in main) return main.reason;
  await main.close();
  return "none";
}

/** What main's agent says. */
async function answerOf(...args: Parameters<typeof prepare>): Promise<string | undefined> {
  const main = await prepare(...args);
  if ("reason" in main) throw new Error(main.reason);
  const setting = { trial: 1, endpoint: "http://127.0.0.1:1", traceparent: "00-1-1-01" };
  const output = await main.task.run(caseOf("one"), { ...setting, signal: new AbortController().signal });
  await main.close();
  return output.answer ?? output.fault?.message;
}

const leftBehind = () => readdirSync(temporary);

describe("main, made ready to be tried", () => {
  it("is the merge base, in a folder of its own that goes when it is closed", async () => {
    const main = await prepare();
    if ("reason" in main) throw new Error(main.reason);
    expect(main).toMatchObject({ commit: git("rev-parse", "main"), base: "main" });
    expect(main.task).toMatchObject({ kind: "command", description: expect.stringContaining("greeting") });
    expect(leftBehind()).toHaveLength(1);
    expect(git("worktree", "list").split("\n")).toHaveLength(2);
    expect(readFileSync(join(root, ".tracegate/control.log"), "utf8")).toBe("the configuration speaks\n");
    await main.close();
    expect(leftBehind()).toEqual([]);
    expect(git("worktree", "list").split("\n")).toHaveLength(1);
  });

  it("begins anew when it is renewed", async () => {
    git("switch", "--quiet", "main");
    commit({
      "tracegate.config.ts": `
import { defineConfig, moduleTask } from "tracegate";
export default defineConfig({ gate: { task: moduleTask({ path: "agent.mjs", isolation: "thread" }) } });
`,
      "agent.mjs": "let served = 0;\nexport default () => String((served += 1));\n",
    });
    git("switch", "--quiet", "--force-create", "change");
    commit({ "README.md": "A change.\n" });
    const main = await prepare({});
    if ("reason" in main) throw new Error(main.reason);
    const setting = { trial: 1, endpoint: "http://127.0.0.1:1", traceparent: "00-1-1-01" };
    const signal = new AbortController().signal;
    const answer = async () => (await main.task.run(caseOf("one"), { ...setting, signal })).answer;
    expect([await answer(), await answer()]).toEqual(["1", "2"]);
    await main.task.renew?.();
    expect(await answer()).toBe("1");
    await main.close();
  });

  it("runs in the folder of the gate, also when that is not the root", async () => {
    git("switch", "--quiet", "main");
    commit({ "shop/tracegate.config.ts": CONFIG });
    git("switch", "--quiet", "--force-create", "change");
    commit({ "shop/README.md": "A change.\n" });
    const cwd = join(root, "shop");
    expect(await answerOf({}, { cwd, configPath: join(cwd, "tracegate.config.ts") })).toMatch(
      /^main no package .*tracegate-main-\w+\/shop$/,
    );
  });

  it("takes the branch that the runner names, one that is named, and changes that are not committed", async () => {
    const base = async (place: Parameters<typeof prepare>[1], control?: Parameters<typeof prepare>[0]) => {
      const main = await prepare(control, place);
      if ("reason" in main) return main.reason;
      await main.close();
      return main.base;
    };
    git("branch", "--quiet", "develop", "main");
    git("branch", "--quiet", "other", "main");
    const env = { PATH, HOME, RUNNER_TEMP: temporary, GITHUB_BASE_REF: "develop" };
    expect(await base({ env })).toBe("develop");
    expect(await base({ env }, { base: "main" })).toBe("main");
    expect(await base({ env, base: "other" }, { base: "main" })).toBe("other");
    expect(await base({ base: "HEAD" })).toBe(
      "what is checked out is HEAD itself, so there is no change to blame",
    );
    write({ "README.md": "Not committed.\n" });
    expect(await base({ base: "HEAD" })).toBe("HEAD");
  });

  it("removes what a gate that died left behind, and nothing that others made", async () => {
    const dead = join(temporary, "tracegate-main-dead");
    const mine = join(folder.path, "mine");
    git("worktree", "add", "--quiet", "--detach", dead, "main");
    git("worktree", "lock", "--reason", `tracegate ${hostname()}|999999999|1|dead`, dead);
    git("worktree", "add", "--quiet", "--detach", mine, "main");
    expect(await reasonOf()).toBe("none");
    expect(existsSync(dead)).toBe(false);
    expect(existsSync(mine)).toBe(true);
    git("worktree", "remove", mine);
  });
});

describe("main without a set-up of its own", () => {
  const packages = (hello: string) => ({
    "node_modules/greeting/package.json": '{ "name": "greeting", "type": "module", "exports": "./index.js" }',
    "node_modules/greeting/index.js": `export const hello = ${JSON.stringify(hello)};`,
  });
  const manifest = (content: object) => ({ "package.json": JSON.stringify({ type: "module", ...content }) });

  /** A main with these files, and a change with those. */
  function repository(
    main: { readonly [path: string]: string },
    change: { readonly [path: string]: string },
  ): void {
    git("switch", "--quiet", "main");
    commit(main);
    git("switch", "--quiet", "--force-create", "change");
    commit(change);
  }

  it("uses the packages that are installed for the change, where both need the same", async () => {
    repository(
      manifest({ dependencies: { greeting: "1.0.0" } }),
      manifest({ dependencies: { greeting: "1.0.0" }, version: "2" }),
    );
    write(packages("hello"));
    expect(await answerOf()).toMatch(/^main hello /);
    expect(existsSync(join(root, "node_modules/greeting/index.js"))).toBe(true);
  });

  it.each([
    [
      "another version",
      manifest({ dependencies: { greeting: "1.0.0" } }),
      manifest({ dependencies: { greeting: "2.0.0" } }),
      "package.json differs",
    ],
    [
      "another lock file",
      { ...manifest({}), "package-lock.json": "{}" },
      { "package-lock.json": "{ }" },
      "package-lock.json differs",
    ],
    [
      "a workspace",
      manifest({ workspaces: ["packages/*"] }),
      {},
      "the packages of a workspace are installed as links to the change",
    ],
    [
      "a package in the repository",
      manifest({ dependencies: { greeting: "file:./greeting" } }),
      {},
      "a package of package.json lies in the repository",
    ],
    [
      "Python packages",
      { "agent/pyproject.toml": "[project]" },
      {},
      "what agent/pyproject.toml asks for is not installed for main",
    ],
  ])("is not tried with %s", async (_, main, change, reason) => {
    repository(main, change);
    expect(await reasonOf()).toContain(reason);
    expect(await reasonOf()).toContain('gate.control.setup, e.g. ["npm", "ci"]');
    expect(leftBehind()).toEqual([]);
    expect(await reasonOf({})).toBe("none");
  });
});

describe("main without files that git ignores", () => {
  it("is not tried where it may fail for want of them, and is where somebody says that it needs none", async () => {
    git("switch", "--quiet", "main");
    commit({ ".gitignore": "node_modules/\n.env\ndata/\n*.log\n" });
    git("switch", "--quiet", "--force-create", "change");
    commit();
    write({ "debug.log": "made anew" });
    expect(await reasonOf()).toBe("none");
    write({ ".env": "SHOP_TONE=kind", "data/prices.json": "{}" });
    expect(await reasonOf()).toContain("git ignores .env, data/, so main's checkout lacks them");
    expect(await reasonOf({})).toBe("none");
    expect(leftBehind()).toEqual([]);
  });
});

describe("main that cannot be made ready gives a reason and leaves nothing behind", () => {
  it.each([
    [
      "the set-up takes too long",
      { setup: ["sleep", "60"], timeoutMs: 200 },
      {},
      /^the set-up command `sleep 60` did not end within 200 ms \(gate\.control\.timeoutMs\)\. It printed nothing\.$/,
    ],
    [
      "the set-up cannot be started",
      { setup: ["no-such-program"] },
      {},
      /^the set-up command `no-such-program` could not be started: .*ENOENT/,
    ],
    ["it is switched off", false, {}, /^gate\.control is false$/],
    [
      "the base is nowhere",
      {},
      { base: "nowhere" },
      /^nowhere is not in this clone and could not be fetched from origin: /,
    ],
    [
      "the agent is a service elsewhere",
      {},
      { task: httpTask({ url: "http://127.0.0.1:9/" }) },
      /is a service that tracegate does not start/,
    ],
    ["the configuration is no file", {}, { configPath: null }, /^the configuration is no file/],
    [
      "main has no such configuration",
      {},
      { namedConfig: "other.config.ts" },
      /^main's configuration cannot be loaded: There is no configuration at/,
    ],
    ["it is no git checkout", {}, { cwd: temporary }, /^this is no git checkout$/],
  ] as const)("when %s", async (_, control, place, reason) => {
    const setup =
      typeof control === "object" && "setup" in control
        ? { ...control, setup: [...control.setup] as [string, ...string[]] }
        : control;
    expect(await reasonOf(setup, place)).toMatch(reason);
    expect(leftBehind()).toEqual([]);
  });

  it("when main has no agent, or a configuration that ends its process", async () => {
    for (const [config, reason] of [
      ["export default {};", "main's configuration names no agent (gate.task)"],
      ["process.exit(3);", "main's configuration cannot be loaded: its process ended (exit code 3)"],
    ] as const) {
      git("switch", "--quiet", "main");
      commit({ "tracegate.config.ts": config });
      git("switch", "--quiet", "--force-create", "change");
      commit();
      write({ "README.md": "Another change.\n" });
      expect(await reasonOf()).toBe(reason);
      git("checkout", "--quiet", "--force", "change");
    }
    expect(leftBehind()).toEqual([]);
  });
});
