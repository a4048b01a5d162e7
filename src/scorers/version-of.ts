/**
 * The version of a scorer that takes options: the declared one, followed by the options that were set,
 * e.g. `1;seconds=20`. So scores made with other limits are never compared.
 */
export function versionOf(declared: string, options: object): string {
  const set = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `;${name}=${String(value)}`)
    .sort();
  return [declared, ...set].join("");
}
