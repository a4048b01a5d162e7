/** A text on one line, cut to `length` characters. */
export function shortened(text: string | undefined, length: number): string {
  const line = (text ?? "")
    .slice(0, length * 4)
    .replace(/\s+/g, " ")
    .trim();
  return line.length > length ? `${line.slice(0, length - 3)}...` : line;
}
