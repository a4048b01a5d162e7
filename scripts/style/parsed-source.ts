import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { type Comment, type Program, parseSync } from "oxc-parser";

/** One TypeScript file, read and parsed. */
export interface ParsedSource {
  /** Relative to the project root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly program: Program;
  readonly comments: readonly Comment[];
  /** Messages of the parser; empty for a file that parses. */
  readonly faults: readonly string[];
  /** Physical lines. */
  readonly lines: number;
  /** The 1-based line of an offset in `text`. */
  lineAt(offset: number): number;
}

/** Reads and parses one file below `root`. */
export function parseSource(root: string, path: string): ParsedSource {
  const text = readFileSync(join(root, path), "utf8");
  const parsed = parseSync(path, text, { sourceType: "module" });
  const starts = lineStarts(text);
  return {
    path,
    text,
    program: parsed.program,
    comments: parsed.comments,
    faults: parsed.errors.map((fault) => fault.message),
    lines: text.endsWith("\n") || text === "" ? starts.length - 1 : starts.length,
    lineAt: (offset) => lineOf(starts, offset),
  };
}

/** All `.ts` files below `root/folder`, sorted; declaration files, fixtures and `node_modules` are left out. */
export function listSources(root: string, folder: string): string[] {
  let entries: ReturnType<typeof readFolder>;
  try {
    entries = readFolder(join(root, folder));
  } catch {
    return [];
  }
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => !/(^|\/)(node_modules|fixtures)\//.test(path))
    .sort();
}

/** {@link listSources} and {@link parseSource} in one. */
export function parseFolder(root: string, folder: string): ParsedSource[] {
  return listSources(root, folder).map((path) => parseSource(root, path));
}

function readFolder(folder: string) {
  return readdirSync(folder, { withFileTypes: true, recursive: true });
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}
