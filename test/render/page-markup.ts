/** A tag of a page. */
export interface Tag {
  readonly name: string;
  readonly closes: boolean;
  /** True for `<circle/>`. */
  readonly isEmpty: boolean;
  readonly attributes: ReadonlyMap<string, string>;
}

const TAG = /<(\/?)([a-z][a-z0-9]*)((?: [A-Za-z:-]+(?:="[^"<>]*")?)*)(\/?)>/g;
const ATTRIBUTE = / ([A-Za-z:-]+)(?:="([^"<>]*)")?/g;

/** Elements without an end tag. */
const VOID = new Set(["meta"]);

/**
 * Takes a page of ours apart, by a grammar far narrower than HTML's: whatever a browser could take for markup and
 * we did not write so is an error.
 */
export function parsePage(page: string): { readonly tags: readonly Tag[]; readonly text: string } {
  const body = page.replace(/^<!doctype html>\n/, "").replace(/(<style>)[^<]*(<\/style>)/, "$1$2");
  const tags: Tag[] = [];
  let text = "";
  let at = 0;
  for (const match of body.matchAll(TAG)) {
    text += between(body.slice(at, match.index));
    at = match.index + match[0].length;
    const [, slash, name = "", attributes = "", end] = match;
    tags.push({
      name,
      closes: slash === "/",
      isEmpty: end === "/" || VOID.has(name),
      attributes: new Map(
        [...attributes.matchAll(ATTRIBUTE)].map(([, key = "", value = ""]) => [key, value]),
      ),
    });
  }
  text += between(body.slice(at));
  return { tags, text: unescaped(text) };
}

function between(text: string): string {
  if (/[<>]/.test(text)) throw new Error(`Not markup of ours: ${text.slice(0, 200)}`);
  return text;
}

/** Names of the elements that are opened and not closed where they should be. */
export function unbalanced(tags: readonly Tag[]): readonly string[] {
  const open: string[] = [];
  for (const tag of tags) {
    if (tag.isEmpty) continue;
    if (!tag.closes) open.push(tag.name);
    else if (open.at(-1) === tag.name) open.pop();
    else return [...open, `/${tag.name}`];
  }
  return open;
}

function unescaped(text: string): string {
  const entities: { readonly [name: string]: string } = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
  return text.replace(/&(#?\w+);/g, (whole, name) => entities[name] ?? whole);
}
