#!/usr/bin/env node
import module from "node:module";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major > 22 || (major === 22 && minor >= 18)) {
  // Halves the start of every command from the second one on; it must be on before the rest is loaded.
  module.enableCompileCache();
  const { run } = await import("./run.ts");
  process.exitCode = await run(process.argv.slice(2));
} else {
  process.stderr.write(
    `tracegate: this is Node ${process.version}; Node 22.18 or newer is needed. Install one, or let your project bring its own: npm install --save-dev node@24\n`,
  );
  process.exitCode = 2;
}
