import { endOfJsonString } from "../../core/json-strings.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;

/**
 * The texts of the items of a JSON array, without parsing them, so that items seen before can be looked up
 * by their text. Null when the text is not one array. The items themselves are not checked.
 *
 * The text may also be the end of an array, from a comma between two items on.
 */
export function splitArray(text: string): readonly string[] | null {
  const from = skipSpace(text, 0);
  const items: string[] = [];
  const isWhole = text[from] === "[";
  if (!isWhole && text[from] !== ",") return null;
  let index = from + 1;
  let start = index;
  let depth = 1;
  for (; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) {
      index = endOfJsonString(text, index + 1);
      if (index < 0) return null;
    } else if (code === 0x5b || code === 0x7b) depth += 1;
    else if (code === 0x5d || code === 0x7d) {
      depth -= 1;
      if (depth === 0) break;
    } else if (code === COMMA && depth === 1) {
      items.push(text.slice(start, index).trim());
      start = index + 1;
    }
  }
  if (text[index] !== "]" || skipSpace(text, index + 1) !== text.length) return null;
  const last = text.slice(start, index).trim();
  if (last !== "" || items.length > 0 || !isWhole) items.push(last);
  return items;
}

function skipSpace(text: string, from: number): number {
  let index = from;
  while (index < text.length && text.charCodeAt(index) <= 0x20) index += 1;
  return index;
}
