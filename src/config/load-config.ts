import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { messageOf, TracegateError } from "../core/errors.ts";
import { parseConfig } from "./parse-config.ts";
import type { Config } from "./schema.ts";

/** Where a configuration is looked for, in this order, from the working directory. */
const PLACES = [
  "tracegate.config.ts",
  "tracegate.config.mts",
  "tracegate.config.js",
  "tracegate.config.mjs",
  "evals/tracegate.config.ts",
  "evals/tracegate.config.mts",
];

/** A configuration and the file it came from; `path` null: none was found, all defaults. */
export interface LoadedConfig {
  readonly config: Config;
  readonly path: string | null;
}

/**
 * Loads the configuration: `path`, else `tracegate.config.ts` in the working directory, else in `evals/`,
 * else the defaults. The file is imported by Node itself.
 *
 * @throws TracegateError `config` when a named file is missing, cannot be imported, or is not valid.
 */
export async function loadConfig(options: {
  readonly cwd: string;
  readonly path?: string;
}): Promise<LoadedConfig> {
  const path = options.path ? resolve(options.cwd, options.path) : find(options.cwd);
  if (path === undefined) return { config: parseConfig({}, "the default configuration"), path: null };
  if (!existsSync(path)) {
    throw new TracegateError(
      "config",
      `There is no configuration at ${path}. Correct --config, or leave it out.`,
    );
  }
  const name = relative(options.cwd, path) || path;
  const module = await importConfig(path, name);
  if (module.default === undefined) {
    throw new TracegateError(
      "config",
      `${name} has no default export. Write: export default defineConfig({ ... }).`,
    );
  }
  return { config: parseConfig(module.default, name), path };
}

function find(cwd: string): string | undefined {
  return PLACES.map((place) => resolve(cwd, place)).find((path) => existsSync(path));
}

async function importConfig(path: string, name: string): Promise<{ readonly default?: unknown }> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (cause) {
    // Thrown by one of our own factories: its sentence has a remedy already.
    if (cause instanceof TracegateError) {
      throw new TracegateError(cause.code, `${name}: ${cause.message}`, { cause });
    }
    const reason = messageOf(cause).replace(/\.$/, "");
    throw new TracegateError("config", `${name} could not be imported: ${reason}. ${remedy(cause, name)}`, {
      cause,
    });
  }
}

function remedy(cause: unknown, name: string): string {
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined;
  if (code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") {
    return "Node runs only TypeScript that can be erased: replace enum, namespace and parameter properties.";
  }
  if (code === "ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING") {
    return "Node does not run .ts files of installed packages: import their compiled .js.";
  }
  if (code === "ERR_MODULE_NOT_FOUND") {
    return messageOf(cause).startsWith("Cannot find package")
      ? "Install that package."
      : "Check the path, and write relative imports with their extension.";
  }
  if (cause instanceof SyntaxError && /outside a module|token 'export'/.test(cause.message)) {
    const renamed = name.replace(/\.(?=[jt]s$)/, ".m");
    return `Its package.json makes it a CommonJS module: rename it to ${renamed}, or set "type": "module" there.`;
  }
  return `Run \`node ${name}\` to see the whole error.`;
}
