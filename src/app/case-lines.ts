import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

import type { Case } from "../core/case.ts";
import { parseLines } from "../datasets/read-dataset.ts";

/** A case, and where it is written. */
export interface CaseLine {
  /** As it was given. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly case: Case;
}

/**
 * The line of every case in the dataset files, by case id; the first one where an id is there twice. A file or line that cannot be read is
 * left out: the gate has already said so, and an annotation can do without a line.
 */
export async function locateCases(paths: readonly string[], cwd: string): Promise<Map<string, CaseLine>> {
  const found = new Map<string, CaseLine>();
  for (const path of paths) {
    const text = await readFile(resolve(cwd, path), "utf8").catch(() => "");
    for (const [index, { case: one }] of parseLines(text, path).entries()) {
      if (one && !found.has(one.id)) found.set(one.id, { path, line: index + 1, case: one });
    }
  }
  return found;
}
