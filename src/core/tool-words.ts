/** The words of a tool's name, lower-case: `findUserByEmail` and `find_user-by.email` give the same. */
export function toolWords(name: string): ReadonlySet<string> {
  const spaced = name.replace(/(\p{Ll}|\d)(?=\p{Lu})/gu, "$1 ").toLowerCase();
  return new Set(spaced.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== ""));
}
