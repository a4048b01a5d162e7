import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { parseFolder } from "../scripts/style/parsed-source.ts";
import {
  cycleBreaches,
  effectBreaches,
  loadBreaches,
  mapBreaches,
  orderBreaches,
  packageBreaches,
  reasonBreaches,
} from "./house/architecture-rules.ts";

const root = join(import.meta.dirname, "..");
const sources = parseFolder(root, "src");
const readme = readFileSync(join(root, "src/README.md"), "utf8");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const declared = new Set(Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }));

describe("the rooms of src", () => {
  it("import only from rooms above their own", () => {
    expect(sources.length).toBeGreaterThan(15);
    expect(sources.flatMap(orderBreaches)).toEqual([]);
  });

  it("have no import cycle", () => {
    expect(cycleBreaches(sources)).toEqual([]);
  });

  it("import each SDK only in its own room, and no package that is not a dependency", () => {
    expect(sources.flatMap((source) => packageBreaches(source, declared))).toEqual([]);
  });

  it("print and exit only in cli and action, and read the addresses of services only in app", () => {
    expect(sources.flatMap(effectBreaches)).toEqual([]);
  });

  it("do nothing when imported", () => {
    expect(sources.flatMap(loadBreaches)).toEqual([]);
  });

  it("are the rooms that src/README.md names, no more and no fewer", () => {
    expect(mapBreaches(sources, readme)).toEqual([]);
  });

  it("use dependencies that src/README.md gives a reason for, no more and no fewer", () => {
    expect(reasonBreaches(declared, readme)).toEqual([]);
  });
});
