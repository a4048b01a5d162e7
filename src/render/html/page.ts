import { createHash } from "node:crypto";

import { type Html, html, trustedMarkup } from "./html.ts";
import { STYLE } from "./style.ts";

/**
 * The beginning and the end of a page that needs nothing else: no script, no request, its style inside. The
 * policy in its head makes the browser refuse anything more, whatever the content between the two turns out to be.
 */
export function pageAround(title: string): { readonly start: Html; readonly end: Html } {
  const hash = createHash("sha256").update(STYLE).digest("base64");
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return {
    start: html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trustedMarkup(policy)}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${trustedMarkup(STYLE)}</style>
</head>
<body>
<main>
`,
    end: html`</main>
</body>
</html>
`,
  };
}
