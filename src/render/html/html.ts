/** Markup that may stand in a page as it is. Only {@link html} and {@link trustedMarkup} make it. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** What a template takes: text, which is escaped, and markup, which is not. Null, undefined and false print nothing. */
export type Piece = Html | string | number | null | undefined | false | readonly Piece[];

/**
 * Markup out of a template. Every text put into it is escaped for element content and for attribute values in
 * double quotes; put none anywhere else (tag and attribute names, addresses, style, script).
 *
 * @example
 * html`<p title="${title}">${text}</p>`
 */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  let markup = strings[0] ?? "";
  pieces.forEach((piece, index) => {
    markup += markupOf(piece) + (strings[index + 1] ?? "");
  });
  return new Html(markup);
}

/** Markup that we wrote ourselves. Never give it anything that came with a trace. */
export function trustedMarkup(markup: string): Html {
  return new Html(markup);
}

function markupOf(piece: Piece): string {
  if (piece instanceof Html) return piece.markup;
  if (typeof piece === "string") return escaped(piece);
  if (typeof piece === "number") return String(piece);
  if (piece === null || piece === undefined || piece === false) return "";
  return piece.map(markupOf).join("");
}

/** What must not stand in a page as it is: markup, control characters, and those that turn the direction of text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSAFE = /[&<>"'\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

const ENTITIES: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "\r": "",
};

/** Text with nothing in it that a browser takes for markup; what cannot be printed becomes visible. */
function escaped(text: string): string {
  return text.toWellFormed().replace(UNSAFE, (character) => ENTITIES[character] ?? visible(character));
}

/** `␀` for NUL and its like, `[U+202E]` for what has no picture. */
function visible(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return `[U+${code.toString(16).toUpperCase().padStart(4, "0")}]`;
}
