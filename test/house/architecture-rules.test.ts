import { describe, expect, it } from "vitest";

import { parseFolder } from "../../scripts/style/parsed-source.ts";
import {
  cycleBreaches,
  effectBreaches,
  loadBreaches,
  mapBreaches,
  orderBreaches,
  packageBreaches,
  reasonBreaches,
} from "./architecture-rules.ts";
import { projectFolder } from "./project-folder.ts";

function sourcesOf(files: { readonly [path: string]: string }) {
  using project = projectFolder(files);
  return parseFolder(project.root, "src");
}

describe("the order of rooms", () => {
  it("allows imports from rooms above, within a room, and by index", () => {
    const sources = sourcesOf({
      "src/core/a.ts": 'import type { B } from "./b.ts";',
      "src/pipeline/p.ts": 'import { a } from "../core/a.ts"; import { s } from "../scorers/s.ts";',
      "src/index.ts": 'export { run } from "./testing/index.ts";',
    });
    expect(sources.flatMap(orderBreaches)).toEqual([]);
  });

  it.each([
    ["static", 'import { p } from "../pipeline/p.ts";'],
    ["type", 'import type { P } from "../pipeline/p.ts";'],
    ["re-export", 'export { p } from "../pipeline/p.ts";'],
    ["re-export", 'export * from "../pipeline/p.ts";'],
    ["dynamic", 'export const load = () => import("../pipeline/p.ts");'],
    ["type", 'export type P = import("../pipeline/p.ts").P;'],
  ])("refuses a %s import from a room below: %s", (form, text) => {
    const breaches = sourcesOf({ "src/scorers/s.ts": `\n${text}\n` }).flatMap(orderBreaches);
    expect(breaches).toEqual([
      `src/scorers/s.ts:2: scorers imports ../pipeline/p.ts (${form}), but scorers is below pipeline in the order. Put the shared part in core, or pass it in from a room below both.`,
    ]);
  });

  it("refuses an import between rooms of one line, from outside src, and files in no room", () => {
    const breaches = sourcesOf({
      "src/store/a.ts": 'import "../redis/b.ts";',
      "src/core/c.ts": 'import { x } from "../../evals/x.ts";',
      "src/utils/d.ts": "",
      "src/loose.ts": "",
    }).flatMap(orderBreaches);
    expect(breaches).toEqual([
      expect.stringMatching(/^src\/core\/c\.ts:1: imports .*outside the rooms/),
      expect.stringMatching(/^src\/loose\.ts:1: is in no room/),
      expect.stringMatching(/^src\/store\/a\.ts:1: .*rooms on one line do not import each other/),
      expect.stringMatching(/^src\/utils\/d\.ts:1: is in no room/),
    ]);
  });

  it("finds a cycle that only type imports close", () => {
    const sources = sourcesOf({
      "src/core/a.ts": 'import { b } from "./b.ts";',
      "src/core/b.ts": 'import { c } from "./c.ts";',
      "src/core/c.ts": 'import type { A } from "./a.ts";',
      "src/core/d.ts": 'import { a } from "./a.ts";',
    });
    expect(cycleBreaches(sources)).toEqual([
      expect.stringContaining("import cycle of src/core/a.ts, src/core/b.ts, src/core/c.ts"),
    ]);
  });
});

describe("packages", () => {
  const breaches = (path: string, text: string) =>
    sourcesOf({ [path]: text }).flatMap((source) =>
      packageBreaches(source, new Set(["openai", "hono", "@anthropic-ai/sdk"])),
    );

  it("are imported in their home room, subpaths too", () => {
    expect(
      breaches("src/judges/a.ts", 'import OpenAI from "openai"; import "@anthropic-ai/sdk/core";'),
    ).toEqual([]);
    expect(breaches("src/worker/a.ts", 'import type { X } from "openai/resources";')).toEqual([
      "src/worker/a.ts:1: openai is imported only in judges/, not in worker/. Use the port that judges/ implements.",
    ]);
    expect(breaches("src/app/a.ts", 'const m = await import("node:sqlite");')).toHaveLength(1);
  });

  it("must be dependencies", () => {
    expect(breaches("src/server/a.ts", 'import { Hono } from "hono";')).toEqual([]);
    expect(breaches("src/server/a.ts", 'import fc from "fast-check";')).toEqual([
      expect.stringContaining('fast-check is not in "dependencies"'),
    ]);
  });

  it("stay out of core, and so does I/O", () => {
    expect(breaches("src/core/a.ts", 'import { createHash } from "node:crypto";')).toEqual([]);
    expect(breaches("src/core/a.ts", 'import { readFile } from "node:fs/promises";')).toHaveLength(1);
    expect(breaches("src/core/a.ts", 'import type { Hono } from "hono";')).toHaveLength(1);
  });
});

describe("effects", () => {
  const breaches = (path: string, text: string) => sourcesOf({ [path]: text }).flatMap(effectBreaches);

  it("are for cli and action", () => {
    const text = 'console.log("x"); process.exit(1); process.stdout.write("x"); process["exitCode"] = 1;';
    expect(breaches("src/cli/a.ts", text)).toEqual([]);
    expect(breaches("src/action/a.ts", text)).toEqual([]);
    expect(breaches("src/app/a.ts", text)).toHaveLength(4);
  });

  it("of reading service addresses are for app", () => {
    const text = "const a = env.REDIS_URL; const { DATABASE_URL } = process.env;";
    expect(breaches("src/app/a.ts", text)).toEqual([]);
    expect(breaches("src/redis/a.ts", text)).toEqual([
      "src/redis/a.ts:1: only app/ reads REDIS_URL. Take the address as an option.",
      "src/redis/a.ts:1: only app/ reads DATABASE_URL. Take the address as an option.",
    ]);
  });

  it("of importing a file are refused, except for programs", () => {
    const text = 'import "./b.ts";\nstart();\nif (x) y();\nexport const z = 1;\n';
    expect(sourcesOf({ "src/worker/a.ts": text }).flatMap(loadBreaches)).toEqual([
      expect.stringContaining("src/worker/a.ts:1:"),
      expect.stringContaining("src/worker/a.ts:2:"),
      expect.stringContaining("src/worker/a.ts:3:"),
    ]);
    expect(sourcesOf({ "src/cli/main.ts": text }).flatMap(loadBreaches)).toEqual([]);
  });
});

describe("the map", () => {
  it("names every room and no other", () => {
    const sources = sourcesOf({ "src/core/a.ts": "", "src/store/a.ts": "" });
    expect(mapBreaches(sources, "## Rooms\n| `core` | x |\n| `store` | x |\n")).toEqual([]);
    expect(mapBreaches(sources, "## Rooms\n| `core` | x |\n| `redis` | x |\n")).toEqual([
      expect.stringContaining("no line for store"),
      expect.stringContaining("names redis"),
    ]);
  });

  it("gives a reason for every dependency and for no other package", () => {
    const readme = "## Rooms\n| `core` | x |\n## Dependencies\n| `zod` | x |\n| `left-pad` | x |\n## More\n";
    expect(reasonBreaches(new Set(["zod", "hono"]), readme)).toEqual([
      expect.stringContaining("no reason for the dependency hono"),
      expect.stringContaining("left-pad, which is no dependency"),
    ]);
  });
});
