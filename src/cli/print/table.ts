import { stripVTControlCharacters } from "node:util";

/** A column: its heading, how to align it, and the widest it may get. */
export interface Column {
  readonly heading: string;
  readonly align?: "left" | "right";
  /** Longer cells are cut with an ellipsis; of the last column only on a terminal, for a pipe or file wants the whole. Default: no limit. */
  readonly max?: number;
}

/** A plain-text table with two spaces between columns; colour codes in cells do not count as width. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { isTerminal = process.stdout.isTTY === true } = {},
): string {
  const maxOf = ({ max }: Column, index: number) =>
    index === columns.length - 1 && !isTerminal ? undefined : max;
  const cells = rows.map((row) =>
    columns.map((column, index) => clip(oneLine(row[index] ?? ""), maxOf(column, index))),
  );
  const widths = columns.map((column, index) =>
    Math.max(column.heading.length, ...cells.map((row) => width(row[index] ?? ""))),
  );
  const line = (row: readonly string[]) =>
    columns
      .map((column, index) => {
        const cell = row[index] ?? "";
        const space = " ".repeat(Math.max(0, (widths[index] ?? 0) - width(cell)));
        return column.align === "right" ? space + cell : cell + space;
      })
      .join("  ")
      .trimEnd();
  return [line(columns.map((column) => column.heading)), ...cells.map(line)].join("\n");
}

function width(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** One line, its indentation kept. */
function oneLine(text: string): string {
  return text.replace(/[^\S ]/g, " ").replace(/(?<=\S)\s+/g, " ");
}

/** Cuts plain text at `max` characters; the last one becomes an ellipsis. */
export function clip(text: string, max = Number.POSITIVE_INFINITY): string {
  return width(text) > max ? `${stripVTControlCharacters(text).slice(0, max - 1)}…` : text;
}
