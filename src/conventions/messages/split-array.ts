import { endOfJsonString } from "../../core/json-strings.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;

/**
 * The texts of the items of a JSON array, without parsing them, so that items seen before can be looked up
 * by their text. Null when the text is not one array. The items themselves are not checked.
 */
export function splitArray(text: string): string[] | null {
  const items: string[] = [];
  let index = skipSpace(text, 0);
  if (text[index] !== "[") return null;
  let start = index + 1;
  let depth = 0;
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
  if (last !== "" || items.length > 0) items.push(last);
  return items;
}

function skipSpace(text: string, from: number): number {
  let index = from;
  while (index < text.length && text.charCodeAt(index) <= 0x20) index += 1;
  return index;
}
