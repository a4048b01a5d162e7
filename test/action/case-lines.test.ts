import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";

import { locateCases } from "../../src/action/case-lines.ts";

const folder = mkdtempSync(join(tmpdir(), "tracegate-lines-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("finds the line of every case, past blank and broken lines, the first one of a twin", async () => {
  writeFileSync(join(folder, "a.jsonl"), '{"id":"one"}\n\nnot json\n{"id":"two"}\n{"id":"one"}\n{"id":3}\n');
  writeFileSync(join(folder, "b.jsonl"), '{"id":"three"}');
  expect(await locateCases(["a.jsonl", "missing.jsonl", "b.jsonl"], folder)).toEqual(
    new Map([
      ["one", { path: "a.jsonl", line: 1 }],
      ["two", { path: "a.jsonl", line: 4 }],
      ["three", { path: "b.jsonl", line: 1 }],
    ]),
  );
});
