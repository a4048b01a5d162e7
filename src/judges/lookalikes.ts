/** Letters that look like Latin ones and that no normalisation maps to them. */
const LOOKALIKES: { readonly [letter: string]: string } = Object.fromEntries(
  [
    ["аα", "a"],
    ["ЬƄ", "b"],
    ["сϲ", "c"],
    ["ԁ", "d"],
    ["еєε", "e"],
    ["ɡ", "g"],
    ["һ", "h"],
    ["іιı", "i"],
    ["јϳ", "j"],
    ["κк", "k"],
    ["ӏ", "l"],
    ["м", "m"],
    ["пη", "n"],
    ["оοσ", "o"],
    ["рρ", "p"],
    ["ԛ", "q"],
    ["г", "r"],
    ["ѕ", "s"],
    ["тτ", "t"],
    ["υц", "u"],
    ["ѵν", "v"],
    ["ԝω", "w"],
    ["хχ", "x"],
    ["уγ", "y"],
    ["АΑ", "A"],
    ["ВΒ", "B"],
    ["СϹ", "C"],
    ["ЕΕ", "E"],
    ["НΗ", "H"],
    ["ІΙ", "I"],
    ["Ј", "J"],
    ["КΚ", "K"],
    ["МΜ", "M"],
    ["ОΟ", "O"],
    ["РΡ", "P"],
    ["Ѕ", "S"],
    ["ТΤ", "T"],
    ["ХΧ", "X"],
    ["УΥ", "Y"],
  ].flatMap(([letters = "", latin = ""]) => [...letters].map((letter) => [letter, latin])),
);

/** Accented, Greek, Cyrillic, circled, mathematical (of one unit) and full-width characters. */
const CANDIDATES =
  /[\u00C0-\u024F\u0250-\u02AF\u0370-\u052F\u1D00-\u1EFF\u2100-\u214F\u24B6-\u24E9\uFF01-\uFF5E]/gu;

/** Mathematical letters: two units each, which is why they are replaced in the text itself. */
const MATHEMATICAL = /[\u{1D400}-\u{1D7FF}\u{1F130}-\u{1F149}]/gu;

/** Text with styled letters (𝐛𝐨𝐥𝐝, 𝓼𝓬𝓻𝓲𝓹𝓽) as plain ones: nobody reads them as anything else. */
export function plainLetters(text: string): string {
  return text.replace(MATHEMATICAL, (letter) => letter.normalize("NFKC"));
}

/**
 * The text as it looks, in Latin letters where they look the same; exactly as long as the text, so that a place found in
 * one is the place in the other.
 */
export function asItLooks(text: string): string {
  return text.replace(CANDIDATES, (letter) => {
    const known = LOOKALIKES[letter];
    if (known !== undefined) return known;
    const plain = letter.normalize("NFKD").charAt(0);
    return /^[\u0021-\u007E]$/u.test(plain) ? plain : letter;
  });
}
