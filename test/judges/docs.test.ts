import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";

import { configSchema } from "../../src/config/schema.ts";
import { builtInJudges, policyAdherence } from "../../src/judges/index.ts";
import { temporaryFolders } from "../datasets/temporary-folder.ts";
import { blocksOf, REPOSITORY } from "../e2e/readme/blocks.ts";

const page = readFileSync(join(REPOSITORY, "docs/judges.md"), "utf8");
const blocks = blocksOf(page);
const newFolder = temporaryFolders();

/** Files of `test/judges/docs`, which `npm run types` checks, by the block they hold. */
const FILES: Readonly<Record<string, string>> = {
  "Your own question / ts / 1": "own-question.config.ts",
  "Conversations / ts / 1": "conversations.config.ts",
  "A cascade / ts / 1": "cascade.config.ts",
  "A panel / ts / 1": "panel.config.ts",
  "Every call is a trace / ts / 1": "audit.config.ts",
};

function textOf(name: string): string {
  const block = blocks.find((each) => each.name === name);
  if (block === undefined) throw new Error(`docs/judges.md has no block ${name}.`);
  return block.text;
}

describe("docs/judges.md", () => {
  it("has no block that this test does not know", () => {
    expect(blocks.map(({ name }) => name).toSorted()).toEqual(Object.keys(FILES).toSorted());
  });

  it.each(Object.entries(FILES))("has types that hold: %s", (name, file) => {
    const path = join(import.meta.dirname, "docs", file);
    if (process.env.UPDATE_DOCS) writeFileSync(path, `${textOf(name)}\n`);
    expect(`${textOf(name)}\n`).toBe(readFileSync(path, "utf8"));
  });

  it.each(Object.keys(FILES))("configures tracegate: %s", async (name) => {
    const index = pathToFileURL(join(REPOSITORY, "src/index.ts")).href;
    const path = join(newFolder(), "tracegate.config.ts");
    writeFileSync(path, textOf(name).replace('"tracegate"', JSON.stringify(index)));
    const { default: config } = await import(path);
    expect(() => configSchema.parse(config)).not.toThrow();
  });

  it("lists every judge that comes with tracegate, and no other", () => {
    const section = page.split(/^## /m).find((part) => part.startsWith("Built in\n")) ?? "";
    const listed = [...section.matchAll(/^\| `(\w+)\(/gm)].map(([, name]) => name);
    const all = [...builtInJudges, policyAdherence].map(({ name }) => name);
    expect(listed.toSorted()).toEqual(all.toSorted());
  });

  it("links to pages and headings that are there", () => {
    for (const [, file, heading] of page.matchAll(/\]\(([\w-]+\.md)?(?:#([\w-]+))?\)/g)) {
      const text = file === undefined ? page : readFileSync(join(REPOSITORY, "docs", file), "utf8");
      const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
        title
          .toLowerCase()
          .replace(/[^\w -]/g, "")
          .replaceAll(" ", "-"),
      );
      if (heading !== undefined) expect(headings).toContain(heading);
    }
  });
});
