/**
 * Index of the quote that ends the JSON string whose first character is at `from`; -1 when none does.
 * Jumps from quote to quote, so long texts cost little.
 */
export function endOfJsonString(text: string, from: number): number {
  let quote = text.indexOf('"', from);
  while (quote >= 0) {
    let backslashes = 0;
    while (quote - backslashes > from && text.charCodeAt(quote - backslashes - 1) === 0x5c) backslashes += 1;
    if (backslashes % 2 === 0) return quote;
    quote = text.indexOf('"', quote + 1);
  }
  return -1;
}
