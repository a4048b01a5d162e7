import { describe, expect, it } from "vitest";

import { html, trustedMarkup } from "../../src/render/html/html.ts";

describe("html", () => {
  it("escapes text for elements and for attributes in double quotes, and leaves markup of ours", () => {
    const text = `<a href="x">'&`;
    expect(html`<p title="${text}">${text}${trustedMarkup("<br>")}</p>`.markup).toBe(
      '<p title="&lt;a href=&quot;x&quot;&gt;&#39;&amp;">&lt;a href=&quot;x&quot;&gt;&#39;&amp;<br></p>',
    );
  });

  it("prints lists and numbers, and nothing for what is not there", () => {
    expect(html`${[html`<b>${1}</b>`, "<", null]}${undefined}${false}${0}`.markup).toBe("<b>1</b>&lt;0");
  });

  it("makes visible what a reader could not see", () => {
    expect(html`${"a\u0000b\u202ec\u0085\r\n\ud800"}`.markup).toBe("a␀b[U+202E]c[U+0085]\n\ufffd");
  });
});
