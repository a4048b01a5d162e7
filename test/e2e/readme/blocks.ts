import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Root of the repository. */
export const REPOSITORY = join(import.meta.dirname, "../../..");

/** One fenced block of a Markdown page. */
export interface Block {
  /** `<heading> / <language> / <number>`: the heading it stands under, and its number among those of its language there. */
  readonly name: string;
  /** Without the fence, and without the indentation of the list it stands in. */
  readonly text: string;
}

/** Every fenced block of a page, in order. */
export function blocksOf(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  const numbers = new Map<string, number>();
  let heading = "";
  let open: { readonly indent: number; readonly place: string; readonly lines: string[] } | undefined;
  for (const line of markdown.split("\n")) {
    const [, indent = "", language] = /^( *)```(\w*)$/.exec(line) ?? [];
    if (!open && language !== undefined) {
      open = { indent: indent.length, place: `${heading} / ${language}`, lines: [] };
    } else if (open && language === "" && indent.length === open.indent) {
      const number = (numbers.get(open.place) ?? 0) + 1;
      numbers.set(open.place, number);
      blocks.push({ name: `${open.place} / ${number}`, text: open.lines.join("\n") });
      open = undefined;
    } else if (open) {
      open.lines.push(line.slice(open.indent));
    } else {
      heading = /^#+ (.*)$/.exec(line)?.[1] ?? heading;
    }
  }
  if (open) throw new Error(`A block under "${heading}" is not closed.`);
  return blocks;
}

/** The README, and its blocks. */
export function readme(): {
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
} {
  const path = join(REPOSITORY, "README.md");
  const text = readFileSync(path, "utf8");
  return { path, text, blocks: blocksOf(text) };
}
