/** Texts in an order that looks random but follows from the seed. */
export function inSeededOrder(texts: readonly string[], seed: string): readonly string[] {
  return texts
    .map((text) => ({ text, place: placeOf(`${seed}/${text}`) }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ text }) => text);
}

/** A number that looks random but follows from the text (FNV-1a, mixed once more). */
function placeOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
