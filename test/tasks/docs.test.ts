import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";

import { readSpans } from "../../src/otlp/read-spans.ts";
import { openCapture } from "../../src/receiver/capture.ts";
import { moduleTask } from "../../src/tasks/module-task.ts";
import { offerOwnModules } from "../../src/tasks/own-modules.ts";
import { caseOf } from "../datasets/case-of.ts";
import { temporaryFolders } from "../datasets/temporary-folder.ts";
import { blocksOf, REPOSITORY } from "../e2e/readme/blocks.ts";

const blocks = blocksOf(readFileSync(join(REPOSITORY, "docs/tasks.md"), "utf8"));
const newFolder = temporaryFolders();

/** Files of `test/tasks/docs`, which `npm run types` checks, by the block they hold. */
const FILES: Readonly<Record<string, string>> = {
  "A module / ts / 1": "module/tracegate.config.ts",
  "A module / ts / 2": "module/evals/task.ts",
  "A command / ts / 1": "command.config.ts",
  "A service / ts / 1": "started-service.config.ts",
  "A service / ts / 2": "running-service.config.ts",
  "A replay / ts / 1": "replay.config.ts",
};

const KINDS: Readonly<Record<string, string>> = {
  "A module / ts / 1": "module",
  "A command / ts / 1": "command",
  "A service / ts / 1": "http",
  "A service / ts / 2": "http",
  "A replay / ts / 1": "replay",
};

function textOf(name: string): string {
  const block = blocks.find((each) => each.name === name);
  if (block === undefined) throw new Error(`docs/tasks.md has no block ${name}.`);
  return block.text;
}

const index = pathToFileURL(join(REPOSITORY, "src/index.ts")).href;

describe("docs/tasks.md", () => {
  it("has no block that this test does not know", () => {
    const known = [
      ...Object.keys(FILES),
      "A command / python / 1",
      "A service / python / 1",
      "A service / sh / 1",
    ];
    expect(blocks.map(({ name }) => name).toSorted()).toEqual(known.toSorted());
  });

  it.each(Object.entries(FILES))("has types that hold: %s", (name, file) => {
    const path = join(import.meta.dirname, "docs", file);
    if (process.env.UPDATE_DOCS) writeFileSync(path, `${textOf(name)}\n`);
    expect(`${textOf(name)}\n`).toBe(readFileSync(path, "utf8"));
  });

  it.each(Object.entries(KINDS))("configures a gate: %s", async (name, kind) => {
    const path = join(newFolder(), "tracegate.config.ts");
    writeFileSync(path, textOf(name).replace('"tracegate"', JSON.stringify(index)));
    const { default: config } = await import(path);
    expect(config.gate.task.kind).toBe(kind);
  });

  it.each(["process", "thread"] as const)("continues the trace in its module, in a %s", async (isolation) => {
    const testing = pathToFileURL(join(REPOSITORY, "src/testing/index.ts")).href;
    offerOwnModules({ entries: { index, testing }, prefer: "own" });
    const path = join(import.meta.dirname, "docs/module/evals/task.ts");
    const capture = await openCapture();
    const task = moduleTask({ path, export: "task", isolation });
    const { signal } = new AbortController();
    try {
      const [traceId, spanId] = ["ab".repeat(16), "cd".repeat(8)];
      const place = capture.open("a", { traceId, spanId });
      const traceparent = `00-${traceId}-${spanId}-01`;
      const output = await task.run(caseOf("a"), { trial: 1, ...place, traceparent, signal });
      expect(output).toEqual({ answer: "You asked: Question a?" });
      const chunks = await capture.collect("a", { quietMs: 0, signal });
      expect(chunks.flatMap((chunk) => readSpans(chunk))).toMatchObject([
        { name: "invoke_agent shop", traceId, parentSpanId: spanId },
      ]);
    } finally {
      await Promise.all([capture.close(), task.close()]);
    }
  });

  it.each(["A command / python / 1", "A service / python / 1"])("has Python that compiles: %s", (name) => {
    const path = join(newFolder(), "block.py");
    writeFileSync(path, textOf(name));
    execFileSync("python3", ["-m", "py_compile", path], { stdio: "pipe" });
  });
});
