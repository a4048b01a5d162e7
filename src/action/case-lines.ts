import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

import { isObject, parseJson } from "../core/json.ts";

/** Where a case is written. */
export interface CaseLine {
  /** As it was given. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
}

/**
 * The line of every case in the dataset files, by case id; the first one where an id is there twice. A file or line that cannot be read is
 * left out: the gate has already said so, and an annotation can do without a line.
 */
export async function locateCases(paths: readonly string[], cwd: string): Promise<Map<string, CaseLine>> {
  const found = new Map<string, CaseLine>();
  for (const path of paths) {
    const text = await readFile(resolve(cwd, path), "utf8").catch(() => "");
    for (const [index, line] of text.split("\n").entries()) {
      const value = parseJson(line);
      if (!isObject(value) || typeof value.id !== "string" || found.has(value.id)) continue;
      found.set(value.id, { path, line: index + 1 });
    }
  }
  return found;
}
