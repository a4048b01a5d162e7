import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";

import { locateCases } from "../../src/app/case-lines.ts";

const folder = mkdtempSync(join(tmpdir(), "tracegate-lines-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A case; what is no id stands as it is. */
function lineOf(id: string): string {
  if (!/^\w+$/.test(id)) return id;
  const messages = [{ role: "user", parts: [{ type: "text", content: "What?" }] }];
  return JSON.stringify({
    v: 1,
    id,
    input: { messages },
    mustPass: [],
    tags: [],
    source: { kind: "written" },
  });
}

it("finds the line of every case, past blank and broken lines, the first one of a twin", async () => {
  const lines = (...ids: string[]) => ids.map(lineOf).join("\n");
  writeFileSync(join(folder, "a.jsonl"), `${lines("one", "", "not json", "two", "one")}\n{"id":3}\n`);
  writeFileSync(join(folder, "b.jsonl"), lines("three", "two"));
  const found = await locateCases(["a.jsonl", "missing.jsonl", "b.jsonl"], folder);
  expect([...found].map(([id, { path, line }]) => [id, path, line])).toEqual([
    ["one", "a.jsonl", 1],
    ["two", "a.jsonl", 4],
    ["three", "b.jsonl", 1],
  ]);
  expect(found.get("two")?.case.input.messages[0]?.role).toBe("user");
});
