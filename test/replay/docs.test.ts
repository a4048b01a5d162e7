import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";

import { temporaryFolders } from "../datasets/temporary-folder.ts";
import { blocksOf, REPOSITORY } from "../e2e/readme/blocks.ts";
import { ORDER, replaying } from "./recordings.ts";

const blocks = blocksOf(readFileSync(join(REPOSITORY, "docs/replay.md"), "utf8"));
const newFolder = temporaryFolders();

/** Files of `test/replay/docs`, which `npm run types` checks, by the block they hold. */
const FILES: Readonly<Record<string, string>> = {
  "A gate over replay / ts / 1": "tracegate.config.ts",
  "Where the agent finds the recorded answers / ts / 1": "addresses.ts",
  "Tools / ts / 1": "tool.ts",
  "Faults on purpose / ts / 1": "faults.ts",
};

function textOf(name: string): string {
  const block = blocks.find((each) => each.name === name);
  if (block === undefined) throw new Error(`docs/replay.md has no block ${name}.`);
  return block.text;
}

/** Imports a block, with this repository in the place of the package. */
async function load(name: string) {
  const source = (file: string) => pathToFileURL(join(REPOSITORY, "src", file)).href;
  const text = textOf(name)
    .replace('"tracegate"', JSON.stringify(source("index.ts")))
    .replace('"tracegate/testing"', JSON.stringify(source("testing/index.ts")));
  const path = join(newFolder(), "block.ts");
  writeFileSync(path, text);
  return import(path);
}

afterEach(() => vi.unstubAllEnvs());

describe("docs/replay.md", () => {
  it("has no block that this test does not know", () => {
    const known = [...Object.keys(FILES), "Tools / python / 1", "What is refused / text / 1"];
    expect(blocks.map(({ name }) => name).toSorted()).toEqual(known.toSorted());
  });

  it.each(Object.entries(FILES))("has types that hold: %s", (name, file) => {
    expect(`${textOf(name)}\n`).toBe(readFileSync(join(import.meta.dirname, "docs", file), "utf8"));
  });

  it("configures a gate over replay", async () => {
    const { default: config } = await load("A gate over replay / ts / 1");
    expect(config.gate.task).toMatchObject({
      kind: "replay",
      description: "python3 agent.py over replay (models-live)",
    });
  });

  it.each(["Where the agent finds the recorded answers / ts / 1", "Faults on purpose / ts / 1"])(
    "makes tasks: %s",
    async (name) => {
      const { task } = await load(name);
      expect(task.kind).toBe("replay");
    },
  );

  it("wraps a tool in TypeScript: itself outside a replay, the recorded answer inside", async () => {
    const { getOrder } = await load("Tools / ts / 1");
    vi.stubEnv("TRACEGATE_REPLAY_URL", "");
    vi.stubGlobal("fetch", async (url: string) => Response.json({ asked: url }));
    expect(await getOrder({ order_id: "A-1" })).toEqual({ asked: "https://shop.example/orders/A-1" });
    vi.unstubAllGlobals();
    await replaying({}, async ({ url }) => {
      vi.stubEnv("TRACEGATE_REPLAY_URL", url);
      expect(await getOrder({ order_id: "A-1" })).toEqual(ORDER);
      await expect(getOrder({ order_id: "A-2" })).rejects.toThrow("The replay diverged from");
    });
  });

  it("wraps a tool in Python the same way", async () => {
    const use = `${textOf("Tools / python / 1")}\nprint(replay_tool("get_order", lambda order_id: "live")(order_id="A-1"))`;
    const run = async (TRACEGATE_REPLAY_URL: string) =>
      (
        await promisify(execFile)("python3", ["-c", use], { env: { ...process.env, TRACEGATE_REPLAY_URL } })
      ).stdout.trim();
    expect(await run("")).toBe("live");
    await replaying({}, async ({ url }) => {
      expect(await run(url)).toContain("'eta': '2026-11-24'");
    });
  });

  it("shows the sentence of a divergence as it is", async () => {
    await replaying({ recordingPath: "evals/recordings/97147580c4af5062.json" }, async ({ url, session }) => {
      await fetch(`${url}/tools/get_order`, { method: "POST", body: '{"order_id":"A-2"}' });
      expect(session.end(false).fault?.message).toBe(textOf("What is refused / text / 1"));
    });
  });
});
