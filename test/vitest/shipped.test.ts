import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

it("tracegate/vitest is an entry of the package, and vitest is the user's own", () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  expect(manifest.exports["./vitest"]).toEqual({
    types: "./dist/vitest/index.d.ts",
    default: "./dist/vitest/index.js",
  });
  expect(manifest.dependencies).not.toHaveProperty("vitest");
  expect(manifest.peerDependenciesMeta.vitest).toEqual({ optional: true });
});

it("the bundle of the action holds nothing of vitest", () => {
  const folder = join(ROOT, "dist/action");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".js"),
  );
  expect(files.length).toBeGreaterThan(3);
  for (const name of files) {
    expect(readFileSync(join(folder, name), "utf8")).not.toMatch(/node_modules\/@?vitest|["']vitest["']/);
  }
});
