import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { projectFolder } from "./project-folder.ts";

const SCRIPT = join(import.meta.dirname, "../../scripts/style.ts");

const CLEAN = {
  "package.json": JSON.stringify({
    exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
  }),
  "src/index.ts": 'export { one } from "./core/one.ts";\n',
  "src/core/one.ts": "/** The number one. */\nexport const one = 1;\n",
  "test/core/one.test.ts": 'import { one } from "../../src/core/one.ts";\none;\n',
};

function style(files: { readonly [path: string]: string }, ...flags: string[]) {
  using project = projectFolder({ ...CLEAN, ...files });
  const run = spawnSync(process.execPath, [SCRIPT, project.root, ...flags], { encoding: "utf8" });
  return { status: run.status, output: run.stdout + run.stderr };
}

const lines = (count: number) => "// a line\n".repeat(count);
const functionOf = (count: number) => `export function f() {\n${"  1;\n".repeat(count - 2)}}\n`;

describe("npm run style", () => {
  it("passes a clean project and prints the yardstick beside the limits", () => {
    const { status, output } = style({});
    expect(output).toContain("any");
    expect(output).toMatch(/ok {4}lines per file, median \/ p90 +2 \/ 2 +ours: ≤ 80 \/ ≤ 220/);
    expect(output).not.toContain("FAIL");
    expect(status).toBe(0);
  });

  it("allows exactly the limits", () => {
    const { status } = style({ "src/core/long.ts": lines(400), "src/core/function.ts": functionOf(60) });
    expect(status).toBe(0);
  });

  it.each([
    ["any", { "src/core/a.ts": "\nlet x: any;\n" }, "src/core/a.ts:2: any"],
    ["as any", { "src/core/a.ts": "const x = y as any;\n" }, "src/core/a.ts:1: any"],
    ["a checker switch", { "src/core/a.ts": "\n\n// @ts-ignore\nx;\n" }, "src/core/a.ts:3: @ts-ignore"],
    ["an expected error", { "src/core/a.ts": "// @ts-expect-error\nx;\n" }, "src/core/a.ts:1: @ts-ignore"],
    [
      "an import cycle of types",
      {
        "src/core/a.ts": 'import type { B } from "./b.ts";\n',
        "src/core/b.ts": 'import type { A } from "./a.ts";\n',
      },
      "import cycle of src/core/a.ts, src/core/b.ts",
    ],
    ["a file of 401 lines", { "src/core/a.ts": lines(401) }, "src/core/a.ts:401: lines of the longest file"],
    [
      "a function of 61 lines",
      { "src/core/a.ts": `\n${functionOf(61)}` },
      "src/core/a.ts:2: functions over 60",
    ],
    [
      "an outer function that its nested functions make too long",
      { "src/core/a.ts": `const f = () => {\n${functionOf(30).replace("export ", "").repeat(2)}};\n` },
      "arrow function has 62 lines",
    ],
    ["a module mock", { "test/a.test.ts": '\nvi.mock("x");\n' }, "test/a.test.ts:2: module mocks in tests"],
    ["a jest mock", { "test/a.test.ts": 'jest.mock("x");\n' }, "test/a.test.ts:1: module mocks"],
    ["a node:test mock", { "test/a.test.ts": 'mock.module("x");\n' }, "test/a.test.ts:1: module mocks"],
    ["a file that does not parse", { "src/core/a.ts": "const = ;\n" }, "src/core/a.ts:1: syntax errors"],
  ])("fails on %s and says where", (_, files, where) => {
    const { status, output } = style(files);
    expect(output).toContain(where);
    expect(status).toBe(1);
  });

  it.each([
    ["declared in the entry", { "src/index.ts": "export const two = 2;\n" }, "src/index.ts:1"],
    [
      "reached through a re-export",
      {
        "src/index.ts": 'export { two as zwei } from "./core/a.ts";\n',
        "src/core/a.ts": "\nexport const two = 2;\n",
      },
      "src/core/a.ts:2",
    ],
    [
      "reached through two star exports",
      {
        "src/index.ts": 'export * from "./core/a.ts";\n',
        "src/core/a.ts": 'export * from "./b.ts";\n',
        "src/core/b.ts": "export interface Two {}\n",
      },
      "src/core/b.ts:1",
    ],
    [
      "imported and exported by name",
      {
        "src/index.ts": 'import { two } from "./core/a.ts";\nexport { two };\n',
        "src/core/a.ts": "function two() {}\nexport { two };\n",
      },
      "src/core/a.ts:1",
    ],
    [
      "with an ordinary comment above",
      { "src/index.ts": "// Two.\nexport type Two = 2;\n" },
      "src/index.ts:2",
    ],
    [
      "with a doc comment that belongs to another one",
      { "src/index.ts": "/** One. */\nexport const one = 1;\nexport const two = 2;\n" },
      "src/index.ts:3",
    ],
  ])("fails on an undocumented public export %s", (_, files, where) => {
    const { status, output } = style(files);
    expect(output).toContain(`${where}: public exports with a doc comment`);
    expect(status).toBe(1);
  });

  it("asks for no doc comment on what is not public, and one is enough for overloads", () => {
    const { status } = style({
      "src/core/inner.ts": "export const inner = 1;\n",
      "src/index.ts": "/** Two. */\nexport function two(x: 1): 1;\nexport function two(x: 2): 2;\n",
    });
    expect(status).toBe(0);
  });

  it("prints missed aims without failing, and lists their places with --all", () => {
    const { status, output } = style(
      { "src/core/myFile.ts": "// TODO: later\nexport default x as string;\nconsole.log(1);\n" },
      "--all",
    );
    expect(output).toMatch(/miss {2}default exports +1/);
    expect(output).toContain("src/core/myFile.ts:1: TODO and FIXME");
    expect(output).toContain("src/core/myFile.ts:2: casts per 1000 lines");
    expect(output).toContain("src/core/myFile.ts:3: console outside cli and action");
    expect(output).toContain("src/core/myFile.ts:1: file names that are not kebab-case");
    expect(status).toBe(0);
  });

  it("fails when package.json exports a file that is not there", () => {
    const { status, output } = style({
      "package.json": JSON.stringify({ exports: { "./gone": "./dist/gone.js" } }),
    });
    expect(output).toContain("src/gone.ts:1: public exports");
    expect(status).toBe(1);
  });
});
