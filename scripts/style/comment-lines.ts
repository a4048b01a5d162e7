import type { ParsedSource } from "./parsed-source.ts";

/** How many lines of a file are what. */
export interface CommentLines {
  readonly nonBlank: number;
  /** Lines touched by a doc comment. */
  readonly doc: number;
  /** Lines touched by any other comment. */
  readonly other: number;
}

/** Counts comment lines; a line counts once. */
export function commentLinesOf(source: ParsedSource): CommentLines {
  const doc = new Set<number>();
  const other = new Set<number>();
  for (const comment of source.comments) {
    const lines = comment.type === "Block" && comment.value.startsWith("*") ? doc : other;
    const last = source.lineAt(comment.end - 1);
    for (let line = source.lineAt(comment.start); line <= last; line += 1) lines.add(line);
  }
  const nonBlank = source.text.split("\n").filter((line) => line.trim() !== "").length;
  return { nonBlank, doc: doc.size, other: other.size };
}
