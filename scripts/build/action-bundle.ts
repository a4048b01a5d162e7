import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { type OutputChunk, rolldown } from "rolldown";

import { licenceText } from "./licence-text.ts";

/**
 * Bundles the action into `dist/action`, ES modules for Node 24 with nothing left to install:
 * `index.js` is the program, `tracegate.js` and `testing.js` are what a `tracegate.config.ts` gets when it imports `tracegate` in a
 * repository that has not installed it; `serve-task.js` is the process that main's agent is run by. All share their chunks, so there is
 * one copy of every class.
 *
 * The output depends only on the sources and package-lock.json: names carry no hash, and nothing carries a date or a path.
 */
export async function buildAction(root: string, folder = join(root, "dist/action")): Promise<void> {
  const bundle = await rolldown({
    cwd: root,
    platform: "node",
    input: {
      index: "src/action/main.ts",
      tracegate: "src/index.ts",
      testing: "src/testing/index.ts",
      "serve-task": "src/cli/serve-task.ts",
    },
    onLog(level, log, handle) {
      if (log.code === "UNRESOLVED_IMPORT") throw new Error(`The bundle would miss a module: ${log.message}`);
      if (level === "warn") handle("warn", log);
    },
  });
  const { output } = await bundle.generate({
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name].js",
    comments: { legal: true, annotation: false, jsdoc: false },
  });
  await bundle.close();
  const chunks = output.filter((file) => file.type === "chunk");
  refuseForeignImports(chunks);
  rmSync(folder, { recursive: true, force: true });
  for (const chunk of chunks) {
    const path = join(folder, chunk.fileName);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, chunk.code);
  }
  const modules = chunks.flatMap((chunk) => chunk.moduleIds);
  writeFileSync(join(folder, "licenses.txt"), licenceText(root, modules));
}

/** A bundle that imports or requires anything but built-ins and its own chunks would fail on the runner. */
function refuseForeignImports(chunks: readonly OutputChunk[]): void {
  const own = new Set(chunks.map((chunk) => chunk.fileName));
  const foreign = chunks.flatMap((chunk) => {
    const required = [...chunk.code.matchAll(/\b__require\("([^"]+)"\)/g)].flatMap((match) => match[1] ?? []);
    return [...chunk.imports, ...chunk.dynamicImports, ...required]
      .filter((name) => !own.has(name) && !isBuiltin(name))
      .map((name) => `${chunk.fileName} imports ${name}`);
  });
  // Their top level runs the gate, or takes its place; a chunk that imports one while a configuration is loaded would wait for ever.
  for (const program of ["index.js", "serve-task.js"]) {
    foreign.push(
      ...chunks
        .filter((chunk) => [...chunk.imports, ...chunk.dynamicImports].includes(program))
        .map((chunk) => `${chunk.fileName} imports the program ${program}`),
    );
  }
  if (foreign.length > 0) throw new Error(`The bundle would not run: ${foreign.join("; ")}`);
}
