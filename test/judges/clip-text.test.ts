import { describe, expect, it } from "vitest";

import { clipText } from "../../src/judges/clip-text.ts";

describe("clipText", () => {
  it("keeps head and tail, and says how many characters are missing", () => {
    const text = `${"h".repeat(200)}${"t".repeat(100)}`;
    const clipped = clipText(text, 90);

    expect(clipped).toEqual({
      text: `${"h".repeat(60)}[tracegate: 210 characters left out]${"t".repeat(30)}`,
      kept: 90,
    });
  });

  it("leaves a text whole when the mark would not make it shorter", () => {
    expect(clipText("a".repeat(100), 90)).toEqual({ text: "a".repeat(100), kept: 100 });
    expect(clipText("a".repeat(1_000), 0).text).toBe("[tracegate: 1000 characters left out]");
  });

  it("never leaves half a character behind, wherever the cuts fall", () => {
    for (let limit = 0; limit < 40; limit += 1) {
      expect(clipText("👋".repeat(200), limit).text.isWellFormed()).toBe(true);
    }
  });
});
