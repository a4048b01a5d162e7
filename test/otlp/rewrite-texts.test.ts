import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { rewriteTexts } from "../../src/otlp/rewrite-texts.ts";
import { writeTraces } from "../../src/otlp/write-traces.ts";

const TRACE_ID = "a".repeat(32);

function bytesWith(text: string): Uint8Array {
  return writeTraces([
    {
      resource: { "service.name": text, number: 7 },
      scopeSpans: [
        {
          spans: [
            {
              traceId: TRACE_ID,
              spanId: "b".repeat(16),
              parentSpanId: null,
              name: `call ${text}`,
              startTime: 1_000,
              endTime: 2_000,
              status: { code: "error", message: text },
              attributes: {
                "user.id": text,
                deep: { list: [text, { inner: text }], plain: 1 },
                other: "stays",
              },
              events: [{ name: text, time: 1_500, attributes: { said: text } }],
            },
          ],
        },
      ],
    },
  ]);
}

describe("rewriting the texts of spans", () => {
  it("reaches names, attributes in any depth, events and statuses, with the key each stands under", () => {
    const keys = new Set<string>();
    const rewritten = rewriteTexts(bytesWith("secret"), (text, key) => {
      if (text.includes("secret")) keys.add(key);
      return text.replace("secret", "[x]");
    });
    expect(Buffer.from(rewritten).includes("secret")).toBe(false);
    expect(rewritten).toEqual(bytesWith("[x]"));
    expect([...keys].sort()).toEqual(["", "inner", "list", "said", "service.name", "user.id"]);
  });

  it("gives the same bytes back when no text is another one", () => {
    const bytes = bytesWith("text");
    expect(rewriteTexts(bytes, (text) => text)).toBe(bytes);
  });

  it("leaves everything else byte for byte, for texts that grow and shrink", () => {
    const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 300 });
    const long = fc.integer({ min: 100, max: 70_000 }).map((length) => "é".repeat(length));
    fc.assert(
      fc.property(fc.oneof(text, long), (after) => {
        const rewritten = rewriteTexts(bytesWith("T0"), (before) => before.replace("T0", () => after));
        expect(Buffer.compare(rewritten, bytesWith(after))).toBe(0);
      }),
      { seed: 5, numRuns: 60 },
    );
  });

  it("refuses bytes that are no spans", () => {
    expect(() => rewriteTexts(Buffer.from([0x0a, 0x7f, 0x01]), (text) => text)).toThrow(/Not OTLP/);
  });
});
