import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { textOf } from "../../../src/core/message.ts";
import { type ModelServer, startModelServer } from "../../../src/llmwire/model-server.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";
import { configOf, git, ShopRepository } from "./shop-repository.ts";

/** The provider: until its model changes it follows its instructions. */
const provider = { model: "shop-model-1", follows: true };
const folder = temporaryFolder();
const shop = new ShopRepository(join(folder.path, "shop"));
/** Where worktrees are made, so that one left behind is seen. */
const temporary = join(folder.path, "tmp");
const env = { RUNNER_TEMP: temporary };
let server: ModelServer;

beforeAll(async () => {
  server = await startModelServer({
    reply: ({ messages }) => {
      const asked = messages.map(textOf).join("\n");
      const good = provider.follows && asked.includes("Name the day");
      return { text: `${good ? "On Monday." : "I do not know."} ${asked.slice(-36)}`, model: provider.model };
    },
  });
  shop.write({ "../tmp/.keep": "" });
  await shop.begin(server.url);
}, 60_000);
afterAll(async () => {
  await server.close();
  folder.remove();
});
beforeEach(() => {
  Object.assign(provider, { model: "shop-model-1", follows: true });
  shop.git("checkout", "--quiet", "--force", "-B", "change", "main");
});

const worktrees = () => shop.git("worktree", "list", "--porcelain").match(/^worktree /gm)?.length;
const leftBehind = () => readdirSync(temporary).filter((name) => name.startsWith("tracegate-main-"));

/** A change of the agent alone that loses the day. */
function breakPrompt(): void {
  shop.write({ "prompt.txt": "Answer shortly.\n" });
  shop.commit("Shorten the prompt");
}

describe("the gate of a repository, before it blames a change", () => {
  it("is stale with 4 when the model has changed for everybody, and says which model answers now", async () => {
    Object.assign(provider, { model: "shop-model-2", follows: false });
    shop.write({ "README.md": "Nothing to do with the agent.\n" });
    shop.commit("Write a README");
    const { exitCode, report } = await shop.report([], { env });
    expect(report.verdict.title).toBe(
      "Stale: main now fails 3 cases that its history passes, so failing here is no fault of this change.",
    );
    expect(exitCode).toBe(4);
    expect(report.verdict).toMatchObject({ status: "stale", controlled: true });
    expect(report.control).toMatchObject({ base: "main", commit: shop.git("rev-parse", "main").trim() });
    expect(report.control?.moved[0]).toBe(
      "Models that answer main and this change now: shop-model-2 (openai).",
    );
    expect(worktrees()).toBe(1);
    expect(leftBehind()).toEqual([]);
  });

  it("blocks with 1 a change of the agent, controlled by main's own code, prompt and working directory", async () => {
    breakPrompt();
    const page = join(folder.path, "page.html");
    const { exitCode, report } = await shop.report(["--html", page], { env });
    expect(exitCode).toBe(1);
    expect(report.verdict).toMatchObject({ status: "block", controlled: true });
    const answers = report.control?.results.map(({ trace }) => trace?.output ?? "");
    expect(answers?.every((answer) => answer.startsWith("On Monday."))).toBe(true);
    expect(report.verdict.reasons.join("\n")).toMatch(
      /Main was tried again beside this change: it passed (\d+) of \1 trials, this change 0 of \1\./,
    );
    expect(worktrees()).toBe(1);
    expect(leftBehind()).toEqual([]);
    expect(existsSync(page)).toBe(true);
  });

  it("holds both against the scorers and cases of the change", async () => {
    shop.write({ "tracegate.config.ts": configOf("", "/Tuesday/") });
    shop.commit("Want another day");
    const { report } = await shop.report([], { env });
    expect(report.verdict.status).toBe("stale");
  });
});

describe("the set-up of main", () => {
  const needsBuild = {
    "place.mjs":
      'import { readFileSync } from "node:fs";\nexport const { BASE } = JSON.parse(readFileSync("built.json", "utf8"));\n',
    "build.mjs":
      'import { writeFileSync } from "node:fs";\nconsole.log("building");\nwriteFileSync("built.json", JSON.stringify({ BASE: process.argv[2] }));\n',
  };
  const mainWith = (config: string) => {
    shop.git("checkout", "--quiet", "--detach", "main");
    shop.write({ ...needsBuild, "tracegate.config.ts": config });
    shop.commit("Build before running");
    shop.git("branch", "--force", "built");
    shop.write({ "built.json": JSON.stringify({ BASE: server.url }) });
    breakPrompt();
  };

  it("is run in main's checkout before its agent is", async () => {
    mainWith(configOf(`{ setup: ["node", "build.mjs", ${JSON.stringify(server.url)}] }`));
    const { report } = await shop.report(["--base", "built"], { env });
    expect(report.verdict).toMatchObject({ status: "block", controlled: true });
    expect(readFileSync(join(shop.path, ".tracegate/control.log"), "utf8")).toContain("building");
  });

  it("leaves the block uncontrolled when it fails, and shows the end of what it printed", async () => {
    mainWith(configOf('{ setup: "echo no such package; exit 7" }'));
    const { exitCode, report } = await shop.report(["--base", "built"], { env });
    expect(exitCode).toBe(1);
    expect(report.verdict.controlled).toMatch(
      /^the set-up command `echo no such package; exit 7` ended with exit code 7\. Its last lines \(all in .*control\.log\): no such package$/,
    );
    expect(report.verdict.reasons.join("\n")).toContain("Not controlled: ");
    expect(leftBehind()).toEqual([]);
  });

  it("leaves the block uncontrolled when it is missing and the agent of main does not run without", async () => {
    mainWith(configOf("{}"));
    const { exitCode, report } = await shop.report(["--base", "built"], { env });
    expect(exitCode).toBe(1);
    expect(report.verdict.controlled).toMatch(/^main's agent could not be tried: .*built\.json/s);
    expect(leftBehind()).toEqual([]);
  });

  it("is stopped by SIGTERM, and its worktree goes with it", async () => {
    mainWith(configOf('{ setup: "echo started > ../started; sleep 60" }'));
    const started = join(temporary, "started");
    const { exitCode } = await shop.gate(["--base", "built"], {
      env,
      onStart: async (child) => {
        await expect.poll(() => existsSync(started), { timeout: 20_000 }).toBe(true);
        child.kill("SIGTERM");
      },
    });
    expect(exitCode).toBe(3);
    expect(worktrees()).toBe(1);
    expect(leftBehind()).toEqual([]);
  });
});

describe("the base of a change", () => {
  const clone = async (name: string, ...args: string[]) => {
    const path = join(folder.path, name);
    git(folder.path, "clone", "--quiet", ...args, `file://${shop.path}`, path);
    return new ShopRepository(path);
  };

  it("is fetched into a shallow clone, as a runner makes it", async () => {
    breakPrompt();
    shop.git("checkout", "--quiet", "main");
    const shallow = await clone("shallow", "--depth=1", "--branch=change");
    expect(shallow.git("rev-list", "--count", "HEAD").trim()).toBe("1");
    const { report } = await shallow.report([], { env: { ...env, GITHUB_BASE_REF: "main" } });
    expect(report.verdict).toMatchObject({ status: "block", controlled: true });
    expect(report.control).toMatchObject({
      base: "origin/main",
      commit: shop.git("rev-parse", "main").trim(),
    });
  });
});
