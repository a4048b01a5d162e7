/**
 * A header as it is, or a secret out of an environment variable, read when a case is tried: `{ env: "SHOP_TOKEN",
 * prefix: "Bearer " }`. The secret is in no report.
 */
export type HeaderValue = string | { readonly env: string; readonly prefix?: string };

/** Headers with their secrets, and how to keep those out of a text. */
export interface FilledHeaders {
  readonly headers: { readonly [name: string]: string };
  /** The text with every secret replaced by the name of its variable. */
  readonly mask: (text: string) => string;
}

/** Reads the secrets of headers; a sentence about the variable when one is not set. */
export function fillHeaders(
  given: { readonly [name: string]: HeaderValue },
  environment: { readonly [name: string]: string | undefined },
): FilledHeaders | string {
  const headers: { [name: string]: string } = {};
  const secrets: (readonly [value: string, name: string])[] = [];
  for (const [header, value] of Object.entries(given)) {
    if (typeof value === "string") {
      headers[header] = value;
      continue;
    }
    // A line break at the end is what `cat secret.txt` leaves.
    const secret = environment[value.env]?.trim();
    if (!secret) {
      return `the header ${header} needs the environment variable ${value.env}, which is not set.`;
    }
    headers[header] = `${value.prefix ?? ""}${secret}`;
    secrets.push([secret, value.env]);
  }
  // The longest first, so that a secret within another one leaves no rest.
  secrets.sort(([a], [b]) => b.length - a.length);
  const mask = (text: string) =>
    secrets.reduce((masked, [secret, name]) => masked.replaceAll(secret, `[${name}]`), text);
  return { headers, mask };
}
