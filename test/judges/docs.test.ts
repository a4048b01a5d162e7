import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";

import { configSchema } from "../../src/config/schema.ts";
import { builtInJudges, policyAdherence } from "../../src/judges/index.ts";
import { temporaryFolders } from "../datasets/temporary-folder.ts";
import { blocksOf, REPOSITORY } from "../e2e/readme/blocks.ts";

const newFolder = temporaryFolders();
const pageOf = (page: string) => readFileSync(join(REPOSITORY, "docs", page), "utf8");
const page = pageOf("judges.md");

/** Files of `test/judges/docs`, which `npm run types` checks, by the page and the block they hold. */
const FILES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "judges.md": {
    "Your own question / ts / 1": "own-question.config.ts",
    "Conversations / ts / 1": "conversations.config.ts",
    "A cascade / ts / 1": "cascade.config.ts",
    "A panel / ts / 1": "panel.config.ts",
    "Every call is a trace / ts / 1": "audit.config.ts",
  },
  "judge-providers.md": {
    "Judge providers, and what can become of a question / ts / 1": "fallback.config.ts",
  },
  "judge-limits.md": {
    "Limits / ts / 1": "limits.config.ts",
    "Batches / ts / 1": "batches.config.ts",
    "Budget / ts / 1": "budget.config.ts",
  },
};

function textOf(file: string, name: string): string {
  const block = blocksOf(pageOf(file)).find((each) => each.name === name);
  if (block === undefined) throw new Error(`docs/${file} has no block ${name}.`);
  return block.text;
}

describe.each(Object.entries(FILES))("docs/%s", (file, blocks) => {
  it("has no block that this test does not know", () => {
    const names = blocksOf(pageOf(file)).map(({ name }) => name);
    expect(names.toSorted()).toEqual(Object.keys(blocks).toSorted());
  });

  it.each(Object.entries(blocks))("has types that hold: %s", (name, held) => {
    const path = join(import.meta.dirname, "docs", held);
    if (process.env.UPDATE_DOCS) writeFileSync(path, `${textOf(file, name)}\n`);
    expect(`${textOf(file, name)}\n`).toBe(readFileSync(path, "utf8"));
  });

  it.each(Object.keys(blocks))("configures tracegate: %s", async (name) => {
    const index = pathToFileURL(join(REPOSITORY, "src/index.ts")).href;
    const path = join(newFolder(), "tracegate.config.ts");
    writeFileSync(path, textOf(file, name).replace('"tracegate"', JSON.stringify(index)));
    const { default: config } = await import(path);
    expect(() => configSchema.parse(config)).not.toThrow();
  });

  it("links to pages and headings that are there", () => {
    for (const [, other, heading] of pageOf(file).matchAll(/\]\(([\w-]+\.md)?(?:#([\w-]+))?\)/g)) {
      const headings = [...pageOf(other ?? file).matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
        title
          .toLowerCase()
          .replace(/[^\w -]/g, "")
          .replaceAll(" ", "-"),
      );
      if (heading !== undefined) expect(headings).toContain(heading);
    }
  });
});

describe("docs/judges.md", () => {
  it("lists every judge that comes with tracegate, and no other", () => {
    const section = page.split(/^## /m).find((part) => part.startsWith("Built in\n")) ?? "";
    const listed = [...section.matchAll(/^\| `(\w+)\(/gm)].map(([, name]) => name);
    const all = [...builtInJudges, policyAdherence].map(({ name }) => name);
    expect(listed.toSorted()).toEqual(all.toSorted());
  });
});
