import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";

/** Emits `src` into `dist` with tsc, copies what is not TypeScript, and checks that nothing points at a source file. */
export async function buildPackage(root: string): Promise<void> {
  const dist = join(root, "dist");
  for (const entry of existsSync(dist) ? readdirSync(dist) : []) {
    if (entry !== "action") rmSync(join(dist, entry), { recursive: true });
  }
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const run = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], {
    cwd: root,
    stdio: "inherit",
  });
  if (run.status !== 0) throw new Error(`tsc failed with exit code ${run.status}.`);
  copyAssets(root);
  const broken = sourceReferences(dist);
  if (broken.length > 0) {
    throw new Error(
      `These built files name a .ts file that tsc does not rewrite; derive the name from import.meta.url:\n${broken.join("\n")}`,
    );
  }
}

function copyAssets(root: string): void {
  for (const path of filesBelow(join(root, "src"))) {
    const name = relative(join(root, "src"), path);
    if (/\.(ts|md)$/.test(name) || /^(action|github)[\\/]/.test(name)) continue;
    cpSync(path, join(root, "dist", name));
  }
}

/** Places in built files where a string names a relative `.ts` file. */
function sourceReferences(dist: string): string[] {
  return filesBelow(dist)
    .filter((path) => path.endsWith(".js") && !relative(dist, path).startsWith("action"))
    .flatMap((path) =>
      readFileSync(path, "utf8")
        .split("\n")
        .flatMap((line, index) =>
          /["'`]\.{1,2}\/[^"'`]*\.ts["'`]/.test(line) && !/^\s*(\*|\/\/)/.test(line)
            ? [`${relative(dist, path)}:${index + 1}: ${line.trim()}`]
            : [],
        ),
    );
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
