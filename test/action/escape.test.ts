import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { escapeLog, escapeMarkdown, oneLine } from "../../src/action/escape.ts";

describe("text of one line", () => {
  it("loses line breaks, terminal codes, and marks that hide or reorder text", () => {
    expect(oneLine("a\r\nb\u001b[31mred\u202eevil\u200bx\u2028y")).toBe("a b [31mred evil x y");
  });

  it("is cut at the limit, between whole characters", () => {
    expect(oneLine("abcdef", 5)).toBe("abcde…");
    expect(oneLine("abcde", 5)).toBe("abcde");
    expect(oneLine("😀😀😀", 2)).toBe("😀😀…");
  });
});

describe("text for the step summary", () => {
  it.each([
    "<img src=x onerror=alert(1)>",
    "[click](https://evil.example)",
    "![](https://evil.example/beacon)",
    "a | b",
    "**bold** `code` ~~no~~ # title",
    "@everyone see www.evil.example",
    "&lt;script&gt;",
  ])("keeps no mark of Markdown or HTML: %s", (text) => {
    const escaped = escapeMarkdown(text);
    expect(escaped.replace(/&#\d+;/g, "")).toMatch(/^[\w\s]*$/);
    expect(decode(escaped)).toBe(text);
  });

  it("is the same text after decoding, for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const escaped = escapeMarkdown(text);
        expect(escaped.replace(/&#\d+;/g, "")).not.toMatch(/[!-/:-@[-`{-~\n\r]/);
        expect(decode(escaped)).toBe(oneLine(text));
      }),
      { seed: 7 },
    );
  });
});

describe("text for the log", () => {
  it.each([
    "::error::x",
    "  ::add-mask::x",
    "a\n::stop-commands::x",
    "##[group]x",
    ":::warning::x",
    "x ##[add-path]/evil",
  ])("holds no workflow command: %s", (text) => {
    expect(escapeLog(text)).not.toMatch(/^\s*::/);
    expect(escapeLog(text)).not.toContain("##[");
  });

  it("holds none for any text", () => {
    const marks = fc.constantFrom(":", "#", "[", "\n", " ", "a", "\u200b");
    fc.assert(
      fc.property(fc.array(marks), (parts) => {
        const line = escapeLog(parts.join(""));
        expect(line).not.toContain("::");
        expect(line).not.toContain("##[");
      }),
      { seed: 7 },
    );
  });
});

function decode(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}
